import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { accessFor, as, keyOf } from '../access/callers.ts';
import { followOverEventStream, openRawSocket } from '../live/clients.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';

const read = 'query Read { jobs(first: 1) { complete } }';
const cancel = 'mutation Cancel($ids: [ID!]!) { cancelJobs(input: { ids: $ids, dryRun: true }) { summary { requested } } }';
const changed = 'subscription Changed($ids: [ID!]!) { jobsChanged(ids: $ids) { id } }';
const documentManifests = [{ read, cancel }, { changed }];
const other = '{ jobs(first: 2) { complete } }';
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

let jobyard: WithSandboxes;
beforeAll(async () => {
  const access = accessFor({ page: ['jobs:read', 'jobs:cancel'], admin: ['jobs:read', 'documents:any'] });
  jobyard = await startWithSandboxes({ jobs: 1, access, limits: { documents: 'trusted', documentManifests } });
  return () => jobyard.close();
});

async function post(body: object, caller = 'page', accept = 'application/json') {
  const headers = { 'content-type': 'application/json', accept, ...as(caller) };
  const response = await fetch(`${jobyard.origin}/graphql`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, ...(await response.json()) };
}

async function get(parameters: Record<string, string>) {
  const response = await fetch(`${jobyard.origin}/graphql?${new URLSearchParams(parameters)}`, { headers: as('page') });
  return { status: response.status, ...(await response.json()) };
}

const forbidden = {
  status: 403,
  errors: [{ message: expect.stringContaining('limits.documents'), extensions: { code: 'FORBIDDEN' } }],
};
const done = { status: 200, data: { jobs: { complete: true } } };

describe('a trusted document is executed', () => {
  test.each([
    ['by its ID', { documentId: 'read' }],
    ['by its ID beside an empty query', { documentId: 'read', query: '' }],
    ['by the hash of its text', { documentId: `sha256:${hashOf(read)}` }],
    ['as text', { query: read }],
    ['as an automatic persisted query, by its hash alone', { extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(read) } } }],
    ['with its operationName', { documentId: 'read', operationName: 'Read' }],
  ])('%s, each time', async (_how, body) => {
    for (const _time of [1, 2, 3]) expect(await post(body)).toEqual(done);
  });

  test('with variables', async () => {
    const variables = { ids: ['kylin:1', 'kylin:2'] };
    expect(await post({ documentId: 'cancel', variables })).toMatchObject({ data: { cancelJobs: { summary: { requested: 2 } } } });
    expect(await post({ documentId: 'cancel', variables: {} })).toMatchObject({ errors: [{ message: expect.stringContaining('$ids') }] });
  });

  test('over GET, but no mutation', async () => {
    expect(await get({ documentId: 'read' })).toEqual(done);
    expect((await get({ documentId: 'cancel', variables: '{"ids":["kylin:1"]}' })).status).toBe(405);
  });

  test('over an event stream and a WebSocket', async () => {
    const ids = ['kinetica:1'];
    const response = await fetch(`${jobyard.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...as('page') },
      body: JSON.stringify({ documentId: 'changed', variables: { ids } }),
    });
    expect(await response.text()).toContain('"id":"kinetica:1"');
    const raw = await openRawSocket(jobyard.origin, { init: { 'x-api-key': keyOf('page') } });
    await raw.next('connection_ack');
    raw.send({ type: 'subscribe', id: '1', payload: { query: '', documentId: 'changed', variables: { ids } } });
    expect((await raw.next('next', '1')).payload).toEqual({ data: { jobsChanged: { id: 'kinetica:1' } } });
  });
});

describe('any other document is rejected', () => {
  test.each([
    ['as text', { query: other }],
    ['that differs in one blank', { query: `${read} ` }],
    ['that adds an operation', { query: `${read} query More { jobs(first: 2) { complete } }`, operationName: 'More' }],
    ['that introspects', { query: '{ __schema { types { name } } }' }],
    ['that is empty', { query: '' }],
    ['with a hash', { query: other, extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(other) } } }],
    ['by a hash', { extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(other) } } }],
  ])('%s', async (_how, body) => {
    expect(await post(body)).toEqual(forbidden);
  });

  test('even if a caller who may send it has sent it', async () => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: hashOf(other) } };
    for (const body of [{ query: other, extensions }, { extensions }, { query: other }]) {
      expect(await post(body, 'admin')).toEqual(done);
      expect(await post(body)).toEqual(forbidden);
    }
  });

  test('by an unknown ID', async () => {
    const message = 'documentId: no manifest in limits.documentManifests contains the document "nothing".';
    const error = { message, extensions: { code: 'DOCUMENT_NOT_FOUND' } };
    expect(await post({ documentId: 'nothing' })).toEqual({ status: 400, errors: [error] });
    expect(await post({ documentId: 'nothing' }, 'admin')).toEqual({ status: 400, errors: [error] });
    expect(await post({ documentId: 'constructor' })).toMatchObject({ status: 400 });
  });

  test.each([
    [{ documentId: 1 }, 'documentId: expected text, got a number.'],
    [{ documentId: ['read'] }, 'documentId: expected text, got a list.'],
    [{ documentId: 'read', query: read }, 'documentId: expected a documentId or a query, got both.'],
  ])('with %j, which is malformed', async (body, message) => {
    expect(await post(body)).toEqual({ status: 400, errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
  });

  test('over an event stream and a WebSocket', async () => {
    const query = 'subscription { jobsChanged(ids: ["kinetica:1"]) { id status } }';
    expect(await followOverEventStream(jobyard.origin, query, { headers: as('page') }).end).not.toBe('complete');
    const raw = await openRawSocket(jobyard.origin, { init: { 'x-api-key': keyOf('page') } });
    await raw.next('connection_ack');
    raw.send({ type: 'subscribe', id: '1', payload: { query } });
    expect((await raw.next('error', '1')).payload).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  test('without access control, too', async () => {
    const open = await startWithSandboxes({ jobs: 1, limits: { documents: 'trusted', documentManifests } });
    onTestFinished(() => open.close());
    expect(await open.query(other)).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    expect(await open.query(read)).toEqual({ data: done.data });
  });
});

test('with all documents, IDs work, too', async () => {
  const open = await startWithSandboxes({ jobs: 1, limits: { documentManifests } });
  onTestFinished(() => open.close());
  expect(await open.query(other)).toEqual({ data: done.data });
  const headers = { 'content-type': 'application/json' };
  const byId = await fetch(`${open.origin}/graphql`, { method: 'POST', headers, body: '{"documentId":"read"}' });
  expect(await byId.json()).toEqual({ data: done.data });
});
