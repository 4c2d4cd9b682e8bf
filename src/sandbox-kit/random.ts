/** A seeded random generator: the same seed gives the same jobs on every machine. */
export interface Random {
  /** 0 (inclusive) to 1 (exclusive). */
  fraction(): number;
  /** An integer from `low` to `high`, both inclusive. */
  integer(low: number, high: number): number;
  pick<T>(items: readonly T[]): T;
  /** True with this probability (0 to 1). */
  chance(probability: number): boolean;
  /** `length` characters of `alphabet`. */
  text(length: number, alphabet: string): string;
  /** A version 4 UUID in lowercase. */
  uuid(): string;
}

/** Mulberry32 (Tommy Ettinger, public domain): 32 bits of state are enough for test data. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (low: number, high: number): number => low + Math.floor(fraction() * (high - low + 1));
  const text = (length: number, alphabet: string): string =>
    Array.from({ length }, () => alphabet[integer(0, alphabet.length - 1)]).join('');
  return {
    fraction,
    integer,
    text,
    pick<T>(items: readonly T[]): T {
      if (items.length === 0) throw new RangeError('expected at least one item, got none');
      // Within the list, which isn't empty.
      return items[integer(0, items.length - 1)] as T;
    },
    chance: (probability) => fraction() < probability,
    uuid() {
      const hex = '0123456789abcdef';
      return `${text(8, hex)}-${text(4, hex)}-4${text(3, hex)}-${text(1, '89ab')}${text(3, hex)}-${text(12, hex)}`;
    },
  };
}
