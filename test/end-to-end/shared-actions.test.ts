import { readFile } from 'node:fs/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { accessFor, as } from '../access/callers.ts';
import { isCarriedOut } from '../faults/actionable-jobs.ts';
import { type StartOptions, startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import { subjects } from '../vendors/subjects.ts';
import { startGate } from './gate.ts';
import { addJob, countActions, countRequests, failAction, failReads } from './jobs.ts';

const operator = ['jobs:read', 'jobs:cancel', 'jobs:operate', 'systems:read'];
const callers = Array.from({ length: 50 }, (_, index) => `caller-${index}`);

async function start(options: StartOptions = {}): Promise<WithSandboxes> {
  const access = accessFor(Object.fromEntries(['ann', 'bob', ...callers].map((name) => [name, operator])));
  const jobyard = await startWithSandboxes({ jobs: 0, access, ...options });
  onTestFinished(() => jobyard.close());
  // With credentials that haven't worked yet one request goes out at a time.
  await jobyard.query('{ jobSystems { health { status } } }', {}, as('ann'));
  return jobyard;
}

async function act(jobyard: WithSandboxes, caller: string, mutation: string, ids: readonly string[], reason = caller) {
  const success = mutation === 'cancelJobs' ? '... on CancelSuccess { jobId outcome }' : '... on JobActionSuccess { jobId }';
  const members = `__typename ${success} ... on JobError { jobId code message }`;
  const query = `mutation ($ids: [ID!]!, $reason: String) { payload: ${mutation}(input: { ids: $ids, reason: $reason }) { results { ${members} } } }`;
  const { data, errors } = await jobyard.query(query, { ids, reason }, as(caller));
  expect(errors).toBeUndefined();
  return data.payload.results;
}

/** The audit's lines, shortest: what happened, of which caller, and with which batch it was shared. */
async function readAudit({ auditFile }: WithSandboxes) {
  const lines = (await readFile(auditFile, 'utf8')).trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

describe.each(systemNames)('50 callers cancel the same jobs of %s at the same time', (system) => {
  test('each job is sent once, and each caller gets one true result per job', async () => {
    const { jobsPerRequest, outcome } = subjects[system].actions.cancel;
    const requestCount = jobsPerRequest > 1 ? 4 : 100;
    const gate = await startGate(system);
    const jobyard = await start({ deadlineMs: 300_000, change: gate.change });
    const ids = Array.from({ length: requestCount * jobsPerRequest }, () => addJob(jobyard, system));
    const answers = callers.map((caller) => act(jobyard, caller, 'cancelJobs', ids));
    const countIntents = async () => (await readAudit(jobyard)).filter(({ audit }) => audit === 'intent').length;
    await expect.poll(countIntents, { timeout: 60_000 }).toBe(callers.length);
    gate.open();
    const expected = ids.map((jobId) => ({ __typename: 'CancelSuccess', jobId, outcome }));
    for (const results of await Promise.all(answers)) expect(results).toEqual(expected);
    expect(countActions(jobyard, system)).toBe(requestCount);
    const sent = (await readAudit(jobyard)).filter(({ audit }) => audit === 'sent').flatMap(({ jobIds }) => jobIds);
    expect(sent.toSorted()).toEqual(ids.toSorted());
  }, 120_000);
});

test('a caller that joins has its own intent and outcome, which name the shared action', async () => {
  const gate = await startGate('aodocs');
  const jobyard = await start({ change: gate.change });
  const [shared, own] = [addJob(jobyard, 'aodocs'), addJob(jobyard, 'aodocs')] as const;
  const first = act(jobyard, 'ann', 'cancelJobs', [shared]);
  await expect.poll(gate.countPending, { timeout: 10_000 }).toBe(1);
  const second = act(jobyard, 'bob', 'cancelJobs', [shared, own]);
  await expect.poll(gate.countPending, { timeout: 10_000 }).toBe(2);
  gate.open();
  await Promise.all([first, second]);
  const lines = await readAudit(jobyard);
  const of = (caller: string, audit: string) => lines.filter((line) => line.caller === `key:${caller}` && line.audit === audit);
  expect(of('ann', 'intent')).toMatchObject([{ jobIds: [shared], reason: 'ann' }]);
  expect(of('bob', 'intent')).toMatchObject([{ jobIds: [shared, own], reason: 'bob' }]);
  expect([of('ann', 'sent'), of('bob', 'sent')]).toMatchObject([[{ jobIds: [shared] }], [{ jobIds: [own] }]]);
  expect(of('ann', 'outcome')[0].results).toEqual([{ jobId: shared, sent: true, outcome: 'CONFIRMED' }]);
  expect(of('bob', 'outcome')[0].results).toEqual([
    { jobId: shared, sent: true, sharedWith: of('ann', 'intent')[0].actionId, outcome: 'CONFIRMED' },
    { jobId: own, sent: true, outcome: 'CONFIRMED' },
  ]);
});

test('two concurrent restarts of a job are one; a restart after the result is another', async () => {
  const gate = await startGate('kylin');
  const jobyard = await start({ change: gate.change });
  const id = addJob(jobyard, 'kylin');
  const first = act(jobyard, 'ann', 'restartJobs', [id]);
  await expect.poll(gate.countPending, { timeout: 10_000 }).toBe(1);
  const second = act(jobyard, 'bob', 'restartJobs', [id]);
  await expect.poll(async () => (await readAudit(jobyard)).filter(({ audit }) => audit === 'intent').length).toBe(2);
  gate.open();
  for (const results of await Promise.all([first, second])) expect(results).toMatchObject([{ __typename: 'JobActionSuccess' }]);
  expect(countActions(jobyard, 'kylin')).toBe(1);
  jobyard.sandboxes.kylin.state.changeJob(id.slice('kylin:'.length), { state: 'RUNNING' });
  await act(jobyard, 'bob', 'restartJobs', [id]);
  expect(countActions(jobyard, 'kylin')).toBe(2);
});

test('a dry run joins nothing', async () => {
  const gate = await startGate('aodocs');
  const jobyard = await start({ change: gate.change });
  const id = addJob(jobyard, 'aodocs');
  const first = act(jobyard, 'ann', 'cancelJobs', [id]);
  await expect.poll(gate.countPending, { timeout: 10_000 }).toBe(1);
  const dryRun = `mutation ($ids: [ID!]!) { cancelJobs(input: { ids: $ids, dryRun: true }) { results { ... on CancelSuccess { outcome } } } }`;
  expect((await jobyard.query(dryRun, { ids: [id] }, as('bob'))).data.cancelJobs.results).toEqual([{ outcome: 'DRY_RUN_PASSED' }]);
  gate.open();
  await first;
});

test.each(systemNames)(
  '%s: a request without an answer leaves time to read the job, which shows that it was carried out',
  async (system) => {
    const { outcome } = subjects[system].actions.cancel;
    const jobyard = await start({ deadlineMs: 5_000 });
    const id = addJob(jobyard, system);
    failAction(jobyard, system, { kind: 'hang', applied: true });
    expect(await act(jobyard, 'ann', 'cancelJobs', [id])).toEqual([{ __typename: 'CancelSuccess', jobId: id, outcome }]);
    expect([isCarriedOut(jobyard.sandboxes, id, 'cancel'), countActions(jobyard, system)]).toEqual([true, 1]);
  },
);

test("jobs that wait when sending ends aren't sent, and rejected jobs are read nevertheless", async () => {
  const jobyard = await start({ deadlineMs: 4_000, change: (system) => ({ ...system, concurrency: 2 }) });
  const hanging = Array.from({ length: 2 }, () => addJob(jobyard, 'aodocs'));
  const waiting = addJob(jobyard, 'aodocs');
  for (const _ of hanging) failAction(jobyard, 'aodocs', { kind: 'hang', applied: false });
  const [first, second, third] = await act(jobyard, 'ann', 'cancelJobs', [...hanging, waiting]);
  expect([first, second]).toMatchObject([{ code: 'OUTCOME_UNKNOWN' }, { code: 'OUTCOME_UNKNOWN' }]);
  expect(third).toMatchObject({
    __typename: 'NotAttempted',
    message: 'Not sent to aodocs: the deadline passed. Retry, or raise deadlineMs.',
  });
  expect(countActions(jobyard, 'aodocs')).toBe(2);
});

test('a cancel that the vendor rejects because the job is canceled is ALREADY_DONE for every caller', async () => {
  const jobyard = await start();
  const ids = Array.from({ length: 20 }, () => addJob(jobyard, 'aodocs'));
  await act(jobyard, 'ann', 'cancelJobs', ids);
  const answers = await Promise.all(callers.slice(0, 10).map((caller) => act(jobyard, caller, 'cancelJobs', ids)));
  for (const results of answers)
    expect(results).toEqual(ids.map((jobId) => ({ __typename: 'CancelSuccess', jobId, outcome: 'ALREADY_DONE' })));
  expect(countRequests(jobyard, 'aodocs')).toBeLessThan(2_000);
});

test('callers that joined send the jobs that the first had no time for', async () => {
  const jobyard = await start({ deadlineMs: 3_000, change: (system) => ({ ...system, concurrency: 1, timeoutMs: 60_000 }) });
  const [stuck, left] = [addJob(jobyard, 'aodocs'), addJob(jobyard, 'aodocs')] as const;
  failReads(jobyard, 'aodocs', { kind: 'hang', applied: false });
  failAction(jobyard, 'aodocs', { kind: 'hang', applied: false });
  const first = act(jobyard, 'ann', 'cancelJobs', [stuck, left]);
  await expect.poll(() => countActions(jobyard, 'aodocs')).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const second = act(jobyard, 'bob', 'cancelJobs', [left]);
  expect(await first).toMatchObject([{ code: 'OUTCOME_UNKNOWN' }, { code: 'NOT_ATTEMPTED' }]);
  jobyard.sandboxes.aodocs.faults.clear();
  expect(await second).toEqual([{ __typename: 'CancelSuccess', jobId: left, outcome: 'CONFIRMED' }]);
});
