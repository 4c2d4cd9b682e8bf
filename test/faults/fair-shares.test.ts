import { describe, expect, onTestFinished, test } from 'vitest';
import { accessFor, as } from '../access/callers.ts';
import { addJob, countActions, countRequests } from '../end-to-end/jobs.ts';
import { readOneByOne, type StartOptions, type SystemName, startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import { subjects } from '../vendors/subjects.ts';

const readByIds = 'query ($ids: [ID!]!) { jobsByIds(ids: $ids) { __typename ... on JobError { code } } }';
const cancelThem =
  'mutation ($ids: [ID!]!) { cancelJobs(input: { ids: $ids }) { results { __typename ... on JobError { code message retryAfterSeconds } } } }';

/** A Jobyard with a caller that can only read, and one that can also cancel; logged in to the vendors. */
async function start(options: StartOptions = {}): Promise<WithSandboxes> {
  const access = accessFor({ ann: ['jobs:read'], bob: ['jobs:read', 'jobs:cancel', 'systems:read'] });
  const jobyard = await startWithSandboxes({ jobs: 0, access, change: readOneByOne, ...options });
  onTestFinished(() => {
    for (const system of systemNames) jobyard.sandboxes[system].faults.clear();
    return jobyard.close();
  });
  await jobyard.query('{ jobSystems { health { status } } }', {}, as('bob'));
  for (const system of systemNames) jobyard.sandboxes[system].requests.clear();
  return jobyard;
}

/** Long enough for all operations to arrive before the first responses. */
const slow = { fault: { kind: 'slow', ms: 40 }, times: 'always' } as const;

/** As many vendor requests of ann's as that, which wait at the same moment; each operation may have four under way. */
function flood(jobyard: WithSandboxes, system: SystemName, requests: number): Promise<unknown> {
  const idsOfOne = subjects[system].reads.jobsPerRequest > 1 ? 1 : 4;
  return Promise.all(
    Array.from({ length: requests / idsOfOne }, () => {
      const ids = Array.from({ length: idsOfOne }, () => addJob(jobyard, system));
      return jobyard.query(readByIds, { ids }, as('ann'));
    }),
  );
}

describe.each(systemNames)("%s: while one caller's 120 requests wait", (system) => {
  test("another caller's read and cancel finish before most of them are sent", async () => {
    const jobyard = await start();
    const id = addJob(jobyard, system);
    const other = addJob(jobyard, system);
    jobyard.sandboxes[system].faults.add(slow);
    const flooded = flood(jobyard, system, 120);
    await expect.poll(() => countRequests(jobyard, system), { timeout: 10_000 }).toBeGreaterThan(8);
    const [read, cancelled] = await Promise.all([
      jobyard.query(readByIds, { ids: [other] }, as('bob')),
      jobyard.query(cancelThem, { ids: [id] }, as('bob')),
    ]);
    expect(read.data.jobsByIds).toMatchObject([{ __typename: 'Job' }]);
    expect(cancelled.data.cancelJobs.results).toMatchObject([{ __typename: 'CancelSuccess' }]);
    expect(countRequests(jobyard, system)).toBeLessThan(80);
    await flooded;
    expect(countRequests(jobyard, system)).toBeGreaterThanOrEqual(120);
  });
});

describe.each(systemNames)("%s: while one caller's cancel of 120 jobs is in progress", (system) => {
  test.each([
    ['the first', 0],
    ['the last', 119],
  ])("another caller's cancel of %s of them finishes before most requests are sent, and each job is sent once", async (_which, index) => {
    const access = accessFor(Object.fromEntries(['ann', 'bob'].map((name) => [name, ['jobs:read', 'jobs:cancel', 'systems:read']])));
    const jobyard = await start({ access });
    const ids = Array.from({ length: 120 }, () => addJob(jobyard, system));
    jobyard.sandboxes[system].faults.add(slow);
    const many = jobyard.query(cancelThem, { ids }, as('ann'));
    // The first has a response by then, and the last waits, if they are sent one by one.
    const { jobsPerRequest } = subjects[system].actions.cancel;
    await expect.poll(() => countActions(jobyard, system), { timeout: 10_000 }).toBeGreaterThan(jobsPerRequest === 1 ? 4 : 0);
    const one = await jobyard.query(cancelThem, { ids: ids.slice(index, index + 1) }, as('bob'));
    const before = countRequests(jobyard, system);
    expect(one.data.cancelJobs.results).toMatchObject([{ __typename: 'CancelSuccess' }]);
    const { data } = await many;
    expect(data.cancelJobs.results).toMatchObject(ids.map(() => ({ __typename: 'CancelSuccess' })));
    if (jobsPerRequest === 1) expect(before).toBeLessThan(countRequests(jobyard, system) / 4);
    // A job that leaves its batch has a request of its own, as does a job whose cancel had ended before.
    const ownRequests = jobsPerRequest === 1 && index > 0 ? 0 : 1;
    expect(countActions(jobyard, system)).toBeLessThanOrEqual(Math.ceil(120 / jobsPerRequest) + ownRequests);
  });
});

test('40 operations of 45 pages of one system leave another caller its turn', async () => {
  const jobyard = await start({ limits: { requestsPerMinute: null } });
  const ids = Array.from({ length: 12 }, () => addJob(jobyard, 'kylin'));
  jobyard.sandboxes.kylin.faults.add(slow);
  const pages = Array.from({ length: 45 }, (_, index) => `a${index}: jobs(first: ${index + 1}, filter: $filter) { complete }`);
  const document = `query ($filter: JobFilter) { ${pages.join(' ')} }`;
  const leave = new AbortController();
  const attack = Promise.allSettled(
    Array.from({ length: 40 }, () =>
      fetch(`${jobyard.origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...as('ann') },
        body: JSON.stringify({ query: document, variables: { filter: { systemIds: ['kylin'] } } }),
        signal: leave.signal,
      }),
    ),
  );
  await expect.poll(() => countRequests(jobyard, 'kylin'), { timeout: 10_000 }).toBeGreaterThan(8);
  const before = countRequests(jobyard, 'kylin');
  const { data } = await jobyard.query(cancelThem, { ids: ids.slice(0, 1) }, as('bob'));
  expect(data.cancelJobs.results).toMatchObject([{ __typename: 'CancelSuccess' }]);
  // They are 1,800 requests.
  expect(countRequests(jobyard, 'kylin') - before).toBeLessThan(250);
  leave.abort();
  await attack;
});

test("an action above the limit of waiting requests isn't sent, and its result shows that", async () => {
  const jobyard = await start({
    limits: { maxQueuedRequestsPerCaller: 2 },
    change: (system) => ({ ...system, concurrency: 1 }),
  });
  jobyard.sandboxes.aodocs.faults.add({ fault: { kind: 'slow', ms: 200 }, times: 'always' });
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => jobyard.query(cancelThem, { ids: [addJob(jobyard, 'aodocs')] }, as('bob'))),
  );
  const results = answers.flatMap(({ data }) => data.cancelJobs.results);
  const refused = results.filter(({ __typename: type }) => type === 'SystemUnavailable');
  expect(refused).toMatchObject(Array(3).fill({ code: 'RATE_LIMITED', retryAfterSeconds: 5 }));
  expect(refused[0].message).toContain('maxQueuedRequestsPerCaller');
  expect(results.filter(({ __typename: type }) => type === 'CancelSuccess')).toHaveLength(3);
  expect(countActions(jobyard, 'aodocs')).toBe(3);
});

test('every operation whose pages wait gets a response at its deadline, and nothing more is sent', async () => {
  const jobyard = await start({ deadlineMs: 1_000 });
  jobyard.sandboxes.kylin.faults.add({ fault: { kind: 'hang', applied: false }, times: 'always' });
  const pages = Array.from({ length: 45 }, (_, index) => `a${index}: jobs(first: ${index + 1}, filter: $filter) { complete }`);
  const document = `query ($filter: JobFilter) { ${pages.join(' ')} }`;
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => jobyard.query(document, { filter: { systemIds: ['kylin'] } }, as('ann'))),
  );
  const [pagesRead, refused] = [answers.filter(({ data }) => data), answers.filter(({ data }) => !data)];
  expect(pagesRead.length).toBeGreaterThan(0);
  for (const { data } of pagesRead) expect(Object.values(data)).toEqual(Array(45).fill({ complete: false }));
  // All of them at one time would cost more than one caller may.
  for (const { errors } of refused) expect(errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
  const sent = countRequests(jobyard, 'kylin');
  // The time of one operation is up before that of the next one, which gets its places.
  expect(sent).toBeLessThanOrEqual(5 * 4);
  jobyard.sandboxes.kylin.faults.clear();
  const { data } = await jobyard.query(readByIds, { ids: [addJob(jobyard, 'kylin')] }, as('ann'));
  expect(data.jobsByIds).toMatchObject([{ __typename: 'Job' }]);
  expect(countRequests(jobyard, 'kylin')).toBe(sent + 1);
});

test('while access control is off, requests to Jobyard take turns', async () => {
  const jobyard = await start({ access: null });
  const id = addJob(jobyard, 'aodocs');
  jobyard.sandboxes.aodocs.faults.add(slow);
  const flooded = flood(jobyard, 'aodocs', 120);
  await expect.poll(() => countRequests(jobyard, 'aodocs'), { timeout: 10_000 }).toBeGreaterThan(8);
  expect((await jobyard.query(readByIds, { ids: [id] })).data.jobsByIds).toMatchObject([{ __typename: 'Job' }]);
  // Thirty others may come first, each with one request.
  expect(countRequests(jobyard, 'aodocs')).toBeLessThan(80);
  await flooded;
});
