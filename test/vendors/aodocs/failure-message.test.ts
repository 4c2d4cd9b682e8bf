import { afterEach, expect, test } from 'vitest';
import { createJob } from '../../../src/jobs/create-job.ts';
import { toFailure } from '../../../src/vendors/aodocs/adapter/map.ts';
import { jobEventListSchema } from '../../../src/vendors/aodocs/adapter/wire.ts';
import type { ReadableAdapter } from '../readable-adapter.ts';
import { closeAll, createCall, type Rig, start } from './start-adapter.ts';

afterEach(closeAll);

async function messageOf(adapter: ReadableAdapter, id: string, credential: string | null = null) {
  if (typeof adapter.getFailure !== 'function') throw new Error('It is asked for by a request of its own');
  const [read] = await adapter.getJobs([id], createCall());
  if (read?.kind !== 'job') throw new Error(`No job ${id}`);
  const failure = await adapter.getFailure(createJob('aodocs', read.job, new Date(0)), createCall(credential));
  return failure.ok ? { ok: true, value: failure.value?.message ?? null } : failure;
}

test('the latest error of the job, whatever was logged after it; none of a job without errors', async () => {
  const { sandbox, adapter } = await start();
  const { state, clock } = sandbox;
  const [failed, silent] = [state.addJob({ status: 'FAILED' }), state.addJob({ status: 'FAILED' })];
  for (const [severity, message] of [
    ['ERROR', 'first'],
    ['ERROR', 'last'],
    ['WARN', 'later'],
  ] as const) {
    clock.advance(1000);
    state.addEvent(failed, { severity, message });
  }
  sandbox.requests.clear();
  expect(await messageOf(adapter, failed)).toEqual({ ok: true, value: 'last' });
  expect(sandbox.requests.count('GET', '/job/v1/events/')).toBe(1);
  expect(await messageOf(adapter, silent)).toEqual({ ok: true, value: null });
});

test('returns AccessDenied if the caller can not read the events', async () => {
  const { sandbox, adapter, libraryId } = await start();
  const { state } = sandbox;
  state.addPerson({ email: 'reader@brightwater.example', roles: { [libraryId]: 'READER' } });
  const token = state.issueToken({ email: 'reader@brightwater.example' });
  const answer = await messageOf(adapter, state.addJob({ status: 'FAILED' }), token);
  expect(answer).toMatchObject({ ok: false, problem: { code: 'ACCESS_DENIED' } });
});

/** 150 errors of tasks and, after them, the job's own. */
function addFailedJob(sandbox: Rig['sandbox'], taskErrors = 150): string {
  const { state, clock } = sandbox;
  const failed = state.addJob({ status: 'FAILED' });
  for (let index = 0; index < taskErrors; index += 1) {
    clock.advance(10);
    state.addEvent(failed, { severity: 'ERROR', message: `Could not process document ${index}` });
  }
  clock.advance(10);
  state.addEvent(failed, { severity: 'ERROR', message: 'Job failed: the storage account was suspended' });
  sandbox.requests.clear();
  return failed;
}

test.each(['oldestFirst', 'newestFirst'] as const)(
  "the job's own error behind 150 of its tasks, events %s: two pages",
  async (eventOrder) => {
    const { sandbox, adapter } = await start({ switches: { eventOrder } });
    const failed = addFailedJob(sandbox);
    expect(await messageOf(adapter, failed)).toEqual({ ok: true, value: 'Job failed: the storage account was suspended' });
    expect(sandbox.requests.count('GET', '/job/v1/events/')).toBe(2);
  },
);

test('of more than ten pages of errors the latest of those ten, and that there are more', async () => {
  const { sandbox, adapter } = await start({ switches: { maxPageSize: 5 } });
  const failed = addFailedJob(sandbox, 60);
  expect(await messageOf(adapter, failed)).toEqual({
    ok: true,
    value: 'Could not process document 49 (The latest of the first 50 errors; AODocs logged more.)',
  });
  expect(sandbox.requests.count('GET', '/job/v1/events/')).toBe(10);
});

test('a page that leads to itself is read once', async () => {
  const { sandbox, adapter } = await start();
  const failed = addFailedJob(sandbox, 1);
  const body = JSON.stringify({ events: [{ message: 'broken', timestamp: '1' }], nextPageToken: 'again' });
  const fault = { kind: 'answer', status: 200, applied: false, headers: { 'content-type': 'application/json' }, body } as const;
  sandbox.faults.add({ fault, path: '/job/v1/events/', times: 'always' });
  expect(await messageOf(adapter, failed)).toEqual({
    ok: true,
    value: 'broken (The latest of the first 2 errors; AODocs logged more.)',
  });
  expect(sandbox.requests.count('GET', '/job/v1/events/')).toBe(2);
});

test('a later page that can not be read leaves the reason open', async () => {
  const { sandbox, adapter } = await start();
  const failed = addFailedJob(sandbox);
  sandbox.faults.add({ fault: { kind: 'answer', status: 403, applied: false }, path: 'pageToken', times: 'always' });
  expect(await messageOf(adapter, failed)).toMatchObject({ ok: false, problem: { code: 'ACCESS_DENIED' } });
});

test('events in any order and without what is left out', () => {
  expect(toFailure([], true)).toBeNull();
  const events = [{ message: 'new', timestamp: '20' }, { message: 'old', timestamp: 10 }, { message: null, timestamp: 30 }, null];
  expect(toFailure(events, true)?.message).toBe('new');
});

test('an odd event does not affect the others', () => {
  const page = { events: [7, null, { message: {}, timestamp: '3' }, { message: 'why', timestamp: {} }, 'text'] };
  expect(toFailure(jobEventListSchema.parse(page).events ?? [], true)?.message).toBe('why');
});
