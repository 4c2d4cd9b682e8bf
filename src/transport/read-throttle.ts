import type { Place } from '../concurrency/place-lines.ts';
import { createPlaces, type PlaceRequest } from '../concurrency/places.ts';

/** Sends reads one at a time while the vendor's request limit is almost reached, with callers taking turns. */
export interface ReadThrottle {
  /** Sets the time between two reads, from the vendor's latest response. 0: none. */
  setGapMs(gapMs: number): void;
  /** Whether reads must wait for turns. If not, `waitForTurn` may be skipped. */
  isSlow(): boolean;
  /** Waits for a turn. `tooMany`: the turn wouldn't come in time. `aborted`: the signal was aborted first. */
  waitForTurn(request: PlaceRequest): Promise<'turn' | 'tooMany' | 'aborted'>;
  /** The number of reads that wait for a turn. */
  waiting(): number;
}

/**
 * How long a caller's own requests may make it wait. Together with the requests of others, this is shorter than a health check's timeout: a
 * throttled system must not be reported as unavailable.
 */
const maxOwnWaitMs = 4_000;
const maxWaitMs = 4_500;

export function createReadThrottle(): ReadThrottle {
  let gapMs = 0;
  let turnEndsAtMs = 0;
  const turns = createPlaces({ size: 1 });
  /** A turn lasts until the next read may be sent. */
  const occupy = (turn: Place): void => {
    turnEndsAtMs = performance.now() + gapMs;
    setTimeout(() => turns.leave(turn), gapMs).unref();
  };

  return {
    setGapMs(wantedMs) {
      if (wantedMs === gapMs) return;
      const begins = gapMs === 0;
      gapMs = wantedMs;
      turns.resize(gapMs > 0 ? 1 : Number.POSITIVE_INFINITY);
      if (!begins) return;
      // The response with the gap was also a read.
      const last = turns.take({ caller: '', purpose: 'read', signal: neverAborted });
      if (last) occupy(last);
    },
    isSlow: () => gapMs > 0,
    async waitForTurn(request) {
      if (turnEndsAtMs - performance.now() + turns.waitingOf(request) * gapMs > maxOwnWaitMs) return 'tooMany';
      const late = new AbortController();
      const timer = setTimeout(() => late.abort(), maxWaitMs).unref();
      const turn = turns.take(request) ?? (await turns.wait({ ...request, signal: AbortSignal.any([request.signal, late.signal]) }));
      clearTimeout(timer);
      if (turn === 'aborted') return request.signal.aborted ? 'aborted' : 'tooMany';
      if (turn === 'full') return 'tooMany';
      occupy(turn);
      return 'turn';
    },
    waiting: () => turns.counts().waiting,
  };
}

const neverAborted = new AbortController().signal;
