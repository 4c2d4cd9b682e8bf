import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { startKineticaSandbox } from '../../src/vendors/kinetica/sandbox/index.ts';
import { writeTemporaryFile } from '../config/load.ts';
import { addJob, countRequests } from '../end-to-end/jobs.ts';
import { followOverWebSocket, openRawSocket } from '../live/clients.ts';
import { createManualClock } from '../live/manual-clock.ts';
import { passTime } from '../live/pass-time.ts';
import { runJobyard } from '../processes.ts';
import { startWithSandboxes } from '../start.ts';
import { headOf, openConnection, requestOf } from './raw-connection.ts';

test("while it drains, Jobyard isn't ready but serves requests; then it stops", async () => {
  const clock = createManualClock(Date.now());
  const jobyard = await startWithSandboxes({ jobs: 0, clock, server: { drainMs: 10_000 } });
  const kept = openConnection(jobyard.origin);
  kept.write(requestOf('{ __typename }'));
  await kept.until(/"Query"/);
  expect(kept.received()).toMatch(/\r\nconnection: keep-alive\r\n/i);

  let isClosed = false;
  const closed = jobyard.close().then(() => {
    isClosed = true;
  });
  const ready = await fetch(`${jobyard.origin}/readyz`);
  expect([ready.status, ready.headers.get('connection')]).toEqual([503, 'close']);
  expect((await fetch(`${jobyard.origin}/livez`)).status).toBe(200);
  // On a connection from before and on a new one, which a balancer may still open.
  kept.write(requestOf('{ jobSystems { id } }'));
  expect(await kept.closed).toMatch(/connection: close\r\n[\s\S]*"jobSystems"/i);
  const fresh = openConnection(jobyard.origin);
  fresh.write(requestOf('{ jobSystems { id } }'));
  expect(await fresh.closed).toMatch(/connection: close\r\n[\s\S]*"jobSystems"/i);
  const following = followOverWebSocket(jobyard.origin, 'subscription ($ids: [ID!]!) { jobsChanged(ids: $ids) { id } }', {
    variables: { ids: [addJob(jobyard, 'kinetica')] },
  });
  await passTime(jobyard, clock, 0, () => following.answers.length === 1);
  await clock.advance(9_000);
  expect(isClosed).toBe(false);

  await clock.advance(1_000);
  expect(await following.end).toMatchObject({ error: { code: 1001 } });
  await closed;
  await expect(fetch(`${jobyard.origin}/livez`)).rejects.toThrow();
});

test.each([
  ['is read', '/graphql', 'expect: 100-continue\r\n', 503],
  ['was rejected', '/nowhere', '', 404],
])("a slow body that %s doesn't delay a stop", async (_what, path, header, status) => {
  const jobyard = await startWithSandboxes({ jobs: 0 });
  const slow = openConnection(jobyard.origin);
  slow.write(`POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n${header}content-length: 1000000\r\n\r\n`);
  await slow.until(/^HTTP/);
  slow.write('{');
  await jobyard.close();
  expect(await slow.closed).toMatch(new RegExp(`HTTP/1\\.1 ${status} `));
});

test('in the first second of a stop, open connections are served; then they get 503, and requests in flight finish', async () => {
  const jobyard = await startWithSandboxes({ jobs: 0, deadlineMs: 3_000 });
  jobyard.sandboxes.kylin.faults.add({ fault: { kind: 'hang', applied: false }, times: 'always' });
  const underWay = openConnection(jobyard.origin);
  underWay.write(requestOf('{ jobs(first: 1, filter: { systemIds: ["kylin"] }) { complete } }'));
  await expect.poll(() => countRequests(jobyard, 'kylin')).toBe(1);
  const [early, late] = [openConnection(jobyard.origin), openConnection(jobyard.origin)];
  await Promise.all([early, late].map(({ socket }) => once(socket, 'connect')));
  // After those, so that they are known; its 503 shows that the second has passed.
  const slow = openConnection(jobyard.origin);
  slow.write(headOf({ 'content-length': 1_000, expect: '100-continue' }));
  await slow.until(/^HTTP\/1\.1 100 /);
  const closed = jobyard.close();
  early.write(requestOf('{ __typename }'));
  expect(await early.closed).toMatch(/^HTTP\/1\.1 200 [\s\S]*"Query"/);
  expect(await slow.closed).toMatch(/\r\n\r\nHTTP\/1\.1 503 /);
  late.write(requestOf('{ __typename }'));
  expect(await late.closed).toMatch(/^HTTP\/1\.1 503 [\s\S]*\r\nretry-after: 1\r\n[\s\S]*"code":"UNAVAILABLE"/);
  expect(await underWay.closed).toMatch(/^HTTP\/1\.1 200 [\s\S]*"complete":false/);
  await closed;
});

test('unread responses have deadlineMs, and end before the stop does', async () => {
  const sandbox = await startKineticaSandbox({ jobs: 0 });
  onTestFinished(() => sandbox.close());
  // More than the buffers between two sockets take.
  const ids = Array.from({ length: 20 }, () => `k:${sandbox.state.addJob({ authId: 'x'.repeat(60_000), status: 'WAITING' })}`);
  const fields = Array.from({ length: 10 }, (_, index) => `r${index}: raw`).join(' ');
  const query = `{ jobsByIds(ids: ${JSON.stringify(ids)}) { ... on Job { ${fields} } } }`;
  const deadlineMs = 2_000;
  const server = `{ deadlineMs: ${deadlineMs}, stalledTimeoutMs: 300000 }`;
  const { username, password } = sandbox.settings;
  const system = `{ id: k, vendor: kinetica, url: "${sandbox.url}", username: ${username}, password: { env: PASSWORD } }`;
  const file = writeTemporaryFile(`server: ${server}\nsystems: [${system}]\n`);
  const jobyard = await runJobyard(['--config', file], { PASSWORD: String(password) });
  const raw = await openRawSocket(jobyard.origin);
  await raw.next('connection_ack');
  raw.send({ type: 'subscribe', id: '1', payload: { query } });
  raw.socket.pause();
  const http = openConnection(jobyard.origin);
  http.write(requestOf(query));
  const stream = openConnection(jobyard.origin);
  stream.write(requestOf(query, { accept: 'text/event-stream' }));
  for (const { until, socket, received } of [http, stream]) {
    await until(/xxx/);
    socket.pause();
    expect(received()).toMatch(/^HTTP\/1\.1 200 /);
  }
  const startedAtMs = performance.now();
  jobyard.child.kill('SIGTERM');
  // Past the bound of the whole stop, the exit code is 1.
  expect(await jobyard.exit()).toBe(0);
  expect(performance.now() - startedAtMs).toBeGreaterThan(deadlineMs);
});

test('keeps a connection open for the next request as long as configured', async () => {
  const jobyard = await startWithSandboxes({ jobs: 0, server: { keepAliveTimeoutMs: 72_000 } });
  onTestFinished(() => jobyard.close());
  const connection = openConnection(jobyard.origin);
  connection.write(requestOf('{ __typename }'));
  await connection.until(/"Query"/);
  expect(connection.received()).toMatch(/\r\nkeep-alive: timeout=72\r\n/i);
  const short = await startWithSandboxes({ jobs: 0, server: { keepAliveTimeoutMs: 100 } });
  onTestFinished(() => short.close());
  const ending = openConnection(short.origin);
  ending.write(requestOf('{ __typename }'));
  expect(await ending.closed).toMatch(/"Query"/);
});
