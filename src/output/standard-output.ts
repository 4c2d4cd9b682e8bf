// Output: everything that Jobyard writes to standard output, in whole lines and without waiting for its reader.

import { fstatSync } from 'node:fs';
import { createLineWriter } from './line-writer.ts';

/**
 * Standard output, for the log, the audit log if it has no file, and the banner. All share one writer, as an audit log entry must not
 * continue a half-written log line. pino's own destination writes in the background and ends the process when the disk is full; this one
 * never ends the process, whether the disk is full or the reader is gone.
 */
export interface StandardOutput {
  /**
   * Writes one line immediately, including its newline. Throws if the line can't be written in full. Waits up to 100 ms for the reader of a
   * pipe, or not at all if the previous line failed.
   */
  append(line: string): void;
  /**
   * Takes whole lines and writes them within 100 ms. While writing fails, up to 1 MiB wait; the log reports how many further lines were
   * dropped.
   */
  write(lines: string): void;
  /** Writes the waiting lines at the end of the process. Waits up to a second for the reader of a pipe. */
  finish(): void;
}

const flushEveryMs = 100;
/** After a partial write: the reader is active, and a pipe buffers 64 KiB. */
const continueAfterMs = 5;
/** Enough for one system call, and little to keep in memory. */
const flushFromCharacters = 4_096;
const maxWaiting = 1024 * 1024;
const maxWaitMs = 100;
const maxFinishMs = 1_000;
const none = Buffer.alloc(0);

export function createStandardOutput(descriptor: number): StandardOutput {
  const writer = createLineWriter(descriptor);
  const waiting = createWaitingLines();
  let timer: NodeJS.Timeout | null = null;
  /** Whether waiting for the last line failed. */
  let isStalled = false;

  const flushLater = (afterMs = flushEveryMs): void => {
    timer ??= setTimeout(flush, afterMs).unref();
  };
  const flush = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    try {
      waiting.putBack(writer.offer(waiting.take()));
    } catch {
      // The waiting lines are written later. There is no other place to report the error.
      flushLater();
      return;
    }
    if (waiting.hasLeft()) {
      flushLater(continueAfterMs);
      return;
    }
    isStalled = false;
    if (waiting.reportDropped()) flushLater();
  };

  return {
    append(line) {
      try {
        writer.append(line, isStalled ? 0 : maxWaitMs);
        isStalled = false;
      } catch (error) {
        isStalled = true;
        throw error;
      }
    },
    write(lines) {
      if (!waiting.add(lines)) return;
      if (waiting.isWorthWriting()) flush();
      else flushLater();
    },
    finish() {
      const bytes = waiting.take();
      waiting.putBack(none);
      try {
        if (bytes.length > 0) writer.append(bytes, maxFinishMs);
      } catch {
        // The process ends: there is no later attempt.
      }
    },
  };
}

/** The log lines that aren't written yet. */
function createWaitingLines() {
  /** Lines that no write has tried yet. */
  let fresh = '';
  /** Lines that the last write left. */
  let left: Buffer = none;
  let dropped = 0;
  return {
    /** False: there is no room, so the lines are dropped. */
    add(lines: string): boolean {
      if (left.length + fresh.length + lines.length > maxWaiting) {
        dropped += 1;
        return false;
      }
      fresh += lines;
      return true;
    },
    isWorthWriting: (): boolean => fresh.length >= flushFromCharacters && left.length === 0,
    /** Returns all lines. They keep waiting until `putBack` is called with the rest. */
    take(): Buffer {
      const bytes = Buffer.from(fresh);
      fresh = '';
      left = left.length > 0 ? Buffer.concat([left, bytes]) : bytes;
      return left;
    },
    putBack(rest: Buffer): void {
      left = rest;
    },
    hasLeft: (): boolean => left.length > 0,
    /** Adds a line that reports dropped lines, if any. */
    reportDropped(): boolean {
      if (dropped === 0) return false;
      fresh = `${JSON.stringify({ level: 40, time: Date.now(), pid: process.pid, dropped, msg: "log lines dropped: standard output can't be written" })}\n`;
      dropped = 0;
      return true;
    },
  };
}

let ofProcess: StandardOutput | null = null;

/** The standard output of this process. */
export function standardOutput(): StandardOutput {
  if (ofProcess) return ofProcess;
  const stats = fstatSync(1);
  // Node's own stream makes a pipe or socket non-blocking, so that a reader that stops doesn't stop Jobyard. Nothing else uses that stream.
  if (stats.isFIFO() || stats.isSocket()) process.stdout.on('error', () => {});
  const output = createStandardOutput(1);
  process.on('exit', output.finish);
  ofProcess = output;
  return output;
}
