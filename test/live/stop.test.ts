import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { addJob, countActions, failAction } from '../end-to-end/jobs.ts';
import { startWithSandboxes } from '../start.ts';
import { openRawSocket, transports } from './clients.ts';

const cancel = 'mutation ($ids: [ID!]!) { cancelJobs(input: { ids: $ids }) { summary { succeeded } } }';

/** A Jobyard with a job whose cancel the vendor delays. `audited` returns the kinds of the audit log entries. */
async function startWithSlowCancel() {
  const folder = mkdtempSync(join(tmpdir(), 'jobyard-'));
  const file = join(folder, 'audit.jsonl');
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const jobyard = await startWithSandboxes({ jobs: 0, audit: { file } });
  const ids = [addJob(jobyard, 'kylin')];
  failAction(jobyard, 'kylin', { kind: 'slow', ms: 700 });
  const untilSent = () => expect.poll(() => countActions(jobyard, 'kylin'), { interval: 10 }).toBe(1);
  const audited = () => [...readFileSync(file, 'utf8').matchAll(/"audit":"(\w+)"/g)].map(([, kind]) => kind);
  return { jobyard, ids, untilSent, audited };
}

test.each(Object.entries(transports))('a mutation over %s is answered and audited before a stop is over', async (_transport, follow) => {
  const { jobyard, ids, untilSent, audited } = await startWithSlowCancel();
  const following = follow(jobyard.origin, cancel, { variables: { ids } });
  await untilSent();
  await jobyard.close();
  expect(audited()).toEqual(['intent', 'sent', 'outcome']);
  expect(await following.end).toBe('complete');
  expect(following.answers).toEqual([{ data: { cancelJobs: { summary: { succeeded: 1 } } } }]);
});

test('a mutation whose caller has disconnected is audited before the shutdown ends', async () => {
  const { jobyard, ids, untilSent, audited } = await startWithSlowCancel();
  const caller = new AbortController();
  const body = JSON.stringify({ query: cancel, variables: { ids } });
  const headers = { 'content-type': 'application/json' };
  const asked = fetch(`${jobyard.origin}/graphql`, { method: 'POST', headers, body, signal: caller.signal }).catch(() => {});
  await untilSent();
  caller.abort();
  await asked;
  await jobyard.close();
  expect(audited()).toEqual(['intent', 'sent', 'outcome']);
});

test('a connection that waits for its mutation begins nothing new, and its subscription ends without complete', async () => {
  const { jobyard, ids, untilSent } = await startWithSlowCancel();
  const raw = await openRawSocket(jobyard.origin);
  await raw.next('connection_ack');
  const query = 'subscription ($ids: [ID!]!) { jobsChanged(ids: $ids) { status } }';
  raw.send({ type: 'subscribe', id: 'follow', payload: { query, variables: { ids } } });
  await raw.next('next', 'follow');
  raw.send({ type: 'subscribe', id: 'cancel', payload: { query: cancel, variables: { ids } } });
  await untilSent();
  const closed = jobyard.close();
  raw.send({ type: 'subscribe', id: 'late', payload: { query: cancel, variables: { ids } } });
  expect(await raw.next('error', 'late')).toMatchObject({ payload: [{ extensions: { code: 'UNAVAILABLE' } }] });
  expect(await raw.next('next', 'cancel')).toMatchObject({ payload: { data: { cancelJobs: { summary: { succeeded: 1 } } } } });
  expect(await raw.closed).toMatchObject({ code: 1001 });
  await raw.next('complete', 'cancel');
  await expect(raw.next('complete', 'follow')).rejects.toThrow('Closed with 1001');
  await closed;
});

test('does not run operations that arrive after the close frame', async () => {
  const { jobyard, ids, audited } = await startWithSlowCancel();
  const raw = await openRawSocket(jobyard.origin);
  await raw.next('connection_ack');
  // The client neither reads the close frame nor responds to it.
  raw.socket.pause();
  const closed = jobyard.close();
  raw.send({ type: 'subscribe', id: '1', payload: { query: cancel, variables: { ids } } });
  await closed;
  expect(countActions(jobyard, 'kylin')).toBe(0);
  expect(audited()).toEqual([]);
});

test("a rejected upgrade doesn't delay the shutdown if its client keeps its half of the connection open", async () => {
  const jobyard = await startWithSandboxes({ jobs: 0 });
  const { hostname, port, host } = new URL(jobyard.origin);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  const ended = new Promise((resolve) => socket.once('end', resolve));
  socket.resume();
  const key = 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13';
  socket.write(`GET /nope HTTP/1.1\r\nhost: ${host}\r\nconnection: upgrade\r\nupgrade: websocket\r\n${key}\r\n\r\n`);
  await ended;
  await jobyard.close();
}, 5_000);
