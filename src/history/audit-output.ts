import { closeSync, constants, fstatSync, mkdirSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { createLineWriter, type LineWriter } from '../output/line-writer.ts';
import { standardOutput } from '../output/standard-output.ts';

/** Where audit log entries are written. */
export interface AuditOutput {
  /** Writes one line, with the newline at its end, before it returns. Throws if it can't be written whole. */
  append(line: string): void;
  /** Opens the file by its name again, after a rotation renamed it. Returns null, or why it can't be opened: the old file then stays open. */
  reopen(): string | null;
  close(): void;
}

/** The audit log can't be written to this file. The message is for an operator. */
export class UnusableAuditFileError extends Error {
  override readonly name = 'UnusableAuditFileError';
}

/** An append-only file, or standard output if `file` is null. Throws UnusableAuditFileError. */
export function openAuditOutput(file: string | null): AuditOutput {
  if (file === null) return { append: (line) => standardOutput().append(line), reopen: () => null, close() {} };
  let opened: OpenedFile | null = openAuditFile(file);
  const close = (): void => {
    if (opened) closeSync(opened.descriptor);
    opened = null;
  };
  return {
    append(line) {
      if (!opened) throw new UnusableAuditFileError('The audit log is closed');
      // Timeout 0: unlike a pipe, a file accepts a line at once or fails.
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

/** Reading is for the last byte. Non-blocking, because opening a FIFO waits for its reader. */
const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK | constants.O_NOCTTY;

/** Creates missing folders and a missing file for this user only. Existing ones keep their permissions. */
function openAuditFile(file: string): OpenedFile {
  let descriptor: number | null = null;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    // Also before opening: opening a device can have an effect.
    const before = statSync(file, { throwIfNoEntry: false });
    if (before) assertRegular(file, before);
    descriptor = openSync(file, flags, 0o600);
    const stats = fstatSync(descriptor);
    assertRegular(file, stats);
    return { descriptor, writer: createLineWriter(descriptor, endsInPartialLine(descriptor, stats)) };
  } catch (error) {
    if (descriptor !== null) closeSync(descriptor);
    if (error instanceof UnusableAuditFileError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : 'unknown';
    throw new UnusableAuditFileError(
      `audit.file: expected a file that Jobyard can read and append to, got ${file}, which can't be opened (${code})`,
    );
  }
}

/** A crash or a full disk may have truncated the last line. */
function endsInPartialLine(descriptor: number, { size }: Stats): boolean {
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  readSync(descriptor, last, 0, 1, size - 1);
  return last.toString() !== '\n';
}

function assertRegular(file: string, stats: Stats): void {
  if (stats.isFile()) return;
  const message = `audit.file: expected a regular file, got ${file}, which is ${kindOf(stats)}. Without audit.file, the audit log is written to standard output.`;
  throw new UnusableAuditFileError(message);
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a named pipe';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}
