/** Why the thread of PGlite ended. */
export interface PgliteFailure {
  /** One line for an operator. */
  message: string;
  /** Whether it is its files that stand in the way, and the same would be met at each start: damaged, incomplete, of another version. */
  isLasting: boolean;
}

/** A failure inside a thread of PGlite's. */
export class PgliteError extends Error {
  override readonly name = 'PgliteError';
  readonly failure: PgliteFailure;

  constructor(failure: PgliteFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Lines of PostgreSQL's own log, the last of which say why it ended. */
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

/** What PGlite throws says little ("Aborted()", a number without words): PostgreSQL's log has the reason. */
export function describePgliteFailure(error: unknown, log: readonly string[]): PgliteFailure {
  if (error instanceof PgliteError) return error.failure;
  const at = log.findLastIndex((line) => lastWords.test(line));
  if (at >= 0) {
    const detail = /\bDETAIL: {2}(.*)$/.exec(log[at + 1] ?? '')?.[1];
    const reason = (log[at] ?? '').replace(lastWords, '');
    const message = detail ? `${reason} (${detail.replace(/\.$/, '')})` : reason;
    return { message, isLasting: !isPassing.test(message) };
  }
  return describeSystemError(error) ?? { message: describeAbort(error, log), isLasting: false };
}

const lastWords = /^.*\b(FATAL|PANIC): {2}/;
/** What an operator can mend while Jobyard runs. */
const isPassing = /No space left|Disk quota|File too large|out of memory|Too many open files|I\/O error/i;

function describeAbort(error: unknown, log: readonly string[]): string {
  const text = error instanceof Error ? error.message : typeof error === 'string' ? error : '';
  const reason = text.replace(/^Aborted\((.*)\)\..*$/s, '$1').trim() || 'PostgreSQL ended without a reason';
  const last = log.findLast((line) => !line.startsWith('Aborted'));
  return last ? `${reason}; the last line of its log: ${last}` : reason;
}

/** Emscripten's numbers, which are those of WASI and not the system's. */
const knownErrors: Record<number, { code: string; text: string; isLasting: boolean }> = {
  2: { code: 'EACCES', text: 'a file may not be read or written', isLasting: true },
  19: { code: 'EDQUOT', text: 'the disk quota is used up', isLasting: false },
  22: { code: 'EFBIG', text: 'a file would be larger than the system allows', isLasting: false },
  29: { code: 'EIO', text: 'the disk failed', isLasting: false },
  33: { code: 'EMFILE', text: 'too many files are open', isLasting: false },
  44: { code: 'ENOENT', text: 'a file is missing', isLasting: true },
  51: { code: 'ENOSPC', text: 'no space is left on the disk', isLasting: false },
  63: { code: 'EPERM', text: 'a file may not be changed', isLasting: true },
  69: { code: 'EROFS', text: 'the file system is read-only', isLasting: true },
};

/** Of Emscripten, whose errors have a number and no words, or of Node. */
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
