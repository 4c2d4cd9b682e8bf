import { Client, fetchExchange } from '@urql/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createApiKey } from '../../src/access/api-keys.ts';
import { parseGrant } from '../../src/config/grants.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { splitId, subjects } from '../vendors/subjects.ts';
import { runWithCodegen } from './codegen/client.ts';
import { listJobs } from './codegen/operations.ts';
import { type Connection, connectByWebSocket } from './connection.ts';
import { runWithGqlTada } from './gql-tada.ts';
import { pageSize, type RunStory, runWithApollo, runWithUrql } from './story.ts';

const { key, sha256 } = createApiKey();
const grants = ['jobs:read', 'jobs:cancel', 'systems:read'].flatMap((scope) => parseGrant(scope, null) ?? []);

let jobyard: WithSandboxes;
let connection: Connection;
/** Jobs that run until a caller cancels them. */
let running: string[];
/** IDs that can't be canceled, and the expected sentences. */
let others: { id: string; sentence: string }[];

beforeEach(async () => {
  jobyard = await startWithSandboxes({ jobs: 0, access: { apiKeys: [{ name: 'console', sha256, grants }], jwt: null } });
  connection = connectByWebSocket(`${jobyard.origin}/graphql`, async () => key);
  const { kinetica, kylin, aodocs, 'veeva-vault': vault } = jobyard.sandboxes;
  running = [
    ...Array.from({ length: 12 }, () => `kinetica:${kinetica.state.addJob()}`),
    ...Array.from({ length: 12 }, () => `kylin:${kylin.state.addJob({ state: 'RUNNING' })}`),
    ...Array.from({ length: 12 }, () => `aodocs:${aodocs.state.addJob({ status: 'IN_PROGRESS' })}`),
    ...vault.state.addJobs(12, { frozen: true }).map((id) => `veeva-vault:${id}`),
  ];
  const ended = `kylin:${kylin.state.addJob({ state: 'SUCCEED' })}`;
  others = [
    { id: 'nonsense', sentence: 'nonsense: is not there (INVALID_ID)' },
    { id: 'nowhere:1', sentence: 'nowhere:1: is not there (SYSTEM_NOT_FOUND)' },
    { id: 'kinetica:8999999999999999999', sentence: 'kinetica:8999999999999999999: is not there (JOB_NOT_FOUND)' },
    {
      id: ended,
      sentence: `${ended}: CANCEL is not possible: Can't cancel a SUCCEEDED job. Cancel requires QUEUED, RUNNING, PAUSED, or FAILED.`,
    },
  ];
});
afterEach(() => jobyard.close());

const clients: [string, RunStory][] = [
  ['the codegen client preset', runWithCodegen],
  ['gql.tada', runWithGqlTada],
  ['urql', runWithUrql],
  ['Apollo Client', runWithApollo],
];

describe.each(clients)('%s', (_name, runStory) => {
  test('lists, pages, cancels and has a sentence for every outcome', async () => {
    const { pages, sentences } = await runStory(
      connection,
      { availableAction: 'CANCEL' },
      others.map(({ id }) => id),
    );
    const listed = pages.flat();
    expect(pages.map((page) => page.length)).toEqual([pageSize, pageSize, running.length - 2 * pageSize]);
    expect(listed.toSorted()).toEqual(running.toSorted());
    expect(sentences).toEqual([
      ...listed.map((id) => `${id}: ${subjects[splitId(id).system].actions.cancel.outcome}`),
      ...others.map(({ sentence }) => sentence),
    ]);
    const { data } = await jobyard.query(
      '{ jobs(filter: { availableAction: CANCEL }) { nodes { id } complete } }',
      {},
      { authorization: `Bearer ${key}` },
    );
    expect(data.jobs).toEqual({ nodes: [], complete: true });
  });
});

test('urql, which reads by GET, gets an error with the required header if it sends none', async () => {
  const client = new Client({ url: connection.url, exchanges: [fetchExchange] });
  const { error } = await client.query(listJobs, {}).toPromise();
  // Without a key, access comes first.
  expect(error?.message).toContain('Not authenticated');
  const open = await startWithSandboxes({ jobs: 1 });
  try {
    const url = `${open.origin}/graphql`;
    const refused = await new Client({ url, exchanges: [fetchExchange] }).query(listJobs, {}).toPromise();
    expect(refused.error?.message).toContain('provide a non-empty value for one of the following headers');
    const posted = await new Client({ url, exchanges: [fetchExchange], preferGetMethod: false }).query(listJobs, {}).toPromise();
    expect(posted.data?.jobs.complete).toBe(true);
  } finally {
    await open.close();
  }
});
