import { expect, test } from 'vitest';
import { type SelectionDependencies, selectJobs } from '../../src/bulk/select.ts';
import { type ListSource, toListedJob } from '../../src/jobs/adapter.ts';
import type { Store } from '../../src/store/store.ts';
import { cancelSupport, connectMemory, jobFields } from '../jobs/memory-adapter.ts';
import { openTestStore } from '../store.ts';
import { dependenciesOf, unreadQueue } from './dependencies.ts';

const timeout = 60_000;
const never = new AbortController().signal;

type ReadPage = (part: string | null) => Promise<{ ids: string[]; next?: string; total?: number }>;

interface SizeOptions {
  requestSize?: number;
  scanFrom?: number | null;
}

/** A system whose lists return jobs page by page. */
function partsWith(
  store: Store,
  beginListing: () => ReadPage,
  { requestSize = 10, scanFrom = null }: SizeOptions = {},
): SelectionDependencies {
  const source = (readPage: ReadPage): ListSource => ({
    name: 'all',
    order: { by: 'FIXED' },
    exact: true,
    numbered: false,
    async readPage({ part }) {
      const { ids, next = null, total = null } = await readPage(part);
      const rows = ids.map((vendorId) => toListedJob(jobFields(vendorId, { status: 'RUNNING' })));
      return { ok: true, value: { rows, firstRow: 0, limit: null, total, nextPart: next, frontier: null } };
    },
  });
  const { system } = connectMemory({
    actions: { CANCEL: { ...cancelSupport, allowedStatuses: ['RUNNING'], requestSize } },
    reads: { scanFrom },
  });
  system.adapter.listJobs = () => [source(beginListing())];
  return dependenciesOf(store, [system]);
}

async function record(store: Store, id: string, maxJobs = 2_000, allowIncomplete = false): Promise<void> {
  await store.query(
    `INSERT INTO jobyard.bulk_operation (id, caller, readable_systems, actionable_systems, action, filter, reason, max_jobs, allow_incomplete, input_hash)
     VALUES ($1, 'ana', '{memory}', '{memory}', 'CANCEL', '{}', 'test', $2, $3, '')`,
    [id, maxJobs, allowIncomplete],
  );
  await store.query(`INSERT INTO jobyard.bulk_progress (operation_id, system_id, place, chunk_size) VALUES ($1, 'memory', 1, 1)`, [id]);
}

async function readState(store: Store, id: string) {
  const [row] = await store.query(
    `SELECT o.status, o.refusal->>'kind' AS refusal, p.selected, p.pending,
       (SELECT count(*)::integer FROM jobyard.bulk_item i WHERE i.operation_id = o.id) AS items
     FROM jobyard.bulk_operation o JOIN jobyard.bulk_progress p ON p.operation_id = o.id WHERE o.id = $1`,
    [id],
  );
  return row;
}

const numbered = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `job${from + index}`);

test('a selection that another replica has taken over writes nothing more', { timeout }, async () => {
  const store = openTestStore();
  await record(store, 'one');
  const waits = Promise.withResolvers<void>();
  const resumed = Promise.withResolvers<void>();
  const slow = partsWith(store, () => async (at) => {
    if (at === null) return { ids: numbered(500), next: '2' };
    if (at === '2') return { ids: numbered(500, 500), next: '3' };
    waits.resolve();
    await resumed.promise;
    return { ids: numbered(1_000, 1_000) };
  });
  const first = selectJobs('one', slow, unreadQueue, never);
  await waits.promise;
  expect(await readState(store, 'one')).toMatchObject({ status: 'SELECTING', items: 1_000 });
  const quick = partsWith(store, () => async () => ({ ids: ['other1', 'other2'] }));
  await selectJobs('one', quick, unreadQueue, never);
  const running = { status: 'RUNNING', refusal: null, selected: 2, pending: 2, items: 2 };
  expect(await readState(store, 'one')).toEqual(running);
  resumed.resolve();
  await first;
  expect(await readState(store, 'one')).toEqual(running);
});

test('a restarted selection has no items of the first one', { timeout }, async () => {
  const store = openTestStore();
  await record(store, 'one');
  const waits = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const goOn = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const select = (place: 0 | 1, name: string) => {
    const parts = partsWith(store, () => async () => {
      waits[place]?.resolve();
      await goOn[place]?.promise;
      return { ids: [`${name}1`, `${name}2`] };
    });
    return selectJobs('one', parts, unreadQueue, never);
  };
  const first = select(0, 'first');
  await waits[0]?.promise;
  const second = select(1, 'second');
  await waits[1]?.promise;
  goOn[0]?.resolve();
  await first;
  expect(await readState(store, 'one')).toMatchObject({ status: 'SELECTING', items: 0 });
  goOn[1]?.resolve();
  await second;
  expect(await readState(store, 'one')).toMatchObject({ status: 'RUNNING', selected: 2, items: 2 });
});

test('a cancel ends the selection between two pages, and its items are deleted', { timeout }, async () => {
  const store = openTestStore();
  await record(store, 'one');
  let pages = 0;
  const endless = partsWith(store, () => async () => {
    pages += 1;
    if (pages === 4) await store.query(`UPDATE jobyard.bulk_operation SET status = 'CANCELLED', finished_at = now() WHERE id = 'one'`);
    return { ids: numbered(500, pages * 500), ...(pages < 8 && { next: `${pages}` }) };
  });
  await selectJobs('one', endless, unreadQueue, never);
  expect(pages).toBe(4);
  expect(await readState(store, 'one')).toMatchObject({ status: 'CANCELLED', selected: 0, items: 0 });
});

test('of a list that lacks jobs which the system counts, nothing is started, and with allowIncomplete the listed jobs are', {
  timeout,
}, async () => {
  const store = openTestStore();
  const parts = partsWith(store, () => async () => ({ ids: ['a', 'b'], total: 3 }));
  await record(store, 'one');
  await selectJobs('one', parts, unreadQueue, never);
  expect(await readState(store, 'one')).toMatchObject({ status: 'FAILED', selected: 0, items: 0 });
  const [refused] = await store.query(`SELECT refusal->'problem'->>'code' AS code FROM jobyard.bulk_operation WHERE id = 'one'`);
  expect(refused).toEqual({ code: 'INCOMPLETE_SELECTION' });
  await record(store, 'two', 2_000, true);
  await selectJobs('two', parts, unreadQueue, never);
  expect(await readState(store, 'two')).toMatchObject({ status: 'RUNNING', selected: 2, items: 2 });
  const [progress] = await store.query(`SELECT problem->>'code' AS code FROM jobyard.bulk_progress WHERE operation_id = 'two'`);
  expect(progress).toEqual({ code: 'INCOMPLETE_LIST' });
});

test('ended from outside it decides nothing, and is made again', { timeout }, async () => {
  const store = openTestStore();
  await record(store, 'one');
  const claim = new AbortController();
  const parts = partsWith(store, () => async () => {
    claim.abort(new Error('taken over'));
    return { ids: ['a'] };
  });
  await expect(selectJobs('one', parts, unreadQueue, claim.signal)).rejects.toThrow('taken over');
  expect(await readState(store, 'one')).toMatchObject({ status: 'SELECTING', refusal: null });
  await selectJobs('one', parts, unreadQueue, never);
  expect(await readState(store, 'one')).toMatchObject({ status: 'RUNNING', selected: 1, items: 1 });
  expect(await store.query('SELECT job_id, selected_status FROM jobyard.bulk_item')).toEqual([
    { job_id: 'memory:a', selected_status: 'RUNNING' },
  ]);
});

test('jobs that come twice count once towards maxJobs', { timeout }, async () => {
  const store = openTestStore();
  const pages = Array.from({ length: 7 }, (_, page) => numbered(50, page * 50));
  const parts = partsWith(store, () => async (at) => {
    const page = Number(at ?? 0);
    return { ids: [...(pages[page] ?? [])], ...(page < 6 && { next: `${page + 1}` }) };
  });
  for (const [maxJobs, expected] of [
    [600, { status: 'RUNNING', refusal: null, selected: 350, pending: 350, items: 350 }],
    [350, { status: 'RUNNING', refusal: null, selected: 350, pending: 350, items: 350 }],
    [349, { status: 'FAILED', refusal: 'tooMany', selected: 0, pending: 0, items: 0 }],
  ] as const) {
    const id = `at most ${maxJobs}`;
    await record(store, id, maxJobs);
    await selectJobs(id, parts, unreadQueue, never);
    expect(await readState(store, id)).toEqual(expected);
  }
});

test.each([
  ['100 items in a chunk', 10, null, 100],
  ['as many as four requests have, if a scan of the lists reads them', 50, 50, 200],
  ['500 of these at most', 200, 50, 500],
  ['100 if they are sent one by one', 1, 50, 100],
  ['as many as a request has', 300, null, 300],
])('%s', { timeout }, async (_name, requestSize, scanFrom, expected) => {
  const store = openTestStore();
  await record(store, 'one');
  await selectJobs(
    'one',
    partsWith(store, () => async () => ({ ids: ['job1'] }), { requestSize, scanFrom }),
    unreadQueue,
    never,
  );
  expect(await store.query(`SELECT chunk_size FROM jobyard.bulk_progress WHERE operation_id = 'one'`)).toEqual([{ chunk_size: expected }]);
});
