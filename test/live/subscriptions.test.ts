import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { addEndedJob, addJob, unknownIds } from '../end-to-end/jobs.ts';
import { readOneByOne, startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import { transports } from './clients.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';
import { passTime as passTimeOf } from './pass-time.ts';

const jobsChanged = 'subscription ($ids: [ID!]!) { jobsChanged(ids: $ids) { id name status isTerminal problem { code } } }';

let clock: ManualClock;
let jobyard: WithSandboxes;
beforeAll(async () => {
  clock = createManualClock(Date.now());
  jobyard = await startWithSandboxes({ jobs: 3, clock });
});
afterAll(() => jobyard.close());
beforeEach(() => {
  for (const system of systemNames) jobyard.sandboxes[system].requests.clear();
});

const passTime = (stepMs: number, isThere: () => boolean): Promise<void> => passTimeOf(jobyard, clock, stepMs, isThere);

async function metric(name: string): Promise<string | undefined> {
  const text = await (await fetch(`${jobyard.origin}/metrics`)).text();
  return new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1];
}

describe.each(Object.entries(transports))('over %s', (transport, follow) => {
  test('returns the current state of each job, then its changes, and completes when all have ended', async () => {
    const { kinetica, kylin } = jobyard.sandboxes;
    const ids = [addJob(jobyard, 'kinetica'), addJob(jobyard, 'kylin'), addEndedJob(jobyard, 'aodocs')];
    const [first = '', second = ''] = ids;
    const { answers, end } = follow(jobyard.origin, jobsChanged, { variables: { ids } });
    await passTime(0, () => answers.length === 3);
    const shown = () => answers.map(({ data }) => [data.jobsChanged.id, data.jobsChanged.status]);
    expect(new Map(shown() as [string, string][])).toEqual(
      new Map([
        [first, 'RUNNING'],
        [second, 'RUNNING'],
        [ids[2], 'SUCCEEDED'],
      ]),
    );
    kylin.state.changeJob(second.slice('kylin:'.length), { state: 'PAUSED' });
    await passTime(500, () => answers.length >= 4);
    expect(shown()[3]).toEqual([second, 'PAUSED']);
    kinetica.state.changeJob(first.slice('kinetica:'.length), { status: 'DONE' });
    kylin.state.changeJob(second.slice('kylin:'.length), { state: 'DISCARDED' });
    await passTime(500, () => answers.length === 6);
    expect(await end).toBe('complete');
    expect(answers.slice(4).map(({ data }) => data.jobsChanged.isTerminal)).toEqual([true, true]);
    await expect.poll(() => metric('jobyard_subscriptions')).toBe('0');
    expect(await metric('jobyard_watched_jobs')).toBe('0');
  });

  test("delivers the effect of another caller's cancel without an extra request", async () => {
    const id = addJob(jobyard, 'kinetica');
    const { answers, end } = follow(jobyard.origin, jobsChanged, { variables: { ids: [id] } });
    await passTime(0, () => answers.length === 1);
    const before = jobyard.sandboxes.kinetica.requests.count('POST', '/admin/show/jobs');
    await jobyard.query('mutation ($id: ID!) { cancelJobs(input: { ids: [$id] }) { summary { succeeded } } }', { id });
    const ofCancel = jobyard.sandboxes.kinetica.requests.count('POST', '/admin/show/jobs') - before;
    // The clock is stopped, so nothing is polled.
    expect(await end).toBe('complete');
    expect(answers.at(-1)?.data.jobsChanged.status).toBe('CANCELLED');
    expect(jobyard.sandboxes.kinetica.requests.count('POST', '/admin/show/jobs') - before).toBe(ofCancel);
  });

  test('delivers JOB_NOT_FOUND for a missing job, and ends', async () => {
    const ids = systemNames.map((system) => unknownIds[system]);
    const { answers, end } = follow(jobyard.origin, jobsChanged, { variables: { ids } });
    await passTime(0, () => answers.length === ids.length);
    expect(await end).toBe('complete');
    for (const { data } of answers) expect(data.jobsChanged).toMatchObject({ status: 'UNKNOWN', problem: { code: 'JOB_NOT_FOUND' } });
  });

  test('delivers JOB_NOT_FOUND and the last known name of a job that is gone, and ends', async () => {
    const id = addJob(jobyard, 'kylin');
    const { answers, end } = follow(jobyard.origin, jobsChanged, { variables: { ids: [id] } });
    await passTime(0, () => answers.length === 1);
    const { name } = answers[0]?.data.jobsChanged ?? {};
    expect(id).not.toContain(name);
    jobyard.sandboxes.kylin.state.removeJob(id.slice('kylin:'.length));
    await passTime(500, () => answers.length === 2);
    expect(await end).toBe('complete');
    expect(answers[1]?.data.jobsChanged).toMatchObject({ id, name, status: 'UNKNOWN', problem: { code: 'JOB_NOT_FOUND' } });
  });

  test('stops polling for a subscriber that disconnects', async () => {
    const id = addJob(jobyard, 'kylin');
    const { answers, stop } = follow(jobyard.origin, jobsChanged, { variables: { ids: [id] } });
    await passTime(0, () => answers.length === 1);
    expect(await metric('jobyard_watched_jobs')).toBe('1');
    expect(await metric(`jobyard_connections\\{transport="${transport}"\\}`)).toBe('1');
    stop();
    await expect.poll(() => metric('jobyard_watched_jobs')).toBe('0');
    expect(await metric(`jobyard_connections\\{transport="${transport}"\\}`)).toBe('0');
    jobyard.sandboxes.kylin.requests.clear();
    await clock.advance(60_000);
    expect(jobyard.sandboxes.kylin.requests.count()).toBe(0);
  });

  test('queries and mutations are answered too', async () => {
    const id = addJob(jobyard, 'kinetica');
    const query = follow(jobyard.origin, 'query Q($id: ID!) { job(id: $id) { ... on Job { status } } }', { variables: { id } });
    expect(await query.end).toBe('complete');
    expect(query.answers).toEqual([{ data: { job: { status: 'RUNNING' } } }]);
    const cancel = follow(jobyard.origin, 'mutation ($id: ID!) { cancelJobs(input: { ids: [$id] }) { summary { succeeded } } }', {
      variables: { id },
    });
    expect(await cancel.end).toBe('complete');
    expect(cancel.answers).toEqual([{ data: { cancelJobs: { summary: { succeeded: 1 } } } }]);
  });

  test('steps and progress are read once for all subscribers with the same copy', async () => {
    const id = addJob(jobyard, 'kylin');
    const withSteps = 'subscription ($ids: [ID!]!) { jobsChanged(ids: $ids) { id steps { name } } }';
    const all = Array.from({ length: 20 }, () => follow(jobyard.origin, withSteps, { variables: { ids: [id] } }));
    await passTime(0, () => all.every(({ answers }) => answers.length === 1));
    for (const { answers } of all) expect(answers[0]).toEqual(all[0]?.answers[0]);
    expect(all[0]?.answers[0]?.data.jobsChanged.steps.length).toBeGreaterThan(0);
    expect(jobyard.sandboxes.kylin.requests.count('GET', '/detail')).toBe(1);
  });

  test.each([
    ['no ids', [], 'ids: expected 1 to 500 ids, got none.'],
    ['too many ids', Array(501).fill('kylin:1'), 'ids: expected 1 to 500 ids, got 501. Split them over several requests.'],
    ['what is no id', ['nonsense'], 'ids: "nonsense" is not a job ID: expected systemId:vendorId.'],
    ['an unknown system', ['nowhere:1'], 'ids: System "nowhere" not found, or access denied.'],
  ])('%s is a clear error', async (_what, ids, message) => {
    const { answers, end } = follow(jobyard.origin, jobsChanged, { variables: { ids } });
    const error = { message, extensions: { code: 'BAD_USER_INPUT' } };
    const how = await end;
    expect(how === 'complete' ? answers[0]?.errors?.[0] : (how.error as unknown[])[0]).toMatchObject(error);
  });
});

test('a Vault that is read by REST is read once in ten seconds, for any number of watchers', async () => {
  const byRest = await startWithSandboxes({ jobs: 0, clock, change: readOneByOne });
  onTestFinished(() => byRest.close());
  const passTime = (stepMs: number, isThere: () => boolean): Promise<void> => passTimeOf(byRest, clock, stepMs, isThere);
  const vault = byRest.sandboxes['veeva-vault'];
  const id = addJob(byRest, 'veeva-vault');
  const all = Array.from({ length: 50 }, (_, index) =>
    Object.values(transports)[index % 2]?.(byRest.origin, jobsChanged, { variables: { ids: [id] } }),
  );
  // A new subscription waits 250 ms for copies from other replicas.
  await passTime(50, () => all.every((following) => following?.answers.length === 1));
  vault.requests.clear();
  const startMs = clock.nowMs();
  await passTime(1_000, () => clock.nowMs() - startMs >= 60_000);
  const reads = vault.requests.all().filter(({ target }) => target.endsWith(`/services/jobs/${id.slice('veeva-vault:'.length)}`));
  // Reads after 10, 25, 40, and 55 seconds: the job doesn't change.
  expect(reads).toHaveLength(4);
  vault.state.changeJob(Number(id.slice('veeva-vault:'.length)), { status: 'RUNNING' });
  await passTime(1_000, () => all.every((following) => following?.answers.length === 2));
  for (const following of all) expect(following?.answers[1]?.data.jobsChanged).toMatchObject({ status: 'RUNNING', problem: null });
});

test('1,000 watchers of one job are the polling of one', async () => {
  const { kinetica } = jobyard.sandboxes;
  const pollsBy = async (watchers: number): Promise<number> => {
    const id = addJob(jobyard, 'kinetica');
    const all = Array.from({ length: watchers }, () => transports.websocket(jobyard.origin, jobsChanged, { variables: { ids: [id] } }));
    await passTime(0, () => all.every(({ answers }) => answers.length === 1));
    kinetica.requests.clear();
    const startMs = clock.nowMs();
    await passTime(250, () => clock.nowMs() - startMs >= 20_000);
    const polls = kinetica.requests.count();
    kinetica.state.changeJob(id.slice('kinetica:'.length), { status: 'DONE' });
    await passTime(250, () => all.every(({ answers }) => answers.length === 2));
    for (const { end } of all) expect(await end).toBe('complete');
    return polls;
  };
  const one = await pollsBy(1);
  expect(one).toBeGreaterThan(3);
  expect(await pollsBy(1_000)).toBe(one);
});

test('a subscription over plain HTTP gets an error that explains how to send it', async () => {
  const { data, errors } = await jobyard.query(jobsChanged, { ids: ['kylin:1'] });
  expect(data).toBeUndefined();
  expect(errors).toMatchObject([
    {
      message:
        'Subscriptions require a stream: send the header "accept: text/event-stream", or use WebSocket (graphql-transport-ws) at the same URL.',
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    },
  ]);
});

test('a client that accepts JSON and event streams gets a query as JSON and a subscription as events', async () => {
  const accept = 'application/graphql-response+json, application/json, text/event-stream, multipart/mixed';
  const ids = [addEndedJob(jobyard, 'kinetica')];
  const ask = (query: string) =>
    fetch(`${jobyard.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify({ query, variables: { ids } }),
    });
  const query = await ask('query ($ids: [ID!]!) { jobsByIds(ids: $ids) { __typename } }');
  expect(query.headers.get('content-type')).toContain('json');
  expect(await query.json()).toEqual({ data: { jobsByIds: [{ __typename: 'Job' }] } });
  const subscription = ask(jobsChanged);
  await clock.advance(0);
  const response = await subscription;
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const text = response.text();
  await clock.advance(1_000);
  expect(await text).toMatch(/^:\n\nevent: next\ndata: \{"data":\{"jobsChanged":.*\n\nevent: complete\ndata: ?\n\n$/);
});

test('an EventSource, which can only GET, gets a subscription and nothing else', async () => {
  const get = (query: string, variables = {}) =>
    fetch(`${jobyard.origin}/graphql?${new URLSearchParams({ query, variables: JSON.stringify(variables) })}`, {
      headers: { accept: 'text/event-stream' },
    });
  const response = await get(jobsChanged, { ids: [addEndedJob(jobyard, 'kinetica')] });
  expect(response.status).toBe(200);
  const text = response.text();
  await clock.advance(1_000);
  expect(await text).toContain('"status":"SUCCEEDED"');
  const before = jobyard.sandboxes.kinetica.requests.count();
  const id = addJob(jobyard, 'kinetica');
  for (const query of [
    `mutation { cancelJobs(input: { ids: ["${id}"] }) { summary { succeeded } } }`,
    `{ job(id: "${id}") { __typename } }`,
  ]) {
    const refused = await get(query);
    expect(refused.status).toBeGreaterThanOrEqual(400);
    await refused.text();
  }
  expect(jobyard.sandboxes.kinetica.requests.count()).toBe(before);
});
