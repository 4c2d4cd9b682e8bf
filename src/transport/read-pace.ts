/** Lets reads go out one after the other while the vendor's allowance runs low. */
export interface ReadPace {
  /** The vendor's latest word: so much time between two reads; 0: no need. */
  setGapMs(gapMs: number): void;
  /** How long a read has to wait for its turn, which is then its own; null: too many wait already, none is taken. */
  takeTurn(): number | null;
}

/** Less than the patience of a health check, which must not take a system that is asked slowly for one that is down. */
const longestWaitMs = 4_000;

export function createReadPace(nowMs: () => number = Date.now): ReadPace {
  let gapMs = 0;
  let nextTurnAtMs = 0;
  return {
    setGapMs(wantedMs) {
      if (gapMs === 0 && wantedMs > 0) nextTurnAtMs = nowMs() + wantedMs;
      gapMs = wantedMs;
    },
    takeTurn() {
      if (gapMs === 0) return 0;
      const now = nowMs();
      const turnAtMs = Math.max(now, nextTurnAtMs);
      if (turnAtMs - now > longestWaitMs) return null;
      nextTurnAtMs = turnAtMs + gapMs;
      return turnAtMs - now;
    },
  };
}
