import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import { subjects } from '../vendors/subjects.ts';
import { act, addJob, cancel, countActions, failAction, failReads, unknownIds } from './jobs.ts';

let jobyard: WithSandboxes;
beforeEach(async () => {
  jobyard = await startWithSandboxes({ jobs: 0, change: (config) => ({ ...config, timeoutMs: 400 }) });
  // Logs in to Vault, so that a fault meets the action itself.
  await jobyard.query('{ jobSystems { health { status } } }');
});
afterEach(() => jobyard.close());

const select = '... on CancelSuccess { job { status } } ... on OutcomeUnknown { job { id status } }';

describe.each(systemNames)('a cancel on %s', (system) => {
  const { readsFirst, outcome, statuses } = subjects[system].actions.cancel;

  test.each([
    ['the connection was reset', { kind: 'reset', applied: true }],
    ['no answer came in time', { kind: 'hang', applied: true }],
    ['the answer broke off', { kind: 'truncate' }],
    ['the answer was empty', { kind: 'empty' }],
    ['a proxy answered 502', { kind: 'answer', status: 502, applied: true }],
    ['a proxy answered with a page of its own', { kind: 'answer', status: 200, applied: true }],
  ] as const)('that took effect although %s is a success, sent once', async (_what, fault) => {
    failAction(jobyard, system, fault);
    const { results, summary } = await cancel(jobyard, [addJob(jobyard, system)], { select });
    expect(results).toMatchObject([{ __typename: 'CancelSuccess', outcome, job: { status: statuses[1] } }]);
    expect(summary).toEqual({ requested: 1, succeeded: 1, failed: 0, unknown: 0 });
    expect(countActions(jobyard, system)).toBe(1);
  });

  test.each([
    ['the connection was reset', { kind: 'reset', applied: false }],
    ['no answer came in time', { kind: 'hang', applied: false }],
    ['a proxy answered 503', { kind: 'answer', status: 503, applied: false }],
    ['a proxy answered with a page of its own', { kind: 'answer', status: 200, applied: false }],
  ] as const)('of which nothing is to be seen after %s is OutcomeUnknown, sent once', async (_what, fault) => {
    failAction(jobyard, system, fault);
    const id = addJob(jobyard, system);
    const startedMs = Date.now();
    const { results, summary } = await cancel(jobyard, [id], { select });
    expect(results).toMatchObject([
      {
        __typename: 'OutcomeUnknown',
        jobId: id,
        code: 'OUTCOME_UNKNOWN',
        message: expect.stringContaining('Reading the job again was inconclusive.'),
        safeToRetry: true,
        job: { id, status: statuses[0] },
      },
    ]);
    expect(Date.parse(results[0].attemptedAt)).toBeGreaterThanOrEqual(startedMs);
    expect(summary).toEqual({ requested: 1, succeeded: 0, failed: 0, unknown: 1 });
    expect(countActions(jobyard, system)).toBe(1);
  });

  test("whose response is lost and whose job can't be read again is OutcomeUnknown", async () => {
    const id = addJob(jobyard, system);
    // Read before by all that read first; what fails are the reads after it.
    failAction(jobyard, system, { kind: 'reset', applied: true });
    for (const place of subjects[system].reads.places) {
      const fault = { kind: 'reset', applied: false } as const;
      jobyard.sandboxes[system].faults.add({ fault, ...place, skip: readsFirst ? 1 : 0, times: 'always' });
    }
    const { results } = await cancel(jobyard, [id], { select });
    expect(results).toMatchObject([{ __typename: 'OutcomeUnknown', jobId: id, job: { id } }]);
    expect(countActions(jobyard, system)).toBe(1);
  });

  test("whose response is lost and whose job isn't listed is OutcomeUnknown, unless it was read before", async () => {
    failAction(jobyard, system, { kind: 'reset', applied: true });
    const { results } = await cancel(jobyard, [unknownIds[system]]);
    const unknown = { __typename: 'OutcomeUnknown', message: expect.stringMatching(/ doesn't list the job\.$/), safeToRetry: true };
    expect(results).toMatchObject([readsFirst ? { __typename: 'JobNotFound' } : unknown]);
    expect(countActions(jobyard, system)).toBe(readsFirst ? 0 : 1);
  });

  test("whose response is lost doesn't affect other systems' jobs", async () => {
    failAction(jobyard, system, { kind: 'reset', applied: false });
    const { summary } = await cancel(
      jobyard,
      systemNames.map((name) => addJob(jobyard, name)),
    );
    expect(summary).toEqual({ requested: systemNames.length, succeeded: systemNames.length - 1, failed: 0, unknown: 1 });
  });
});

describe('a restart on Kylin', () => {
  const addOldJob = () =>
    `kylin:${jobyard.sandboxes.kylin.state.addJob({ state: 'RUNNING', createTime: Date.now() - 60_000, startTime: Date.now() - 50_000 })}`;

  test('that took effect although its response was lost is a success, sent once', async () => {
    failAction(jobyard, 'kylin', { kind: 'reset', applied: true });
    const { results } = await act(jobyard, 'restart', [addOldJob()]);
    expect(results).toMatchObject([{ __typename: 'JobActionSuccess', action: 'RESTART' }]);
    expect(countActions(jobyard, 'kylin')).toBe(1);
  });

  test("without a visible effect is OutcomeUnknown, and isn't safe to retry", async () => {
    failAction(jobyard, 'kylin', { kind: 'reset', applied: false });
    const { results } = await act(jobyard, 'restart', [addOldJob()]);
    expect(results).toMatchObject([{ __typename: 'OutcomeUnknown', safeToRetry: false }]);
    expect(countActions(jobyard, 'kylin')).toBe(1);
  });
});

test("a start on Veeva Vault whose response is lost is OutcomeUnknown, sent once, and isn't safe to retry", async () => {
  const id = `veeva-vault:${jobyard.sandboxes['veeva-vault'].state.addJob({ status: 'SCHEDULED' })}`;
  jobyard.sandboxes['veeva-vault'].faults.add({ fault: { kind: 'reset', applied: false }, path: 'start_now' });
  const { results } = await act(jobyard, 'start', [id]);
  expect(results).toMatchObject([{ __typename: 'OutcomeUnknown', safeToRetry: false }]);
  expect(countActions(jobyard, 'veeva-vault')).toBe(1);
});

test("a disconnected client doesn't stop a cancel halfway", async () => {
  const ids = Array.from({ length: 12 }, () => addJob(jobyard, 'aodocs'));
  const { aodocs } = jobyard.sandboxes;
  failAction(jobyard, 'aodocs', { kind: 'slow', ms: 100 }, 'always');
  const gone = new AbortController();
  const request = fetch(`${jobyard.origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: 'mutation ($ids: [ID!]!) { cancelJobs(input: { ids: $ids }) { summary { requested } } }',
      variables: { ids },
    }),
    signal: gone.signal,
  });
  await expect.poll(() => countActions(jobyard, 'aodocs')).toBeGreaterThan(0);
  gone.abort();
  await expect(request).rejects.toThrow();
  const cancelled = () => ids.filter((id) => aodocs.state.job(id.slice('aodocs:'.length))?.status === 'CANCELLED').length;
  await expect.poll(cancelled, { timeout: 5000 }).toBe(12);
  expect(countActions(jobyard, 'aodocs')).toBe(12);
});

test('at the deadline, unsent jobs are NotAttempted and sent jobs are OutcomeUnknown', async () => {
  await jobyard.close();
  jobyard = await startWithSandboxes({ jobs: 0, deadlineMs: 1000 });
  // Until the credentials have worked once, one request at a time goes out.
  await jobyard.query('{ jobSystems { health { status } } }');
  const ids = Array.from({ length: 20 }, () => addJob(jobyard, 'aodocs'));
  failAction(jobyard, 'aodocs', { kind: 'slow', ms: 700 }, 'always');
  failReads(jobyard, 'aodocs', { kind: 'slow', ms: 700 });
  const { results, summary } = await cancel(jobyard, ids);
  const sent = countActions(jobyard, 'aodocs');
  expect(sent).toBeLessThan(20);
  expect(results.filter(({ __typename }: { __typename: string }) => __typename === 'NotAttempted')).toHaveLength(20 - sent);
  expect(summary).toEqual({ requested: 20, succeeded: 4, failed: 20 - sent, unknown: sent - 4 });
});
