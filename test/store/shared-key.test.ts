import { createSecretKey } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { decodeCursor, toCursorBinding } from '../../src/listing/cursor.ts';
import { awaitSharedKey, readSharedKey } from '../../src/store/shared-key.ts';
import { type Store, StoreUnavailableError } from '../../src/store/store.ts';
import { createRecordingLogger } from '../history/parts.ts';
import { createManualClock } from '../live/manual-clock.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { createStorePlace, openTestStore } from '../store.ts';

test('a shared key is created once', async () => {
  const store = openTestStore();
  const keys = await Promise.all(Array.from({ length: 5 }, () => readSharedKey(store, 'cursor')));
  expect(keys[0]).toHaveLength(32);
  for (const key of keys) expect(key).toEqual(keys[0]);
  expect(await readSharedKey(store, 'another')).not.toEqual(keys[0]);
});

/** A store whose statements fail `times` times. */
function failing(times: number, { query }: Pick<Store, 'query'>): Pick<Store, 'query' | 'opened'> {
  let left = times;
  return {
    opened: Promise.resolve(),
    query(...statement) {
      left -= 1;
      return left >= 0 ? Promise.reject(new StoreUnavailableError("Jobyard's store is unavailable. Retry later.")) : query(...statement);
    },
  };
}

test('a key that could not be read is read again until it is', async () => {
  const store = openTestStore();
  const clock = createManualClock();
  const { lines, logger } = createRecordingLogger();
  const read = Promise.withResolvers<Buffer>();
  awaitSharedKey(failing(3, store), { name: 'cursor', onKey: read.resolve, clock, logger });
  await clock.advance(1_000 + 2_000 + 4_000);
  expect(await read.promise).toEqual(await readSharedKey(store, 'cursor'));
  expect(lines.map(({ retryMs }) => retryMs)).toEqual([1_000, 2_000, 4_000]);
});

test('it is not read again after its last waiter has stopped', async () => {
  const clock = createManualClock();
  const { lines, logger } = createRecordingLogger();
  const stop = awaitSharedKey(failing(9, openTestStore()), { name: 'cursor', onKey() {}, clock, logger });
  await clock.advance(0);
  stop();
  await clock.advance(60_000);
  expect(lines).toHaveLength(1);
  expect(clock.waiting()).toBe(0);
});

test('a cursor is good after a restart, with the store that it was signed by', async () => {
  const place = createStorePlace();
  onTestFinished(() => place.remove());
  const binding = toCursorBinding({}, { field: 'CREATED_AT', direction: 'DESC' });
  const page = 'query ($after: String) { jobs(first: 2, after: $after) { pageInfo { endCursor } } }';
  const start = async (store: Store): Promise<WithSandboxes> => {
    store.resume();
    return startWithSandboxes({ jobs: 5, store });
  };

  const store = place.open();
  const first = await start(store);
  const key = await readSharedKey(store, 'cursor');
  let cursor = '';
  const isSignedByStore = async (): Promise<boolean> => {
    cursor = (await first.query(page)).data.jobs.pageInfo.endCursor;
    return decodeCursor(cursor, binding, [createSecretKey(key)]) !== null;
  };
  await expect.poll(isSignedByStore, { timeout: 30_000 }).toBe(true);
  await first.close();

  const second = await start(place.open());
  onTestFinished(() => second.close());
  await expect.poll(async () => (await second.query(page, { after: cursor })).errors, { timeout: 30_000 }).toBeUndefined();
});
