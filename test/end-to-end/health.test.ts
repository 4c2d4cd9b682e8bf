import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { forEachSystem, startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import type { ActionFacts } from '../vendors/contract.ts';
import { subjects } from '../vendors/subjects.ts';
import { countRequests } from './jobs.ts';

let jobyard: WithSandboxes;
beforeEach(async () => {
  jobyard = await startWithSandboxes({ jobs: 3 });
});
afterEach(() => jobyard.close());

const query = '{ jobSystems { id health { status checkedAt latencyMs problem { code message systemId retryable } } } }';

async function healthOf(system: string) {
  const { data } = await jobyard.query(query);
  return data.jobSystems.find(({ id }: { id: string }) => id === system).health;
}

test('all systems are UP, with the time and latency of the check', async () => {
  const askedMs = Date.now();
  const { data, errors } = await jobyard.query(query);
  expect(errors).toBeUndefined();
  expect(data.jobSystems.map(({ id }: { id: string }) => id)).toEqual([...systemNames]);
  for (const { health } of data.jobSystems) {
    expect(health).toMatchObject({ status: 'UP', latencyMs: expect.any(Number), problem: null });
    expect(Date.parse(health.checkedAt)).toBeGreaterThanOrEqual(askedMs - 1);
  }
});

test('systems are checked at most once in 10 seconds', async () => {
  await jobyard.query(query);
  const before = systemNames.map((system) => countRequests(jobyard, system));
  await Promise.all([jobyard.query(query), jobyard.query(query)]);
  expect(systemNames.map((system) => countRequests(jobyard, system))).toEqual(before);
});

test('concurrent checks share one request', async () => {
  await Promise.all([jobyard.query(query), jobyard.query(query), jobyard.query(query)]);
  for (const system of systemNames) expect(countRequests(jobyard, system)).toBe(subjects[system].reads.requestsOfFirstCheck);
});

describe.each(systemNames)('%s', (system) => {
  test.each([
    ['does not answer', { kind: 'reset', applied: false }, 'DOWN', 'SYSTEM_UNAVAILABLE'],
    ['is broken', { kind: 'answer', status: 500, applied: false }, 'DOWN', 'SYSTEM_UNAVAILABLE'],
    ['answers with a page of a proxy', { kind: 'answer', status: 200, applied: false }, 'DOWN', 'INVALID_VENDOR_RESPONSE'],
    ['asks for patience', { kind: 'answer', status: 429, headers: { 'retry-after': '60' }, applied: false }, 'DEGRADED', 'RATE_LIMITED'],
  ] as const)('that %s is not UP, and the others are', async (_what, fault, status, code) => {
    jobyard.sandboxes[system].faults.add({ fault, times: 'always' });
    expect(await healthOf(system)).toMatchObject({ status, problem: { code, systemId: system, message: expect.stringContaining(system) } });
    for (const other of systemNames) if (other !== system) expect(await healthOf(other)).toMatchObject({ status: 'UP', problem: null });
  });
});

test('slow systems are DEGRADED', async () => {
  for (const system of systemNames) jobyard.sandboxes[system].faults.add({ fault: { kind: 'slow', ms: 2100 }, times: 'always' });
  for (const { health } of (await jobyard.query(query)).data.jobSystems)
    expect(health).toMatchObject({ status: 'DEGRADED', problem: null });
});

test("hanging systems don't respond within the check's 5 seconds", async () => {
  for (const system of systemNames) jobyard.sandboxes[system].faults.add({ fault: { kind: 'hang', applied: false }, times: 'always' });
  const startedAtMs = performance.now();
  const { data } = await jobyard.query(query);
  expect(performance.now() - startedAtMs).toBeLessThan(7000);
  for (const { health } of data.jobSystems) expect(health).toMatchObject({ status: 'DOWN', problem: { code: 'TIMED_OUT' } });
});

test('capabilities list every action of every system, without a vendor request', async () => {
  const { data } = await jobyard.query('{ jobSystems { id capabilities { action support allowedStatuses maxBatchSize asynchronous } } }');
  for (const system of systemNames) expect(countRequests(jobyard, system)).toBe(0);
  const supports = Object.fromEntries(
    data.jobSystems.map(({ id, capabilities }: { id: string; capabilities: { support: string }[] }) => [
      id,
      capabilities.map(({ support }) => support),
    ]),
  );
  const supportOf = (facts: ActionFacts | undefined) =>
    facts ? (facts.jobsPerRequest > 1 ? 'NATIVE_BATCH' : 'ONE_BY_ONE') : 'UNSUPPORTED';
  const actions = ['cancel', 'pause', 'resume', 'restart', 'start'] as const;
  expect(supports).toEqual(forEachSystem((system) => actions.map((action) => supportOf(subjects[system].actions[action]))));
  const vault = data.jobSystems.find(({ id }: { id: string }) => id === 'veeva-vault').capabilities[0];
  expect(vault).toEqual({
    action: 'CANCEL',
    support: 'NATIVE_BATCH',
    allowedStatuses: ['SCHEDULED', 'QUEUED', 'RUNNING'],
    maxBatchSize: 500,
    asynchronous: true,
  });
});

test('/readyz is about Jobyard itself: 200 with every vendor unavailable', async () => {
  for (const system of systemNames) jobyard.sandboxes[system].faults.add({ fault: { kind: 'reset', applied: false }, times: 'always' });
  await jobyard.query(query);
  expect((await fetch(`${jobyard.origin}/readyz`)).status).toBe(200);
});
