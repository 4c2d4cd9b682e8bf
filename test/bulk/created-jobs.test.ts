import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { accessFor, as } from '../access/callers.ts';
import { startGate } from '../end-to-end/gate.ts';
import type { WithSandboxes } from '../start.ts';
import { subjects } from '../vendors/subjects.ts';
import { startBulk, startBulkWorld, waitForEnd } from './start-bulk.ts';

const scopes = ['jobs:read', 'jobs:operate'];

/** A run that has ended, and its ID. */
function addRun({ sandboxes }: Pick<WithSandboxes, 'sandboxes'>): string {
  return `airflow:${sandboxes.airflow.state.addJob({ state: 'success', isFrozen: true })}`;
}

/** The IDs of the runs that starts of this run have created. */
function createdFor({ sandboxes }: Pick<WithSandboxes, 'sandboxes'>, id: string): string[] {
  const vendorIds = subjects.airflow.jobs.createdFor?.(sandboxes.airflow, id.slice('airflow:'.length)) ?? [];
  return vendorIds.map((vendorId) => `airflow:${vendorId}`);
}

// biome-ignore lint/suspicious/noExplicitAny: a result has the shape of its type
async function start(jobyard: Pick<WithSandboxes, 'query'>, input: object, headers = {}): Promise<any> {
  const answer = await jobyard.query(
    `mutation ($input: JobActionInput!) { startJobs(input: $input) { results {
      __typename ... on JobActionSuccess { jobId outcome job { id status } createdJob { id status } } ... on JobError { jobId message }
    } } }`,
    { input },
    headers,
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.startJobs.results;
}

test('a start returns the job that it created, and the named one unchanged', async () => {
  const jobyard = await startBulkWorld();
  const id = addRun(jobyard);
  const results = await start(jobyard, { ids: [id] });
  const [created] = createdFor(jobyard, id);
  expect(results).toEqual([
    {
      __typename: 'JobActionSuccess',
      jobId: id,
      outcome: 'CONFIRMED',
      job: { id, status: 'SUCCEEDED' },
      createdJob: { id: created, status: 'QUEUED' },
    },
  ]);
});

test('a dry run, and a start that only changes the named job, create none', async () => {
  const jobyard = await startBulkWorld();
  const scheduled = `veeva-vault:${jobyard.sandboxes['veeva-vault'].state.addJob({ status: 'SCHEDULED' })}`;
  expect(await start(jobyard, { ids: [scheduled] })).toMatchObject([{ outcome: 'CONFIRMED', createdJob: null }]);
  const id = addRun(jobyard);
  expect(await start(jobyard, { ids: [id], dryRun: true })).toMatchObject([{ outcome: 'DRY_RUN_PASSED', createdJob: null }]);
  expect(createdFor(jobyard, id)).toEqual([]);
});

test('a repeat with the same idempotency key returns the same created job, and another key creates another', async () => {
  const jobyard = await startBulkWorld();
  const id = addRun(jobyard);
  const first = await start(jobyard, { ids: [id], idempotencyKey: 'one' });
  expect(await start(jobyard, { ids: [id], idempotencyKey: 'one' })).toEqual(first);
  expect(createdFor(jobyard, id)).toHaveLength(1);
  await start(jobyard, { ids: [id], idempotencyKey: 'other' });
  expect(createdFor(jobyard, id)).toHaveLength(2);
});

test('two callers that start a job at the same time share one created job', async () => {
  const gate = await startGate('airflow', 'start');
  const jobyard = await startBulkWorld({ change: gate.change, access: accessFor({ ann: scopes, bob: scopes }) });
  const id = addRun(jobyard);
  const both = [start(jobyard, { ids: [id] }, as('ann')), start(jobyard, { ids: [id] }, as('bob'))];
  const countIntents = async () => (await readFile(jobyard.auditFile, 'utf8')).split('"audit":"intent"').length - 1;
  await expect.poll(countIntents).toBe(2);
  gate.open();
  const [first, second] = await Promise.all(both);
  expect(second).toEqual(first);
  expect(createdFor(jobyard, id)).toEqual([first[0].createdJob.id]);
});

test('the event and the audit log name the created job', async () => {
  const jobyard = await startBulkWorld();
  const id = addRun(jobyard);
  const other = addRun(jobyard);
  await start(jobyard, { ids: [id, other] });
  const [[created], [otherCreated]] = [createdFor(jobyard, id), createdFor(jobyard, other)];
  const { data } = await jobyard.query(
    'query ($ids: [ID!]!) { jobEvents(filter: { jobIds: $ids }) { nodes { jobId outcome createdJobId } } }',
    {
      ids: [id, other],
    },
  );
  const events = data.jobEvents.nodes;
  expect(events).toHaveLength(2);
  expect(events).toContainEqual({ jobId: id, outcome: 'CONFIRMED', createdJobId: created });
  expect(events).toContainEqual({ jobId: other, outcome: 'CONFIRMED', createdJobId: otherCreated });
  const lines = (await readFile(jobyard.auditFile, 'utf8')).trim().split('\n');
  const outcome = lines.map((line) => JSON.parse(line)).find(({ audit }) => audit === 'outcome');
  expect(outcome.results).toContainEqual({ jobId: id, sent: true, outcome: 'CONFIRMED', createdJobId: created });
});

test('the event of an unknown start names the job that may have been created', async () => {
  const jobyard = await startBulkWorld();
  const id = addRun(jobyard);
  jobyard.sandboxes.airflow.faults.add({ method: 'POST', path: '/dags/etl_orders/dagRuns', fault: { kind: 'reset', applied: false } });
  expect(await start(jobyard, { ids: [id] })).toMatchObject([{ __typename: 'OutcomeUnknown' }]);
  const { data } = await jobyard.query('query ($ids: [ID!]!) { jobEvents(filter: { jobIds: $ids }) { nodes { outcome createdJobId } } }', {
    ids: [id],
  });
  expect(data.jobEvents.nodes).toEqual([
    { outcome: 'OUTCOME_UNKNOWN', createdJobId: expect.stringMatching(/^airflow:etl_orders\/jobyard__/) },
  ]);
});

test('items of a bulk start return the created jobs', async () => {
  const jobyard = await startBulkWorld();
  const ids = [addRun(jobyard), addRun(jobyard)];
  const { id } = await startBulk(jobyard, { action: 'START', filter: { systemIds: ['airflow'] } });
  expect(await waitForEnd(jobyard, id)).toMatchObject({ status: 'SUCCEEDED', counts: { succeeded: 2 } });
  const { data } = await jobyard.query(
    'query ($id: ID!) { bulkOperation(id: $id) { items { nodes { jobId result { ... on JobActionSuccess { createdJob { id } } } } } } }',
    { id },
  );
  const items = data.bulkOperation.items.nodes;
  expect(items).toHaveLength(2);
  for (const jobId of ids) expect(items).toContainEqual({ jobId, result: { createdJob: { id: createdFor(jobyard, jobId)[0] } } });
});

test('a bulk start whose first response is lost creates one job', async () => {
  const jobyard = await startBulkWorld({ bulkRetry: { times: 2, delaySeconds: 0, maxDelaySeconds: 1 } });
  const id = addRun(jobyard);
  const { faults } = jobyard.sandboxes.airflow;
  faults.add({ method: 'POST', path: '/dags/etl_orders/dagRuns', fault: { kind: 'reset', applied: true } });
  // The first attempt can't read the created run either, so a second one sends the trigger again.
  faults.add({ method: 'GET', path: '/dagRuns/jobyard__', times: 3, fault: { kind: 'reset', applied: false } });
  const operation = await startBulk(jobyard, { action: 'START', filter: { systemIds: ['airflow'] } });
  expect(await waitForEnd(jobyard, operation.id)).toMatchObject({ status: 'SUCCEEDED' });
  expect(jobyard.sandboxes.airflow.requests.count('POST', '/dags/etl_orders/dagRuns')).toBe(2);
  expect(createdFor(jobyard, id)).toHaveLength(1);
});

test('a system shows which action creates a job', async () => {
  const jobyard = await startBulkWorld();
  const { data } = await jobyard.query('{ jobSystems { id capabilities { action allowedStatuses createsJob } } }');
  const creating = data.jobSystems.flatMap(({ id, capabilities }: { id: string; capabilities: { createsJob: boolean }[] }) =>
    capabilities.filter(({ createsJob }) => createsJob).map((capability) => ({ id, ...capability })),
  );
  expect(creating).toEqual([{ id: 'airflow', action: 'START', allowedStatuses: ['SUCCEEDED', 'FAILED', 'CANCELLED'], createsJob: true }]);
});
