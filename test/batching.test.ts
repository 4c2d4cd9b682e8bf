import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addJob } from './end-to-end/jobs.ts';
import { forEachSystem, fourSystems, type SystemName, startWithSandboxes, type WithSandboxes } from './start.ts';
import { subjects } from './vendors/subjects.ts';

// The least each vendor allows, by operation. docs/vendor-requests.md explains each number.
let jobyard: WithSandboxes;
beforeEach(async () => {
  jobyard = await startWithSandboxes({ systems: fourSystems });
  // Logs in to Vault and proves the other credentials: once in the life of a process, not once per operation.
  await jobyard.query('{ jobSystems { health { status } } }');
  forgetRequests();
});
afterEach(() => jobyard.close());

const cancel =
  'mutation ($ids: [ID!]!) { cancelJobs(input: { ids: $ids }) { results { __typename ... on CancelSuccess { outcome } } summary { succeeded } } }';

describe('reading by ID', () => {
  test('100 jobs, 25 of each system, through aliases and nested fields: Kinetica 1, Vault 1, Kylin 25, AODocs 25', async () => {
    const ids = Object.values(addJobs(25)).flat();
    const fields = ids.map(
      (id, index) => `j${index}: job(id: "${id}") { ... on Job { id status vendorStatus system { title } actions { available } } }`,
    );
    const { data, errors } = await jobyard.query(
      `{ ${fields.join('\n')} again: jobsByIds(ids: ${JSON.stringify(ids)}) { ... on Job { id isTerminal } } }`,
    );
    expect(errors).toBeUndefined();
    expect(Object.values(data).flat()).toHaveLength(200);
    expect(data.j99.id).toBe(ids[99]);
    expect(requests()).toEqual({ kinetica: 1, 'veeva-vault': 1, kylin: 25, aodocs: 25 });
  });

  test('a repeated ID is read once', async () => {
    const { kylin } = addJobs(1);
    const [id] = kylin;
    await jobyard.query('query ($ids: [ID!]!) { jobsByIds(ids: $ids) { ... on Job { status } } }', { ids: [id, id, id] });
    expect(requests().kylin).toBe(1);
  });

  test('200 Kylin IDs are all found in one page of the newest jobs', async () => {
    const { kylin } = addJobs(200);
    const { data } = await jobyard.query('query ($ids: [ID!]!) { jobsByIds(ids: $ids) { ... on Job { status } } }', { ids: kylin });
    expect(data.jobsByIds.every((job: { status?: string }) => job.status === 'RUNNING')).toBe(true);
    expect(requests().kylin).toBe(1);
  });

  test('the ID, vendor ID, and system of a reference cause no request', async () => {
    const { 'veeva-vault': ids } = addJobs(3);
    await jobyard.query(
      'mutation ($ids: [ID!]!) { cancelJobs(input: { ids: $ids }) { results { ... on CancelSuccess { job { id vendorId system { title } } } } } }',
      { ids },
    );
    expect(requests()['veeva-vault']).toBe(1);
  });
});

describe('listing', () => {
  test('a page over all systems takes one request per list: Kinetica 1, Vault 2, Kylin 1, AODocs one per library', async () => {
    const libraries = (jobyard.sandboxes.aodocs.settings.libraries as string[]).length;
    const { data } = await jobyard.query('{ jobs(first: 100) { nodes { id } complete } }');
    expect(data.jobs).toMatchObject({ complete: true });
    expect(data.jobs.nodes).toHaveLength(100);
    expect(requests()).toEqual({ kinetica: 1, 'veeva-vault': 2, kylin: 1, aodocs: libraries });
  });

  test('listing the systems causes no vendor request', async () => {
    await jobyard.query('{ jobSystems { id title capabilities { action support } } }');
    expect(requests()).toEqual({ kinetica: 0, 'veeva-vault': 0, kylin: 0, aodocs: 0 });
  });

  test('steps take one request per job, and only if selected', async () => {
    const { kylin } = addJobs(3);
    const query = 'query ($ids: [ID!]!) { jobsByIds(ids: $ids) { ... on Job { name steps { name } } } }';
    await jobyard.query(query.replace('steps { name }', ''), { ids: kylin });
    expect(jobyard.sandboxes.kylin.requests.count('GET', '/detail')).toBe(0);
    const { data } = await jobyard.query(query, { ids: kylin });
    expect(data.jobsByIds[0].steps.length).toBeGreaterThan(0);
    expect(jobyard.sandboxes.kylin.requests.count('GET', '/detail')).toBe(3);
  });
});

describe('canceling', () => {
  test('1,203 Vault jobs: 3 requests', async () => {
    const ids = jobyard.sandboxes['veeva-vault'].state.addJobs(1203, { frozen: true }).map((id) => `veeva-vault:${id}`);
    const { data } = await jobyard.query(cancel, { ids });
    expect(data.cancelJobs.summary.succeeded).toBe(1203);
    expect(data.cancelJobs.results[1202]).toEqual({ __typename: 'CancelSuccess', outcome: 'ACCEPTED' });
    expect(requests()['veeva-vault']).toBe(3);
  });

  test('500 Kinetica jobs: one request to cancel, one list before it and one after', async () => {
    const { kinetica } = addJobs(500);
    const { data } = await jobyard.query(cancel, { ids: kinetica });
    expect(data.cancelJobs.summary.succeeded).toBe(500);
    expect(jobyard.sandboxes.kinetica.requests.count('POST', '/admin/alter/jobs')).toBe(1);
    expect(jobyard.sandboxes.kinetica.requests.count('POST', '/admin/show/jobs')).toBe(2);
  });

  test('500 AODocs jobs: one request each, whose response is sufficient proof', async () => {
    const { aodocs } = addJobs(500);
    const { data } = await jobyard.query(cancel, { ids: aodocs });
    expect(data.cancelJobs.summary.succeeded).toBe(500);
    expect(data.cancelJobs.results[0].outcome).toBe('CONFIRMED');
    expect(requests().aodocs).toBe(500);
  });

  test('300 Kylin jobs of one project: 3 requests of 100 IDs, and one page read before and after', async () => {
    const { kylin } = addJobs(300);
    const { data } = await jobyard.query(cancel, { ids: kylin });
    expect(data.cancelJobs.summary.succeeded).toBe(300);
    expect(jobyard.sandboxes.kylin.requests.count('PUT', '/jobs/status')).toBe(3);
    expect(jobyard.sandboxes.kylin.requests.count('GET')).toBe(2);
  });

  test.each(fourSystems)('a repeated id of %s is sent once and answered at each place', async (system) => {
    const [id] = addJobs(1)[system];
    const { data } = await jobyard.query(cancel, { ids: [id, id, id] });
    expect(data.cancelJobs.summary.succeeded).toBe(3);
    const { purposeOf } = subjects[system];
    const actions = jobyard.sandboxes[system].requests.all().filter((request) => purposeOf(request)?.kind === 'action');
    expect(actions).toHaveLength(1);
    expect(actions[0]?.body.split(id?.split(':')[1] ?? '').length).toBeLessThanOrEqual(2);
  });
});

/** Running (in Vault: queued) jobs that stay so; their IDs by system. */
function addJobs(count: number): Record<SystemName, string[]> {
  return forEachSystem((system) => Array.from({ length: count }, () => addJob(jobyard, system)), fourSystems);
}

function requests(): Record<string, number> {
  return Object.fromEntries(Object.entries(jobyard.sandboxes).map(([name, sandbox]) => [name, sandbox.requests.count()]));
}

function forgetRequests(): void {
  for (const sandbox of Object.values(jobyard.sandboxes)) sandbox.requests.clear();
}
