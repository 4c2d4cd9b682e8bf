import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { accessFor, as } from '../access/callers.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { addJob, countRequests } from './jobs.ts';

let jobyard: WithSandboxes;
beforeAll(async () => {
  const access = accessFor({
    reader: ['jobs:read', 'jobs:logs', 'systems:read'],
    blind: ['jobs:read', 'systems:read'],
    partly: ['jobs:read', 'jobs:logs@aodocs'],
  });
  jobyard = await startWithSandboxes({ jobs: 0, access });
});
beforeEach(() => {
  for (const { faults, requests } of Object.values(jobyard.sandboxes)) {
    faults.clear();
    requests.clear();
  }
});
afterAll(() => jobyard.close());

const startedMs = Date.UTC(2026, 0, 2, 3, 4, 5);

function addJobWithEvents(messages: readonly string[]): string {
  const { state } = jobyard.sandboxes.aodocs;
  const events = messages.map((message, index) => ({ atMs: startedMs + index, severity: 'INFO' as const, message }));
  return `aodocs:${state.addJob({ libraryId: String(state.libraries[0]), startedAtMs: startedMs, events })}`;
}

const logOf = (id: string, select: string, caller = 'reader', log = 'log') =>
  jobyard.query(`query ($id: ID!) { job(id: $id) { ... on Job { id ${log} { ${select} } } } }`, { id }, as(caller));

describe('Job.log', () => {
  test('returns lines with cursors, page by page', async () => {
    const id = addJobWithEvents(['one', 'two', 'three']);
    const page =
      'edges { cursor node { message severity loggedAt source stepId truncated } } nodes { message } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } problem { code }';
    const first = await logOf(id, page, 'reader', 'log(first: 2)');
    expect(first.errors).toBeUndefined();
    const { log } = first.data.job;
    expect(log.edges[0].node).toEqual({
      message: 'one',
      severity: 'INFO',
      loggedAt: '2026-01-02T03:04:05.000Z',
      source: null,
      stepId: null,
      truncated: false,
    });
    expect(log.nodes).toEqual([{ message: 'one' }, { message: 'two' }]);
    expect(log).toMatchObject({ pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: log.edges[0].cursor }, problem: null });
    const rest = await logOf(id, 'nodes { message } pageInfo { hasNextPage }', 'reader', `log(after: "${log.edges[0].cursor}")`);
    expect(rest.data.job.log).toEqual({ nodes: [{ message: 'two' }, { message: 'three' }], pageInfo: { hasNextPage: false } });
  });

  test.each([
    ['log(first: 0)', /^first: expected 1 to 500, got 0\.$/],
    ['log(first: 501)', /^first: expected 1 to 500, got 501\.$/],
    ['log(after: "x")', /^after: not a cursor of this log/],
  ])('rejects %s', async (log, message) => {
    const { errors } = await logOf(addJobWithEvents(['one']), 'nodes { message }', 'reader', log);
    expect(errors).toMatchObject([{ message: expect.stringMatching(message), extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  test('shows no secret of the configuration, even if control characters separate its characters', async () => {
    const { securityCode } = jobyard.sandboxes.aodocs.settings as { securityCode: string };
    const hidden = `${securityCode.slice(0, 6)}\u001b[0m${securityCode.slice(6)}`;
    const { data } = await logOf(addJobWithEvents([`code ${securityCode}!`, `code ${hidden}!`]), 'nodes { message }');
    expect(data.job.log.nodes).toEqual([{ message: 'code …!' }, { message: 'code …!' }]);
  });

  test('is null, without a request for it, for systems without logs', async () => {
    for (const system of ['kinetica', 'veeva-vault'] as const) {
      const { data, errors } = await logOf(addJob(jobyard, system), 'nodes { message }');
      expect(errors).toBeUndefined();
      expect(data.job.log).toBeNull();
    }
  });

  test('fails alone if the system can not return it, with the reason', async () => {
    const id = addJobWithEvents(['one']);
    jobyard.sandboxes.aodocs.faults.add({ path: '/events/', times: 'always', fault: { kind: 'reset', applied: false } });
    const { data, errors } = await logOf(id, 'nodes { message } problem { code systemId retryable }');
    expect(errors).toBeUndefined();
    expect(data.job).toEqual({
      id,
      log: { nodes: [], problem: { code: 'SYSTEM_UNAVAILABLE', systemId: 'aodocs', retryable: true } },
    });
  });

  test('of a job that can not be read has the problem of the job', async () => {
    const id = addJobWithEvents(['one']);
    jobyard.sandboxes.aodocs.faults.add({ times: 'always', fault: { kind: 'reset', applied: false } });
    const { data } = await jobyard.query(
      'query ($id: ID!) { node(id: $id) { ... on Job { status log { nodes { message } problem { code } } } } }',
      { id },
      as('reader'),
    );
    expect(data.node).toEqual({ status: 'UNKNOWN', log: { nodes: [], problem: { code: 'SYSTEM_UNAVAILABLE' } } });
  });
});

describe('JobStep.log', () => {
  const addFailedJob = () =>
    `kylin:${jobyard.sandboxes.kylin.state.addJob({ state: 'ERROR', createTime: startedMs, startTime: startedMs + 1500, type: 'INC_BUILD' })}`;

  test('returns the lines of a step, also of the step that failed; substeps have none', async () => {
    const id = addFailedJob();
    const { data, errors } = await jobyard.query(
      'query ($id: ID!) { job(id: $id) { ... on Job { steps { log { nodes { stepId message } } substeps { log { nodes { message } } } } failure { step { id log { nodes { message } } } } } } }',
      { id },
      as('reader'),
    );
    expect(errors).toBeUndefined();
    const [first, second, third] = data.job.steps;
    expect(first.log.nodes[0]).toEqual({ stepId: expect.stringMatching(/_00$/), message: expect.stringContaining('line 1') });
    expect(JSON.stringify(second.log.nodes)).toContain('SegmentBuildJob');
    expect(third.log.nodes).toHaveLength(1);
    expect(second.substeps.every(({ log }: { log: unknown }) => log === null)).toBe(true);
    expect(data.job.failure.step).toEqual({ id: expect.stringMatching(/_01_05$/), log: null });
  });

  test('is denied without the scope', async () => {
    const { data, errors } = await jobyard.query(
      'query ($id: ID!) { job(id: $id) { ... on Job { steps { name log { nodes { message } } } } } }',
      { id: addFailedJob() },
      as('blind'),
    );
    expect(errors).toMatchObject(Array.from({ length: 3 }, () => ({ extensions: { code: 'FORBIDDEN' } })));
    expect(data.job.steps.map(({ log }: { log: unknown }) => log)).toEqual([null, null, null]);
  });
});

describe('the scope jobs:logs', () => {
  test('of one system grants the logs of this system only', async () => {
    const allowed = await logOf(addJobWithEvents(['one']), 'nodes { message }', 'partly');
    expect(allowed).toMatchObject({ data: { job: { log: { nodes: [{ message: 'one' }] } } } });
    const id = `kylin:${jobyard.sandboxes.kylin.state.addJob({ state: 'SUCCEED' })}`;
    const denied = await logOf(id, 'nodes { message }', 'partly');
    expect(denied.errors).toMatchObject([
      { message: 'Access denied: the scope jobs:logs is required on kylin.', extensions: { code: 'ACCESS_DENIED' } },
    ]);
    expect(denied.data.job).toEqual({ id, log: null });
    expect(countRequests(jobyard, 'kylin')).toBe(1);
  });
});

describe('Job.outputs', () => {
  const outputsOf = (id: string, caller: string) =>
    jobyard.query('query ($id: ID!) { job(id: $id) { ... on Job { outputs { name stepId value truncated } } } }', { id }, as(caller));

  test('returns the values of the tasks that have produced one', async () => {
    const id = `airflow:${jobyard.sandboxes.airflow.state.addJob({ dagId: 'train_model', state: 'success', isFrozen: true })}`;
    const { data, errors } = await outputsOf(id, 'reader');
    expect(errors).toBeUndefined();
    expect(data.job.outputs.map(({ stepId }: { stepId: string }) => stepId)).toEqual(['prepare', 'train/0', 'train/1', 'train/2']);
    expect(data.job.outputs[0]).toEqual({
      name: 'return_value',
      stepId: 'prepare',
      value: { rows: 999, table: 'train_model' },
      truncated: false,
    });
  });

  test('is null for systems without outputs, and empty for a job that has produced none', async () => {
    expect((await outputsOf(addJob(jobyard, 'kinetica'), 'reader')).data.job.outputs).toBeNull();
    const id = `airflow:${jobyard.sandboxes.airflow.state.addJob({ isFrozen: true })}`;
    expect((await outputsOf(id, 'reader')).data.job.outputs).toEqual([]);
  });

  test('shows no secret of the configuration', async () => {
    const { password } = jobyard.sandboxes.airflow.settings as { password: string };
    const id = `airflow:${jobyard.sandboxes.airflow.state.addJob({ state: 'success', isFrozen: true })}`;
    const body = JSON.stringify({ key: 'return_value', task_id: 'extract', value: JSON.stringify({ [password]: [`x ${password} y`] }) });
    const headers = { 'content-type': 'application/json' };
    jobyard.sandboxes.airflow.faults.add({
      path: '/extract/xcomEntries/',
      fault: { kind: 'answer', status: 200, headers, body, applied: false },
    });
    const { data } = await outputsOf(id, 'reader');
    expect(data.job.outputs[0].value).toEqual({ '…': ['x … y'] });
  });

  test('is denied without the scope jobs:logs, without a request for it', async () => {
    const id = `airflow:${jobyard.sandboxes.airflow.state.addJob({ state: 'success', isFrozen: true })}`;
    for (const [caller, code] of [
      ['blind', 'FORBIDDEN'],
      ['partly', 'ACCESS_DENIED'],
    ] as const) {
      const { data, errors } = await outputsOf(id, caller);
      expect(errors).toMatchObject([{ extensions: { code } }]);
      expect(data.job).toEqual({ outputs: null });
    }
    expect(jobyard.sandboxes.airflow.requests.count('GET', 'xcomEntries')).toBe(0);
  });
});

test('Job.tags returns the tags of each DAG with one request, and those of a Kylin job with none', async () => {
  const { airflow, kylin } = jobyard.sandboxes;
  const runs = ['etl_orders', 'etl_orders', 'train_model', 'publish_report'].map(
    (dagId) => `airflow:${airflow.state.addJob({ dagId, isFrozen: true })}`,
  );
  const build = `kylin:${kylin.state.addJob({ tag: 'nightly' })}`;
  const { data, errors } = await jobyard.query(
    'query ($ids: [ID!]!) { jobsByIds(ids: $ids) { ... on Job { tags } } }',
    { ids: [...runs, build, addJob(jobyard, 'kinetica')] },
    as('reader'),
  );
  expect(errors).toBeUndefined();
  expect(data.jobsByIds.map(({ tags }: { tags: string[] | null }) => tags)).toEqual([
    ['etl', 'orders'],
    ['etl', 'orders'],
    ['ml'],
    [],
    ['nightly'],
    null,
  ]);
  expect(airflow.requests.all().filter(({ target }) => /\/dags\/[^/?]+$/.test(target))).toHaveLength(3);
});

test('JobSystem.logs shows which logs a system has', async () => {
  const { data } = await jobyard.query('{ jobSystems { id logs { ofJobs ofSteps hasSeverities } } }', {}, as('reader'));
  expect(Object.fromEntries(data.jobSystems.map(({ id, logs }: { id: string; logs: object }) => [id, Object.values(logs)]))).toMatchObject({
    aodocs: [true, false, true],
    airflow: [true, true, true],
    kylin: [true, true, false],
    kinetica: [false, false, false],
    'veeva-vault': [false, false, false],
  });
});
