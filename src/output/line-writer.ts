import { writeSync } from 'node:fs';

/** Writes whole lines to a descriptor, synchronously. A line that was cut off ends before the next one begins. */
export interface LineWriter {
  /**
   * Writes a line with the newline at its end, or several. Throws if it can't be written whole; if a part of it was written, the next
   * line starts with a newline. Waits at most `maxWaitMs` for a pipe that is full.
   */
  append(line: string | Buffer, maxWaitMs: number): void;
  /** Writes as much of these lines as is possible without waiting. Returns the lines that are left: none of them has begun. Throws if none can be written at all. */
  offer(lines: Buffer): Buffer;
}

const newline = Buffer.from('\n');
const none = Buffer.alloc(0);
const pollMs = 2;
/** For a wait without the event loop. */
const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** `endsInHalfLine`: whether what is there already lacks the newline at its end. */
export function createLineWriter(descriptor: number, endsInHalfLine = false): LineWriter {
  /** What ends the line that was begun: its rest or, if that was given up, a newline. */
  let owed: Buffer = endsInHalfLine ? newline : none;

  /** How many of the bytes were written, and why not all. */
  const put = (bytes: Buffer, untilMs: number): { written: number; error: unknown } => {
    let written = 0;
    while (written < bytes.length) {
      try {
        // It may write a part and say nothing: the next call says why.
        written += writeSync(descriptor, bytes, written);
      } catch (error) {
        if (!isFull(error) || performance.now() >= untilMs) return { written, error };
        Atomics.wait(sleeper, 0, 0, pollMs);
      }
    }
    return { written, error: null };
  };

  const endBegunLine = (untilMs: number): void => {
    const { written, error } = put(owed, untilMs);
    owed = owed.subarray(written);
    if (owed.length > 0) throw error;
  };

  return {
    append(line, maxWaitMs) {
      const untilMs = performance.now() + maxWaitMs;
      endBegunLine(untilMs);
      const bytes = typeof line === 'string' ? Buffer.from(line) : line;
      const { written, error } = put(bytes, untilMs);
      if (written === bytes.length) return;
      if (written > 0) owed = newline;
      throw error;
    },
    offer(lines) {
      endBegunLine(0);
      const { written, error } = put(lines, 0);
      if (written === lines.length) return none;
      if (written === 0) throw error;
      const isWhole = lines[written - 1] === newline[0];
      const end = isWhole ? written : lines.indexOf(newline, written) + 1;
      owed = lines.subarray(written, end);
      return lines.subarray(end);
    },
  };
}

/** A pipe or a socket whose reader is slow. */
function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN';
}
