import { Kind, parse, visit } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Scope, scopes } from '../../src/config/grants.ts';
import { readTypeDefinitions } from '../../src/graphql/type-definitions.ts';
import { addJob, countActions, countRequests } from '../end-to-end/jobs.ts';
import { startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import { openEmptyStore } from '../store.ts';
import { accessFor, as } from './callers.ts';

/** A field, how to get there, and what that takes. */
interface GuardedField {
  needs: Scope;
  /** What the way to the field needs beside it. */
  way: readonly Scope[];
  operation: string;
  /** The path of its value in the response. */
  path: readonly string[];
}

const act = (name: string): GuardedField => ({
  needs: name === 'cancelJobs' ? 'jobs:cancel' : 'jobs:operate',
  way: [],
  operation: `mutation ($id: ID!) { ${name}(input: { ids: [$id] }) { summary { requested } } }`,
  path: [name, 'summary', 'requested'],
});

/** Every field that requires a scope. */
const guardedFields: Record<string, GuardedField> = {
  'Query.job': { needs: 'jobs:read', way: [], operation: 'query ($id: ID!) { job(id: $id) { __typename } }', path: ['job', '__typename'] },
  'Query.jobsByIds': {
    needs: 'jobs:read',
    way: [],
    operation: 'query ($id: ID!) { jobsByIds(ids: [$id]) { __typename } }',
    path: ['jobsByIds', '0', '__typename'],
  },
  'Query.jobs': {
    needs: 'jobs:read',
    way: [],
    operation: '{ jobs(first: 1) { complete } }',
    path: ['jobs', 'complete'],
  },
  'Query.jobCounts': { needs: 'jobs:read', way: [], operation: '{ jobCounts { complete } }', path: ['jobCounts', 'complete'] },
  'Query.jobSystems': { needs: 'systems:read', way: [], operation: '{ jobSystems { id } }', path: ['jobSystems', '0', 'id'] },
  'Query.jobSystem': { needs: 'systems:read', way: [], operation: '{ jobSystem(id: "kinetica") { id } }', path: ['jobSystem', 'id'] },
  'Query.jobEvents': {
    needs: 'audit:read',
    way: [],
    operation: '{ jobEvents(first: 1) { pageInfo { hasNextPage } } }',
    path: ['jobEvents', 'pageInfo', 'hasNextPage'],
  },
  'Query.cancellations': {
    needs: 'audit:read',
    way: [],
    operation: '{ cancellations(first: 1) { pageInfo { hasNextPage } } }',
    path: ['cancellations', 'pageInfo', 'hasNextPage'],
  },
  'Query.waitForJobs': {
    needs: 'jobs:read',
    way: [],
    operation: 'query ($id: ID!) { waitForJobs(ids: [$id], timeoutSeconds: 0) { reached } }',
    path: ['waitForJobs', '0', 'reached'],
  },
  'Query.previewBulkAction': {
    needs: 'jobs:read',
    way: [],
    operation: '{ previewBulkAction(action: CANCEL, filter: { systemIds: ["kinetica"] }) { matchedCount } }',
    path: ['previewBulkAction', 'matchedCount'],
  },
  'Query.bulkOperations': {
    needs: 'jobs:read',
    way: [],
    operation: '{ bulkOperations(first: 1) { pageInfo { hasNextPage } } }',
    path: ['bulkOperations', 'pageInfo', 'hasNextPage'],
  },
  'Mutation.cancelJobs': act('cancelJobs'),
  'Mutation.pauseJobs': act('pauseJobs'),
  'Mutation.resumeJobs': act('resumeJobs'),
  'Mutation.restartJobs': act('restartJobs'),
  'Mutation.startJobs': act('startJobs'),
  'Job.raw': {
    needs: 'jobs:raw',
    way: ['jobs:read'],
    operation: 'query ($id: ID!) { job(id: $id) { ... on Job { raw } } }',
    path: ['job', 'raw', 'job_id'],
  },
  'Job.log': {
    needs: 'jobs:logs',
    way: ['jobs:read'],
    // Kinetica's jobs have no log.
    operation: '{ jobs(filter: { systemIds: ["aodocs"] }, first: 1) { nodes { log { nodes { message } } } } }',
    path: ['jobs', 'nodes', '0', 'log', 'nodes'],
  },
  'Job.events': {
    needs: 'audit:read',
    way: ['jobs:read'],
    operation: 'query ($id: ID!) { job(id: $id) { ... on Job { events(first: 1) { pageInfo { hasNextPage } } } } }',
    path: ['job', 'events', 'pageInfo', 'hasNextPage'],
  },
  'JobSystem.capabilities': {
    needs: 'systems:read',
    way: ['jobs:read'],
    operation: 'query ($id: ID!) { job(id: $id) { ... on Job { system { capabilities { action } } } } }',
    path: ['job', 'system', 'capabilities', '0', 'action'],
  },
  'JobSystem.logs': {
    needs: 'systems:read',
    way: ['jobs:read'],
    operation: 'query ($id: ID!) { job(id: $id) { ... on Job { system { logs { ofJobs } } } } }',
    path: ['job', 'system', 'logs', 'ofJobs'],
  },
  'JobSystem.health': {
    needs: 'systems:read',
    way: ['jobs:read'],
    operation: 'query ($id: ID!) { job(id: $id) { ... on Job { system { health { status } } } } }',
    path: ['job', 'system', 'health', 'status'],
  },
  'JobSystem.breaker': {
    needs: 'systems:read',
    way: ['jobs:read'],
    operation: 'query ($id: ID!) { job(id: $id) { ... on Job { system { breaker { state } } } } }',
    path: ['job', 'system', 'breaker', 'state'],
  },
  'JobSystem.traffic': {
    needs: 'systems:read',
    way: ['jobs:read'],
    operation: 'query ($id: ID!) { job(id: $id) { ... on Job { system { traffic { concurrency } } } } }',
    path: ['job', 'system', 'traffic', 'concurrency'],
  },
  'JobSystem.credentials': {
    needs: 'systems:read',
    way: ['jobs:read'],
    operation: 'query ($id: ID!) { job(id: $id) { ... on Job { system { credentials { status } } } } }',
    path: ['job', 'system', 'credentials', 'status'],
  },
  'JobSystem.jobs': {
    needs: 'jobs:read',
    way: ['systems:read'],
    operation: '{ jobSystem(id: "kinetica") { jobs(first: 1) { complete } } }',
    path: ['jobSystem', 'jobs', 'complete'],
  },
};

const nameOf = (granted: readonly Scope[]) => [...new Set(granted)].sort().join('.').replaceAll(':', '_') || 'nothing';

const grantedSets: Scope[][] = [
  ...scopes.flatMap((scope) => [[scope], ['jobs:read', scope], ['systems:read', scope]] as Scope[][]),
  [...scopes],
];
/** Each scope alone and with those that ways need; all but one; all. */
const sets = new Map(
  [...grantedSets, ...scopes.map((left) => scopes.filter((scope) => scope !== left))].map((granted) => [nameOf(granted), granted]),
);

let jobyard: WithSandboxes;
let jobId: string;
beforeAll(async () => {
  const callers = Object.fromEntries([...sets].map(([name, granted]) => [name, [...new Set(granted)]]));
  jobyard = await startWithSandboxes({ jobs: 5, store: openEmptyStore(), access: accessFor({ ...callers, nothing: [] }) });
  jobId = addJob(jobyard, 'kinetica');
});
afterAll(() => jobyard.close());

/**
 * Fields that require an existing operation, one of two scopes, steps, outputs, or a stream: test/bulk, test/live, and
 * test/end-to-end/logs.test.ts test them.
 */
const triedElsewhere: Record<string, Scope> = {
  'Query.bulkOperation': 'jobs:read',
  'Mutation.startBulkAction': 'jobs:read',
  'Mutation.suspendBulkOperation': 'jobs:cancel',
  'Mutation.resumeBulkOperation': 'jobs:cancel',
  'Mutation.cancelBulkOperation': 'jobs:cancel',
  'Mutation.retryFailedBulkItems': 'jobs:cancel',
  'Job.outputs': 'jobs:logs',
  'JobStep.log': 'jobs:logs',
  'Subscription.jobsChanged': 'jobs:read',
  'Subscription.bulkOperationChanged': 'jobs:read',
  'Subscription.jobListChanged': 'jobs:read',
  'Subscription.jobSystemsChanged': 'systems:read',
  'Subscription.bulkOperationsChanged': 'jobs:read',
  'Subscription.jobEventsRecorded': 'audit:read',
};

/** Fields that every caller may select: they are null, or return only what the caller may see. */
const open = { 'Query.viewer': 'none', 'Query.node': 'none', 'Query.nodes': 'none' };

test('the table has every root field and every field with @requiresScopes, with the scope in the schema', () => {
  const inSchema: Record<string, string> = {};
  visit(parse(readTypeDefinitions()), {
    ObjectTypeDefinition({ name, fields }) {
      for (const field of fields ?? []) {
        const directive = field.directives?.find((candidate) => candidate.name.value === 'requiresScopes');
        const scope = directive?.arguments?.[0]?.value;
        const inner = scope?.kind === Kind.LIST && scope.values[0]?.kind === Kind.LIST ? scope.values[0].values[0] : undefined;
        if (inner?.kind === Kind.STRING) inSchema[`${name.value}.${field.name.value}`] = inner.value;
        else if (name.value === 'Query' || name.value === 'Mutation') inSchema[`${name.value}.${field.name.value}`] = 'none';
      }
    },
  });
  const inTable = Object.fromEntries(Object.entries(guardedFields).map(([field, { needs }]) => [field, needs]));
  expect({ ...inTable, ...triedElsewhere, ...open }).toEqual(inSchema);
});

describe.each(Object.entries(guardedFields))('%s', (field, { needs, way, operation, path }) => {
  const allowed = [...sets].filter(([, granted]) => [needs, ...way].every((scope) => granted.includes(scope)));
  const refused = [...sets].filter(([, granted]) => way.every((scope) => granted.includes(scope)) && !granted.includes(needs));

  test.each(allowed)('is granted with %s', async (name) => {
    const { data, errors } = await jobyard.query(operation, { id: jobId }, as(name));
    expect(errors).toBeUndefined();
    expect(path.reduce((value, step) => value?.[step], data) ?? null).not.toBeNull();
  });

  test.each(refused)(`is denied with %s, without ${needs}`, async (name) => {
    const before = systemNames.map((system) => countActions(jobyard, system));
    const { data, errors } = await jobyard.query(operation, { id: jobId }, as(name));
    expect(errors).toHaveLength(1);
    const fieldName = field.split('.')[1];
    expect(errors?.[0]).toMatchObject({
      extensions: { code: 'FORBIDDEN' },
      message: `${fieldName} requires the scope ${needs}, which key:${name} doesn't have.`,
    });
    expect(path.slice(0, -1).reduce((value, step) => value?.[step], data) ?? null).toBeNull();
    expect(systemNames.map((system) => countActions(jobyard, system))).toEqual(before);
  });

  test('is denied without any scope, and causes no vendor request', async () => {
    const before = systemNames.map((system) => countRequests(jobyard, system));
    const { data, errors } = await jobyard.query(operation, { id: jobId }, as('nothing'));
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(data?.[path[0] ?? ''] ?? null).toBeNull();
    expect(systemNames.map((system) => countRequests(jobyard, system))).toEqual(before);
  });
});

test('every field has a denied and a granted case', () => {
  for (const { needs, way } of Object.values(guardedFields)) {
    expect([...sets.values()].some((granted) => [needs, ...way].every((scope) => granted.includes(scope)))).toBe(true);
    expect([...sets.values()].some((granted) => way.every((scope) => granted.includes(scope)) && !granted.includes(needs))).toBe(true);
  }
});

describe("scopes can't be bypassed", () => {
  const reader = () => as('jobs_read');

  test.each([
    ['an alias', 'query ($id: ID!) { x: job(id: $id) { ... on Job { status: raw } } }'],
    ['a fragment', 'query ($id: ID!) { job(id: $id) { ...R } } fragment R on Job { raw }'],
    [
      'nested fragments',
      'query ($id: ID!) { job(id: $id) { ...A } } fragment A on JobResult { ... on Job { ...B } } fragment B on Job { raw }',
    ],
    ['a directive', 'query ($id: ID!) { job(id: $id) { ... on Job @include(if: true) { raw @skip(if: false) } } }'],
    ['a list', 'query ($id: ID!) { jobsByIds(ids: [$id]) { ... on Job { raw } } }'],
    ['an edge', '{ jobs(first: 5) { edges { node { raw } } } }'],
    ['a reference of another subgraph', 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Job { raw } } }'],
  ])('by %s', async (_how, operation) => {
    const { data, errors } = await jobyard.query(operation, { id: jobId, r: [{ __typename: 'Job', id: jobId }] }, reader());
    expect(errors?.length).toBeGreaterThan(0);
    for (const { extensions } of errors ?? []) expect(extensions.code).toBe('FORBIDDEN');
    expect(JSON.stringify(data)).not.toContain('job_id');
    expect(JSON.stringify(data)).not.toContain('query_text');
  });

  test("by federation's entities: what the caller can't read is null", async () => {
    const id = addJob(jobyard, 'kinetica');
    const representations = [
      { __typename: 'Job', id },
      { __typename: 'JobSystem', id: 'kinetica' },
    ];
    const ask = (name: string) =>
      jobyard.query(
        'query ($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Job { id status } ... on JobSystem { id title } } }',
        { r: representations },
        as(name),
      );
    const job = { __typename: 'Job', id, status: 'RUNNING' };
    const system = { __typename: 'JobSystem', id: 'kinetica', title: 'Kinetica' };
    expect(await ask('nothing')).toEqual({ data: { _entities: [null, null] } });
    expect(await ask('jobs_read')).toEqual({ data: { _entities: [job, null] } });
    expect(await ask('systems_read')).toEqual({ data: { _entities: [null, system] } });
    expect(await ask('jobs_cancel')).toEqual({ data: { _entities: [null, null] } });
  });
});
