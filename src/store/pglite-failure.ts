/** Why the thread of PGlite ended. */
export interface PgliteFailure {
  /** One line for an operator. */
  message: string;
  /** Whether the database's files cause the failure, so that each start fails: they are damaged, incomplete, or from another version. */
  isLasting: boolean;
}

/** A failure inside PGlite's thread. */
export class PgliteError extends Error {
  override readonly name = 'PgliteError';
  readonly failure: PgliteFailure;

  constructor(failure: PgliteFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Lines of PostgreSQL's own log. The last ones contain the reason it ended. */
export interface PgliteLog {
  add(line: string): void;
  lines: readonly string[];
}

const maxLines = 20;

export function createPgliteLog(): PgliteLog {
  const lines: string[] = [];
  return {
    lines,
    add(line) {
      if (lines.push(line) > maxLines) lines.shift();
    },
  };
}

/** PGlite's errors contain few details ("Aborted()", a bare number): PostgreSQL's log has the reason. */
export function describePgliteFailure(error: unknown, log: readonly string[]): PgliteFailure {
  if (error instanceof PgliteError) return error.failure;
  const at = log.findLastIndex((line) => fatalPrefix.test(line));
  if (at >= 0) {
    const detail = /\bDETAIL: {2}(.*)$/.exec(log[at + 1] ?? '')?.[1];
    const reason = (log[at] ?? '').replace(fatalPrefix, '');
    const message = detail ? `${reason} (${detail.replace(/\.$/, '')})` : reason;
    return { message, isLasting: !transientFailure.test(message) };
  }
  return describeSystemError(error) ?? { message: describeAbort(error, log), isLasting: false };
}

const fatalPrefix = /^.*\b(FATAL|PANIC): {2}/;
/** Failures that an operator can fix while Jobyard runs. */
const transientFailure = /No space left|Disk quota|File too large|out of memory|Too many open files|I\/O error/i;

function describeAbort(error: unknown, log: readonly string[]): string {
  const text = error instanceof Error ? error.message : typeof error === 'string' ? error : '';
  const reason = text.replace(/^Aborted\((.*)\)\..*$/s, '$1').trim() || 'PostgreSQL ended without giving a reason';
  const last = log.findLast((line) => !line.startsWith('Aborted'));
  return last ? `${reason}; the last line of its log: ${last}` : reason;
}

/** Emscripten's error numbers: those of WASI, not the system's. */
const knownErrors: Record<number, { code: string; text: string; isLasting: boolean }> = {
  2: { code: 'EACCES', text: 'permission to read or write a file is missing', isLasting: true },
  19: { code: 'EDQUOT', text: 'the disk quota is used up', isLasting: false },
  22: { code: 'EFBIG', text: 'a file would exceed the maximum size', isLasting: false },
  29: { code: 'EIO', text: 'the disk failed', isLasting: false },
  33: { code: 'EMFILE', text: 'too many files are open', isLasting: false },
  44: { code: 'ENOENT', text: 'a file is missing', isLasting: true },
  51: { code: 'ENOSPC', text: 'no space is left on the disk', isLasting: false },
  63: { code: 'EPERM', text: 'permission to change a file is missing', isLasting: true },
  69: { code: 'EROFS', text: 'the file system is read-only', isLasting: true },
};

/** Errors of Emscripten, which have a number and no message, or of Node. */
function describeSystemError(error: unknown): PgliteFailure | null {
  if (typeof error !== 'object' || error === null) return null;
  const number = 'errno' in error && typeof error.errno === 'number' ? error.errno : null;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  const known = Object.entries(knownErrors).find(
    ([known, entry]) => entry.code === code || (code === null && Number(known) === number),
  )?.[1];
  if (known) return { message: `${known.text} (${known.code})`, isLasting: known.isLasting };
  if (error instanceof Error) return null;
  return { message: `error ${number ?? JSON.stringify(error)} of its file system`, isLasting: false };
}
