import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Place } from '../../src/concurrency/place-lines.ts';
import { createPlaces, type PlaceRequest, type Places } from '../../src/concurrency/places.ts';

const signal = new AbortController().signal;
const asRead = (caller: string): PlaceRequest => ({ caller, purpose: 'read', signal });
const asAction = (caller: string): PlaceRequest => ({ caller, purpose: 'action', signal });
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Visitor {
  name: string;
  place: Place | 'aborted' | 'full' | null;
}

/** Makes requests, and records the order in which callers got places. */
function watch(places: Places) {
  const entered: Visitor[] = [];
  return {
    entered,
    order: () => entered.map(({ name }) => name),
    come(request: PlaceRequest, name = request.caller): Visitor {
      const visitor: Visitor = { name, place: places.take(request) };
      if (visitor.place) entered.push(visitor);
      else {
        void places.wait(request).then((place) => {
          visitor.place = place;
          if (typeof place === 'object') entered.push(visitor);
        });
      }
      return visitor;
    },
    /** The one that entered first leaves. */
    async leave(visitor = entered.find(({ place }) => place !== null)): Promise<void> {
      if (typeof visitor?.place !== 'object' || visitor.place === null) throw new Error('Has no place');
      places.leave(visitor.place);
      visitor.place = null;
      await settled();
    },
  };
}

describe('places', () => {
  test('are taken at once as long as there are free ones', () => {
    const places = createPlaces({ size: 2 });
    const first = places.take(asRead('ann'));
    expect([first, places.take(asAction('bob')), places.take(asRead('ann'))]).toEqual([expect.anything(), expect.anything(), null]);
    if (first) places.leave(first);
    expect(places.take(asRead('ann'))).not.toBeNull();
  });

  test('are given at once to a request that waits although one is free', async () => {
    const places = createPlaces({ size: 1 });
    const given: unknown[] = [];
    void places.wait(asRead('ann')).then((place) => given.push(place));
    await settled();
    expect(given).toEqual([expect.objectContaining({ isLent: false })]);
    expect(places.counts()).toEqual({ taken: 1, waiting: 0 });
  });

  test("go to a late caller before another one's many requests, whose order stays", async () => {
    const visits = watch(createPlaces({ size: 2 }));
    for (let count = 1; count <= 500; count += 1) visits.come(asRead('ann'), `ann ${count}`);
    visits.come(asRead('bob'), 'bob 1');
    visits.come(asRead('bob'), 'bob 2');
    for (let count = 0; count < 4; count += 1) await visits.leave();
    expect(visits.order()).toEqual(['ann 1', 'ann 2', 'bob 1', 'ann 3', 'bob 2', 'ann 4']);
  });

  test("go to the caller with the fewest, so that one caller's slow requests leave another one its share", async () => {
    const visits = watch(createPlaces({ size: 4 }));
    for (let count = 0; count < 50; count += 1) visits.come(asRead('slow'));
    for (let count = 0; count < 50; count += 1) visits.come(asRead('quick'));
    await visits.leave();
    await visits.leave();
    // Both have two. From now on only the quick ones end.
    for (let count = 0; count < 20; count += 1) {
      await visits.leave(visits.entered.find(({ name, place }) => name === 'quick' && place !== null));
      expect(visits.entered.at(-1)?.name).toBe('quick');
    }
  });

  test('that are lent are there for other callers at once, and count for their own until they are left', async () => {
    const places = createPlaces({ size: 2, perCaller: 2 });
    const visits = watch(places);
    const [first] = [visits.come(asRead('ann')), visits.come(asRead('ann'))];
    visits.come(asRead('ann'), 'ann later');
    visits.come(asRead('bob'));
    visits.come(asRead('cat'));
    if (typeof first?.place !== 'object' || first.place === null) throw new Error('Has no place');
    places.lend(first.place);
    await settled();
    expect(visits.order()).toEqual(['ann', 'ann', 'bob']);
    await visits.leave(first);
    // Two are taken: ann's second and bob's.
    expect(visits.order()).toEqual(['ann', 'ann', 'bob']);
    await visits.leave();
    await visits.leave();
    expect(visits.order()).toEqual(['ann', 'ann', 'bob', 'cat', 'ann later']);
  });

  test('go to actions before reads, and at least every fourth one to a read', async () => {
    const visits = watch(createPlaces({ size: 1 }));
    for (let count = 0; count < 10; count += 1) visits.come(asRead('ann'), 'read');
    for (let count = 0; count < 10; count += 1) visits.come(asAction('bob'), 'action');
    for (let count = 0; count < 9; count += 1) await visits.leave();
    expect(visits.order()).toEqual(['read', 'action', 'action', 'action', 'read', 'action', 'action', 'action', 'read', 'action']);
  });

  test('are not all taken by long actions while reads wait', async () => {
    const visits = watch(createPlaces({ size: 4 }));
    for (let count = 0; count < 20; count += 1) visits.come(asAction('ann'), 'action');
    for (let count = 0; count < 20; count += 1) visits.come(asRead('bob'), 'read');
    await visits.leave();
    expect(visits.order()).toEqual(['action', 'action', 'action', 'action', 'read']);
    for (let count = 0; count < 10; count += 1) {
      await visits.leave(visits.entered.find(({ name, place }) => name === 'read' && place !== null));
      expect(visits.entered.at(-1)?.name).toBe('read');
    }
  });

  test('are waited for by at most as many requests of a caller as allowed, reads and actions counted apart', async () => {
    const visits = watch(createPlaces({ size: 1, maxWaitingPerCaller: 2 }));
    const come = [asRead('ann'), asRead('ann'), asRead('ann'), asRead('ann'), asAction('ann'), asRead('bob')].map((request) =>
      visits.come(request),
    );
    await settled();
    expect(come.map(({ place }) => place)).toEqual([expect.anything(), null, null, 'full', null, null]);
  });

  test('are not given to a request that was called off: it leaves its line at once', async () => {
    const places = createPlaces({ size: 1, maxWaitingPerCaller: 2 });
    const visits = watch(places);
    visits.come(asRead('ann'), 'first');
    const stop = new AbortController();
    const calledOff = visits.come({ ...asRead('ann'), signal: stop.signal }, 'called off');
    visits.come(asRead('ann'), 'last');
    expect(places.waitingOf(asRead('ann'))).toBe(2);
    stop.abort();
    expect(places.waitingOf(asRead('ann'))).toBe(1);
    await settled();
    expect(calledOff.place).toBe('aborted');
    await visits.leave();
    expect(visits.order()).toEqual(['first', 'last']);
    await visits.leave();
    expect(await places.wait({ ...asRead('ann'), signal: stop.signal })).toBe('aborted');
    expect(places.take(asRead('bob'))).not.toBeNull();
  });

  test('of a caller never exceed its limit, in any order of requests', async () => {
    const visits = watch(createPlaces({ size: 4, perCaller: 2 }));
    for (let count = 0; count < 4; count += 1) visits.come(asRead('ann'));
    for (let count = 0; count < 4; count += 1) visits.come(asRead('bob'));
    visits.come(asRead('eve'));
    expect(visits.order()).toEqual(['ann', 'ann', 'bob', 'bob']);
    await visits.leave();
    expect(visits.order().slice(4)).toEqual(['eve']);
    await visits.leave();
    expect(visits.order().slice(5)).toEqual(['ann']);
    const alone = watch(createPlaces({ perCaller: 2 }));
    for (let count = 0; count < 4; count += 1) alone.come(asRead('ann'));
    expect(alone.entered).toHaveLength(2);
    await alone.leave();
    expect(alone.entered).toHaveLength(3);
  });

  test('that are added are used at once; removed ones stay taken until they are left', async () => {
    const places = createPlaces({ size: 1 });
    const visits = watch(places);
    for (let count = 0; count < 6; count += 1) visits.come(asRead('ann'));
    places.resize(4);
    await settled();
    expect(visits.entered).toHaveLength(4);
    places.resize(2);
    await visits.leave();
    await visits.leave();
    expect(visits.entered).toHaveLength(4);
    await visits.leave();
    expect(visits.entered).toHaveLength(5);
  });
});

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('come' as const), caller: fc.nat(4), isAction: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('leave' as const), which: fc.nat(99) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('call off' as const), which: fc.nat(99) }) },
);

test('whatever comes, leaves and is called off: never too many at once, no place is idle, each caller in order, and everyone in the end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.array(step, { maxLength: 60 }), async (size, steps) => {
      const places = createPlaces({ size: size });
      const inside: { place: Place; line: string; number: number; since: number }[] = [];
      const waiting = new Map<number, { line: string; stop: AbortController }>();
      const lastOf = new Map<string, number>();
      let given = 0;
      const enter = (line: string, number: number, place: Place): void => {
        expect(number).toBeGreaterThan(lastOf.get(line) ?? -1);
        lastOf.set(line, number);
        given += 1;
        inside.push({ place, line, number, since: given });
      };
      const leave = (index: number): void => {
        const [left] = inside.splice(index, 1);
        if (left) places.leave(left.place);
      };
      for (const [number, each] of steps.entries()) {
        if (each.kind === 'come') {
          const stop = new AbortController();
          const request: PlaceRequest = { caller: `c${each.caller}`, purpose: each.isAction ? 'action' : 'read', signal: stop.signal };
          const line = `${request.caller} ${request.purpose}`;
          const place = places.take(request);
          if (place) enter(line, number, place);
          else {
            waiting.set(number, { line, stop });
            void places.wait(request).then((got) => {
              waiting.delete(number);
              if (typeof got === 'object') enter(line, number, got);
            });
          }
        } else if (each.kind === 'leave' && inside.length > 0) leave(each.which % inside.length);
        else if (each.kind === 'call off' && waiting.size > 0) [...waiting.values()][each.which % waiting.size]?.stop.abort();
        await settled();
        expect(inside.length).toBeLessThanOrEqual(size);
        if (waiting.size > 0) expect(inside).toHaveLength(size);
      }
      // Of ten lines, each gets a place within 40: one in four for reads, and turns among five callers.
      while (waiting.size > 0) {
        const firstOf = new Map([...waiting].reverse().map(([number, { line }]) => [line, number]));
        for (let count = 0; count < 40 && inside.length > 0; count += 1) {
          leave(0);
          await settled();
        }
        for (const number of firstOf.values()) expect(waiting.has(number)).toBe(false);
      }
    }),
    { numRuns: 200 },
  );
});
