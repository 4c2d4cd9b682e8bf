import { closeSync, constants, fstatSync, mkdirSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { createLineWriter, type LineWriter } from '../output/line-writer.ts';
import { standardOutput } from '../output/standard-output.ts';

/** Where the audit's lines go. */
export interface AuditOutput {
  /** Writes one line, with the newline at its end, before it returns. Throws if it can't be written whole. */
  append(line: string): void;
  /** Opens the file by its name again, after a rotation that renamed it. Returns why that is not possible, and stays with the old file; null: it is open. */
  reopen(): string | null;
  close(): void;
}

/** The audit can't be written there; the message is for an operator. */
export class UnusableAuditFileError extends Error {
  override readonly name = 'AuditFileUnusable';
}

/** An append-only file, or standard output if `file` is null. Throws AuditFileUnusable. */
export function openAuditOutput(file: string | null): AuditOutput {
  if (file === null) return { append: (line) => standardOutput().append(line), reopen: () => null, close() {} };
  let opened: OpenedFile | null = openAuditFile(file);
  const close = (): void => {
    if (opened) closeSync(opened.descriptor);
    opened = null;
  };
  return {
    append(line) {
      if (!opened) throw new UnusableAuditFileError('The audit is closed');
      // A file takes a line or it can't: there is nothing to wait for.
      opened.writer.append(line, 0);
    },
    reopen() {
      try {
        const next = openAuditFile(file);
        close();
        opened = next;
        return null;
      } catch (error) {
        if (error instanceof UnusableAuditFileError) return error.message;
        throw error;
      }
    },
    close,
  };
}

interface OpenedFile {
  descriptor: number;
  writer: LineWriter;
}

/** Also read, for its last byte. Without waiting: opening a FIFO waits for its reader. */
const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK | constants.O_NOCTTY;

/** The folders and the file, if there is none, are made for this user only. What is there keeps its permissions. */
function openAuditFile(file: string): OpenedFile {
  let descriptor: number | null = null;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    // Before it is opened, too: that alone may do something to a device.
    const before = statSync(file, { throwIfNoEntry: false });
    if (before) assertRegular(file, before);
    descriptor = openSync(file, flags, 0o600);
    const stats = fstatSync(descriptor);
    assertRegular(file, stats);
    return { descriptor, writer: createLineWriter(descriptor, endsInHalfLine(descriptor, stats)) };
  } catch (error) {
    if (descriptor !== null) closeSync(descriptor);
    if (error instanceof UnusableAuditFileError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : 'unknown';
    throw new UnusableAuditFileError(`audit.file: expected a file that Jobyard can read and append to, ${file} can't be opened (${code})`);
  }
}

/** A crash or a full disk may have cut off its last line. */
function endsInHalfLine(descriptor: number, { size }: Stats): boolean {
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  readSync(descriptor, last, 0, 1, size - 1);
  return last.toString() !== '\n';
}

function assertRegular(file: string, stats: Stats): void {
  if (stats.isFile()) return;
  const message = `audit.file: expected a regular file, ${file} is ${kindOf(stats)}; without audit.file the audit goes to standard output`;
  throw new UnusableAuditFileError(message);
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a named pipe';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}
