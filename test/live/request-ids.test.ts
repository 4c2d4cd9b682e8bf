import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { addJob } from '../end-to-end/jobs.ts';
import { startWithSandboxes } from '../start.ts';
import { openRawSocket } from './clients.ts';

async function start() {
  const folder = mkdtempSync(join(tmpdir(), 'jobyard-audit-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'audit.jsonl');
  const lines: Record<string, unknown>[] = [];
  const jobyard = await startWithSandboxes({ jobs: 0, audit: { file }, log: (line) => void lines.push(JSON.parse(line)) });
  onTestFinished(() => jobyard.close());
  const readAudit = (): { audit: string; requestId: string }[] =>
    readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  return { jobyard, lines, readAudit };
}

const cancel = 'mutation ($ids: [ID!]!) { cancelJobs(input: { ids: $ids }) { summary { succeeded } } }';

test.each([
  ['the id of its upgrade', { 'x-request-id': 'page-7' }, 'page-7'],
  ['a new one', {}, expect.stringMatching(/^[\w-]{36}$/)],
])('each operation of a WebSocket has an id of its own: %s and its number', async (_which, headers, expected) => {
  const { jobyard, lines, readAudit } = await start();
  const raw = await openRawSocket(jobyard.origin, { headers });
  const { payload } = await raw.next('connection_ack');
  const { requestId } = payload;
  expect(requestId).toEqual(expected);
  for (const id of ['a', 'b']) {
    raw.send({ id, type: 'subscribe', payload: { query: cancel, variables: { ids: [addJob(jobyard, 'kylin')] } } });
    await raw.next('complete', id);
  }
  const ids = [`${requestId}.1`, `${requestId}.2`];
  expect(lines.filter(({ msg }) => msg === 'graphql').map((line) => line.requestId)).toEqual(ids);
  const intents = readAudit().filter(({ audit }) => audit === 'intent');
  expect(intents.map((line) => line.requestId)).toEqual(ids);
});

test("an event stream's is in its headers", async () => {
  const { jobyard, lines, readAudit } = await start();
  const ask = async (headers: Record<string, string>): Promise<string | null> => {
    const response = await fetch(`${jobyard.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
      body: JSON.stringify({ query: cancel, variables: { ids: [addJob(jobyard, 'kylin')] } }),
    });
    await response.text();
    return response.headers.get('x-request-id');
  };
  const ids = [await ask({ 'x-request-id': 'r-1' }), await ask({})];
  expect(ids).toEqual(['r-1', expect.stringMatching(/^[\w-]{36}$/)]);
  expect(lines.filter(({ msg }) => msg === 'graphql').map(({ requestId }) => requestId)).toEqual(ids);
  const intents = readAudit().filter(({ audit }) => audit === 'intent');
  expect(intents.map(({ requestId }) => requestId)).toEqual(ids);
});
