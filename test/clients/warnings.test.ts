import { parse } from 'graphql';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { accessFor, as, keyOf } from '../access/callers.ts';
import { addJob } from '../end-to-end/jobs.ts';
import { startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import { openEmptyStore } from '../store.ts';
import { createApolloClient } from './apollo/client.ts';
import { type Connection, connectByEventStream } from './connection.ts';
import { introspection, possibleTypes } from './schema-types.ts';
import { createUrqlClient } from './urql/client.ts';

const job = `
  id name status
  system { id title capabilities { action support } health { status latencyMs problem { code message } } }
  dataRange { from to }
  progress { fraction succeededTasks }
  failure { message code step { id name } }
  steps { id name status substeps { id name } links { title url } }
  actions { action availability available reason }
  problem { code message }
  cancellation { requestedAt requestedBy overdue }
  events(first: 2) { edges { cursor node { id kind outcome job { id status } } } pageInfo { hasNextPage endCursor } }`;
const failure =
  '... on JobError { jobId code message } ... on ActionNotAllowed { job { id status } } ... on SystemUnavailable { system { id } }';
const results = `
  __typename ... on CancelSuccess { jobId outcome availability { action reason } job { id status } } ... on JobActionSuccess { jobId action outcome job { id status } }
  ${failure}`;
const bulkOperation = `
  id status reason counts { selected pending } outcomes { outcome count }
  commands { command caller }
  systems { system { id } counts { selected } problem { code } }
  items(first: 2) { edges { cursor node { jobId status job { id status } result { ${results} } } } pageInfo { hasNextPage endCursor } }
  problem { code systemProblems { code systemId } }`;
const page = 'pageInfo { hasNextPage endCursor }';

/** What a front end sends, in this order. `ids` are jobs of all systems, and one that isn't there; `id` is a Kylin job, which has steps. */
const operations = [
  `query { viewer { name } jobs(first: 3) { edges { cursor node { ${job} } } nodes { id } ${page} complete systems { system { id } status problem { code } } } }`,
  'query { viewer { expiresAt scopes { name systemIds } } }',
  `query ($id: ID!) { job(id: $id) { __typename ... on Job { ${job} } } }`,
  `query ($ids: [ID!]!) { jobsByIds(ids: $ids) { __typename ... on Job { id name } ${failure.replace(/\.\.\. on ActionNotAllowed \{.*?\} \}/, '')} } }`,
  'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Job { status progress { remainingTasks } } } }',
  `query { jobSystems { id title health { status checkedAt } jobs(first: 2) { edges { node { id name } } ${page} } } }`,
  `mutation ($ids: [ID!]!) { pauseJobs(input: { ids: $ids }) { results { ${results.replace('... on CancelSuccess { jobId outcome availability { action reason } job { id status } }', '')} } summary { requested failed } } }`,
  `mutation ($ids: [ID!]!) { cancelJobs(input: { ids: $ids }) { results { ${results.replace(/\.\.\. on JobActionSuccess \{.*?\} \}/, '')} } summary { requested failed } } }`,
  'query ($ids: [ID!]!) { waitForJobs(ids: $ids, timeoutSeconds: 0) { jobId reached result { __typename ... on Job { id status } } } }',
  `query { previewBulkAction(action: CANCEL, filter: { systemIds: ["kylin"] }) {
    token sample { id status } predictedFailures { code count } systems { system { id } matchedCount problem { code } } } }`,
  `mutation { startBulkAction(input: { action: CANCEL, filter: { systemIds: ["kylin"] }, reason: "a test" }) {
    __typename ... on BulkOperation { ${bulkOperation} } ... on Problem { code message } } }`,
  `query { bulkOperations(first: 5) { edges { cursor node { ${bulkOperation} } } ${page} } }`,
  `query { jobEvents(first: 5) { edges { cursor node { id kind job { id status } } } ${page} } }`,
  `query { cancellations(first: 5) { edges { cursor node { jobId state job { id status } } } ${page} } }`,
  `subscription { jobListChanged(first: 2) { __typename
    ... on JobListPage { page { edges { cursor node { id status } } complete systems { system { id } status problem { code } } } }
    ... on JobEntered { job { id status } afterId } ... on JobLeft { jobId reason } ... on JobListSystems { complete } } }`,
  'subscription ($ids: [ID!]!) { jobsChanged(ids: $ids) { id status progress { fraction } problem { code } } }',
];

const clients: [string, (connection: Connection) => (operation: string, variables: { id: string; ids: string[] }) => Promise<unknown>][] = [
  [
    'Apollo Client',
    (connection) => {
      const client = createApolloClient(connection, possibleTypes);
      return async (operation, variables) => {
        const document = parse(operation);
        if (operation.startsWith('query')) return (await client.query({ query: document, variables })).data;
        if (operation.startsWith('mutation')) return (await client.mutate({ mutation: document, variables })).data;
        return new Promise((resolve, reject) => {
          client.subscribe({ query: document, variables }).subscribe(({ data, error }) => (error ? reject(error) : resolve(data)));
        });
      };
    },
  ],
  [
    'urql',
    (connection) => {
      const client = createUrqlClient(connection, introspection);
      return async (operation, variables) => {
        if (operation.startsWith('subscription')) {
          return new Promise((resolve, reject) => {
            client.subscription(operation, variables).subscribe(({ data, error }) => (error ? reject(error) : resolve(data)));
          });
        }
        const send = operation.startsWith('query') ? client.query(operation, variables) : client.mutation(operation, variables);
        const { data, error } = await send.toPromise();
        if (error) throw error;
        return data;
      };
    },
  ],
];

let jobyard: WithSandboxes;
beforeAll(async () => {
  const access = accessFor({ console: ['jobs:read', 'jobs:cancel', 'jobs:operate', 'systems:read', 'audit:read'] });
  jobyard = await startWithSandboxes({ jobs: 10, access, store: openEmptyStore() });
});
afterAll(() => jobyard.close());

test.each(clients)('%s writes no warning to the console for anything that a front end selects', async (_client, createSend) => {
  const warnings = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'error')].map((spy) => spy.mockReturnValue());
  const connection = connectByEventStream(`${jobyard.origin}/graphql`, async () => keyOf('console'));
  onTestFinished(() => {
    void connection.subscriptions.dispose();
    vi.restoreAllMocks();
  });
  const send = createSend(connection);
  const ids = [...systemNames.map((system) => addJob(jobyard, system)), 'kylin:00000000-0000-4000-8000-000000000000'];
  const id = addJob(jobyard, 'kylin');
  for (const operation of operations) {
    const data = await send(operation, { id, ids });
    expect(data, operation).toBeTruthy();
    expect(
      warnings.flatMap((spy) => spy.mock.calls.map(String)),
      operation,
    ).toEqual([]);
  }
  const { data } = await jobyard.query('{ bulkOperations { nodes { id } } }', {}, as('console'));
  expect(data.bulkOperations.nodes.length).toBeGreaterThan(0);
});
