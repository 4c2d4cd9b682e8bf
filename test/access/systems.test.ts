import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addEndedJob, addJob, countActions, countRequests } from '../end-to-end/jobs.ts';
import { type GraphqlAnswer, type SystemName, startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import { accessFor, as } from './callers.ts';

const everything = ['jobs:read', 'jobs:cancel', 'jobs:operate', 'jobs:raw', 'systems:read'];
const onlyKylin = everything.map((scope) => `${scope}@kylin`);

let jobyard: WithSandboxes;
beforeAll(async () => {
  jobyard = await startWithSandboxes({
    jobs: 10,
    access: accessFor({
      all: everything,
      kylin: onlyKylin,
      mixed: ['jobs:read', 'jobs:cancel@kylin', 'jobs:cancel@aodocs', 'jobs:operate@kinetica', 'jobs:raw@kinetica', 'systems:read@aodocs'],
      sighted: ['systems:read', 'jobs:read@kylin'],
      blind: ['jobs:cancel@kylin', 'jobs:cancel@veeva-vault', 'jobs:cancel@kinetica', 'jobs:raw'],
    }),
  });
});
afterAll(() => jobyard.close());

const ask = (caller: string, query: string, variables: Record<string, unknown> = {}): Promise<GraphqlAnswer> =>
  jobyard.query(query, variables, as(caller));

const hidden = systemNames.filter((system) => system !== 'kylin');
const noneHidden = Object.fromEntries(hidden.map((system) => [system, 0]));

/** The number of vendor requests during `work`, by system. */
async function countWhile(work: () => Promise<unknown>): Promise<Record<SystemName, number>> {
  const before = systemNames.map((system) => countRequests(jobyard, system));
  await work();
  const after = systemNames.map((system, index) => [system, countRequests(jobyard, system) - (before[index] ?? 0)] as const);
  return Object.fromEntries(after) as Record<SystemName, number>;
}

/** A caller must get the same response for an inaccessible system as for one that doesn't exist. */
async function expectSameAsNowhere(system: SystemName, id: string, operation: string, caller = 'kylin') {
  const vendorId = id.slice(id.indexOf(':') + 1);
  const variables = (name: string) => ({ id: `${name}:${vendorId}`, system: name });
  let answers: GraphqlAnswer[] = [];
  const requests = await countWhile(async () => {
    answers = await Promise.all([ask(caller, operation, variables(system)), ask(caller, operation, variables('nowhere'))]);
  });
  const [real, nowhere] = answers.map((answer) => JSON.stringify(answer));
  expect(real).toBe(nowhere?.replaceAll('nowhere', system));
  expect(requests[system]).toBe(0);
  return answers[0];
}

describe.each(hidden)("%s doesn't exist for a caller with all scopes on kylin only", (system) => {
  let id: string;
  beforeAll(() => {
    id = addJob(jobyard, system);
  });

  const problem = '... on JobError { jobId code message retryable retryAfterSeconds }';
  test.each([
    ['job', `query ($id: ID!) { job(id: $id) { __typename ... on Job { name status raw } ${problem} } }`],
    ['jobsByIds', `query ($id: ID!) { jobsByIds(ids: [$id, $id]) { __typename ${problem} } }`],
    [
      'job with an alias and fragments',
      `query ($id: ID!) { x: job(id: $id) { ...F } } fragment F on JobResult { __typename ...G } fragment G on JobError { code message }`,
    ],
    ['cancelJobs', `mutation ($id: ID!) { cancelJobs(input: { ids: [$id] }) { results { __typename ${problem} } summary { failed } } }`],
    ['cancelJobs dryRun', `mutation ($id: ID!) { cancelJobs(input: { ids: [$id], dryRun: true }) { results { __typename ${problem} } } }`],
    ['pauseJobs', `mutation ($id: ID!) { pauseJobs(input: { ids: [$id] }) { results { __typename ${problem} } } }`],
    ['restartJobs', `mutation ($id: ID!) { restartJobs(input: { ids: [$id] }) { results { __typename ${problem} } } }`],
  ])('%s', async (_what, operation) => {
    const answer = await expectSameAsNowhere(system, id, operation);
    expect(JSON.stringify(answer)).toContain('not found, or access denied');
    expect(JSON.stringify(answer)).toContain('JobNotFound');
  });

  test.each([
    ['jobSystem', 'query ($system: ID!) { jobSystem(id: $system) { id title health { status } } }'],
    [
      'the filter systemIds',
      'query ($system: ID!) { jobs(filter: { systemIds: [$system] }) { nodes { id } complete systems { returnedCount } } }',
    ],
    [
      'the filter systemIds beside a known one',
      'query ($system: ID!) { jobs(filter: { systemIds: ["kylin", $system] }) { nodes { id } } }',
    ],
    [
      'the filter vendors: there is none of its vendor',
      'query ($system: String!) { jobs(filter: { vendors: [$system] }) { nodes { id } } }',
    ],
    [
      'a reference to the system',
      'query ($system: ID!) { _entities(representations: [{ __typename: "JobSystem", id: $system }]) { __typename } }',
    ],
    ['a reference to a job', 'query ($id: ID!) { _entities(representations: [{ __typename: "Job", id: $id }]) { __typename } }'],
    [
      'a free reference to a job',
      'query ($id: ID!) { _entities(representations: [{ __typename: "Job", id: $id }]) { ... on Job { id system { id } } } }',
    ],
  ])('%s', async (_what, operation) => {
    await expectSameAsNowhere(system, id, operation);
  });
});

describe('for that caller', () => {
  test("lists contain the caller's own system and cause no other request", async () => {
    const requests = await countWhile(async () => {
      const { data, errors } = await ask(
        'kylin',
        '{ jobs(first: 500) { nodes { systemId } complete pageInfo { hasNextPage } systems { system { id } } } jobSystems { id jobs(first: 5) { nodes { systemId } } } }',
      );
      expect(errors).toBeUndefined();
      expect(new Set(data.jobs.nodes.map(({ systemId }: { systemId: string }) => systemId))).toEqual(new Set(['kylin']));
      expect(data.jobs).toMatchObject({ complete: true, pageInfo: { hasNextPage: false }, systems: [{ system: { id: 'kylin' } }] });
      expect(data.jobSystems.map(({ id }: { id: string }) => id)).toEqual(['kylin']);
    });
    expect(requests).toMatchObject(noneHidden);
    expect(requests.kylin).toBeGreaterThan(0);
  });

  test('the cursors of a caller with more scopes reveal nothing', async () => {
    const page =
      'query ($after: String) { jobs(first: 3, after: $after) { nodes { systemId } systems { system { id } } pageInfo { endCursor } } }';
    const { data: powerful } = await ask('all', page);
    expect(new Set(powerful.jobs.systems.map(({ system }: { system: { id: string } }) => system.id)).size).toBe(systemNames.length);
    const requests = await countWhile(async () => {
      const { data, errors } = await ask('kylin', page, { after: powerful.jobs.pageInfo.endCursor });
      expect(errors).toBeUndefined();
      expect(data.jobs.systems).toEqual([{ system: { id: 'kylin' } }]);
      for (const { systemId } of data.jobs.nodes) expect(systemId).toBe('kylin');
    });
    expect(requests).toMatchObject(noneHidden);
    const bound = 'query ($after: String) { jobs(after: $after, filter: { systemIds: ["kinetica"] }) { nodes { id } } }';
    const { data: ofKinetica } = await ask('all', '{ jobs(first: 1, filter: { systemIds: ["kinetica"] }) { pageInfo { endCursor } } }');
    expect((await ask('kylin', bound, { after: ofKinetica.jobs.pageInfo.endCursor })).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  });
});

describe('a caller whose scopes differ by system', () => {
  test('cancels the allowed jobs and is denied the others, job by job, in order', async () => {
    // The first one is denied.
    const all = ['kinetica' as const, ...systemNames.filter((system) => system !== 'kinetica')];
    const isAllowed = (system: SystemName) => system === 'kylin' || system === 'aodocs';
    const ids = all.map((system) => addJob(jobyard, system));
    const before = all.map((system) => countActions(jobyard, system));
    const { data } = await ask(
      'mixed',
      'mutation ($ids: [ID!]!) { cancelJobs(input: { ids: $ids }) { results { __typename ... on JobError { jobId code message } } summary { requested succeeded failed unknown } } }',
      {
        ids: [...ids, ids[0]],
      },
    );
    const denied = (jobId: string | undefined, system: string) => ({
      __typename: 'AccessDenied',
      jobId,
      code: 'ACCESS_DENIED',
      message: `Access denied: the scope jobs:cancel is required on ${system}.`,
    });
    const success = { __typename: 'CancelSuccess' };
    const results = all.map((system, index) => (isAllowed(system) ? success : denied(ids[index], system)));
    expect(data.cancelJobs.results).toEqual([...results, results[0]]);
    expect(data.cancelJobs.results[0]).toEqual(denied(ids[0], 'kinetica'));
    expect(data.cancelJobs.summary).toEqual({ requested: ids.length + 1, succeeded: 2, failed: ids.length - 1, unknown: 0 });
    expect(all.map((system, index) => countActions(jobyard, system) - (before[index] ?? 0))).toEqual(
      all.map((system) => (isAllowed(system) ? 1 : 0)),
    );
    const { data: after } = await ask('all', 'query ($ids: [ID!]!) { jobsByIds(ids: $ids) { ... on Job { status } } }', {
      ids: ids.slice(0, 1),
    });
    expect(after.jobsByIds).toEqual([{ status: 'RUNNING' }]);
  });

  test('is denied every other action if only canceling is allowed', async () => {
    const id = addJob(jobyard, 'kylin');
    const before = countActions(jobyard, 'kylin');
    for (const action of ['pause', 'resume', 'restart', 'start']) {
      const { data } = await ask(
        'mixed',
        `mutation ($id: ID!) { a: ${action}Jobs(input: { ids: [$id] }) { results { __typename ... on JobError { message } } } }`,
        { id },
      );
      expect(data.a.results).toEqual([
        { __typename: 'AccessDenied', message: 'Access denied: the scope jobs:operate is required on kylin.' },
      ]);
    }
    expect(countActions(jobyard, 'kylin')).toBe(before);
  });

  test('reads raw fields if allowed; otherwise, only that field is denied', async () => {
    const ids = systemNames.map((system) => addJob(jobyard, system));
    const { data, errors } = await ask('mixed', 'query ($ids: [ID!]!) { jobsByIds(ids: $ids) { ... on Job { systemId status raw } } }', {
      ids,
    });
    expect(data.jobsByIds.map(({ systemId, raw }: { systemId: string; raw: unknown }) => [systemId, raw !== null])).toEqual(
      systemNames.map((system) => [system, system === 'kinetica']),
    );
    expect(errors?.map(({ path, extensions }) => [path?.[1], extensions.code])).toEqual(
      systemNames.flatMap((system, index) => (system === 'kinetica' ? [] : [[index, 'ACCESS_DENIED']])),
    );
  });

  test('reads the health and the capabilities of its own system only, on every path', async () => {
    const ids = [addJob(jobyard, 'kinetica'), addJob(jobyard, 'aodocs')];
    const system = 'system { id health { status } capabilities { action } }';
    for (const operation of [
      `query ($ids: [ID!]!) { found: jobsByIds(ids: $ids) { ... on Job { ${system} } } }`,
      `{ found: jobs(first: 0, filter: { systemIds: ["kinetica", "aodocs"] }) { systems { ${system} } } }`,
      `query ($r: [_Any!]!) { found: _entities(representations: $r) { ... on Job { ${system} } } }`,
    ]) {
      const { data, errors } = await ask('mixed', operation, { ids, r: ids.map((id) => ({ __typename: 'Job', id })) });
      const answer = JSON.stringify({ data, errors });
      expect(errors?.length).toBeGreaterThan(0);
      for (const error of errors ?? []) {
        expect(error).toMatchObject({
          message: 'Access denied: the scope systems:read is required on kinetica.',
          extensions: { code: 'ACCESS_DENIED' },
        });
      }
      expect(answer).not.toMatch(/"id":"kinetica","health":\{/);
    }
    const { data, errors } = await ask('mixed', `query ($ids: [ID!]!) { jobsByIds(ids: $ids) { ... on Job { ${system} } } }`, {
      ids: [ids[1]],
    });
    expect(errors).toBeUndefined();
    expect(data.jobsByIds[0].system).toMatchObject({ id: 'aodocs', health: { status: 'UP' } });
  });

  test('can read all systems and the jobs of one: the others list no jobs', async () => {
    const { data, errors } = await ask(
      'sighted',
      '{ jobSystems { id health { status } jobs(first: 2) { nodes { systemId } complete systems { returnedCount } } } }',
    );
    expect(errors).toBeUndefined();
    for (const { id, health, jobs } of data.jobSystems) {
      expect(health.status).toBe('UP');
      if (id === 'kylin') expect(jobs.nodes.length).toBe(2);
      else expect(jobs).toEqual({ nodes: [], complete: true, systems: [] });
    }
  });
});

describe('a caller that may act but not read', () => {
  const wholeJob =
    'id name type status vendorStatus owner createdAt startedAt durationSeconds failureMessage isTerminal stale problem { code } progress { fraction } raw';
  const nothing = {
    status: 'UNKNOWN',
    type: null,
    vendorStatus: null,
    owner: null,
    createdAt: null,
    startedAt: null,
    durationSeconds: null,
    failureMessage: null,
    isTerminal: false,
    stale: false,
    problem: { code: 'ACCESS_DENIED' },
    progress: null,
    raw: null,
  };

  test.each(['kylin', 'veeva-vault', 'kinetica'] as const)('on %s gets the outcome, and no fields of the job', async (system) => {
    const id = addJob(jobyard, system);
    const ended = addEndedJob(jobyard, system);
    const { data, errors } = await ask(
      'blind',
      `mutation ($ids: [ID!]!) { cancelJobs(input: { ids: $ids }) { results { __typename
        ... on CancelSuccess { jobId job { ${wholeJob} } }
        ... on ActionNotAllowed { code message job { ${wholeJob} } }
        ... on VendorRejected { code job { ${wholeJob} } }
      } } }`,
      { ids: [id, ended] },
    );
    expect(errors).toBeUndefined();
    const [cancelled, refused] = data.cancelJobs.results;
    const vendorId = id.slice(id.indexOf(':') + 1);
    expect(cancelled).toMatchObject({ __typename: 'CancelSuccess', jobId: id, job: { ...nothing, id, name: vendorId } });
    expect(['ActionNotAllowed', 'VendorRejected']).toContain(refused.__typename);
    expect(refused.job).toMatchObject(nothing);
    expect(JSON.stringify(refused)).not.toMatch(/SUCCE|DONE|FINISHED/);
  });

  test.each(['kylin', 'veeva-vault'] as const)('on %s gets no steps by way of the result', async (system) => {
    const id = addJob(jobyard, system);
    jobyard.sandboxes[system].requests.clear();
    const { data, errors } = await ask(
      'blind',
      'mutation ($ids: [ID!]!) { cancelJobs(input: { ids: $ids, dryRun: true }) { results { ... on CancelSuccess { job { steps { id status } } } } } }',
      { ids: [id] },
    );
    expect(data.cancelJobs.results).toEqual([{ job: { steps: null } }]);
    expect(errors).toMatchObject([{ extensions: { code: 'ACCESS_DENIED' } }]);
    expect(jobyard.sandboxes[system].requests.all().filter(({ target }) => /detail|tasks/.test(target))).toEqual([]);
  });

  test("can't read it in a second field of the same request, or as an entity", async () => {
    const id = addJob(jobyard, 'kylin');
    const { data, errors } = await ask(
      'blind',
      'mutation ($ids: [ID!]!) { a: cancelJobs(input: { ids: $ids }) { results { __typename } } b: cancelJobs(input: { ids: $ids, dryRun: true }) { results { __typename ... on CancelSuccess { job { status owner } } } } }',
      { ids: [id] },
    );
    expect(errors).toBeUndefined();
    expect(data.b.results).toEqual([{ __typename: 'CancelSuccess', job: { status: 'UNKNOWN', owner: null } }]);
    const entity = await ask(
      'blind',
      'query ($id: ID!) { _entities(representations: [{ __typename: "Job", id: $id }]) { ... on Job { status } } }',
      { id },
    );
    expect(entity).toEqual({ data: { _entities: [null] } });
  });
});
