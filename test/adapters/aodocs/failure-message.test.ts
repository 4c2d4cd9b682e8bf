import { afterEach, expect, test } from 'vitest';
import { toFailure } from '../../../src/adapters/aodocs/map.ts';
import type { JobSystemAdapter } from '../../../src/jobs/adapter.ts';
import { createJob } from '../../../src/jobs/job.ts';
import { closeAll, createCall, start } from './start-adapter.ts';

afterEach(closeAll);

async function messageOf(adapter: JobSystemAdapter, id: string, credential: string | null = null) {
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

test('who may not read the events hears so', async () => {
  const { sandbox, adapter, libraryId } = await start();
  const { state } = sandbox;
  state.addPerson({ email: 'reader@brightwater.example', roles: { [libraryId]: 'READER' } });
  const token = state.issueToken({ email: 'reader@brightwater.example' });
  const answer = await messageOf(adapter, state.addJob({ status: 'FAILED' }), token);
  expect(answer).toMatchObject({ ok: false, problem: { code: 'ACCESS_DENIED' } });
});

test('events in any order and without what is left out', () => {
  expect(toFailure({})).toBeNull();
  expect(toFailure({ events: [{ message: 'new', timestamp: '20' }, { message: 'old', timestamp: 10 }, { timestamp: 30 }] })?.message).toBe(
    'new',
  );
});
