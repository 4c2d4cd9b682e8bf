import type { Clock } from '../concurrency/clock.ts';

/** One time at which something is to happen: the earliest that was asked for. */
export interface Alarm {
  setFor(timeMs: number): void;
  callOff(): void;
}

export function createAlarm(clock: Clock, ring: () => void): Alarm {
  let set: { atMs: number; callOff(): void } | null = null;
  const callOff = (): void => {
    set?.callOff();
    set = null;
  };
  return {
    setFor(atMs) {
      if (set && set.atMs <= atMs) return;
      callOff();
      const stop = clock.at(atMs, () => {
        set = null;
        ring();
      });
      set = { atMs, callOff: stop };
    },
    callOff,
  };
}
