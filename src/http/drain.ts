import type { IncomingMessage } from 'node:http';

/**
 * Takes in the rest of a request that has been answered, and throws it away: cut off while it sends, a client would meet a reset connection
 * instead of the answer. `onOver` is called when nothing more of it comes: all has come, or it took too long and its connection was closed.
 */
export type Drain = (request: IncomingMessage, onOver: () => void) => void;

/** How long the rest of a request is taken in after its answer. */
const maxDrainMs = 10_000;

/**
 * Of all requests together: a body of 1 MB is through in 30 ms, and 800 at once don't keep V8 collecting their pieces, which it counts as memory in use.
 */
const bytesPerMs = 32_768;

/** Timers are not more exact. */
const minPauseMs = 2;

export function createDrain(nowMs: () => number = () => performance.now()): Drain {
  /** When what has been taken in has had its time. */
  let freeAtMs = 0;

  /** How long to wait after so many bytes. */
  const pauseAfter = (bytes: number): number => {
    const now = nowMs();
    freeAtMs = Math.max(freeAtMs, now) + bytes / bytesPerMs;
    return freeAtMs - now;
  };

  return (request, onOver) => {
    let goOn: NodeJS.Timeout | undefined;
    const giveUp = setTimeout(() => request.destroy(), maxDrainMs);
    request.once('close', () => {
      clearTimeout(giveUp);
      clearTimeout(goOn);
      onOver();
    });
    request.on('data', (piece: Buffer) => {
      const pauseMs = pauseAfter(piece.length);
      if (pauseMs < minPauseMs) return;
      request.pause();
      goOn = setTimeout(() => request.resume(), pauseMs);
    });
    request.resume();
  };
}
