import { readFile } from 'node:fs/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { accessFor, as } from '../access/callers.ts';
import { addJob, countActions, countRequests, failAction, unknownIds } from '../end-to-end/jobs.ts';
import { followOverEventStream, followOverWebSocket } from '../live/clients.ts';
import { type StartOptions, startWithSandboxes, type WithSandboxes } from '../start.ts';

const operator = ['jobs:read', 'jobs:cancel', 'jobs:operate', 'systems:read'];
const cancelThem = `mutation ($ids: [ID!]!, $dryRun: Boolean = false, $key: String) {
  cancelJobs(input: { ids: $ids, dryRun: $dryRun, idempotencyKey: $key }) { summary { requested succeeded } results { __typename } }
}`;

async function start(options: StartOptions = {}): Promise<WithSandboxes> {
  const access = accessFor({ ann: operator, bob: operator, reader: ['jobs:read'] });
  const jobyard = await startWithSandboxes({ jobs: 0, access, ...options });
  onTestFinished(() => jobyard.close());
  return jobyard;
}

async function post(jobyard: WithSandboxes, caller: string, variables: Record<string, unknown>, query = cancelThem) {
  const response = await fetch(`${jobyard.origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...as(caller) },
    body: JSON.stringify({ query, variables }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: an answer has the shape of whatever was asked for
  const answer = (await response.json()) as any;
  return { status: response.status, retryAfter: response.headers.get('retry-after'), ...answer };
}

const refusedFor = (seconds: unknown) => ({
  errors: [
    { message: expect.stringContaining('No action was performed'), extensions: { code: 'RATE_LIMITED', retryAfterSeconds: seconds } },
  ],
});

describe('jobs per minute', () => {
  const limits = { jobsPerMinute: 10 };

  test('are counted by job and caller, including rejected and invalid requests and dry runs', async () => {
    const jobyard = await start({ limits });
    const id = addJob(jobyard, 'aodocs');
    expect(await post(jobyard, 'ann', { ids: Array(4).fill(unknownIds.aodocs), dryRun: true })).toMatchObject({ status: 200 });
    const invalid = `mutation ($ids: [ID!]!) { cancelJobs(input: { ids: $ids, idempotencyKey: "" }) { summary { requested } } }`;
    expect(await post(jobyard, 'ann', { ids: Array(3).fill('nonsense') }, invalid)).toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
    const asked = countRequests(jobyard, 'aodocs');
    const refused = await post(jobyard, 'ann', { ids: Array(4).fill(id) });
    expect(refused).toMatchObject({ status: 429, retryAfter: expect.stringMatching(/^\d+$/), ...refusedFor(expect.any(Number)) });
    expect(Number(refused.retryAfter)).toBeGreaterThan(30);
    expect(refused.data).toBeUndefined();
    expect(countRequests(jobyard, 'aodocs')).toBe(asked);
    expect((await post(jobyard, 'bob', { ids: [id] })).data.cancelJobs.summary.succeeded).toBe(1);
    expect(await post(jobyard, 'reader', { ids: Array(6).fill(id) })).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    expect(await post(jobyard, 'reader', { ids: Array(6).fill(id) })).toMatchObject({ status: 429 });
  });

  test('count the jobs of all fields and default values, and reject the operation before its first field', async () => {
    const jobyard = await start({ limits });
    const id = addJob(jobyard, 'aodocs');
    const ids = JSON.stringify(Array(6).fill(id));
    const fields = `first: cancelJobs(input: { ids: $ids }) { summary { requested } } ...Second`;
    const query = `mutation ($ids: [ID!]! = ${ids}) { ${fields} } fragment Second on Mutation { cancelJobs(input: { ids: ${ids} }) { summary { requested } } }`;
    expect(await post(jobyard, 'ann', {}, query)).toMatchObject({ status: 429 });
    expect(countActions(jobyard, 'aodocs')).toBe(0);
    expect(await readFile(jobyard.auditFile, 'utf8')).toBe('');
  });

  test('are reported as data over a WebSocket and an event stream', async () => {
    const jobyard = await start({ limits });
    const options = { variables: { ids: Array(11).fill('aodocs:x') }, headers: as('ann') };
    const overSocket = (await followOverWebSocket(jobyard.origin, cancelThem, options).end) as { error: unknown };
    expect(overSocket.error).toMatchObject([{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) } }]);
    const overStream = await followOverEventStream(jobyard.origin, cancelThem, options).answer(1);
    expect(overStream).toMatchObject(refusedFor(expect.any(Number)));
  });
});

describe('actions in flight', () => {
  test('wait for their turn above the limit', async () => {
    const jobyard = await start({ limits: { maxActionsInFlightPerCaller: 2 } });
    failAction(jobyard, 'aodocs', { kind: 'slow', ms: 200 }, 'always');
    const requests = Array.from({ length: 4 }, () => [addJob(jobyard, 'aodocs'), addJob(jobyard, 'aodocs')]);
    const answers = await Promise.all(requests.map((ids) => post(jobyard, 'ann', { ids })));
    expect(answers.map(({ status, data }) => [status, data.cancelJobs.summary.succeeded])).toEqual(Array(4).fill([200, 2]));
  });

  test('are rejected as a whole if there is no room in time, and their idempotency key stays free', async () => {
    const jobyard = await start({ deadlineMs: 2_000, limits: { maxActionsInFlight: 2 } });
    const hanging = [addJob(jobyard, 'kylin'), addJob(jobyard, 'kylin')];
    jobyard.sandboxes.kylin.faults.add({ fault: { kind: 'hang', applied: false }, times: 'always' });
    const first = post(jobyard, 'ann', { ids: hanging });
    await expect.poll(() => countRequests(jobyard, 'kylin')).toBeGreaterThan(0);
    const id = addJob(jobyard, 'aodocs');
    const refused = await post(jobyard, 'bob', { ids: [id], key: 'k' });
    expect(refused).toMatchObject({ status: 429, retryAfter: '5', ...refusedFor(5) });
    expect(countRequests(jobyard, 'aodocs')).toBe(0);
    expect(await readFile(jobyard.auditFile, 'utf8')).not.toContain(id);
    await first;
    jobyard.sandboxes.kylin.faults.clear();
    expect(await post(jobyard, 'bob', { ids: [id] })).toMatchObject({ status: 200, data: { cancelJobs: { summary: { succeeded: 1 } } } });
  });

  test('are released by every operation, however it ends', async () => {
    const jobyard = await start({ deadlineMs: 2_000, limits: { maxActionsInFlight: 1, maxCost: 1_000 } });
    const id = addJob(jobyard, 'aodocs');
    const ends = [
      { ids: [id] },
      { ids: ['nonsense'] },
      // Too costly: rejected by another check.
      { ids: Array(2_000).fill(id) },
      { ids: [{}] },
      { ids: [] },
    ];
    for (const variables of ends) await post(jobyard, 'ann', variables);
    await post(jobyard, 'reader', { ids: [id] });
    expect(await post(jobyard, 'ann', { ids: [id] })).toMatchObject({ status: 200 });
  });
});
