import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { accessFor, keyOf } from '../access/callers.ts';
import { addJob } from '../end-to-end/jobs.ts';
import { startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import { createApolloClient } from './apollo/client.ts';
import { openJobList as openWithApollo } from './apollo/job-list.ts';
import { type Connection, connectByEventStream, connectByWebSocket } from './connection.ts';
import type { JobList } from './job-list.ts';
import { createEnvironment } from './relay/environment.ts';
import { openJobList as openWithRelay } from './relay/job-list.ts';
import { introspection, possibleTypes } from './schema-types.ts';
import { createUrqlClient } from './urql/client.ts';
import { openJobList as openWithUrql } from './urql/job-list.ts';

type AnyJobList = JobList<{ __typename: string }>;

const filter = { availableAction: 'CANCEL' } as const;
const clients: [string, (connection: Connection) => Promise<AnyJobList>][] = [
  ['Apollo Client', (connection) => openWithApollo(createApolloClient(connection, possibleTypes), filter)],
  ['urql', (connection) => openWithUrql(createUrqlClient(connection, introspection), filter)],
  ['Relay', (connection) => openWithRelay(createEnvironment(connection), filter)],
];
const transports = [
  ['a WebSocket', connectByWebSocket],
  ['event streams', connectByEventStream],
] as const;

let jobyard: WithSandboxes;
let ids: string[];
beforeEach(async () => {
  jobyard = await startWithSandboxes({ jobs: 0, access: accessFor({ console: ['jobs:read', 'jobs:cancel', 'systems:read'] }) });
  ids = Array.from({ length: 24 }, (_, index) => addJob(jobyard, systemNames[index % systemNames.length] ?? 'kylin'));
  return () => jobyard.close();
});

/** A list with its first page, the number of requests of its client so far, and its warnings. */
async function open(
  openList: (connection: Connection) => Promise<AnyJobList>,
  connect: (typeof transports)[number][1] = connectByWebSocket,
) {
  const connection = connect(`${jobyard.origin}/graphql`, async () => keyOf('console'));
  const send = vi.fn(connection.fetch);
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  const error = vi.spyOn(console, 'error').mockReturnValue();
  const list = await openList({ ...connection, fetch: send });
  onTestFinished(async () => {
    list.close();
    await connection.subscriptions.dispose();
    vi.restoreAllMocks();
  });
  return { list, countRequests: () => send.mock.calls.length, warnings: () => [...warn.mock.calls, ...error.mock.calls] };
}

describe.each(clients)('%s', (_client, openList) => {
  test('joins pages, and writes nothing to the console', async () => {
    const { list, countRequests, warnings } = await open(openList);
    expect(list.readRows()).toHaveLength(20);
    expect(await list.loadMore()).toBe(true);
    expect(
      list
        .readRows()
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(ids.toSorted());
    expect(await list.loadMore()).toBe(false);
    expect(countRequests()).toBe(2);
    expect(warnings()).toEqual([]);
  });

  test('changes the rows of canceled jobs without another request', async () => {
    const { list, countRequests, warnings } = await open(openList);
    const [first, second] = list.readRows();
    const before = countRequests();
    const results = await list.cancel([String(first?.id), String(second?.id), 'nowhere:1']);
    expect(results.map(({ __typename }) => __typename)).toEqual(['CancelSuccess', 'CancelSuccess', 'JobNotFound']);
    const rows = list.readRows();
    for (const row of rows.slice(0, 2)) expect(row.status).toMatch(/^CANCELL(ED|ING)$/);
    expect(rows.filter(({ status }) => status.startsWith('CANCELL'))).toHaveLength(2);
    expect(countRequests()).toBe(before + 1);
    expect(warnings()).toEqual([]);
  });

  test('changes the row of a job that can no longer be canceled', async () => {
    const { list, warnings } = await open(openList);
    const id = ids.find((id) => id.startsWith('kylin:')) ?? '';
    jobyard.sandboxes.kylin.state.changeJob(id.slice('kylin:'.length), { state: 'SUCCEED' });
    expect(await list.cancel([id])).toMatchObject([{ __typename: 'ActionNotAllowed' }]);
    expect(list.readRows().find((row) => row.id === id)?.status).toBe('SUCCEEDED');
    expect(warnings()).toEqual([]);
  });

  test('changes the row of a job that is read again by its ID', async () => {
    const { list, warnings } = await open(openList);
    const id = ids.find((id) => id.startsWith('kylin:')) ?? '';
    jobyard.sandboxes.kylin.state.changeJob(id.slice('kylin:'.length), { state: 'PAUSED' });
    await list.refetch(id);
    expect(list.readRows().find((row) => row.id === id)?.status).toBe('PAUSED');
    expect(warnings()).toEqual([]);
  });

  test.each(transports)('changes the rows of followed jobs over %s', async (_transport, connect) => {
    const { list, countRequests, warnings } = await open(openList, connect);
    const id = ids.find((id) => id.startsWith('kinetica:')) ?? '';
    const { promise, resolve } = Promise.withResolvers<void>();
    const statusOf = () => list.readRows().find((row) => row.id === id)?.status;
    const stop = list.follow([id], () => {
      if (statusOf() === 'SUCCEEDED') resolve();
      else jobyard.sandboxes.kinetica.state.changeJob(id.slice('kinetica:'.length), { status: 'DONE' });
    });
    onTestFinished(stop);
    const before = countRequests();
    await promise;
    expect(statusOf()).toBe('SUCCEEDED');
    expect(countRequests()).toBe(before);
    expect(warnings()).toEqual([]);
  });
});
