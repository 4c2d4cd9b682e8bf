import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { groupEvents, storeGroups } from '../../src/history/event-groups.ts';
import { listEvents } from '../../src/history/event-list.ts';
import type { NewJobEvent } from '../../src/history/job-event.ts';
import { openTestStore } from '../store.ts';
import { newEvent } from './parts.ts';

const recordedAt = new Date();
const actionId = randomUUID();
const inOneBatch = (changes: Parameters<typeof newEvent>[0]): NewJobEvent => newEvent({ actionId, recordedAt, ...changes });

test('one row for jobs with the same outcome, with the time at which each was sent', async () => {
  const store = openTestStore();
  const sent = [1_000, 1_003, 1_000, 1_007, 1_007, 1_003].map((ms) => inOneBatch({ sentAt: new Date(ms), outcome: 'ACCEPTED' }));
  const unsent = [inOneBatch({ sentAt: null, outcome: 'ACCESS_DENIED' }), inOneBatch({ sentAt: null, outcome: 'ACCESS_DENIED' })];
  // A rejection in between is a separate row.
  const groups = groupEvents([...sent.slice(0, 3), ...unsent, ...sent.slice(3)]);
  expect(groups).toHaveLength(2);
  await storeGroups(store.query, groups, { perhapsStored: false, aheadMs: 0, trackedSystemIds: ['kinetica'] });
  const rows = await store.query<{ job_id: string; sent: boolean; sent_at: Date | null }>(
    'select job_id, sent, sent_at from jobyard.job_event',
  );
  const inOrder = (list: typeof rows) => list.toSorted((a, b) => a.job_id.localeCompare(b.job_id));
  const expected = [...sent, ...unsent].map(({ jobId, sentAt }) => ({ job_id: jobId, sent: sentAt !== null, sent_at: sentAt }));
  expect(inOrder(rows)).toEqual(inOrder(expected));
  const open = await store.query('select job_ids, sent_at_ms::int from jobyard.open_action order by id');
  const sentThen = (ms: number) => sent.filter(({ sentAt }) => sentAt?.getTime() === ms).map(({ jobId }) => jobId);
  expect(open).toEqual([1_000, 1_003, 1_007].map((ms) => ({ job_ids: sentThen(ms), sent_at_ms: ms })));
});

test('one row for jobs whose actions created jobs, each with its own, and none of them is tracked', async () => {
  const store = openTestStore();
  const action = { action: 'START', outcome: 'OUTCOME_UNKNOWN' } as const;
  const creating = ['kinetica:8', null, 'kinetica:9\x1F'].map((createdJobId) => inOneBatch({ ...action, createdJobId }));
  const other = inOneBatch(action);
  const groups = groupEvents([...creating, other]);
  expect(groups).toHaveLength(2);
  await storeGroups(store.query, groups, { perhapsStored: false, aheadMs: 0, trackedSystemIds: ['kinetica'] });
  const { rows } = await listEvents(store.query, ['kinetica'], {}, { count: 10, isBackward: false, from: null });
  const createdIdOf = ({ jobId }: NewJobEvent) => rows.find((event) => event.jobId === jobId)?.createdJobId;
  expect([...creating, other].map(createdIdOf)).toEqual(['kinetica:8', null, 'kinetica:9\uFFFD', null]);
  expect(await store.query('select job_ids from jobyard.open_action')).toEqual([{ job_ids: [other.jobId] }]);
});

/** IDs, and their stored form if it differs. */
const oddIds: [id: string, stored?: string][] = [
  ['a:1'],
  ['a:12'],
  ['kinetica:9223372036854775807'],
  ['a:1,2 "{}"'],
  ['a:über'],
  ['a:🙂'],
  ['a:x🙂y'],
  ['a:🙂🙂'],
  ['a:separator\x1f', 'a:separator\ufffd'],
  ['a:nul\0', 'a:nul\ufffd'],
  ['a:half\ud83d', 'a:half\ufffd'],
];

test('each is found by its job, whatever its id is made of', async () => {
  const store = openTestStore();
  // Each in a row of its own: in one, the others' numbers would find it.
  const groups = oddIds.flatMap(([jobId]) => groupEvents([newEvent({ jobId, systemId: 'a' })]));
  await storeGroups(store.query, groups, { perhapsStored: false, aheadMs: 0, trackedSystemIds: [] });
  for (const [id, stored] of oddIds) {
    const { rows: found } = await listEvents(store.query, ['a'], { jobIds: [id] }, { count: 10, isBackward: false, from: null });
    expect(found.map(({ jobId }) => jobId)).toEqual([stored ?? id]);
  }
});
