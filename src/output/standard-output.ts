// Output: what Jobyard writes to standard output, in whole lines and without waiting for who reads it.

import { fstatSync } from 'node:fs';
import { createLineWriter } from './line-writer.ts';

/**
 * Standard output, for all that Jobyard writes there: the log, the audit if it has no file, and the banner.
 * One writer for all, as a line of the audit must not continue a line of the log that is half written. pino's own destination writes
 * in the background, and ends the process when the disk is full. Here nothing does, be the disk full or the reader gone.
 */
export interface StandardOutput {
  /**
   * Writes one line at once, with the newline at its end. Throws if it can't be written whole. If the reader of a pipe takes nothing, it
   * waits up to 100 ms; not at all if the line before has failed.
   */
  append(line: string): void;
  /** Takes whole lines and writes them within 100 ms. While that fails, 1 MiB of them wait; the log says how many were dropped beyond that. */
  write(lines: string): void;
  /** Writes what waits. At the end of the process: waits up to a second for the reader of a pipe. */
  finish(): void;
}

const flushEveryMs = 100;
/** After a write that was taken in part: the reader is there, and a pipe holds 64 KiB at a time. */
const continueAfterMs = 5;
/** Enough for one system call, little enough to keep. */
const flushFromCharacters = 4_096;
const maxWaiting = 1024 * 1024;
const maxWaitMs = 100;
const maxFinishMs = 1_000;
const none = Buffer.alloc(0);

export function createStandardOutput(descriptor: number): StandardOutput {
  const writer = createLineWriter(descriptor);
  const waiting = createWaitingLines();
  let timer: NodeJS.Timeout | null = null;
  /** Whether the last line was waited for in vain. */
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
      // What waits is tried again; there is no other place to say why.
      flushLater();
      return;
    }
    if (waiting.hasLeft()) {
      flushLater(continueAfterMs);
      return;
    }
    isStalled = false;
    if (waiting.tellDropped()) flushLater();
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
        // There is no later.
      }
    },
  };
}

/** The lines of the log that have not been written. */
function createWaitingLines() {
  /** Lines that no write has been tried for. */
  let fresh = '';
  /** Lines that were left over by the last write. */
  let left: Buffer = none;
  let dropped = 0;
  return {
    /** False: there is no room, and they are dropped. */
    add(lines: string): boolean {
      if (left.length + fresh.length + lines.length > maxWaiting) {
        dropped += 1;
        return false;
      }
      fresh += lines;
      return true;
    },
    isWorthWriting: (): boolean => fresh.length >= flushFromCharacters && left.length === 0,
    /** All of them. They wait on until it is said what is left. */
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
    /** Adds a line about those that were dropped, if any were. */
    tellDropped(): boolean {
      if (dropped === 0) return false;
      fresh = `${JSON.stringify({ level: 40, time: Date.now(), pid: process.pid, dropped, msg: "log lines dropped: standard output can't be written" })}\n`;
      dropped = 0;
      return true;
    },
  };
}

let ofProcess: StandardOutput | null = null;

/** That of this process. */
export function standardOutput(): StandardOutput {
  if (ofProcess) return ofProcess;
  const stats = fstatSync(1);
  // Node makes a pipe or socket non-blocking with its own stream, and a reader that stops must not stop Jobyard. Nothing else uses the stream.
  if (stats.isFIFO() || stats.isSocket()) process.stdout.on('error', () => {});
  const output = createStandardOutput(1);
  process.on('exit', output.finish);
  ofProcess = output;
  return output;
}
