import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import { subjects } from '../vendors/subjects.ts';
import { addEndedJob, addJob, countRequests } from './jobs.ts';

const dayMs = 86_400_000;
const createdMs = Date.UTC(2026, 0, 2, 3, 4, 5);

let jobyard: WithSandboxes;
beforeAll(async () => {
  jobyard = await startWithSandboxes({ jobs: 0 });
});
beforeEach(() => jobyard.sandboxes.kylin.requests.clear());
afterAll(() => jobyard.close());

async function read(id: string, select: string) {
  const { data, errors } = await jobyard.query(`query ($id: ID!) { job(id: $id) { ... on Job { ${select} } } }`, { id });
  expect(errors).toBeUndefined();
  return data.job;
}

const addFailedJob = () =>
  `kylin:${jobyard.sandboxes.kylin.state.addJob({ state: 'ERROR', createTime: createdMs, startTime: createdMs + 1500, type: 'INC_BUILD' })}`;

test('returns the project, the waiting time, and the data range of a Kylin job in one request', async () => {
  const fields = { createTime: createdMs, startTime: createdMs + 1500, project: 'retail', state: 'RUNNING' } as const;
  const from = Date.UTC(2025, 0, 1);
  const half = jobyard.sandboxes.kylin.state.addJob({ ...fields, dataRangeStart: String(from), dataRangeEnd: String(from + dayMs) });
  const full = jobyard.sandboxes.kylin.state.addJob(fields);
  const select = 'scope waitSeconds dataRange { from to }';
  const shown = { scope: 'retail', waitSeconds: 1.5 };
  expect(await read(`kylin:${half}`, select)).toEqual({
    ...shown,
    dataRange: { from: '2025-01-01T00:00:00.000Z', to: '2025-01-02T00:00:00.000Z' },
  });
  expect(countRequests(jobyard, 'kylin')).toBe(1);
  expect(await read(`kylin:${full}`, select)).toEqual({ ...shown, dataRange: { from: null, to: null } });
  const { data } = await jobyard.query(`{ jobs(filter: { systemIds: ["kylin"] }) { nodes { ${select} } } }`);
  expect(data.jobs.nodes).toContainEqual({ ...shown, dataRange: { from: null, to: null } });
});

test('explains a failure with code, advice, and the failed stage, in the one request that failureMessage takes', async () => {
  const id = addFailedJob();
  jobyard.sandboxes.kylin.requests.clear();
  const job = await read(id, 'failureMessage failure { message code advice step { id name status message substeps { id } } }');
  expect(job.failure).toEqual({
    message: job.failureMessage,
    code: 'KE-030001000',
    advice: expect.stringMatching(/^Please check/),
    step: {
      id: expect.stringMatching(/_01_05$/),
      name: 'Cost based planner',
      status: 'FAILED',
      message: expect.stringContaining(job.failureMessage),
      substeps: [],
    },
  });
  expect(countRequests(jobyard, 'kylin')).toBe(2);
});

test('returns the substeps, times, waits, codes, advice, and links of each step', async () => {
  const id = addFailedJob();
  const step = 'id name status durationSeconds waitSeconds failureCode advice links { title url }';
  const { steps } = await read(id, `steps { ${step} substeps { ${step} } }`);
  expect(steps).toHaveLength(3);
  expect(steps[0]).toMatchObject({ status: 'SUCCEEDED', waitSeconds: 1.5, failureCode: null, advice: null, substeps: [] });
  expect(steps[1]).toMatchObject({
    status: 'FAILED',
    durationSeconds: expect.any(Number),
    failureCode: 'KE-030001000',
    links: [
      { title: 'YARN application', url: expect.stringMatching(/^http:\/\/yarn\.example/) },
      { title: 'Spark history', url: expect.stringMatching(/^http:\/\/spark-history\.example/) },
    ],
  });
  expect(steps[1].substeps.map(({ status }: { status: string }) => status)).toContain('FAILED');
  expect(steps[2]).toMatchObject({ status: 'QUEUED', durationSeconds: null, links: [], substeps: [] });
});

test.each(systemNames)("%s: details that the vendor doesn't provide are null or empty", async (system) => {
  const { details } = subjects[system].reads;
  for (const id of [addJob(jobyard, system), addEndedJob(jobyard, system)]) {
    const job = await read(id, 'scope waitSeconds dataRange { from to } failure { message } steps { links { url } substeps { id } }');
    expect(job.failure).toBeNull();
    for (const detail of ['waitSeconds', 'dataRange'] as const) if (!details.includes(detail)) expect(job[detail]).toBeNull();
    for (const detail of ['links', 'substeps'] as const) {
      if (!details.includes(detail)) expect((job.steps ?? []).flatMap((step: Record<string, unknown[]>) => step[detail])).toEqual([]);
    }
  }
});

test("returns the vendor's own page of a job, and those of the configuration", async () => {
  const run = jobyard.sandboxes.airflow.state.addJob({ dagId: 'etl_orders', runId: 'manual__2026-01-05T00:00:00+00:00' });
  const { links } = await read(`airflow:${run}`, 'links { title url }');
  expect(links).toEqual([
    { title: 'Airflow', url: `${jobyard.sandboxes.airflow.url}/dags/etl_orders/runs/manual__2026-01-05T00%3A00%3A00%2B00%3A00` },
  ]);
  expect(await read(addFailedJob(), 'links { url }')).toEqual({ links: [] });
});
