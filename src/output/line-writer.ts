import { writeSync } from 'node:fs';

/** Writes whole lines to a descriptor, synchronously. Completes an interrupted line before the next one starts. */
export interface LineWriter {
  /**
   * Writes one or more lines that end with a newline. Throws if they can't be written in full; if a part was written, the next line starts
   * with a newline. Waits at most `maxWaitMs` for a full pipe.
   */
  append(line: string | Buffer, maxWaitMs: number): void;
  /**
   * Writes as many of these lines as possible without waiting. Returns the lines that are left, none of them started. Throws if nothing can
   * be written.
   */
  offer(lines: Buffer): Buffer;
}

const newline = Buffer.from('\n');
const none = Buffer.alloc(0);
const pollMs = 2;
/** To wait without the event loop. */
const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** `endsInHalfLine`: whether the existing output lacks the newline at its end. */
export function createLineWriter(descriptor: number, endsInHalfLine = false): LineWriter {
  /** The bytes that complete the interrupted line: its rest, or a newline if the rest was abandoned. */
  let owed: Buffer = endsInHalfLine ? newline : none;

  /** The number of written bytes, and the error that stopped writing. */
  const put = (bytes: Buffer, untilMs: number): { written: number; error: unknown } => {
    let written = 0;
    while (written < bytes.length) {
      try {
        // A call may write only a part without an error; the next call returns the error.
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

/** The reader of the pipe or socket is slow. */
function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN';
}
