import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createChangeNotifier } from '../../src/bulk/change-notifier.ts';
import type { BulkOperation } from '../../src/bulk/operation.ts';
import { createOperationsFeed } from '../../src/bulk/operations-feed.ts';
import { StoreUnavailableError } from '../../src/store/store.ts';
import { accessFor, as } from '../access/callers.ts';
import { addJob } from '../end-to-end/jobs.ts';
import { transports } from '../live/clients.ts';
import { openTestStore } from '../store.ts';
import { runningOperation } from './dependencies.ts';
import { controlBulk, startBulk, startBulkWorld, waitForEnd } from './start-bulk.ts';

const timeout = 60_000;
const patient = { timeout: 20_000 };

async function startFeed() {
  const store = openTestStore();
  const changes = createChangeNotifier(store, pino({ level: 'silent' }));
  await changes.listen();
  onTestFinished(() => changes.close());
  const operations = new Map<string, BulkOperation>();
  const reads = { count: 0, error: null as Error | null };
  const feed = createOperationsFeed({
    async read() {
      reads.count += 1;
      if (reads.error) throw reads.error;
      return structuredClone([...operations.values()]);
    },
    changes,
    onBug(error) {
      throw error;
    },
  });
  onTestFinished(feed.close);
  const change = (id: string, status: BulkOperation['status'], startedBy = 'key:a') => {
    const finishedAt = ['RUNNING', 'SUSPENDED', 'SELECTING'].includes(status) ? null : new Date();
    operations.set(id, { ...runningOperation, id, status, startedBy, finishedAt });
    return changes.notify(id);
  };
  const follow = async (accepts: (operation: BulkOperation) => boolean = () => true) => {
    const values = await feed.subscribe(accepts);
    const got: string[] = [];
    const objects: BulkOperation[] = [];
    void (async () => {
      for await (const operation of values) {
        objects.push(operation);
        got.push(`${operation.id} ${operation.status}`);
      }
      got.push('end');
    })();
    return { values, got, objects };
  };
  return { feed, change, follow, reads };
}

describe('the feed of all operations', () => {
  test('has the unfinished ones, then each that starts or changes, without those that select their jobs', { timeout }, async () => {
    const { change, follow } = await startFeed();
    await change('old', 'SUCCEEDED');
    await change('one', 'RUNNING');
    const { got } = await follow();
    await expect.poll(() => got, patient).toEqual(['one RUNNING']);
    await change('two', 'SELECTING');
    await change('one', 'SUSPENDED');
    await expect.poll(() => got, patient).toEqual(['one RUNNING', 'one SUSPENDED']);
    await change('two', 'RUNNING');
    await expect.poll(() => got.at(-1), patient).toBe('two RUNNING');
    await change('two', 'SUCCEEDED');
    await expect.poll(() => got.at(-1), patient).toBe('two SUCCEEDED');
    // A later follower gets what is unfinished now.
    const late = await follow();
    await expect.poll(() => late.got, patient).toEqual(['one SUSPENDED']);
  });

  test('is read once for all its subscribers, who get the same objects that they accept, and not without any', { timeout }, async () => {
    const { change, follow, reads } = await startFeed();
    await change('one', 'RUNNING');
    const all = await Promise.all(Array.from({ length: 100 }, () => follow()));
    const ofB = await follow(({ startedBy }) => startedBy === 'key:b');
    expect(reads.count).toBe(1);
    await change('two', 'RUNNING', 'key:b');
    await expect.poll(() => all.every(({ got }) => got.includes('two RUNNING')), patient).toBe(true);
    expect(ofB.got).toEqual(['two RUNNING']);
    expect(new Set(all.map(({ objects }) => objects.at(-1))).size).toBe(1);
    for (const { values } of [...all, ofB]) await values.return();
    const { count } = reads;
    await change('one', 'SUSPENDED');
    expect(reads.count).toBe(count);
  });

  test('rejects if the store is unavailable at first; later, continues when it is available again', { timeout }, async () => {
    const { change, follow, reads } = await startFeed();
    reads.error = new StoreUnavailableError('away');
    await expect(follow()).rejects.toThrow('away');
    reads.error = null;
    const { got } = await follow();
    reads.error = new StoreUnavailableError('away');
    await change('one', 'RUNNING');
    await expect.poll(() => reads.count, patient).toBeGreaterThanOrEqual(3);
    reads.error = null;
    await change('one', 'SUSPENDED');
    await expect.poll(() => got, patient).toEqual(['one SUSPENDED']);
  });
});

const bulkOperationsChanged = `subscription ($actions: [JobAction!], $startedBy: [String!]) {
  bulkOperationsChanged(actions: $actions, startedBy: $startedBy) { id status startedBy counts { selected succeeded } }
}`;

test.each(Object.entries(transports))('over %s: sends operations that the caller can see', { timeout }, async (_transport, subscribe) => {
  const full = ['jobs:read', 'jobs:cancel'];
  const access = accessFor({ admin: full, other: full, half: ['jobs:read@kinetica'] });
  const jobyard = await startBulkWorld({ access });
  const admin = subscribe(jobyard.origin, bulkOperationsChanged, { headers: as('admin') });
  const half = subscribe(jobyard.origin, bulkOperationsChanged, { headers: as('half') });
  const byOther = subscribe(jobyard.origin, bulkOperationsChanged, { headers: as('admin'), variables: { startedBy: ['key:other'] } });
  const pausing = subscribe(jobyard.origin, bulkOperationsChanged, { headers: as('admin'), variables: { actions: ['PAUSE'] } });
  const byNobody = subscribe(jobyard.origin, bulkOperationsChanged, { headers: as('admin'), variables: { startedBy: [] } });
  const how = await byNobody.end;
  const message = 'startedBy: expected 1 to 100 callers, got none.';
  expect(how === 'complete' ? byNobody.answers[0]?.errors : how.error).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT' } }]);
  const statesOf = ({ answers }: typeof admin, id: string) =>
    answers.flatMap(({ data }) => (data?.bulkOperationsChanged.id === id ? [data.bulkOperationsChanged.status] : []));
  for (let each = 0; each < 3; each += 1) addJob(jobyard, 'kylin');
  const start = (caller: string, systemId: string) =>
    startBulk(jobyard, { filter: { systemIds: [systemId] }, maxPerSecond: 0.01 }, as(caller));
  const onKylin = await start('admin', 'kylin');
  await expect.poll(() => statesOf(admin, onKylin.id).at(-1), { timeout: 20_000 }).toBe('RUNNING');
  addJob(jobyard, 'kinetica');
  const onKinetica = await start('other', 'kinetica');
  await expect.poll(() => statesOf(half, onKinetica.id).at(-1), { timeout: 20_000 }).toBeDefined();
  await controlBulk(jobyard, 'cancelBulkOperation', onKylin.id, as('admin'));
  await waitForEnd(jobyard, onKylin.id, 20_000, as('admin'));
  await expect.poll(() => statesOf(admin, onKylin.id).at(-1), { timeout: 20_000 }).toBe('CANCELLED');
  expect(statesOf(half, onKylin.id)).toEqual([]);
  expect(statesOf(byOther, onKylin.id)).toEqual([]);
  expect(statesOf(byOther, onKinetica.id).length).toBeGreaterThan(0);
  expect(pausing.answers).toEqual([]);
});
