import { createRandom, type Random } from '../../src/sandbox-kit/random.ts';

/** What can happen in a world besides what happens in all. Null: this world is without. */
export interface Kinds {
  /** Responses about another job. */
  swaps: Random | null;
  /** Responses whose entries have changed places. */
  crosses: Random | null;
  /** Jobs that succeed although their cancels were accepted. */
  overrules: Random | null;
  /** A replica that is stopped. */
  stops: Random | null;
  /** Configurations that are reloaded. */
  reloads: Random | null;
  /** Replicas whose clocks differ. */
  clocks: Random | null;
  /** Bulk operations that are controlled while jobs change. */
  controls: Random | null;
}

/** Each of these kinds comes by a chance of its own: the worlds without it are as they were. */
export function planKinds(seed: number, { hasStore, usesBulk }: { hasStore: boolean; usesBulk: boolean }): Kinds {
  const kindOf = (number: number, share: number): Random | null => {
    const own = createRandom(Math.imul(seed, 104_729) + number);
    return own.chance(share) ? own : null;
  };
  return {
    swaps: kindOf(2, 0.25),
    crosses: kindOf(3, 0.15),
    overrules: kindOf(4, hasStore ? 0.15 : 0),
    stops: kindOf(5, 0.08),
    reloads: kindOf(6, 0.08),
    clocks: kindOf(7, hasStore ? 0.25 : 0),
    controls: kindOf(8, usesBulk ? 0.35 : 0),
  };
}
