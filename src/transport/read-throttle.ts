import type { Place } from '../concurrency/place-lines.ts';
import { createPlaces, type PlaceRequest } from '../concurrency/places.ts';

/** Lets reads go out one after the other while the vendor's allowance runs low, callers taking turns. */
export interface ReadThrottle {
  /** The vendor's latest word: so much time between two reads; 0: no need. */
  setGapMs(gapMs: number): void;
  /** Whether reads have to wait for turns. If not, `waitForTurn` can be left out. */
  isSlow(): boolean;
  /** Waits for a turn. `tooMany`: it doesn't come in time, as others come first. `aborted`: the signal was aborted before. */
  waitForTurn(request: PlaceRequest): Promise<'turn' | 'tooMany' | 'aborted'>;
}

/** What a caller's own requests may make it wait. With what the others' add, it is less than the patience of a health check, which must not take a system that is asked slowly for one that is down. */
const maxOwnWaitMs = 4_000;
const maxWaitMs = 4_500;

export function createReadThrottle(): ReadThrottle {
  let gapMs = 0;
  let turnEndsAtMs = 0;
  const turns = createPlaces({ size: 1 });
  /** A turn lasts until the next read may go out. */
  const hold = (turn: Place): void => {
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
      // The answer that told so was a read, too.
      const last = turns.take({ caller: '', purpose: 'read', signal: neverAborted });
      if (last) hold(last);
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
      hold(turn);
      return 'turn';
    },
  };
}

const neverAborted = new AbortController().signal;
