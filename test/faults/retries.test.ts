import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createPolicies } from '../../src/transport/policy.ts';
import { addJob, cancel, countActions, countRequests, failAction, failReads } from '../end-to-end/jobs.ts';
import { type SystemName, startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';

const readByIds = 'query ($ids: [ID!]!) { jobsByIds(ids: $ids) { __typename ... on JobError { code retryAfterSeconds } } }';

async function start(concurrency?: number): Promise<WithSandboxes> {
  const jobyard = await startWithSandboxes({ jobs: 0, change: (config) => ({ ...config, ...(concurrency && { concurrency }) }) });
  onTestFinished(() => jobyard.close());
  await jobyard.query('{ jobSystems { health { status } } }');
  for (const system of systemNames) jobyard.sandboxes[system].requests.clear();
  return jobyard;
}

async function read(jobyard: WithSandboxes, ids: string[]): Promise<{ __typename: string; code?: string; retryAfterSeconds?: number }[]> {
  return (await jobyard.query(readByIds, { ids })).data.jobsByIds;
}

function addJobs(jobyard: WithSandboxes, system: SystemName, count: number): string[] {
  return Array.from({ length: count }, () => addJob(jobyard, system));
}

describe('only reads are retried', () => {
  test.each(systemNames)('%s: a read at most twice, an action never', async (system) => {
    const jobyard = await start();
    failReads(jobyard, system, { kind: 'reset', applied: false });
    const ids = addJobs(jobyard, system, 1);
    expect(await read(jobyard, ids)).toMatchObject([{ __typename: 'SystemUnavailable' }]);
    expect(countRequests(jobyard, system)).toBe(3);

    const { faults, requests } = jobyard.sandboxes[system];
    faults.clear();
    requests.clear();
    failAction(jobyard, system, { kind: 'reset', applied: true }, 'always');
    expect((await cancel(jobyard, ids)).summary.succeeded).toBe(1);
    expect(countActions(jobyard, system)).toBe(1);
  });
});

describe('the time between attempts', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  const options = { concurrency: 1, maxQueuedPerCaller: 1, breakAfterFailures: 10, breakForMs: 5_000, maxRetries: 2, retryBudget: 20 };

  /** When each try was made, in milliseconds after the first. */
  async function timesOfTries(afterMs: number | null): Promise<number[]> {
    const { repeated } = createPolicies<string>(
      options,
      () => true,
      () => ({ afterMs }),
    );
    const startedAtMs = Date.now();
    const times: number[] = [];
    const request = { caller: 'test', purpose: 'read', signal: new AbortController().signal } as const;
    const outcome = repeated(async () => {
      times.push(Date.now() - startedAtMs);
      return 'failed';
    }, request);
    await vi.runAllTimersAsync();
    await outcome;
    return times;
  }

  test.each([
    [0, [0, 0, 0]],
    [0.5, [0, 50, 150]],
    [0.99, [0, 99, 297]],
  ])('is random up to 100 ms, then 200 ms: at %d of it, %j', async (chance, times) => {
    vi.spyOn(Math, 'random').mockReturnValue(chance);
    expect(await timesOfTries(null)).toEqual(times);
  });

  test("is never shorter than the vendor's Retry-After", async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const [, second = 0, third = 0] = await timesOfTries(1000);
    expect(second).toBeGreaterThan(1000);
    expect(third - second).toBeGreaterThan(1000);
  });
});

describe('the retry budget prevents a storm', () => {
  test('200 reads with the response 500 are retried 20 times in total', async () => {
    const jobyard = await start();
    failReads(jobyard, 'aodocs', { kind: 'answer', status: 500, applied: false });
    const results = await read(jobyard, addJobs(jobyard, 'aodocs', 200));
    expect(results.every(({ code }) => code === 'SYSTEM_UNAVAILABLE')).toBe(true);
    expect(countRequests(jobyard, 'aodocs')).toBeGreaterThan(200);
    // Tries that were decided at the same moment may go beyond the budget: one for each that runs at that time.
    expect(countRequests(jobyard, 'aodocs')).toBeLessThanOrEqual(200 + 20 + 4);
  });

  test('successful reads earn retries', async () => {
    const jobyard = await start();
    const { aodocs } = jobyard.sandboxes;
    failReads(jobyard, 'aodocs', { kind: 'answer', status: 500, applied: false });
    await read(jobyard, addJobs(jobyard, 'aodocs', 30));
    aodocs.faults.clear();
    const [id = ''] = addJobs(jobyard, 'aodocs', 1);
    failReads(jobyard, 'aodocs', { kind: 'reset', applied: false }, 1);
    expect(await read(jobyard, [id])).toMatchObject([{ __typename: 'SystemUnavailable' }]);

    await read(jobyard, addJobs(jobyard, 'aodocs', 60));
    failReads(jobyard, 'aodocs', { kind: 'reset', applied: false }, 1);
    expect(await read(jobyard, [id])).toMatchObject([{ __typename: 'Job' }]);
  });

  test("200 reads of a system that resets every connection open the breaker, and the rest isn't sent", async () => {
    const jobyard = await start();
    failReads(jobyard, 'aodocs', { kind: 'reset', applied: false });
    const results = await read(jobyard, addJobs(jobyard, 'aodocs', 200));
    expect(results.every(({ code }) => code === 'SYSTEM_UNAVAILABLE')).toBe(true);
    // Ten failures in a row, and those that were under way then.
    expect(countRequests(jobyard, 'aodocs')).toBeGreaterThanOrEqual(10);
    expect(countRequests(jobyard, 'aodocs')).toBeLessThanOrEqual(10 + 4);
  });
});

describe('Retry-After', () => {
  const patience = (seconds: number) =>
    ({ kind: 'answer', status: 429, headers: { 'retry-after': String(seconds) }, applied: false }) as const;

  test.each(systemNames)('%s: nothing reaches the system before that time, and then the read is retried', async (system) => {
    const jobyard = await start(1);
    const { requests } = jobyard.sandboxes[system];
    const arrivals: number[] = [];
    const { add } = requests;
    requests.add = (request) => {
      arrivals.push(Date.now());
      add(request);
    };
    failReads(jobyard, system, patience(1), 1);
    expect(await read(jobyard, addJobs(jobyard, system, 1))).toMatchObject([{ __typename: 'Job' }]);
    expect(arrivals).toHaveLength(2);
    const [first = 0, second = 0] = arrivals;
    expect(second - first).toBeGreaterThanOrEqual(1000);
  });

  test('blocks the reads and actions that waited for a place when it arrived', async () => {
    const jobyard = await start(1);
    const { aodocs } = jobyard.sandboxes;
    failReads(jobyard, 'aodocs', { kind: 'slow', ms: 300 }, 1);
    failAction(jobyard, 'aodocs', patience(60));
    const [slow = '', refused = '', waiting = '', cancelled = ''] = addJobs(jobyard, 'aodocs', 4);
    const reads = [read(jobyard, [slow])];
    await expect.poll(() => aodocs.requests.count()).toBe(1);
    reads.push(read(jobyard, [waiting]));
    const actions = [cancel(jobyard, [refused]), cancel(jobyard, [cancelled])];
    const throttled = { __typename: 'SystemUnavailable', code: 'RATE_LIMITED' };
    expect((await Promise.all(reads)).flat()).toMatchObject([{ __typename: 'Job' }, throttled]);
    expect((await Promise.all(actions)).flatMap(({ results }) => results)).toMatchObject([throttled, throttled]);
    expect(aodocs.requests.count()).toBe(2);
  });
});
