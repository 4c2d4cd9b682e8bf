import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { accessFor, as } from '../access/callers.ts';
import { addEndedJob, addJob, countActions, failReads, unknownIds } from '../end-to-end/jobs.ts';
import { startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';
import { passTime } from './pass-time.ts';

let clock: ManualClock;
let jobyard: WithSandboxes;
beforeAll(async () => {
  clock = createManualClock(Date.now());
  jobyard = await startWithSandboxes({ jobs: 2, clock });
});
afterAll(() => jobyard.close());
beforeEach(() => {
  for (const system of systemNames) {
    jobyard.sandboxes[system].requests.clear();
    jobyard.sandboxes[system].faults.clear();
  }
});

const waitForJobs = `query ($ids: [ID!]!, $until: [JobStatus!], $seconds: Float! = 20) {
  waitForJobs(ids: $ids, until: $until, timeoutSeconds: $seconds) { jobId reached result { __typename ... on Job { status } ... on JobError { code message } } }
}`;

/** Runs an operation while the clock advances. Returns the response and the seconds until it. */
async function timed<Answer>(operation: Promise<Answer>, stepMs = 250): Promise<{ answer: Answer; seconds: number }> {
  const startMs = clock.nowMs();
  let isThere = false;
  const done = operation.finally(() => {
    isThere = true;
  });
  await passTime(jobyard, clock, stepMs, () => isThere);
  return { answer: await done, seconds: (clock.nowMs() - startMs) / 1000 };
}

describe('waitForJobs', () => {
  test('responds when all jobs have ended, in the requested order', async () => {
    const ids = [addJob(jobyard, 'kinetica'), addEndedJob(jobyard, 'kylin'), unknownIds.aodocs, 'nonsense', 'nowhere:1'];
    const { kinetica } = jobyard.sandboxes;
    const waiting = jobyard.query(waitForJobs, { ids });
    await passTime(jobyard, clock, 250, () => kinetica.requests.count('POST', '/admin/show/jobs') === 3);
    kinetica.state.changeJob(String(ids[0]).slice('kinetica:'.length), { status: 'DONE' });
    const { answer, seconds } = await timed(waiting);
    expect(answer).toEqual({
      data: {
        waitForJobs: [
          { jobId: ids[0], reached: true, result: { __typename: 'Job', status: 'SUCCEEDED' } },
          { jobId: ids[1], reached: true, result: { __typename: 'Job', status: 'SUCCEEDED' } },
          {
            jobId: ids[2],
            reached: false,
            result: { __typename: 'JobNotFound', code: 'JOB_NOT_FOUND', message: 'aodocs has no such job.' },
          },
          {
            jobId: 'nonsense',
            reached: false,
            result: { __typename: 'JobNotFound', code: 'INVALID_ID', message: '"nonsense" is not a job ID: expected systemId:vendorId.' },
          },
          {
            jobId: 'nowhere:1',
            reached: false,
            result: { __typename: 'JobNotFound', code: 'SYSTEM_NOT_FOUND', message: 'System "nowhere" not found, or access denied.' },
          },
        ],
      },
    });
    expect(seconds).toBeLessThan(6);
  });

  test('returns the state of each job at the end of the wait', async () => {
    const ids = [addJob(jobyard, 'kinetica'), addJob(jobyard, 'kylin')];
    const { answer, seconds } = await timed(jobyard.query(waitForJobs, { ids, seconds: 7.5 }));
    expect(answer.data.waitForJobs).toEqual(
      ids.map((jobId) => ({ jobId, reached: false, result: { __typename: 'Job', status: 'RUNNING' } })),
    );
    expect(seconds).toBeGreaterThanOrEqual(7.5);
    expect(seconds).toBeLessThan(9);
  });

  test('25 seconds, the most, are answered within the 25 of the operation', async () => {
    const ids = [addJob(jobyard, 'kinetica')];
    const { answer, seconds } = await timed(jobyard.query(waitForJobs, { ids, seconds: 25 }), 500);
    expect(answer).toEqual({
      data: { waitForJobs: [{ jobId: ids[0], reached: false, result: { __typename: 'Job', status: 'RUNNING' } }] },
    });
    expect(seconds).toBeGreaterThanOrEqual(24);
    expect(seconds).toBeLessThanOrEqual(25);
  });

  test('reads each job once if the wait is 0 seconds', async () => {
    const ids = [addJob(jobyard, 'kinetica'), addEndedJob(jobyard, 'kinetica')];
    const { answer } = await timed(jobyard.query(waitForJobs, { ids, seconds: 0 }));
    expect(answer.data.waitForJobs).toMatchObject([
      { reached: false, result: { status: 'RUNNING' } },
      { reached: true, result: { status: 'SUCCEEDED' } },
    ]);
    expect(jobyard.sandboxes.kinetica.requests.count()).toBe(1);
  });

  test('waits until the requested statuses', async () => {
    const id = addJob(jobyard, 'kylin');
    const waiting = jobyard.query(waitForJobs, { ids: [id], until: ['PAUSED', 'CANCELLED'] });
    await passTime(jobyard, clock, 250, () => jobyard.sandboxes.kylin.requests.count() >= 2);
    jobyard.sandboxes.kylin.state.changeJob(id.slice('kylin:'.length), { state: 'PAUSED' });
    const { answer, seconds } = await timed(waiting);
    expect(answer.data.waitForJobs).toEqual([{ jobId: id, reached: true, result: { __typename: 'Job', status: 'PAUSED' } }]);
    expect(seconds).toBeLessThan(6);
  });

  test('returns the problem of an unavailable system at the end of the wait', async () => {
    const id = addJob(jobyard, 'aodocs');
    failReads(jobyard, 'aodocs', { kind: 'reset', applied: false });
    const { answer } = await timed(jobyard.query(waitForJobs, { ids: [id], seconds: 3 }));
    expect(answer.data.waitForJobs).toMatchObject([
      { reached: false, result: { __typename: 'SystemUnavailable', code: 'SYSTEM_UNAVAILABLE' } },
    ]);
  });

  test('a system that does not answer is answered for in time', async () => {
    const id = addJob(jobyard, 'aodocs');
    failReads(jobyard, 'aodocs', { kind: 'hang', applied: false });
    const { answer, seconds } = await timed(jobyard.query(waitForJobs, { ids: [id], seconds: 5 }), 1000);
    const message = "aodocs didn't respond before the wait ended. Retry, or wait longer.";
    expect(answer.data.waitForJobs).toMatchObject([
      { reached: false, result: { __typename: 'SystemUnavailable', code: 'TIMED_OUT', message } },
    ]);
    expect(seconds).toBeLessThanOrEqual(25);
  });

  test('many waits cost as much polling as one, and polling ends with them', async () => {
    const id = addJob(jobyard, 'kinetica');
    const waiting = Promise.all(Array.from({ length: 100 }, () => jobyard.query(waitForJobs, { ids: [id], seconds: 10 })));
    const { answer } = await timed(waiting);
    for (const { data } of answer) expect(data.waitForJobs).toMatchObject([{ reached: false }]);
    const polls = jobyard.sandboxes.kinetica.requests.count();
    // At 0, 1, 2.5, 4.75 and 8.25 seconds, and once more for the callers that came later.
    expect(polls).toBeLessThanOrEqual(7);
    await clock.advance(60_000);
    expect(jobyard.sandboxes.kinetica.requests.count()).toBe(polls);
  });

  test('stops polling for a caller that disconnects during the wait', async () => {
    const leaving = new AbortController();
    const body = JSON.stringify({ query: waitForJobs, variables: { ids: [addJob(jobyard, 'kylin')] } });
    const headers = { 'content-type': 'application/json' };
    const waiting = fetch(`${jobyard.origin}/graphql`, { method: 'POST', headers, body, signal: leaving.signal }).catch(() => 'gone');
    await passTime(jobyard, clock, 0, () => jobyard.sandboxes.kylin.requests.count() === 1);
    leaving.abort();
    expect(await waiting).toBe('gone');
    const metrics = async () => (await fetch(`${jobyard.origin}/metrics`)).text();
    await expect.poll(metrics).toContain('jobyard_watched_jobs 0');
  });

  test.each([
    [{ ids: [] }, 'ids: expected 1 to 500 ids, got none.'],
    [{ ids: Array(501).fill('kylin:1') }, 'ids: expected 1 to 500 ids, got 501. Split them over several requests.'],
    [{ ids: ['kylin:1'], until: [] }, 'until: expected at least one status, got none.'],
    [{ ids: ['kylin:1'], seconds: 25.5 }, 'timeoutSeconds: expected 0 to 25 seconds, got 25.5.'],
    [{ ids: ['kylin:1'], seconds: -1 }, 'timeoutSeconds: expected 0 to 25 seconds, got -1.'],
  ])('%o is rejected with a clear error', async (variables, message) => {
    const { errors } = await jobyard.query(waitForJobs, variables);
    expect(errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});

describe('cancelJobs with waitSeconds', () => {
  const cancelJobs = `mutation ($ids: [ID!]!, $seconds: Float!, $dryRun: Boolean! = false) {
    cancelJobs(input: { ids: $ids, waitSeconds: $seconds, dryRun: $dryRun }) {
      results { __typename ... on CancelSuccess { jobId outcome job { status } } ... on JobError { jobId code message } }
      summary { requested succeeded failed unknown }
    }
  }`;

  test('jobs that have stopped meanwhile are CANCELLED', async () => {
    jobyard.sandboxes['veeva-vault'].switches.cancellingMs = 4_000;
    const vault = jobyard.sandboxes['veeva-vault'].state.addJob({ waitMs: 3_600_000 });
    const ids = systemNames.map((system) => (system === 'veeva-vault' ? `veeva-vault:${vault}` : addJob(jobyard, system)));
    const { answer, seconds } = await timed(jobyard.query(cancelJobs, { ids, seconds: 24 }), 100);
    const success = { __typename: 'CancelSuccess', outcome: 'CONFIRMED', job: { status: 'CANCELLED' } };
    expect(answer.data.cancelJobs.results).toEqual(ids.map((jobId) => ({ ...success, jobId })));
    expect(seconds).toBeLessThan(24);
    for (const system of systemNames) expect(countActions(jobyard, system)).toBe(1);
  });

  test('a job that is still stopping when the time is up is CANCELLING', async () => {
    jobyard.sandboxes['veeva-vault'].switches.cancellingMs = 3_600_000;
    const ids = [addJob(jobyard, 'veeva-vault'), addJob(jobyard, 'kinetica')];
    const { answer, seconds } = await timed(jobyard.query(cancelJobs, { ids, seconds: 3 }));
    expect(answer.data.cancelJobs.results).toMatchObject([{ outcome: 'ACCEPTED' }, { outcome: 'CONFIRMED' }]);
    expect(answer.data.cancelJobs.summary).toEqual({ requested: 2, succeeded: 2, failed: 0, unknown: 0 });
    expect(seconds).toBeGreaterThanOrEqual(3);
  });

  test('returns how a job ended otherwise although its cancel was accepted', async () => {
    const vault = jobyard.sandboxes['veeva-vault'];
    vault.switches.cancellingMs = 3_600_000;
    const id = addJob(jobyard, 'veeva-vault');
    const waiting = jobyard.query(cancelJobs, { ids: [id], seconds: 24 });
    await passTime(jobyard, clock, 250, () => countActions(jobyard, 'veeva-vault') === 1);
    vault.state.changeJob(Number(id.slice('veeva-vault:'.length)), { status: 'SUCCESS' });
    const { answer } = await timed(waiting, 500);
    const message = 'veeva-vault accepted the cancellation, but the job ended as SUCCEEDED.';
    expect(answer.data.cancelJobs).toEqual({
      results: [{ __typename: 'ActionNotAllowed', jobId: id, code: 'WRONG_STATUS', message }],
      summary: { requested: 1, succeeded: 0, failed: 1, unknown: 0 },
    });
  });

  test("doesn't wait if nothing is pending: after rejections, confirmed actions, and dry runs", async () => {
    const ended = addEndedJob(jobyard, 'kylin');
    const running = addJob(jobyard, 'kylin');
    const { answer, seconds } = await timed(jobyard.query(cancelJobs, { ids: [ended, running], seconds: 20 }));
    expect(answer.data.cancelJobs.results).toMatchObject([{ code: 'WRONG_STATUS' }, { outcome: 'CONFIRMED' }]);
    expect(seconds).toBeLessThan(5);
    const dry = await timed(jobyard.query(cancelJobs, { ids: [addJob(jobyard, 'veeva-vault')], seconds: 20, dryRun: true }));
    expect(dry.answer.data.cancelJobs.results).toMatchObject([{ outcome: 'DRY_RUN_PASSED' }]);
    expect(dry.seconds).toBeLessThan(5);
  });

  test("returns nothing more of jobs that the caller can't read", async () => {
    const guarded = await startWithSandboxes({ jobs: 2, clock, access: accessFor({ canceller: ['jobs:cancel'] }) });
    onTestFinished(() => guarded.close());
    const id = addJob(guarded, 'veeva-vault');
    const { data } = await guarded.query(cancelJobs.replace('job { status }', ''), { ids: [id], seconds: 20 }, as('canceller'));
    expect(data.cancelJobs.results).toEqual([{ __typename: 'CancelSuccess', jobId: id, outcome: 'ACCEPTED' }]);
  });

  test('rejects more than 25 seconds, and sends nothing', async () => {
    const id = addJob(jobyard, 'kinetica');
    const { errors } = await jobyard.query(cancelJobs, { ids: [id], seconds: 26 });
    expect(errors).toMatchObject([
      { message: 'input.waitSeconds: expected 0 to 25 seconds, got 26.', extensions: { code: 'BAD_USER_INPUT' } },
    ]);
    expect(countActions(jobyard, 'kinetica')).toBe(0);
  });
});
