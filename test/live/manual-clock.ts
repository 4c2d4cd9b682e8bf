import type { Clock } from '../../src/concurrency/clock.ts';

/** A stopped clock that the test moves. */
export interface ManualClock extends Clock {
  /** Advances the time, and runs the timers that become due, each at its time, with all the work that they start. */
  advance(ms: number): Promise<void>;
  /** Waiting to be woken. */
  waiting(): number;
}

export function createManualClock(startAtMs = Date.parse('2026-03-02T12:00:00Z')): ManualClock {
  let nowMs = startAtMs;
  const alarms = new Set<{ atMs: number; happen: () => void }>();
  const wakeNext = (untilMs: number): boolean => {
    const [next] = Array.from(alarms)
      .filter(({ atMs }) => atMs <= untilMs)
      .sort((a, b) => a.atMs - b.atMs);
    if (!next) return false;
    alarms.delete(next);
    nowMs = Math.max(nowMs, next.atMs);
    next.happen();
    return true;
  };
  return {
    nowMs: () => nowMs,
    at(atMs, happen) {
      const alarm = { atMs, happen };
      alarms.add(alarm);
      return () => alarms.delete(alarm);
    },
    async advance(ms) {
      const untilMs = nowMs + ms;
      do await turn();
      while (wakeNext(untilMs));
      nowMs = untilMs;
      await turn();
    },
    waiting: () => alarms.size,
  };
}

/** Runs everything that only waits for the event loop. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
