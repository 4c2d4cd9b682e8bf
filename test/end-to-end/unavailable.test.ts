import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { secretsOf } from '../configure-systems.ts';
import { findFreePorts } from '../processes.ts';
import { type StartOptions, type SystemName, startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import { addJob, cancel, countActions, countRequests, failAction, failReads } from './jobs.ts';

let jobyard: WithSandboxes;
afterEach(() => jobyard.close());

/** One job of each system, and how reading them all went. */
async function readOneOfEach() {
  const ids = systemNames.map((system) => addJob(jobyard, system));
  const { data, errors } = await jobyard.query(
    `query ($ids: [ID!]!) {
      jobsByIds(ids: $ids) {
        __typename
        ... on Job { id status }
        ... on JobError { jobId code message retryable retryAfterSeconds }
        ... on SystemUnavailable { system { id } }
      }
    }`,
    { ids },
  );
  expect(errors).toBeUndefined();
  return Object.fromEntries(systemNames.map((system, index) => [system, data.jobsByIds[index]]));
}

/** The others were read as if nothing had happened. */
function expectOthersRead(results: Record<string, { __typename: string }>, system: SystemName): void {
  for (const other of systemNames) if (other !== system) expect(results[other]).toMatchObject({ __typename: 'Job' });
}

/** Starts with one system changed. */
async function startWith(system: SystemName, changed: Partial<Parameters<NonNullable<StartOptions['change']>>[0]>): Promise<void> {
  jobyard = await startWithSandboxes({ jobs: 0, change: (config) => (config.id === system ? { ...config, ...changed } : config) });
}

describe.each(systemNames)('%s', (system) => {
  test('that refuses connections: SystemUnavailable for reads and cancels; the other systems still work', async () => {
    const port = await findFreePorts(1);
    await startWith(system, { url: `http://127.0.0.1:${port}` });
    const results = await readOneOfEach();
    const refused = {
      __typename: 'SystemUnavailable',
      code: 'SYSTEM_UNAVAILABLE',
      message: `${system} can't be reached: the connection was refused (ECONNREFUSED).`,
      retryable: true,
      system: { id: system },
    };
    expect(results[system]).toMatchObject(refused);
    expectOthersRead(results, system);

    const { results: cancelled, summary } = await cancel(
      jobyard,
      systemNames.map((name) => addJob(jobyard, name)),
    );
    expect(cancelled[systemNames.indexOf(system)]).toMatchObject(refused);
    expect(summary).toEqual({ requested: systemNames.length, succeeded: systemNames.length - 1, failed: 1, unknown: 0 });
    expect(countActions(jobyard, system)).toBe(0);
  });

  test('that is too slow: TIMED_OUT at the timeout; the other systems still work', async () => {
    await startWith(system, { timeoutMs: 300 });
    failReads(jobyard, system, { kind: 'slow', ms: 60_000 });
    const startedAtMs = performance.now();
    const results = await readOneOfEach();
    expect(performance.now() - startedAtMs).toBeLessThan(5000);
    expect(results[system]).toMatchObject({
      __typename: 'SystemUnavailable',
      code: 'TIMED_OUT',
      message: `${system} didn't respond within 0.3 seconds (timeoutMs).`,
      retryable: true,
    });
    expectOthersRead(results, system);
  });

  test.each([
    ['a page of a proxy', { kind: 'answer', status: 200, body: '<html>welcome</html>', applied: false }],
    ['JSON of another kind', { kind: 'answer', status: 200, body: '[1]', headers: { 'content-type': 'application/json' }, applied: false }],
    [
      'brackets alone',
      { kind: 'answer', status: 200, body: '['.repeat(99_000), headers: { 'content-type': 'application/json' }, applied: false },
    ],
    ['nothing at all', { kind: 'empty' }],
    ['more than its maxResponseBytes', { kind: 'flood', bytes: 200_000 }],
  ] as const)('that answers with %s: INVALID_VENDOR_RESPONSE; the other systems still respond', async (_what, fault) => {
    await startWith(system, { maxResponseBytes: 100_000 });
    failReads(jobyard, system, fault);
    const results = await readOneOfEach();
    expect(results[system]).toMatchObject({ __typename: 'SystemUnavailable', code: 'INVALID_VENDOR_RESPONSE', retryable: false });
    expect(results[system].message).not.toContain('welcome');
    expectOthersRead(results, system);
  });

  test.each([
    ['resets the connection', { kind: 'reset', applied: false }, 'SystemUnavailable', 'SYSTEM_UNAVAILABLE', null],
    ['breaks off in the middle', { kind: 'truncate' }, 'SystemUnavailable', 'SYSTEM_UNAVAILABLE', null],
    ['answers 503', { kind: 'answer', status: 503, applied: false }, 'SystemUnavailable', 'SYSTEM_UNAVAILABLE', null],
    [
      'asks for patience',
      { kind: 'answer', status: 429, headers: { 'retry-after': '60' }, applied: false },
      'SystemUnavailable',
      'RATE_LIMITED',
      60,
    ],
    ['denies access', { kind: 'answer', status: 403, applied: false }, 'AccessDenied', 'ACCESS_DENIED', null],
  ] as const)('that %s: the specific code; the other systems still respond', async (_what, fault, member, code, retryAfterSeconds) => {
    await startWith(system, {});
    failReads(jobyard, system, fault);
    const results = await readOneOfEach();
    expect(results[system]).toMatchObject({ __typename: member, code, retryAfterSeconds });
    expectOthersRead(results, system);
  });

  test('that fails transiently is read nevertheless', async () => {
    await startWith(system, {});
    failReads(jobyard, system, { kind: 'reset', applied: false }, 1);
    expect((await readOneOfEach())[system]).toMatchObject({ __typename: 'Job' });
  });

  test('that was available before: its jobs are shown as last read, stale, with the reason', async () => {
    await startWith(system, {});
    const id = addJob(jobyard, system);
    const read = async () => {
      const query = 'query ($id: ID!) { job(id: $id) { ... on Job { id status stale problem { code systemId } } } }';
      return (await jobyard.query(query, { id })).data.job;
    };
    const list = `{ jobs(filter: { systemIds: ["${system}"] }) { nodes { id status stale } } }`;
    // From a list: a read by id of a Vault job would be kept for 10 seconds anyway.
    const { data } = await jobyard.query(list);
    expect(data.jobs.nodes).toMatchObject([{ id, stale: false }]);
    failReads(jobyard, system, { kind: 'reset', applied: false });
    expect(await read()).toEqual({
      id,
      status: data.jobs.nodes[0].status,
      stale: true,
      problem: { code: 'SYSTEM_UNAVAILABLE', systemId: system },
    });
  });

  test('that rejects the credentials gets one request, then none during the cool-down', async () => {
    jobyard = await startWithSandboxes({
      jobs: 0,
      change: (config) => {
        if (config.id !== system || typeof config.settings !== 'object') return config;
        const secrets = secretsOf(system, config.settings ?? {});
        const settings = Object.entries(config.settings ?? {}).map(([key, value]) => [key, secrets.includes(value) ? 'wrong' : value]);
        return { ...config, settings: Object.fromEntries(settings) };
      },
    });
    const refused = { __typename: 'SystemUnavailable', code: 'VENDOR_AUTHENTICATION_FAILED', retryable: false };
    expect((await readOneOfEach())[system]).toMatchObject(refused);
    const { results } = await cancel(jobyard, [addJob(jobyard, system), addJob(jobyard, system)]);
    expect(results).toMatchObject([refused, refused]);
    expect(results[0].retryAfterSeconds).toBeGreaterThan(200);
    expect(countRequests(jobyard, system)).toBe(1);
  });

  test('that rejects a cancel before it acts: AccessDenied or SystemUnavailable, nothing is retried and nothing has changed', async () => {
    await startWith(system, {});
    await jobyard.query('{ jobSystems { health { status } } }');
    failAction(jobyard, system, { kind: 'answer', status: 403, applied: false });
    failAction(jobyard, system, { kind: 'answer', status: 429, headers: { 'retry-after': '60' }, applied: false });
    const [denied] = (await cancel(jobyard, [addJob(jobyard, system)])).results;
    expect(denied).toMatchObject({ __typename: 'AccessDenied', code: 'ACCESS_DENIED' });
    const [limited] = (await cancel(jobyard, [addJob(jobyard, system)])).results;
    expect(limited).toMatchObject({ __typename: 'SystemUnavailable', code: 'RATE_LIMITED', retryable: true, retryAfterSeconds: 60 });
    expect(countActions(jobyard, system)).toBe(2);
  });
});

test('reads that the deadline interrupts are TIMED_OUT, sent or not', async () => {
  jobyard = await startWithSandboxes({ jobs: 0, deadlineMs: 1000 });
  const ids = (['kylin', 'aodocs', 'veeva-vault'] as const).flatMap((system) => Array.from({ length: 30 }, () => addJob(jobyard, system)));
  for (const system of systemNames) jobyard.sandboxes[system].faults.add({ fault: { kind: 'slow', ms: 700 }, times: 'always' });
  const query = 'query ($ids: [ID!]!) { jobsByIds(ids: $ids) { __typename ... on JobError { code } } }';
  const startedAtMs = performance.now();
  const { data } = await jobyard.query(query, { ids });
  expect(performance.now() - startedAtMs).toBeLessThan(1500);
  const late = data.jobsByIds.filter(({ __typename }: { __typename: string }) => __typename !== 'Job');
  expect(late.length).toBeGreaterThan(70);
  for (const result of late) expect(result).toEqual({ __typename: 'SystemUnavailable', code: 'TIMED_OUT' });
});

test('aborts the reads when the client disconnects', async () => {
  jobyard = await startWithSandboxes({ jobs: 0 });
  const { kylin } = jobyard.sandboxes;
  const ids = Array.from({ length: 40 }, () => addJob(jobyard, 'kylin'));
  kylin.faults.add({ fault: { kind: 'slow', ms: 300 }, times: 'always' });
  const gone = new AbortController();
  onTestFinished(() => gone.abort());
  const request = fetch(`${jobyard.origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: 'query ($ids: [ID!]!) { jobsByIds(ids: $ids) { __typename } }', variables: { ids } }),
    signal: gone.signal,
  });
  await expect.poll(() => kylin.requests.count()).toBeGreaterThan(0);
  gone.abort();
  await expect(request).rejects.toThrow();
  const sent = kylin.requests.count();
  // A later request of another caller runs immediately, and is the only one that is sent.
  await jobyard.query('query ($id: ID!) { job(id: $id) { __typename } }', { id: ids[0] });
  expect(kylin.requests.count()).toBeLessThanOrEqual(sent + 5);
});
