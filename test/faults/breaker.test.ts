import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { addJob, cancel, countRequests, failReads } from '../end-to-end/jobs.ts';
import { type SystemName, startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import { post } from './abandonable.ts';

// Only the date is faked: the breaker, the health, and the vendor's pauses depend on it, and nothing else here does.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

async function start(): Promise<WithSandboxes> {
  const jobyard = await startWithSandboxes({ jobs: 0 });
  onTestFinished(() => jobyard.close());
  return jobyard;
}

async function healthOf(jobyard: WithSandboxes, system: SystemName) {
  const { data } = await jobyard.query('{ jobSystems { id health { status problem { code message } } } }');
  return data.jobSystems.find(({ id }: { id: string }) => id === system).health;
}

async function read(jobyard: WithSandboxes, system: SystemName, count = 1): Promise<string[]> {
  const ids = Array.from({ length: count }, () => addJob(jobyard, system));
  const { data } = await jobyard.query('query ($ids: [ID!]!) { jobsByIds(ids: $ids) { __typename } }', { ids });
  return data.jobsByIds.map(({ __typename }: { __typename: string }) => __typename);
}

/** Reads until nothing reaches the system any more. */
async function open(jobyard: WithSandboxes, system: SystemName): Promise<void> {
  for (let tries = 0, last = -1; countRequests(jobyard, system) > last; tries += 1) {
    expect(tries).toBeLessThan(12);
    last = countRequests(jobyard, system);
    expect(await read(jobyard, system)).toEqual(['SystemUnavailable']);
  }
}

test.each(systemNames)(
  '%s: opens after failures, shows in its health at once, tries with one request, closes when that succeeds',
  async (system) => {
    const jobyard = await start();
    expect(await healthOf(jobyard, system)).toMatchObject({ status: 'UP', problem: null });
    const { faults, requests } = jobyard.sandboxes[system];
    failReads(jobyard, system, { kind: 'reset', applied: false });
    await open(jobyard, system);

    // Although the last check, when it was UP, is not 10 seconds old.
    const opened = {
      status: 'DOWN',
      problem: { code: 'SYSTEM_UNAVAILABLE', message: expect.stringContaining('requests in a row failed') },
    };
    requests.clear();
    expect(await healthOf(jobyard, system)).toMatchObject(opened);
    expect((await cancel(jobyard, [addJob(jobyard, system)])).results).toMatchObject([
      { __typename: 'SystemUnavailable', code: 'SYSTEM_UNAVAILABLE', retryable: true, retryAfterSeconds: 5 },
    ]);
    expect(requests.count()).toBe(0);
    for (const other of systemNames) if (other !== system) expect(await read(jobyard, other)).toEqual(['Job']);

    vi.setSystemTime(Date.now() + 5_001);
    expect(await read(jobyard, system, 8)).toEqual(Array.from({ length: 8 }, () => 'SystemUnavailable'));
    expect(requests.count()).toBe(1);
    expect(await healthOf(jobyard, system)).toMatchObject(opened);

    faults.clear();
    requests.clear();
    expect(await read(jobyard, system)).toEqual(['SystemUnavailable']);
    expect(requests.count()).toBe(0);
    vi.setSystemTime(Date.now() + 5_001);
    expect(await read(jobyard, system, 3)).toEqual(['Job', 'Job', 'Job']);
    expect(await healthOf(jobyard, system)).toMatchObject({ status: 'UP', problem: null });
  },
);

test("disconnected callers don't count for or against a system", async () => {
  const jobyard = await start();
  const { kylin } = jobyard.sandboxes;
  await read(jobyard, 'kylin');
  kylin.faults.add({ fault: { kind: 'hang', applied: false }, times: 'always' });
  for (let each = 0; each < 12; each += 1) {
    kylin.requests.clear();
    const { leave } = post(jobyard, 'query ($ids: [ID!]!) { jobsByIds(ids: $ids) { __typename } }', [addJob(jobyard, 'kylin')]);
    await expect.poll(() => kylin.requests.count()).toBe(1);
    await leave();
  }
  kylin.faults.clear();
  expect(await read(jobyard, 'kylin')).toEqual(['Job']);
});
