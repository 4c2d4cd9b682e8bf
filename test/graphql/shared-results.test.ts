import { parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { createSharedResults, selectionKeyOf } from '../../src/graphql/shared-results.ts';

function start() {
  let nowMs = 0;
  const shared = createSharedResults<{ made: number; errors?: string[] }>(() => nowMs);
  let made = 0;
  const make = async () => ({ made: ++made });
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  return { shared, make, pass };
}

describe('a result', () => {
  test('is created once for the same event and key, also while it is being created', async () => {
    const { shared, make } = start();
    const happening = {};
    const [first, second] = await Promise.all([shared.find(happening, 'k', 'ann', make), shared.find(happening, 'k', 'bob', make)]);
    expect(second).toBe(first);
    expect(await shared.find(happening, 'k', 'cat', make)).toBe(first);
    expect(await shared.find(happening, 'other', 'ann', make)).toEqual({ made: 2 });
    expect(await shared.find({}, 'k', 'ann', make)).toEqual({ made: 3 });
  });

  test('is created again after a second', async () => {
    const { shared, make, pass } = start();
    const happening = {};
    await shared.find(happening, 'k', 'ann', make);
    pass(999);
    expect(await shared.find(happening, 'k', 'ann', make)).toEqual({ made: 1 });
    pass(1);
    expect(await shared.find(happening, 'k', 'ann', make)).toEqual({ made: 2 });
  });

  test('with errors, which may name the caller, is shared with that caller only', async () => {
    const { shared } = start();
    const happening = {};
    let made = 0;
    const fail = async () => ({ made: ++made, errors: ['ann may not'] });
    const ask = (caller: string) => shared.find(happening, 'k', caller, fail);
    expect([await ask('ann'), await ask('bob'), await ask('ann'), await ask('bob')].map((result) => result.made)).toEqual([1, 2, 1, 2]);
  });

  test('is created by the next subscription if it failed', async () => {
    const { shared, make } = start();
    const happening = {};
    const first = shared.find(happening, 'k', 'ann', () => Promise.reject(new Error('lost')));
    const second = shared.find(happening, 'k', 'ann', make);
    await expect(first).rejects.toThrow('lost');
    expect(await second).toEqual({ made: 1 });
  });
});

describe('two subscriptions show the same', () => {
  const document = parse(`
    subscription S($ids: [ID!]!, $raw: Boolean = false) { jobsChanged(ids: $ids) { id ...F } }
    fragment F on Job { raw @include(if: $raw) }
  `);
  const keyOf = (variables: Record<string, unknown>) => selectionKeyOf(document, 'S', variables);

  test('whichever jobs they subscribe to', () => {
    expect(keyOf({ ids: ['a'], raw: true })).toBe(keyOf({ ids: ['b', 'c'], raw: true }));
  });

  test('but not with other variables in their selections, including fragments and directives', () => {
    expect(keyOf({ ids: ['a'], raw: true })).not.toBe(keyOf({ ids: ['a'], raw: false }));
    const root = parse('subscription ($ids: [ID!]!, $on: Boolean!) { jobsChanged(ids: $ids) @include(if: $on) { id } }');
    expect(selectionKeyOf(root, null, { ids: [], on: true })).not.toBe(selectionKeyOf(root, null, { ids: [], on: false }));
  });

  test('but not with other documents or operations', () => {
    const both = parse(
      'subscription A($ids: [ID!]!) { jobsChanged(ids: $ids) { id } } subscription B($ids: [ID!]!) { jobsChanged(ids: $ids) { name } }',
    );
    expect(selectionKeyOf(both, 'A', {})).not.toBe(selectionKeyOf(both, 'B', {}));
    expect(keyOf({})).not.toBe(selectionKeyOf(both, 'S', {}));
  });
});
