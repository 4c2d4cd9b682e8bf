import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { groupEvents, storeGroups } from '../../src/history/event-groups.ts';
import type { NewJobEvent } from '../../src/history/job-event.ts';
import type { Store } from '../../src/store/store.ts';
import { addJob } from '../end-to-end/jobs.ts';
import { newEvent } from '../history/parts.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { openEmptyStore } from '../store.ts';

let store: Store;
let jobyard: WithSandboxes;
const jobIds: string[] = [];
beforeAll(async () => {
  store = openEmptyStore();
  jobyard = await startWithSandboxes({ systems: ['kylin'], jobs: 0, store });
  jobIds.push(addJob(jobyard, 'kylin'), addJob(jobyard, 'kylin'));
  await addEvents();
  await addCancellations();
  await addOperations();
});
afterAll(() => jobyard.close());

async function record(groups: readonly (readonly NewJobEvent[])[], trackedSystemIds: readonly string[]): Promise<void> {
  await store.transaction(async (query) => {
    const options = { perhapsStored: false, aheadMs: 0, trackedSystemIds };
    await storeGroups(query, groups.flatMap(groupEvents), options);
    // Otherwise, Jobyard reads the jobs, and resolves their cancellations.
    await query(`update jobyard.open_action set due_at = now() + interval '1 day'`);
  });
}

/** Groups of one event and of several, which were recorded at the same time; and some of two jobs. */
async function addEvents(): Promise<void> {
  const recordedAt = new Date();
  const inOneBatch = (requestId: string, ids: readonly string[]) => {
    const { batch } = newEvent({ systemId: 'kylin', requestId, recordedAt });
    return ids.map((jobId) => newEvent({ ...batch, jobId, sentAt: recordedAt }));
  };
  const named = (count: number, name: string) => Array.from({ length: count }, (_, index) => `kylin:${name}-${index}`);
  const ofRequest = [3, 1, 4, 1, 2].map((count, index) => inOneBatch('paged', named(count, `group-${index}`)));
  await record([...ofRequest, ...Array.from({ length: 15 }, () => inOneBatch('of-jobs', jobIds))], []);
}

/** Cancellations that were sent at the same time, by several requests. */
async function addCancellations(): Promise<void> {
  const sentMs = Date.now() - 60_000;
  const sentAtMs = [0, 0, 0, 5, 5, 7, 9, 9, 9, 9, 11];
  const groups = sentAtMs.map((afterMs, index) => {
    const jobId = `kylin:canceled-${(index * 7) % sentAtMs.length}`;
    return [newEvent({ systemId: 'kylin', jobId, sentAt: new Date(sentMs + afterMs), outcome: 'ACCEPTED', requestId: 'cancel' })];
  });
  await record(groups, ['kylin']);
}

const operationId = '00000000-0000-4000-8000-00000000000a';

async function addOperations(): Promise<void> {
  for (let last = 0; last < 11; last += 1) {
    const id = last === 10 ? operationId : `00000000-0000-4000-8000-00000000000${last}`;
    await store.query(
      `INSERT INTO jobyard.bulk_operation (id, caller, readable_systems, actionable_systems, action, filter, reason, max_jobs, allow_incomplete,
         status, input_hash, created_at, finished_at)
       VALUES ($1, 'key:ann', '{kylin}', '{kylin}', 'CANCEL', '{}', 'test', 10, false, 'CANCELLED', '', now(), now())`,
      [id],
    );
    await store.query(`INSERT INTO jobyard.bulk_progress (operation_id, system_id, place, chunk_size) VALUES ($1, 'kylin', 1, 100)`, [id]);
  }
  // Those that match have gaps between them.
  await store.query(
    `INSERT INTO jobyard.bulk_item (operation_id, position, system_id, job_id, outcome)
     SELECT $1, number, 'kylin', 'kylin:item-' || number, CASE number % 2 WHEN 0 THEN 'PENDING' ELSE 'SUCCEEDED' END
     FROM generate_series(0, 21) AS number`,
    [operationId],
  );
}

interface Page {
  edges: { cursor: string; node: Row }[];
  nodes: Row[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}
/** What identifies a row of the list. */
type Row = Record<string, string>;

interface PagedList {
  name: string;
  max: number;
  /** The query; `page` has the arguments of the page and the selection of the connection. */
  query(page: (filter: string, row: string) => string): string;
  // biome-ignore lint/suspicious/noExplicitAny: the shape of the query
  find(data: any): Page | null;
  remove(row: Row): Promise<unknown>;
}

const removeEvent = ({ id }: Row) => store.query('delete from jobyard.event_group where id = $1::bigint / 4096', [id]);

const lists: PagedList[] = [
  {
    name: 'jobEvents',
    max: 500,
    query: (page) => `{ jobEvents${page('filter: { requestId: "paged" }', 'id')} }`,
    find: ({ jobEvents }) => jobEvents,
    remove: removeEvent,
  },
  ...[0, 1].map(
    (index): PagedList => ({
      name: `Job.events of job ${index}`,
      max: 100,
      query: (page) => `query ($ids: [ID!]!) { jobsByIds(ids: $ids) { ... on Job { events${page('', 'id')} } } }`,
      find: ({ jobsByIds }) => jobsByIds[index].events,
      remove: removeEvent,
    }),
  ),
  {
    name: 'cancellations',
    max: 500,
    query: (page) => `{ cancellations${page('requestedBy: "key:operator"', 'jobId')} }`,
    find: ({ cancellations }) => cancellations,
    remove: ({ jobId }) => store.query('delete from jobyard.open_action where $1 = any(job_ids)', [jobId]),
  },
  {
    name: 'bulkOperations',
    max: 100,
    query: (page) => `{ bulkOperations${page('startedBy: "key:ann"', 'id')} }`,
    find: ({ bulkOperations }) => bulkOperations,
    remove: ({ id }) => store.query('DELETE FROM jobyard.bulk_operation WHERE id = $1', [id]),
  },
  {
    name: 'BulkOperation.items',
    max: 500,
    query: (page) => `{ bulkOperation(id: "${operationId}") { items${page('status: PENDING', 'jobId')} } }`,
    find: ({ bulkOperation }) => bulkOperation.items,
    remove: ({ jobId }) => store.query('DELETE FROM jobyard.bulk_item WHERE job_id = $1', [jobId]),
  },
];

interface PageArguments {
  first?: number;
  after?: string | null;
  last?: number;
  before?: string | null;
}

async function ask({ query }: PagedList, page: PageArguments) {
  const texts = Object.entries(page).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  const text = query((filter, row) => {
    const given = [filter, ...texts].filter((each) => each !== '').join(', ');
    return `(${given}) { edges { cursor node { ${row} } } nodes { ${row} } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }`;
  });
  return jobyard.query(text, { ids: jobIds });
}

async function read(list: PagedList, page: PageArguments): Promise<Page> {
  const { data, errors } = await ask(list, page);
  if (errors) throw new Error(JSON.stringify(errors));
  const found = list.find(data);
  if (!found) throw new Error(`No ${list.name}`);
  return found;
}

/** All pages of this size, from the last one to the first one; the rows in the order of the list. */
async function walkBackward(list: PagedList, last: number, from: string | null = null): Promise<Page['edges']> {
  const walked: Page['edges'] = [];
  for (let before = from; ; ) {
    const { edges, nodes, pageInfo } = await read(list, { last, before });
    expect(nodes).toEqual(edges.map(({ node }) => node));
    expect(pageInfo).toMatchObject({ hasNextPage: before !== null, startCursor: edges.at(0)?.cursor, endCursor: edges.at(-1)?.cursor });
    walked.unshift(...edges);
    if (!pageInfo.hasPreviousPage) return walked;
    before = pageInfo.startCursor;
    if (edges.length < last) throw new Error('A page with a previous one is not full');
  }
}

describe.each(lists)('$name', (list) => {
  test('is the same backward as forward, row by row', async () => {
    const { edges } = await read(list, { first: 100 });
    expect(edges.length).toBeGreaterThan(10);
    for (const size of [1, 2, 3, edges.length - 1, edges.length, 100]) expect(await walkBackward(list, size)).toEqual(edges);
  });

  test('has the same cursors in both directions', async () => {
    const { edges } = await read(list, { first: 100 });
    for (const [index, { cursor }] of edges.entries()) {
      const before = await read(list, { last: 2, before: cursor });
      expect(before.edges).toEqual(edges.slice(Math.max(0, index - 2), index));
      expect(before.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: index > 2 });
      const after = await read(list, { first: 2, after: cursor });
      expect(after.edges).toEqual(edges.slice(index + 1, index + 3));
      expect(after.pageInfo).toMatchObject({ hasNextPage: index + 3 < edges.length, hasPreviousPage: true });
    }
  });

  test('keeps the cursor of a page without rows', async () => {
    const { edges, pageInfo } = await read(list, { first: 100 });
    const none = { edges: [], nodes: [] };
    expect(await read(list, { last: 0 })).toMatchObject({ ...none, pageInfo: { hasPreviousPage: true, startCursor: null } });
    const start = { hasNextPage: true, hasPreviousPage: false, startCursor: pageInfo.startCursor, endCursor: null };
    expect(await read(list, { last: 5, before: edges[0]?.cursor ?? null })).toEqual({ ...none, pageInfo: start });
    const end = { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: pageInfo.endCursor };
    expect(await read(list, { first: 5, after: edges.at(-1)?.cursor ?? null })).toEqual({ ...none, pageInfo: end });
  });

  test('rejects both directions at once, too many rows, and what is no cursor of it', async () => {
    const oneDirection = (named: string, got: string) =>
      `${named}: expected either first and after, or last and before, got ${got}. Request one direction per page.`;
    const cases: [PageArguments, string][] = [
      [{ first: 1, last: 1 }, oneDirection('last', 'first and last')],
      [{ after: 'x', before: 'x' }, oneDirection('before', 'after and before')],
      [{ last: list.max + 1 }, `last: expected 0 to ${list.max}, got ${list.max + 1}.`],
      [{ last: -1 }, `last: expected 0 to ${list.max}, got -1.`],
      [{ before: 'x' }, 'before: not a cursor of this list. Omit it to start from the last page.'],
      [{ after: 'x' }, 'after: not a cursor of this list. Omit it to start from the first page.'],
    ];
    for (const [page, message] of cases) {
      expect((await ask(list, page)).errors?.[0]).toMatchObject({ message, extensions: { code: 'BAD_USER_INPUT' } });
    }
  });

  test('has each row that is left once, if rows are deleted between the pages, even the row of the cursor', async () => {
    const { edges } = await read(list, { first: 100 });
    const { pageInfo } = await read(list, { last: 3 });
    const next = edges.length - 3;
    for (const edge of [edges[next], edges[next - 1], edges[next - 4]]) if (edge) await list.remove(edge.node);
    const left = new Set((await read(list, { first: 100 })).edges.map(({ cursor }) => cursor));
    expect(left.size).toBeLessThan(edges.length);
    const expected = edges.slice(0, next).filter(({ cursor }) => left.has(cursor));
    expect(await walkBackward(list, 2, pageInfo.startCursor)).toEqual(expected);
  });
});
