import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { accessFor, as } from '../access/callers.ts';
import { addJob, failReads } from '../end-to-end/jobs.ts';
import { startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import { followOverWebSocket, transports } from './clients.ts';

const fields = `id breaker { state changedAt nextAttemptAt } credentials { status provenAt rejectedAt nextAttemptAt }
  traffic { inFlight concurrency waiting pauseEndsAt requestsLastMinute latencyP50Ms latencyP95Ms blockedLastMinute { reason count } }`;
const jobSystemsChanged = `subscription ($ids: [ID!]) { jobSystemsChanged(ids: $ids) { ${fields} } }`;

let jobyard: WithSandboxes;
beforeAll(async () => {
  const access = accessFor({ all: ['jobs:read', 'systems:read'], kylinOnly: ['systems:read@kylin'], reader: ['jobs:read'] });
  jobyard = await startWithSandboxes({ jobs: 3, access });
});
afterAll(() => jobyard.close());
beforeEach(() => {
  for (const sandbox of Object.values(jobyard.sandboxes)) sandbox.faults.clear();
});

// biome-ignore lint/suspicious/noExplicitAny: the shape of the selection
type Shown = any;

async function readSystem(id: string): Promise<Shown> {
  const { data, errors } = await jobyard.query(`query ($id: ID!) { jobSystem(id: $id) { ${fields} } }`, { id }, as('all'));
  expect(errors).toBeUndefined();
  return data.jobSystem;
}

async function readJob(id: string): Promise<string> {
  const { data } = await jobyard.query('query ($id: ID!) { job(id: $id) { __typename ... on JobError { code } } }', { id }, as('all'));
  return data.job.code ?? data.job.__typename;
}

describe('a system has', () => {
  test('its traffic, and credentials that a response has proven', async () => {
    const startedAtMs = Date.now();
    expect(await readJob(addJob(jobyard, 'kinetica'))).toBe('Job');
    const { breaker, credentials, traffic } = await readSystem('kinetica');
    expect(breaker).toEqual({ state: 'CLOSED', changedAt: expect.any(String), nextAttemptAt: null });
    expect(credentials).toEqual({ status: 'OK', provenAt: expect.any(String), rejectedAt: null, nextAttemptAt: null });
    expect(Date.parse(credentials.provenAt)).toBeGreaterThanOrEqual(startedAtMs);
    expect(traffic).toMatchObject({ inFlight: 0, waiting: 0, pauseEndsAt: null, blockedLastMinute: [] });
    expect(traffic.concurrency).toBeGreaterThan(0);
    expect(traffic.requestsLastMinute).toBeGreaterThan(0);
    expect(traffic.latencyP95Ms).toBeGreaterThanOrEqual(traffic.latencyP50Ms);
  });

  test('requests in flight, and waiting ones', async () => {
    const id = addJob(jobyard, 'kinetica');
    const { concurrency } = (await readSystem('kinetica')).traffic;
    failReads(jobyard, 'kinetica', { kind: 'hang', applied: false });
    const ids = [id, ...Array.from({ length: concurrency + 1 }, () => addJob(jobyard, 'kinetica'))];
    const stop = new AbortController();
    const reads = ids.map((each) =>
      fetch(`${jobyard.origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...as('all') },
        body: JSON.stringify({ query: 'query ($id: ID!) { job(id: $id) { __typename } }', variables: { id: each } }),
        signal: stop.signal,
      }).catch(() => null),
    );
    const readTraffic = async (): Promise<Shown> => {
      const query = '{ jobSystem(id: "kinetica") { traffic { inFlight waiting } } }';
      return (await jobyard.query(query, {}, as('all'))).data.jobSystem.traffic;
    };
    await expect.poll(readTraffic, { timeout: 10_000 }).toEqual({ inFlight: concurrency, waiting: 2 });
    stop.abort();
    await Promise.all(reads);
    await expect.poll(readTraffic, { timeout: 10_000 }).toEqual({ inFlight: 0, waiting: 0 });
  });

  test('the pause that the vendor requested, and what is blocked until then', async () => {
    const id = addJob(jobyard, 'aodocs');
    failReads(jobyard, 'aodocs', { kind: 'answer', status: 429, applied: false, headers: { 'retry-after': '60' } }, 1);
    expect(await readJob(id)).toBe('RATE_LIMITED');
    expect(await readJob(id)).toBe('RATE_LIMITED');
    const { traffic } = await readSystem('aodocs');
    expect(Date.parse(traffic.pauseEndsAt)).toBeGreaterThan(Date.now() + 50_000);
    expect(traffic.blockedLastMinute).toEqual([{ reason: 'VENDOR_THROTTLING', count: expect.any(Number) }]);
  });

  test('rejected credentials, with the next attempt, and says since when they had worked', async () => {
    const own = await startWithSandboxes({ jobs: 1, systems: ['kinetica'] });
    onTestFinished(() => own.close());
    const read = async (): Promise<Shown> => (await own.query(`{ jobSystem(id: "kinetica") { ${fields} } }`)).data.jobSystem.credentials;
    const readJob = () => own.query('query ($id: ID!) { job(id: $id) { __typename } }', { id: addJob(own, 'kinetica') });
    expect(await read()).toEqual({ status: 'UNKNOWN', provenAt: null, rejectedAt: null, nextAttemptAt: null });
    await readJob();
    const { provenAt } = await read();
    failReads(own, 'kinetica', { kind: 'answer', status: 401, applied: false });
    await readJob();
    const credentials = await read();
    expect(credentials).toMatchObject({ status: 'EXPIRED', provenAt });
    expect(Date.parse(credentials.nextAttemptAt) - Date.parse(credentials.rejectedAt)).toBe(300_000);
  });
});

describe.each(Object.entries(transports))('over %s', (_transport, follow) => {
  test('sends each system, then one whose breaker opens and closes', async () => {
    const id = addJob(jobyard, 'kylin');
    const { answers } = follow(jobyard.origin, jobSystemsChanged, { headers: as('all') });
    const systems = () => new Set(answers.map(({ data }) => data.jobSystemsChanged.id));
    const states = (): string[] =>
      answers
        .map(({ data }) => data.jobSystemsChanged)
        .filter((system: Shown) => system.id === 'kylin')
        .map(({ breaker }: Shown) => breaker.state);
    await expect.poll(systems, { timeout: 20_000 }).toEqual(new Set(systemNames));
    expect(new Set(states())).toEqual(new Set(['CLOSED']));
    jobyard.sandboxes.kylin.faults.add({ fault: { kind: 'reset', applied: false }, times: 'always' });
    for (let each = 0; each < 12; each += 1) await readJob(id);
    await expect.poll(() => states().at(-1), { timeout: 20_000 }).toBe('OPEN');
    const open = answers.map(({ data }) => data.jobSystemsChanged).find(({ breaker }: Shown) => breaker.state === 'OPEN');
    expect(Date.parse(open.breaker.nextAttemptAt) - Date.parse(open.breaker.changedAt)).toBe(5_000);
    jobyard.sandboxes.kylin.faults.clear();
    await expect.poll(() => readJob(id), { timeout: 30_000 }).toBe('Job');
    await expect.poll(() => states().at(-1), { timeout: 20_000 }).toBe('CLOSED');
  });
});

describe('jobSystemsChanged', () => {
  test('sends only systems that the caller can see, and rejects others', async () => {
    const own = followOverWebSocket(jobyard.origin, jobSystemsChanged, { headers: as('kylinOnly') });
    expect((await own.answer(1)).data.jobSystemsChanged.id).toBe('kylin');
    const other = followOverWebSocket(jobyard.origin, jobSystemsChanged, { headers: as('kylinOnly'), variables: { ids: ['kinetica'] } });
    expect(await other.end).toMatchObject({ error: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
    const none = followOverWebSocket(jobyard.origin, jobSystemsChanged, { headers: as('reader') });
    expect(JSON.stringify([await none.end, none.answers])).toContain('FORBIDDEN');
    expect(own.answers.map(({ data }) => data.jobSystemsChanged.id)).not.toContain('kinetica');
  });

  test('counts each system as a watched job of its caller, until it ends', async () => {
    const access = accessFor({ all: ['systems:read'], other: ['systems:read'] });
    const own = await startWithSandboxes({ jobs: 1, systems: ['kinetica', 'kylin'], access, limits: { maxWatchedJobsPerCaller: 3 } });
    onTestFinished(() => own.close());
    const follow = (caller: string) => followOverWebSocket(own.origin, jobSystemsChanged, { headers: as(caller) });
    const first = follow('all');
    await first.answer(1);
    const second = follow('all');
    expect(await second.end).toMatchObject({ error: [{ extensions: { code: 'RATE_LIMITED' } }] });
    await follow('other').answer(1);
    first.stop();
    const isAccepted = async (): Promise<boolean> => {
      const { answer } = follow('all');
      return answer(1).then(
        () => true,
        () => false,
      );
    };
    await expect.poll(isAccepted, { timeout: 20_000 }).toBe(true);
  });
});
