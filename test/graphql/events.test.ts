import type { FormattedExecutionResult } from 'graphql';
import { expect, test } from 'vitest';
import { createEvents } from '../../src/graphql/events.ts';
import type { Context } from '../../src/graphql/resolvers/context.ts';
import { createSharedResults } from '../../src/graphql/shared-results.ts';

/** Subscriptions that each get the same copies of jobs; `shown` counts how often one was executed. */
function start(happenings?: readonly object[]) {
  const shared = createSharedResults<FormattedExecutionResult>(() => 0);
  let shown = 0;
  const copies = [{ kind: 'job' }, { kind: 'job' }];
  const subscribe = (of: { permissionsKey?: string; selectionKey?: string; takeTurn?: () => Promise<void> | null } = {}) => {
    const { permissionsKey = 'all', selectionKey = 's', takeTurn = () => null } = of;
    const observations = copies.map((read, index) => ({ system: { id: 'memory' }, vendorId: String(index), read }));
    const subscription = {
      source: arrive(happenings ?? observations),
      selectionKey,
      show: async () => ({ data: { shown: ++shown } }),
    };
    // The results are not checked here.
    const beginEvent = () => ({ context: {} as Context, finish() {} });
    const beginOperation = (): Context => ({}) as Context;
    const options = { beginOperation, beginWork: async () => null, beginEvent, onEnd() {}, takeTurn, callerName: 'ann', permissionsKey };
    return createEvents(subscription, options, { formatError: (formatted) => formatted, shared });
  };
  return { subscribe, shown: () => shown };
}

async function* arrive(happenings: readonly object[]): AsyncGenerator<unknown> {
  yield* happenings;
}

async function readAll(events: AsyncIterable<FormattedExecutionResult>): Promise<FormattedExecutionResult[]> {
  const results: FormattedExecutionResult[] = [];
  for await (const result of events) results.push(result);
  return results;
}

test('an event is executed once for any number of subscriptions, with one result', async () => {
  const { subscribe, shown } = start();
  const all = await Promise.all(Array.from({ length: 100 }, () => readAll(subscribe())));
  expect(shown()).toBe(2);
  for (const results of all) for (const [index, result] of results.entries()) expect(result).toBe(all[0]?.[index]);
});

test('a change of a live list is executed once for all subscribers with the same copy of the job at the same place', async () => {
  const job = { id: 'memory:1' };
  const { subscribe, shown } = start([
    { kind: 'entered', job, afterId: null },
    { kind: 'changed', job, afterId: null },
    { kind: 'changed', job, afterId: 'memory:2' },
  ]);
  await Promise.all([subscribe(), subscribe(), subscribe()].map(readAll));
  expect(shown()).toBe(3);
});

test('an event is executed separately for each document and for all scopes and credentials', async () => {
  const { subscribe, shown } = start();
  await Promise.all(
    [subscribe(), subscribe({ permissionsKey: 'few' }), subscribe({ permissionsKey: 'all sha256' }), subscribe({ selectionKey: 't' })].map(
      readAll,
    ),
  );
  expect(shown()).toBe(8);
});

test("an event waits for its turn, and isn't executed if its client has disconnected", async () => {
  const { subscribe, shown } = start();
  const turn = Promise.withResolvers<void>();
  const events = subscribe({ takeTurn: () => turn.promise });
  const first = events.next();
  await events.return(undefined);
  turn.resolve();
  expect(await first).toEqual({ done: true, value: undefined });
  expect(shown()).toBe(0);
});
