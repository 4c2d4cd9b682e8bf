import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { createChangeNotifier } from '../../src/bulk/change-notifier.ts';
import type { BulkOperation } from '../../src/bulk/operation.ts';
import { createOperationWatch } from '../../src/bulk/watch.ts';
import { StoreUnavailableError } from '../../src/store/store.ts';
import { openTestStore } from '../store.ts';
import { runningOperation } from './dependencies.ts';

const timeout = 60_000;
const canSeeAll = () => true;

/** One operation, changed by `change`, and how often it was read. */
async function startWatching() {
  const store = openTestStore();
  const changes = createChangeNotifier(store, pino({ level: 'silent' }));
  await changes.listen();
  onTestFinished(() => changes.close());
  let operation = runningOperation;
  const reads = { count: 0 };
  const failing = { error: null as Error | null };
  const watch = createOperationWatch(async (id) => {
    reads.count += 1;
    // As from the store: never the same object twice.
    await store.query('SELECT 1');
    if (failing.error) throw failing.error;
    return id === 'one' ? structuredClone(operation) : null;
  }, changes);
  const change = (next: Partial<BulkOperation>) => {
    operation = { ...operation, ...next };
    return changes.notify('one');
  };
  return { watch, change, reads, failing };
}

test('two hundred watchers of one operation cost as many reads as one', { timeout }, async () => {
  const { watch, change, reads } = await startWatching();
  const all = await Promise.all(Array.from({ length: 200 }, () => watch('one', canSeeAll)));
  const next = () => Promise.all(all.map(async (values) => (await values?.next())?.value?.status));
  const twoHundred = (status: string) => Array.from({ length: 200 }, () => status);
  expect(await next()).toEqual(twoHundred('RUNNING'));
  expect(reads.count).toBe(1);
  const suspended = next();
  await change({ status: 'SUSPENDED' });
  expect(await suspended).toEqual(twoHundred('SUSPENDED'));
  expect(reads.count).toBe(2);
  // A later watcher gets the same at once.
  const late = await watch('one', canSeeAll);
  expect((await late?.next())?.value).toMatchObject({ status: 'SUSPENDED' });
  expect(reads.count).toBe(2);
  const ended = next();
  await change({ status: 'SUCCEEDED', finishedAt: new Date() });
  expect(await ended).toEqual(twoHundred('SUCCEEDED'));
  expect(reads.count).toBe(3);
  for (const values of all) expect(await values?.next()).toMatchObject({ done: true });
  // It has finished, but its failed items may be retried: a later watcher reads it again.
  await change({ status: 'RUNNING', finishedAt: null });
  expect((await (await watch('one', canSeeAll))?.next())?.value).toMatchObject({ status: 'RUNNING' });
});

test('each watcher gets only operations that it can read, and the last one to leave ends the reads', { timeout }, async () => {
  const { watch, change, reads, failing } = await startWatching();
  const onlyKylin = ({ systems }: BulkOperation) => systems.every(({ systemId }) => systemId === 'kylin');
  const [everything, limited] = [await watch('one', canSeeAll), await watch('one', onlyKylin)];
  expect(await watch('one', () => false)).toBeNull();
  expect((await limited?.next())?.value).toMatchObject({ id: 'one' });
  expect((await everything?.next())?.value).toMatchObject({ id: 'one' });
  const [hidden, shown] = [limited?.next(), everything?.next()];
  await change({ systems: runningOperation.systems.map((system) => ({ ...system, systemId: 'aodocs' })) });
  expect(await hidden).toMatchObject({ done: true });
  expect((await shown)?.value).toMatchObject({ systems: [{ systemId: 'aodocs' }] });

  const waiting = everything?.next();
  await everything?.return?.();
  expect(await waiting).toMatchObject({ done: true });
  const before = reads.count;
  failing.error = new StoreUnavailableError('away');
  await expect(watch('one', canSeeAll)).rejects.toThrow('away');
  expect(reads.count).toBe(before + 1);
  failing.error = null;
  const again = await watch('one', canSeeAll);
  await again?.next();
  const failed = again?.next();
  failing.error = new StoreUnavailableError('away again');
  await change({});
  await expect(failed).rejects.toThrow('away again');
});
