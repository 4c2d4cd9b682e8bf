import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { createSigningKey, sign, startIdentityProvider } from '../access/identity-provider.ts';
import { addJob } from '../end-to-end/jobs.ts';
import { post, runJobyard } from '../processes.ts';
import { startWithSandboxes } from '../start.ts';
import { followOverEventStream, followOverWebSocket, openRawSocket, transports } from './clients.ts';
import { createManualClock } from './manual-clock.ts';
import { passTime } from './pass-time.ts';

const rawJob = 'subscription ($ids: [ID!]!) { jobsChanged(ids: $ids) { status a: raw b: raw c: raw d: raw e: raw f: raw g: raw h: raw } }';
const changes = 60;

/** A job whose every copy is large, so that the buffers between server and client are soon full. */
async function startWithLargeJob() {
  const clock = createManualClock(Date.now());
  const jobyard = await startWithSandboxes({ jobs: 0, clock });
  onTestFinished(() => jobyard.close());
  const { kinetica } = jobyard.sandboxes;
  const vendorId = kinetica.state.addJob({ authId: 'x'.repeat(60_000), status: 'WAITING' });
  /** So many changes, of which each is seen by Jobyard. */
  const changeOften = async () => {
    for (let change = 0; change < changes; change += 1) {
      kinetica.state.changeJob(vendorId, { status: change % 2 === 0 ? 'RUNNING' : 'WAITING' });
      const before = kinetica.requests.count();
      await passTime(jobyard, clock, 500, () => kinetica.requests.count() > before);
    }
    kinetica.state.changeJob(vendorId, { status: 'DONE' });
    const before = kinetica.requests.count();
    await passTime(jobyard, clock, 500, () => kinetica.requests.count() > before);
  };
  return { jobyard, clock, ids: [`kinetica:${vendorId}`], changeOften };
}

test('a slow WebSocket client gets the latest states, not all intermediate ones', async () => {
  const { jobyard, clock, ids, changeOften } = await startWithLargeJob();
  const raw = await openRawSocket(jobyard.origin);
  await raw.next('connection_ack');
  raw.send({ type: 'subscribe', id: '1', payload: { query: rawJob, variables: { ids } } });
  await passTime(jobyard, clock, 0, () => jobyard.sandboxes.kinetica.requests.count() > 0);
  raw.socket.pause();
  await changeOften();
  raw.socket.resume();
  let events = 0;
  let last: { data: { jobsChanged: { status: string } } } | undefined;
  raw.socket.on('message', (data) => {
    const { type, payload } = JSON.parse(String(data));
    if (type === 'next') {
      events += 1;
      last = payload;
    }
  });
  await raw.next('complete', '1');
  expect(last?.data.jobsChanged.status).toBe('SUCCEEDED');
  expect(events).toBeLessThan(changes * 0.7);
});

test('a slow event stream client gets the latest states, not all intermediate ones', async () => {
  const { jobyard, clock, ids, changeOften } = await startWithLargeJob();
  const asked = request(`${jobyard.origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
  });
  asked.end(JSON.stringify({ query: rawJob, variables: { ids } }));
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  response.pause();
  await passTime(jobyard, clock, 0, () => jobyard.sandboxes.kinetica.requests.count() > 0);
  await changeOften();
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  const events = text.split('event: next').length - 1;
  expect(text.slice(text.lastIndexOf('event: next'))).toContain('"status":"SUCCEEDED"');
  expect(text).toMatch(/event: complete\ndata: ?\n\n$/);
  expect(events).toBeLessThan(changes * 0.7);
});

test.each(Object.entries(transports))(
  'a connection over %s ends when its token does, in a way that lets the client come again',
  async (transport, follow) => {
    const provider = await startIdentityProvider();
    onTestFinished(() => provider.close());
    const key = await createSigningKey('ES256');
    provider.publish([key]);
    const jwt = {
      jwksUri: provider.jwksUri,
      issuer: 'https://idp.example',
      audience: 'jobyard',
      scopesClaim: 'scope',
      clockToleranceSeconds: 0,
      certificateAuthorities: null,
    };
    const jobyard = await startWithSandboxes({ jobs: 0, access: { apiKeys: [], jwt } });
    onTestFinished(() => jobyard.close());
    const exp = Math.ceil(Date.now() / 1000) + 1;
    const token = await sign(key, { iss: jwt.issuer, aud: jwt.audience, sub: 'ann', scope: 'jobs:read', exp });
    const query = 'subscription ($ids: [ID!]!) { jobsChanged(ids: $ids) { status } }';
    const following = follow(jobyard.origin, query, {
      variables: { ids: [addJob(jobyard, 'kinetica')] },
      headers: { authorization: `Bearer ${token}` },
    });
    await following.answer(1);
    const end = await following.end;
    expect(Date.now()).toBeGreaterThanOrEqual(exp * 1000);
    if (transport === 'websocket') expect(end).toMatchObject({ error: { code: 4403, reason: 'The token has expired' } });
    // Not `complete`, which would mean that the subscription has ended.
    else expect(end).toMatchObject({ error: expect.anything() });
  },
);

test.each(['SIGTERM', 'SIGINT'] as const)('%s closes all subscriptions and waits, and the exit code is 0', async (signal) => {
  const jobyard = await runJobyard();
  const { data } = await post(
    jobyard.origin,
    '{ jobs(first: 1, filter: { systemIds: ["kylin"], statuses: [PAUSED, RUNNING, QUEUED] }) { nodes { id } } }',
  );
  const [{ id }] = data.jobs.nodes;
  const query = 'subscription ($ids: [ID!]!) { jobsChanged(ids: $ids) { id } }';
  const socket = followOverWebSocket(jobyard.origin, query, { variables: { ids: [id] } });
  const stream = followOverEventStream(jobyard.origin, query, { variables: { ids: [id] } });
  const idle = await openRawSocket(jobyard.origin);
  const silent = await openRawSocket(jobyard.origin);
  silent.socket.pause();
  await Promise.all([socket.answer(1), stream.answer(1), idle.next('connection_ack')]);
  const waiting = post(jobyard.origin, `{ waitForJobs(ids: ["${id}"], timeoutSeconds: 25) { jobId reached } }`);
  // It has arrived when the next one on the same connections has a response.
  await post(jobyard.origin, '{ __typename }');
  const startedAtMs = performance.now();
  jobyard.child.kill(signal);
  expect(await socket.end).toMatchObject({ error: { code: 1001 } });
  expect(await idle.closed).toMatchObject({ code: 1001 });
  expect(await stream.end).not.toBe('complete');
  expect(await waiting).toEqual({ data: { waitForJobs: [{ jobId: id, reached: false }] } });
  expect(performance.now() - startedAtMs).toBeLessThan(4_000);
  expect(await jobyard.exit()).toBe(0);
  expect(jobyard.stderr()).toBe('');
});

test('each operation has its line in the log: who, over what, how many answers', async () => {
  const jobyard = await runJobyard();
  const { data } = await post(jobyard.origin, '{ jobs(first: 1, filter: { statuses: [SUCCEEDED] }) { nodes { id } } }');
  const query = `subscription Watch { jobsChanged(ids: ["${data.jobs.nodes[0].id}"]) { id } }`;
  for (const follow of Object.values(transports)) expect(await follow(jobyard.origin, query).end).toBe('complete');
  const lines = () =>
    jobyard
      .stdout()
      .split('\n')
      .filter((line) => line.includes('"Watch"'))
      .map((line) => JSON.parse(line));
  await expect.poll(lines).toHaveLength(2);
  const common = { msg: 'graphql', caller: 'anonymous', operation: 'Watch', events: 1 };
  expect(lines()).toMatchObject([
    { ...common, transport: 'websocket' },
    { ...common, transport: 'event-stream' },
  ]);
});

test('an id that is used again at once means the new operation only', async () => {
  const jobyard = await startWithSandboxes({ jobs: 0 });
  onTestFinished(() => jobyard.close());
  const raw = await openRawSocket(jobyard.origin);
  await raw.next('connection_ack');
  const [first, last] = [addJob(jobyard, 'kinetica'), addJob(jobyard, 'kylin')];
  const query = 'subscription ($ids: [ID!]!) { jobsChanged(ids: $ids) { id } }';
  const subscribe = (ids: string[]): void => raw.send({ id: 'same', type: 'subscribe', payload: { query, variables: { ids } } });
  for (let turn = 0; turn < 50; turn += 1) {
    subscribe([first]);
    raw.send({ id: 'same', type: 'complete' });
  }
  subscribe([last]);
  expect(await raw.next('next', 'same')).toMatchObject({ payload: { data: { jobsChanged: { id: last } } } });
  raw.send({ id: 'after', type: 'subscribe', payload: { query: '{ __typename }' } });
  await raw.next('complete', 'after');
  const metrics = await (await fetch(`${jobyard.origin}/metrics`)).text();
  expect(metrics).toContain('\njobyard_subscriptions 1\n');
});
