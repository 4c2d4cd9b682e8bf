import { afterAll, beforeAll, expect, test } from 'vitest';
import { addJob, countActions } from '../end-to-end/jobs.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { openConnection, requestOf } from './raw-connection.ts';

let jobyard: WithSandboxes;
beforeAll(async () => {
  jobyard = await startWithSandboxes({ jobs: 5 });
});
afterAll(() => jobyard.close());

const closing = { connection: 'close' };
const cancelOf = (id: string) => `mutation { cancelJobs(input: { ids: ["${id}"] }) { results { __typename } } }`;
const statusesOf = (text: string) => Array.from(text.matchAll(/^HTTP\/1\.1 (\d+)/gm), ([, status]) => Number(status));
const bodyOf = (text: string) => text.slice(text.indexOf('\r\n\r\n') + 4);

/** All that comes for these bytes until the server closes the connection. */
function exchange(bytes: string): Promise<string> {
  const connection = openConnection(jobyard.origin);
  connection.write(bytes);
  return connection.closed;
}

test.each<[what: string, bytes: string, body: RegExp]>([
  ['a query', requestOf('{ jobs(first: 500) { nodes { id } complete } }', closing), /"complete":true\}\}\}\n?$/],
  ['a request of another path', 'GET /livez HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n', /^ok\n$/],
  ['a request with other letters', requestOf('{ __typename }', { Connection: 'Close' }), /"__typename":"Query"/],
  ['a request with more options', requestOf('{ __typename }', { connection: 'keep-alive, close' }), /"__typename":"Query"/],
  ['a request that is rejected', requestOf('{ nothing }', closing), /GRAPHQL_VALIDATION_FAILED/],
  ['HTTP/1.0', requestOf('{ __typename }').replace('HTTP/1.1', 'HTTP/1.0'), /"__typename":"Query"/],
])('%s with connection: close gets its whole response, and the connection is closed', async (_what, bytes, body) => {
  const text = await exchange(bytes);
  expect(statusesOf(text)).toHaveLength(1);
  expect(text).toMatch(/\r\nconnection: close\r\n/i);
  expect(bodyOf(text)).toMatch(body);
});

test('a mutation is performed once, and nothing that follows it on the connection', async () => {
  const [first, second] = [addJob(jobyard, 'kylin'), addJob(jobyard, 'kylin')];
  const before = countActions(jobyard, 'kylin');
  const text = await exchange(requestOf(cancelOf(first), closing) + requestOf(cancelOf(second)));
  expect(statusesOf(text)).toEqual([200]);
  expect(bodyOf(text)).toContain('CancelSuccess');
  expect(countActions(jobyard, 'kylin')).toBe(before + 1);
});

test('requests before it on the connection are answered, too', async () => {
  const text = await exchange(
    requestOf('{ __typename }') + requestOf('{ jobs(first: 1) { complete } }') + requestOf('{ __typename }', closing),
  );
  expect(statusesOf(text)).toEqual([200, 200, 200]);
});

test('an event stream is sent to its end before the connection is closed', async () => {
  const text = await exchange(requestOf('{ jobs(first: 1) { complete } }', { ...closing, accept: 'text/event-stream' }));
  expect(text).toMatch(/\r\nconnection: close\r\n/i);
  expect(text).toMatch(/event: next[\s\S]*"complete":true[\s\S]*event: complete/);
});
