import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isCarriedOut, trueStatus } from '../faults/actionable-jobs.ts';
import { startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import { subjects } from '../vendors/subjects.ts';
import { addEndedJob, addJob, cancel, countActions, countRequests, failAction, unknownIds } from './jobs.ts';

let jobyard: WithSandboxes;
beforeEach(async () => {
  jobyard = await startWithSandboxes({ jobs: 0 });
});
afterEach(() => jobyard.close());

/** How the vendor itself sees the job. */
const truthOf = (id: string) => trueStatus(jobyard.sandboxes, id);

test('returns one true result per ID in request order, and a summary that counts them', async () => {
  const good = systemNames.map((system) => addJob(jobyard, system));
  const ended = systemNames.map((system) => addEndedJob(jobyard, system));
  const endedStatuses = ended.map(truthOf);
  const cancelled = systemNames.map((system) => addEndedJob(jobyard, system, 'CANCELLED'));
  const ids = [...ended, ...good, 'nonsense', ...cancelled, 'nobody:1', ...Object.values(unknownIds), ...good];
  const { results, summary } = await cancel(jobyard, ids, { select: '... on ActionNotAllowed { action status job { status } }' });
  expect(results.map(({ jobId }: { jobId: string }) => jobId)).toEqual(ids);
  const done = systemNames.map((system) => ({ __typename: 'CancelSuccess', outcome: subjects[system].actions.cancel.outcome }));
  expect(results).toMatchObject([
    ...ended.map(() => ({
      __typename: 'ActionNotAllowed',
      code: 'WRONG_STATUS',
      action: 'CANCEL',
      status: 'SUCCEEDED',
      job: { status: 'SUCCEEDED' },
    })),
    ...done,
    { __typename: 'JobNotFound', code: 'INVALID_ID' },
    ...cancelled.map(() => ({ __typename: 'CancelSuccess', outcome: 'ALREADY_DONE' })),
    { __typename: 'JobNotFound', code: 'SYSTEM_NOT_FOUND' },
    ...systemNames.map(() => ({ __typename: 'JobNotFound', code: 'JOB_NOT_FOUND' })),
    ...done,
  ]);
  const count = systemNames.length;
  expect(summary).toEqual({ requested: ids.length, succeeded: 3 * count, failed: 2 * count + 2, unknown: 0 });
  expect(good.filter((id) => !isCarriedOut(jobyard.sandboxes, id, 'cancel'))).toEqual([]);
  expect(ended.map(truthOf)).toEqual(endedStatuses);
});

describe.each(systemNames)('%s', (system) => {
  const { doubt, readsFirst, statuses } = subjects[system].actions.cancel;

  test('a dry run predicts the result and sends nothing', async () => {
    const ids = [
      addJob(jobyard, system),
      addEndedJob(jobyard, system),
      addEndedJob(jobyard, system, 'CANCELLED'),
      unknownIds[system],
      `${system}:`,
    ];
    const before = ids.map(truthOf);
    const select = '... on CancelSuccess { availability { action availability available reason } }';
    const { results, summary } = await cancel(jobyard, ids, { dryRun: true, select });
    expect(results[0].availability).toEqual(
      doubt
        ? { action: 'CANCEL', availability: 'MAYBE', available: true, reason: expect.stringMatching(doubt) }
        : { action: 'CANCEL', availability: 'AVAILABLE', available: true, reason: null },
    );
    expect(results).toMatchObject([
      { __typename: 'CancelSuccess', outcome: doubt ? 'DRY_RUN_PASSED' : 'DRY_RUN_PASSED' },
      { __typename: 'ActionNotAllowed', code: 'WRONG_STATUS' },
      { __typename: 'CancelSuccess', outcome: 'ALREADY_DONE' },
      { __typename: 'JobNotFound', code: 'JOB_NOT_FOUND' },
      { __typename: 'JobNotFound', code: 'INVALID_ID' },
    ]);
    expect(summary).toEqual({ requested: 5, succeeded: 2, failed: 3, unknown: 0 });
    expect(countActions(jobyard, system)).toBe(0);
    expect(ids.map(truthOf)).toEqual(before);
  });

  test("a job that was just canceled is ALREADY_DONE; its cancel isn't sent again if the status shows it", async () => {
    const id = addJob(jobyard, system, { finishesCancel: true });
    await cancel(jobyard, [id]);
    jobyard.sandboxes[system].clock.advance(60_000);
    const sent = countActions(jobyard, system);
    const { results } = await cancel(jobyard, [id]);
    expect(results).toMatchObject([{ __typename: 'CancelSuccess', outcome: 'ALREADY_DONE' }]);
    // If a vendor's own response is sufficient, its jobs aren't read before.
    expect(countActions(jobyard, system) - sent).toBe(readsFirst ? 0 : 1);
  });

  test('the job in a result is the job after the cancel', async () => {
    const id = addJob(jobyard, system);
    const { results } = await cancel(jobyard, [id], { select: '... on CancelSuccess { job { id status actions { action available } } }' });
    expect(results[0].job).toMatchObject({ id, status: statuses[1] });
    expect(results[0].job.actions).toContainEqual({ action: 'CANCEL', available: false });
  });

  test('Job.actions predicts the result of a cancel', async () => {
    const ids = [addJob(jobyard, system), addEndedJob(jobyard, system)];
    const query = 'query ($ids: [ID!]!) { jobsByIds(ids: $ids) { ... on Job { actions { action availability available reason } } } }';
    const { data } = await jobyard.query(query, { ids });
    const availability = data.jobsByIds.map(({ actions }: { actions: { action: string }[] }) =>
      actions.find(({ action }) => action === 'CANCEL'),
    );
    jobyard.sandboxes[system].clock.advance(60_000);
    const { results } = await cancel(jobyard, ids);
    expect(availability).toEqual([
      {
        action: 'CANCEL',
        availability: doubt ? 'MAYBE' : 'AVAILABLE',
        available: true,
        reason: doubt && expect.stringMatching(doubt),
      },
      { action: 'CANCEL', availability: 'UNAVAILABLE', available: false, reason: results[1].message },
    ]);
    expect(results[0].__typename).toBe('CancelSuccess');
  });
});

describe('Kinetica', () => {
  test('a cancel is ACCEPTED while its job still runs', async () => {
    const { switches, state } = jobyard.sandboxes.kinetica;
    switches.stoppingWord = 'RUNNING';
    const obedient = `kinetica:${state.addJob()}`;
    const stubborn = `kinetica:${state.addJob({ ignoresCancel: true })}`;
    const { results } = await cancel(jobyard, [obedient, stubborn]);
    expect(results).toMatchObject([
      { jobId: obedient, outcome: 'ACCEPTED' },
      { jobId: stubborn, outcome: 'ACCEPTED' },
    ]);
  });

  test('a synchronous job that is no longer listed after its cancel is JOB_GONE', async () => {
    const { switches, state } = jobyard.sandboxes.kinetica;
    switches.stopMs = 0;
    const id = `kinetica:${state.addJob({ kind: 'sync' })}`;
    const { results, summary } = await cancel(jobyard, [id], { select: '... on CancelSuccess { job { status problem { code } } }' });
    expect(results).toMatchObject([{ outcome: 'JOB_GONE', job: { status: 'UNKNOWN', problem: { code: 'JOB_NOT_FOUND' } } }]);
    expect(summary.succeeded).toBe(1);
    expect(countActions(jobyard, 'kinetica')).toBe(1);
  });

  test('a write is NOT_ELIGIBLE although it runs, and no cancel is sent', async () => {
    const id = `kinetica:${jobyard.sandboxes.kinetica.state.addJob({ endpoint: '/insert/records' })}`;
    const { results } = await cancel(jobyard, [id]);
    expect(results).toMatchObject([{ __typename: 'ActionNotAllowed', code: 'NOT_ELIGIBLE' }]);
    expect(countActions(jobyard, 'kinetica')).toBe(0);
  });

  test("a running job that the cluster doesn't cancel is ActionNotAllowed with its message, and the other one is canceled", async () => {
    const { state } = jobyard.sandboxes.kinetica;
    const read = `kinetica:${state.addJob({ endpoint: '/get/records' })}`;
    const other = addJob(jobyard, 'kinetica');
    const { results } = await cancel(jobyard, [read, other], { select: '... on ActionNotAllowed { job { status } }' });
    expect(results).toMatchObject([
      { __typename: 'ActionNotAllowed', code: 'NOT_ELIGIBLE', job: { status: 'RUNNING' } },
      { __typename: 'CancelSuccess', outcome: 'CONFIRMED' },
    ]);
    expect(results[0].message).toContain('cannot be cancelled');
  });
});

test("Veeva Vault: of seven running jobs that may allow it, the cancel is ActionNotAllowed with the Vault's message for the five that don't", async () => {
  const { state } = jobyard.sandboxes['veeva-vault'];
  const jobs = [true, false, false, true, false, false, false].map((cancellableWhileRunning) =>
    state.addJob({ status: 'RUNNING', frozen: true, cancellableWhileRunning }),
  );
  const ids = jobs.map((id) => `veeva-vault:${id}`);
  const dry = await cancel(jobyard, ids, { dryRun: true });
  expect(dry.results.map(({ outcome }: { outcome: string }) => outcome)).toEqual(ids.map(() => 'DRY_RUN_PASSED'));
  const { results } = await cancel(jobyard, ids);
  const accepted = { __typename: 'CancelSuccess', outcome: 'ACCEPTED' };
  const rejected = jobs.map((id) => ({
    __typename: 'ActionNotAllowed',
    code: 'NOT_ELIGIBLE',
    message: expect.stringContaining(`INVALID_DATA: "Job [${id}] is not found in QUEUED or QUEUEING state"`),
  }));
  expect(results).toMatchObject([accepted, ...rejected.slice(1, 3), accepted, ...rejected.slice(4)]);
});

test('Veeva Vault: a cancel of a scheduled job is certain', async () => {
  const id = `veeva-vault:${jobyard.sandboxes['veeva-vault'].state.addJob({ status: 'SCHEDULED', frozen: true })}`;
  const select = '... on CancelSuccess { availability { availability reason } }';
  const { results } = await cancel(jobyard, [id], { dryRun: true, select });
  expect(results).toMatchObject([{ outcome: 'DRY_RUN_PASSED', availability: { availability: 'AVAILABLE', reason: null } }]);
});

test('Kylin: a rejection is VendorRejected with its code, sent once', async () => {
  const body = JSON.stringify({ code: '999', data: null, msg: 'KE-010043201(Invalid Parameter):not today', error_code: 'KE-010043201' });
  const headers = { 'content-type': 'application/vnd.apache.kylin-v4-public+json;charset=UTF-8' };
  failAction(jobyard, 'kylin', { kind: 'answer', status: 500, headers, body, applied: false });
  const { results } = await cancel(jobyard, [addJob(jobyard, 'kylin')]);
  expect(results).toMatchObject([{ __typename: 'VendorRejected', vendorCode: 'KE-010043201', retryable: false }]);
  expect(results[0].message).toContain('not today');
  expect(countActions(jobyard, 'kylin')).toBe(1);
});

test('AODocs: a rejection is VendorRejected; only a conflict marked as transient is sent again', async () => {
  const { state } = jobyard.sandboxes.aodocs;
  state.rejectNext({ status: 400, reason: 'badRequest', message: 'not today', path: '/cancel' });
  const { results } = await cancel(jobyard, [addJob(jobyard, 'aodocs')]);
  expect(results).toMatchObject([
    { __typename: 'VendorRejected', vendorCode: 'badRequest', message: expect.stringContaining('not today') },
  ]);
  expect(countActions(jobyard, 'aodocs')).toBe(1);

  state.rejectNext({ status: 409, retryable: true, path: '/cancel' });
  expect((await cancel(jobyard, [addJob(jobyard, 'aodocs')])).results).toMatchObject([{ outcome: 'CONFIRMED' }]);
  expect(countActions(jobyard, 'aodocs')).toBe(3);

  state.rejectNext({ status: 409, retryable: false, path: '/cancel' });
  expect((await cancel(jobyard, [addJob(jobyard, 'aodocs')])).results).toMatchObject([{ __typename: 'VendorRejected', retryable: false }]);
  expect(countActions(jobyard, 'aodocs')).toBe(4);
});

test('jobs that were certainly not sent after a failure are NotAttempted', async () => {
  const ids = Array.from({ length: 40 }, () => addJob(jobyard, 'aodocs'));
  failAction(jobyard, 'aodocs', { kind: 'answer', status: 429, headers: { 'retry-after': '60' }, applied: false }, 'always');
  const { results, summary } = await cancel(jobyard, ids);
  const sent = countActions(jobyard, 'aodocs');
  expect(sent).toBeLessThan(20);
  const codes = results.map(({ code }: { code: string }) => code);
  // Those that were next are blocked, too: the vendor is throttling requests.
  const throttled = codes.filter((code: string) => code === 'RATE_LIMITED').length;
  expect(throttled).toBeGreaterThanOrEqual(sent);
  expect(codes.filter((code: string) => code === 'NOT_ATTEMPTED')).toHaveLength(40 - throttled);
  expect(summary).toEqual({ requested: 40, succeeded: 0, failed: 40, unknown: 0 });
  expect(ids.map(truthOf).every((status) => status === 'IN_PROGRESS')).toBe(true);
});

test("a request without a system's IDs causes no request to that system", async () => {
  await cancel(jobyard, [addJob(jobyard, 'aodocs')]);
  for (const system of systemNames) expect(countRequests(jobyard, system)).toBe(system === 'aodocs' ? 1 : 0);
});
