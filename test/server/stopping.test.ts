import { expect, onTestFinished, test } from 'vitest';
import { addJob } from '../end-to-end/jobs.ts';
import { followOverWebSocket } from '../live/clients.ts';
import { createManualClock } from '../live/manual-clock.ts';
import { passTime } from '../live/pass-time.ts';
import { startWithSandboxes } from '../start.ts';
import { openConnection, requestOf } from './raw-connection.ts';

test('while it drains, Jobyard is not ready and serves what comes all the same; then it stops', async () => {
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
  ['was refused', '/nowhere', '', 404],
])('a body that %s and comes in slowly does not hold up a stop', async (_what, path, header, status) => {
  const jobyard = await startWithSandboxes({ jobs: 0 });
  const slow = openConnection(jobyard.origin);
  slow.write(`POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n${header}content-length: 1000000\r\n\r\n`);
  await slow.until(/^HTTP/);
  slow.write('{');
  await jobyard.close();
  expect(await slow.closed).toMatch(new RegExp(`HTTP/1\\.1 ${status} `));
});

test('a connection is kept for the next request as long as configured', async () => {
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
