import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { toShownJobId } from '../../src/graphql/resolvers/bad-user-input.ts';
import { vendors } from '../../src/vendors/index.ts';
import { readOneByOne, startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import { subjects } from '../vendors/subjects.ts';
import { addJob, countRequests, unknownIds } from './jobs.ts';

const everyField = `__typename id systemId vendorId system { id vendor title } name type status vendorStatus isTerminal owner
  createdAt startedAt finishedAt durationSeconds progress { fraction succeededTasks failedTasks remainingTasks } failureMessage
  steps { id name status vendorStatus startedAt finishedAt message } actions { action available } observedAt stale problem { code } raw`;

const titleOf = (system: string) => vendors.find(({ name }) => name === system)?.title;

let jobyard: WithSandboxes;
beforeAll(async () => {
  jobyard = await startWithSandboxes({ jobs: 0 });
});
afterAll(() => jobyard.close());

/** The job with all fields, the two that differ at every run checked and left out. */
async function readEveryField(id: string) {
  const askedMs = Date.now();
  const { data, errors } = await jobyard.query(`query ($id: ID!) { job(id: $id) { ... on Job { ${everyField} } } }`, { id });
  expect(errors).toBeUndefined();
  const { observedAt, actions, ...fields } = data.job;
  expect(observedAt).toBe(new Date(observedAt).toISOString());
  expect(Date.parse(observedAt)).toBeGreaterThanOrEqual(askedMs);
  expect(actions.map(({ action }: { action: string }) => action)).toEqual(['CANCEL', 'PAUSE', 'RESUME', 'RESTART', 'START']);
  const available = actions.filter((entry: { available: boolean }) => entry.available).map(({ action }: { action: string }) => action);
  return { available, ...fields };
}

test.each(systemNames)('every field of a job of %s', async (system) => {
  const { vendorId, fields, available, hidden = [] } = subjects[system].jobs.addExample(jobyard.sandboxes[system]);
  const id = `${system}:${vendorId}`;
  const job = await readEveryField(id);
  expect(job).toEqual({
    __typename: 'Job',
    id,
    systemId: system,
    vendorId,
    system: { id: system, vendor: system, title: titleOf(system) },
    stale: false,
    problem: null,
    available,
    ...fields,
  });
  for (const text of hidden) expect(JSON.stringify(job)).not.toContain(text);
});

describe('an ID without a job', () => {
  const select = '__typename ... on Job { id } ... on JobError { jobId code message retryable retryAfterSeconds }';
  const read = (ids: string[]) => jobyard.query(`query ($ids: [ID!]!) { jobsByIds(ids: $ids) { ${select} } }`, { ids });

  test('has one result in request order, beside the jobs', async () => {
    const jobs = systemNames.map((system) => addJob(jobyard, system));
    const ids = ['nonsense', ...jobs, 'nobody:1', ...Object.values(unknownIds), 'nonsense'];
    const { data, errors } = await read(ids);
    expect(errors).toBeUndefined();
    const invalid = { __typename: 'JobNotFound', jobId: 'nonsense', code: 'INVALID_ID', retryable: false, retryAfterSeconds: null };
    expect(data.jobsByIds).toMatchObject([
      invalid,
      ...jobs.map((id) => ({ __typename: 'Job', id })),
      {
        __typename: 'JobNotFound',
        jobId: 'nobody:1',
        code: 'SYSTEM_NOT_FOUND',
        message: 'System "nobody" not found, or access denied.',
        retryable: false,
      },
      ...Object.values(unknownIds).map((jobId) => ({ __typename: 'JobNotFound', jobId, code: 'JOB_NOT_FOUND', retryable: false })),
      invalid,
    ]);
  });

  test.each<readonly [id: string, reason: string]>([
    ['', 'it is empty'],
    [':1', 'it names no system'],
    ['Kinetica:1', 'systems are spelt in lower case'],
    [' kinetica:1', 'spaces count'],
    ...systemNames.flatMap((system): (readonly [string, string])[] => [
      [`${system}:`, 'it names no job'],
      ...subjects[system].ids.invalid.map(([vendorId, reason]) => [`${system}:${vendorId}`, reason] as const),
    ]),
  ])('%j is INVALID_ID without a vendor request: %s', async (id) => {
    const before = systemNames.map((system) => countRequests(jobyard, system));
    const { data } = await read([id]);
    expect(data.jobsByIds).toEqual([expect.objectContaining({ __typename: 'JobNotFound', jobId: toShownJobId(id), code: 'INVALID_ID' })]);
    expect(data.jobsByIds[0].message.length).toBeLessThan(300);
    expect(systemNames.map((system) => countRequests(jobyard, system))).toEqual(before);
  });

  test("a system that doesn't exist is null", async () => {
    const { data } = await jobyard.query('{ jobSystem(id: "nobody") { id } known: jobSystem(id: "kylin") { id } }');
    expect(data).toEqual({ jobSystem: null, known: { id: 'kylin' } });
  });
});

test('a Vault job that is read twice within 10 seconds by REST is requested once; the second result is stale', async () => {
  const byRest = await startWithSandboxes({ jobs: 0, change: readOneByOne });
  onTestFinished(() => byRest.close());
  const id = addJob(byRest, 'veeva-vault');
  const read = () => byRest.query('query ($id: ID!) { job(id: $id) { ... on Job { status stale problem { code } observedAt } } }', { id });
  const first = await read();
  const second = await read();
  expect(first.data.job).toMatchObject({ status: 'QUEUED', stale: false });
  expect(second.data.job).toEqual({ ...first.data.job, stale: true });
  expect(byRest.sandboxes['veeva-vault'].requests.count('GET', `/services/jobs/${id.split(':')[1]}`)).toBe(1);
});

test('a Vault job that is read by a query can be read again immediately', async () => {
  const id = addJob(jobyard, 'veeva-vault');
  const read = () => jobyard.query('query ($id: ID!) { job(id: $id) { ... on Job { name type status stale } } }', { id });
  expect((await read()).data.job).toEqual({ name: 'Export Documents', type: 'export_documents', status: 'QUEUED', stale: false });
  jobyard.sandboxes['veeva-vault'].state.changeJob(Number(id.split(':')[1]), { status: 'RUNNING' });
  expect((await read()).data.job).toMatchObject({ status: 'RUNNING', stale: false });
});

test('facts that a read of Vault omits take a request only if they are selected, and only one', async () => {
  const { state, requests } = jobyard.sandboxes['veeva-vault'];
  const createdAtMs = Math.floor(Date.now() / 1_000) * 1_000 - 60_000;
  const ids = [1, 2].map(() => `veeva-vault:${state.addJob({ status: 'SUCCESS', createdAtMs, endedAtMs: createdAtMs + 50_000 })}`);
  const read = (fields: string) => jobyard.query(`query ($ids: [ID!]!) { jobsByIds(ids: $ids) { ... on Job { ${fields} } } }`, { ids });
  requests.clear();
  await read('status');
  expect(requests.count()).toBe(2);
  const full = await read('status type owner createdAt');
  const facts = { status: 'SUCCEEDED', type: 'export_documents', owner: '20417', createdAt: new Date(createdAtMs).toISOString() };
  expect(full.data.jobsByIds).toEqual([facts, facts]);
  expect(requests.count()).toBe(2 + 2 + 2);
  expect((await read('status type owner createdAt')).data.jobsByIds).toEqual([facts, facts]);
  expect(requests.count()).toBe(2 + 2 + 2 + 2);
});

test('the type in a list of Vault jobs is one query for all, and only if it is selected', async () => {
  const { state, requests } = jobyard.sandboxes['veeva-vault'];
  state.addJobs(3, { frozen: true });
  const list = (fields: string) =>
    jobyard.query(
      `{ jobs(first: 20, filter: { systemIds: ["veeva-vault"], statuses: [SCHEDULED, QUEUED, RUNNING] }) { nodes { ${fields} } } }`,
    );
  requests.clear();
  await list('id status');
  expect(requests.count()).toBe(1);
  requests.clear();
  const { data } = await list('type waitSeconds status');
  for (const { type, status, waitSeconds } of data.jobs.nodes) {
    expect(type).toMatch(/^[a-z_]+$/);
    if (status === 'QUEUED') expect(waitSeconds).toBeGreaterThanOrEqual(0);
  }
  expect(requests.count()).toBe(2);
});

test("a fact that can't be read is null with an error, and the job stays", async () => {
  const { state, faults } = jobyard.sandboxes['veeva-vault'];
  const id = `veeva-vault:${state.addJob({ frozen: true })}`;
  faults.add({ fault: { kind: 'answer', status: 500, applied: false }, path: `/services/jobs/${id.split(':')[1]}`, times: 'always' });
  const { data, errors } = await jobyard.query('query ($id: ID!) { job(id: $id) { ... on Job { status createdAt } } }', { id });
  expect(data.job).toEqual({ status: 'QUEUED', createdAt: null });
  expect(errors).toMatchObject([{ path: ['job', 'createdAt'], extensions: { code: 'SYSTEM_UNAVAILABLE' } }]);
});
