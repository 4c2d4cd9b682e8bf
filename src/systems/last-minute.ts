/** Counts by key, and durations, of the last 60 seconds. */
export interface LastMinute<Key extends string> {
  count(key: Key): void;
  addDuration(ms: number): void;
  counts(): Map<Key, number>;
  /** How many durations were added. */
  durationCount(): number;
  /** The durations' percentiles, in the order of `shares` (0 to 1). Null: there are no durations. */
  percentiles(shares: readonly number[]): (number | null)[];
}

interface Second<Key> {
  counts: Map<Key, number>;
  durationCount: number;
  durationsMs: number[];
}

const seconds = 60;
/** Of each second, so that a busy system costs no more memory than any other. */
const maxDurations = 200;

export function createLastMinute<Key extends string>(nowMs: () => number): LastMinute<Key> {
  const bySecond = new Map<number, Second<Key>>();
  const secondNow = (): number => Math.floor(nowMs() / 1000);
  const forgetOld = (): void => {
    for (const second of bySecond.keys()) if (second <= secondNow() - seconds) bySecond.delete(second);
  };
  const current = (): Second<Key> => {
    const now = secondNow();
    let second = bySecond.get(now);
    if (!second) {
      forgetOld();
      second = { counts: new Map(), durationCount: 0, durationsMs: [] };
      bySecond.set(now, second);
    }
    return second;
  };
  const all = (): Second<Key>[] => {
    forgetOld();
    return [...bySecond.values()];
  };
  return {
    count(key) {
      const { counts } = current();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    },
    addDuration(ms) {
      const second = current();
      second.durationCount += 1;
      if (second.durationsMs.length < maxDurations) second.durationsMs.push(ms);
    },
    counts() {
      const totals = new Map<Key, number>();
      for (const { counts } of all()) for (const [key, count] of counts) totals.set(key, (totals.get(key) ?? 0) + count);
      return totals;
    },
    durationCount: () => all().reduce((sum, second) => sum + second.durationCount, 0),
    percentiles(shares) {
      const sorted = all()
        .flatMap((second) => second.durationsMs)
        .sort((a, b) => a - b);
      return shares.map((share) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null);
    },
  };
}
