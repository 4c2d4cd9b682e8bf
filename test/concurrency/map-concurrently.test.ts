import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chunk, mapConcurrently, untilAborted } from '../../src/concurrency/map-concurrently.ts';

describe('mapConcurrently', () => {
  test('gives results in the order of the items, never more than the limit at work, and as many as the limit allows', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 30 }),
        fc.integer({ min: 1, max: 8 }),
        async (turns, limit) => {
          let working = 0;
          let most = 0;
          const results = await mapConcurrently(turns, limit, async (count) => {
            working += 1;
            most = Math.max(most, working);
            for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
            working -= 1;
            return count * 2;
          });
          expect(results).toEqual(turns.map((count) => count * 2));
          expect(most).toBe(Math.min(limit, turns.length));
        },
      ),
    );
  });

  test('rejects with what the work rejects with', async () => {
    const work = async (item: number): Promise<number> => {
      if (item === 2) throw new Error('two');
      return item;
    };
    await expect(mapConcurrently([1, 2, 3], 2, work)).rejects.toThrow('two');
  });
});

describe('chunk', () => {
  test('loses nothing, keeps the order, and fills every piece but the last', () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), fc.option(fc.integer({ min: 1, max: 10 })), (items, size) => {
        const pieces = chunk(items, size);
        expect(pieces.flat()).toEqual(items);
        expect(pieces).toHaveLength(Math.ceil(items.length / (size ?? (items.length || 1))));
        for (const piece of pieces.slice(0, -1)) expect(piece).toHaveLength(size ?? items.length);
        for (const piece of pieces) expect(piece.length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('untilAborted', () => {
  test('resolves to the value, or to null when the signal is aborted before or meanwhile', async () => {
    const caller = new AbortController();
    expect(await untilAborted(Promise.resolve(1), caller.signal)).toBe(1);
    const waiting = untilAborted(new Promise<number>(() => {}), caller.signal);
    caller.abort();
    expect(await waiting).toBeNull();
    expect(await untilAborted(new Promise<number>(() => {}), caller.signal)).toBeNull();
  });

  test('rejects as the promise does', async () => {
    await expect(untilAborted(Promise.reject(new Error('lost')), new AbortController().signal)).rejects.toThrow('lost');
  });
});
