import { expect, test } from 'vitest';
import { StoreUnavailableError } from '../../src/store/store.ts';
import { openTestStore } from '../store.ts';
import { startBulk, startBulkWorld, waitForEnd } from './start-bulk.ts';

test('a start returns its operation after a short outage of the store', { timeout: 60_000 }, async () => {
  const store = openTestStore();
  let failures = 0;
  const jobyard = await startBulkWorld({
    store: {
      ...store,
      async query(text, values) {
        if (failures > 0 && text.includes('WHERE o.id = $1')) {
          failures -= 1;
          throw new StoreUnavailableError('The connection was lost.');
        }
        return store.query(text, values);
      },
    },
  });
  jobyard.sandboxes.aodocs.state.addJob({ status: 'IN_PROGRESS' });
  failures = 2;
  expect(await startBulk(jobyard, { filter: { systemIds: ['aodocs'] } })).toMatchObject({ __typename: 'BulkOperation' });
  expect(failures).toBe(0);
});

test('a start whose commit has no response names the operation that may have been started', { timeout: 60_000 }, async () => {
  const store = openTestStore();
  let losesAnswer = false;
  const jobyard = await startBulkWorld({
    store: {
      ...store,
      async transaction(work) {
        let isStart = false;
        const value = await store.transaction((query, afterCommit) =>
          work((text, values, name) => {
            isStart ||= text.includes('INSERT INTO jobyard.bulk_operation');
            return query(text, values, name);
          }, afterCommit),
        );
        if (!isStart || !losesAnswer) return value;
        losesAnswer = false;
        throw new StoreUnavailableError('The connection was lost.');
      },
    },
  });
  jobyard.sandboxes.aodocs.state.addJob({ status: 'IN_PROGRESS' });
  losesAnswer = true;
  const refused = await startBulk(jobyard, { filter: { systemIds: ['aodocs'] } });
  // The same request would start another one.
  expect(refused).toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: expect.stringContaining('may have been started'),
    retryable: false,
  });
  const id = /bulk operation (\S+) before/.exec(refused.message)?.[1] ?? '';
  expect(await waitForEnd(jobyard, id)).toMatchObject({ status: 'SUCCEEDED', counts: { selected: 1, succeeded: 1 } });

  const withKey = { filter: { systemIds: ['aodocs'] }, idempotencyKey: 'monday' };
  losesAnswer = true;
  expect(await startBulk(jobyard, withKey)).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
  const [first, second] = [await startBulk(jobyard, withKey), await startBulk(jobyard, withKey)];
  expect(first).toMatchObject({ __typename: 'BulkOperation' });
  expect(second.id).toBe(first.id);
});
