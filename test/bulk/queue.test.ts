import { setImmediate as nextTurn } from 'node:timers/promises';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { type BulkQueueOptions, createBulkQueue } from '../../src/bulk/queue.ts';
import { StoreUnavailableError } from '../../src/store/store.ts';
import { openTestStore } from '../store.ts';

const timeout = 60_000;

function startQueue(options: Partial<BulkQueueOptions>) {
  const queue = createBulkQueue({
    store: openTestStore(),
    systemIds: ['kylin'],
    retry: { times: 1, delaySeconds: 1, maxDelaySeconds: 1 },
    logger: pino({ level: 'silent' }),
    async select() {},
    async runChunk() {},
    async onReady() {},
    ...options,
  });
  onTestFinished(() => queue.close(25_000));
  return queue;
}

test('starts although the store fails now and then meanwhile', { timeout }, async () => {
  const store = openTestStore();
  let isLost = false;
  let calls = 0;
  const selected = Promise.withResolvers<string>();
  const queue = startQueue({
    store: {
      ...store,
      async query(text, values) {
        // The connection is lost once, while the queues are made.
        if (!isLost && text.includes('create_queue')) {
          isLost = true;
          throw new StoreUnavailableError('The connection was lost.');
        }
        return store.query(text, values);
      },
    },
    async onReady() {
      calls += 1;
      if (calls === 1) throw new StoreUnavailableError('The connection was lost.');
    },
    select: async (operationId) => selected.resolve(operationId),
  });
  await queue.whenReady();
  expect([isLost, calls]).toEqual([true, 2]);
  await store.transaction((query) => queue.enqueueSelection('one', query));
  expect(await selected.promise).toBe('one');
});

test('closed while its engine is being loaded, it starts nothing', { timeout }, async () => {
  const store = openTestStore();
  await store.query('SELECT 1');
  const statements: string[] = [];
  const queue = startQueue({
    store: {
      ...store,
      async query(text, values) {
        statements.push(text);
        return store.query(text, values);
      },
    },
  });
  await store.opened;
  await queue.close(25_000);
  await import('pg-boss');
  for (let turn = 0; turn < 10; turn += 1) await nextTurn();
  expect(statements).toEqual([]);
});
