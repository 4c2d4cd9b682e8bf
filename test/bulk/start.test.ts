import { expect, test } from 'vitest';
import { StoreUnavailable } from '../../src/store/store.ts';
import { openTestStore } from '../store.ts';
import { startBulk, startBulkWorld } from './start-bulk.ts';

test('a start whose store goes away for a moment is answered with its operation', { timeout: 60_000 }, async () => {
  const store = openTestStore();
  let failures = 0;
  const jobyard = await startBulkWorld({
    store: {
      ...store,
      async query(text, values) {
        if (failures > 0 && text.includes('WHERE o.id = $1')) {
          failures -= 1;
          throw new StoreUnavailable('The connection was lost.');
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
