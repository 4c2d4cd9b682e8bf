import type { Clock } from '../concurrency/clock.ts';

/** A timer for the earliest of the times that were set. */
export interface Alarm {
  setFor(timeMs: number): void;
  cancel(): void;
}

export function createAlarm(clock: Clock, ring: () => void): Alarm {
  let set: { atMs: number; cancel(): void } | null = null;
  const cancel = (): void => {
    set?.cancel();
    set = null;
  };
  return {
    setFor(atMs) {
      if (set && set.atMs <= atMs) return;
      cancel();
      const stop = clock.at(atMs, () => {
        set = null;
        ring();
      });
      set = { atMs, cancel: stop };
    },
    cancel,
  };
}
