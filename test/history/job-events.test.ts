import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { accessFor, as } from '../access/callers.ts';
import { addEndedJob, addJob, failAction, failReads, unknownIds } from '../end-to-end/jobs.ts';
import { startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import { openEmptyStore } from '../store.ts';
import { splitId, subjects } from '../vendors/subjects.ts';

let jobyard: WithSandboxes;
beforeAll(async () => {
  jobyard = await startWithSandboxes({
    jobs: 5,
    store: openEmptyStore(),
    access: accessFor({
      operator: ['jobs:read', 'jobs:cancel', 'jobs:operate', 'audit:read'],
      half: ['jobs:read', 'jobs:cancel@kylin', 'jobs:operate@kinetica', 'audit:read@kylin'],
      reader: ['jobs:read'],
      auditor: ['audit:read'],
    }),
  });
});
afterAll(() => jobyard.close());
beforeEach(() => {
  for (const sandbox of Object.values(jobyard.sandboxes)) sandbox.faults.clear();
});

// biome-ignore lint/suspicious/noExplicitAny: each test reads other fields
type Event = Record<string, any>;

let requests = 0;
/** Performs an action with a unique request ID. Returns the response and the ID. */
async function act(ids: readonly string[], options: { field?: string; caller?: string; reason?: string; dryRun?: boolean } = {}) {
  const { field = 'cancelJobs', caller = 'operator', reason = 'runaway', dryRun = false } = options;
  requests += 1;
  const requestId = `event-test-${requests}`;
  const answer = await jobyard.query(
    `mutation Act($ids: [ID!]!, $reason: String, $dryRun: Boolean!) {
      payload: ${field}(input: { ids: $ids, reason: $reason, dryRun: $dryRun }) { results { __typename } }
    }`,
    { ids, reason, dryRun },
    { ...as(caller), 'x-request-id': requestId },
  );
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return { requestId, results: answer.data.payload.results as Event[] };
}

const everyField = `id kind recordedAt jobId jobName job { id name } caller action reason requestId operationName bulkOperationId sent
  vendorStatus vendorCode outcome code message`;
async function page(filter: object, { first = 50, after, caller = 'operator' }: { first?: number; after?: string; caller?: string } = {}) {
  const { data, errors } = await jobyard.query(
    `query ($filter: JobEventFilter, $first: Int, $after: String) {
      jobEvents(filter: $filter, first: $first, after: $after) {
        nodes { ${everyField} } edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }`,
    { filter, first, after },
    as(caller),
  );
  return { connection: data?.jobEvents, nodes: data?.jobEvents?.nodes as Event[], errors };
}

describe('an action leaves one event per job', () => {
  test('have the caller, time, request, reason, requests, and outcome', async () => {
    const ids = systemNames.map((system) => addJob(jobyard, system));
    const startedAtMs = Date.now();
    // Names are known of jobs that were read.
    const { data } = await jobyard.query(
      'query ($ids: [ID!]!) { jobsByIds(ids: $ids) { ... on Job { id name type } } }',
      { ids },
      as('operator'),
    );
    const nameById = new Map<string, string | null>(
      data.jobsByIds.map((job: { id: string; name: string; type: string | null }) => [
        job.id,
        job.id.endsWith(`:${job.name}`) ? null : job.name,
      ]),
    );
    const { requestId } = await act([...ids, ids[0] as string]);
    const { nodes } = await page({ requestId });
    expect(nodes.map(({ jobId }) => jobId).sort()).toEqual([...ids].sort());
    for (const node of nodes) {
      expect(node).toMatchObject({
        kind: 'ACTION',
        jobName: nameById.get(node.jobId),
        job: { id: node.jobId },
        caller: 'key:operator',
        action: 'CANCEL',
        reason: 'runaway',
        requestId,
        operationName: 'Act',
        bulkOperationId: null,
        sent: true,
        outcome: subjects[splitId(node.jobId).system].actions.cancel.outcome,
        code: null,
        message: null,
      });
      expect(Date.parse(node.recordedAt)).toBeGreaterThanOrEqual(startedAtMs);
    }
  });

  test.each([
    ['a job that is not there', () => unknownIds.kinetica, { outcome: 'JOB_NOT_FOUND', code: 'JOB_NOT_FOUND' }],
    [
      'one that has ended',
      () => addEndedJob(jobyard, 'kylin'),
      { outcome: 'ACTION_NOT_ALLOWED', code: 'WRONG_STATUS', sent: false, vendorStatus: 'FINISHED' },
    ],
    [
      'one that was canceled before',
      () => addEndedJob(jobyard, 'kylin', 'CANCELLED'),
      { outcome: 'ALREADY_DONE', code: null, sent: false },
    ],
    [
      'one that the vendor rejects',
      () => {
        const state = jobyard.sandboxes['veeva-vault'].state;
        state.rejectNext({ type: 'OPERATION_NOT_ALLOWED', path: '/actions/cancel' });
        return `veeva-vault:${state.addJob({ status: 'SCHEDULED', frozen: true })}`;
      },
      {
        outcome: 'VENDOR_REJECTED',
        code: 'VENDOR_REJECTED',
        sent: true,
        vendorStatus: 'SCHEDULED',
        vendorCode: 'OPERATION_NOT_ALLOWED',
      },
    ],
    [
      'one whose job may have allowed it, and does not',
      () => {
        const state = jobyard.sandboxes['veeva-vault'].state;
        return `veeva-vault:${state.addJob({ status: 'RUNNING', frozen: true, cancellableWhileRunning: false })}`;
      },
      { outcome: 'ACTION_NOT_ALLOWED', code: 'NOT_ELIGIBLE', sent: true, vendorStatus: 'RUNNING', vendorCode: null },
    ],
    [
      'one whose answer was lost',
      () => {
        failAction(jobyard, 'aodocs', { kind: 'reset', applied: false });
        return addJob(jobyard, 'aodocs');
      },
      { outcome: 'OUTCOME_UNKNOWN', code: 'OUTCOME_UNKNOWN', sent: true },
    ],
    [
      'one whose system could not be asked',
      () => {
        failReads(jobyard, 'kylin', { kind: 'reset', applied: false });
        return addJob(jobyard, 'kylin');
      },
      { outcome: 'SYSTEM_UNAVAILABLE', sent: false },
    ],
  ])('%s', async (_what, prepare, expected) => {
    const jobId = prepare();
    const { requestId } = await act([jobId]);
    const { nodes } = await page({ requestId });
    expect(nodes).toMatchObject([{ jobId, ...expected }]);
    expect(nodes[0]?.message === null).toBe(nodes[0]?.code === null);
  });

  test('that was denied', async () => {
    const jobId = addJob(jobyard, 'kinetica');
    const { requestId } = await act([jobId], { caller: 'half' });
    expect((await page({ requestId })).nodes).toMatchObject([
      { caller: 'key:half', outcome: 'ACCESS_DENIED', code: 'ACCESS_DENIED', sent: false },
    ]);
  });

  test.each(['pauseJobs', 'resumeJobs', 'restartJobs', 'startJobs'])('also for %s', async (field) => {
    const { requestId } = await act([addJob(jobyard, 'kylin')], { field });
    expect((await page({ requestId })).nodes).toMatchObject([{ action: field.replace('Jobs', '').toUpperCase() }]);
  });

  test('match the audit log', async () => {
    const { requestId } = await act([
      ...systemNames.map((system) => addJob(jobyard, system)),
      addEndedJob(jobyard, 'kylin'),
      unknownIds.aodocs,
    ]);
    const lines: Event[] = readFileSync(jobyard.auditFile, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter((line) => line.requestId === requestId && line.audit === 'outcome');
    const logged = lines.flatMap(({ results }) => results.map(({ jobId, outcome }: Event) => [jobId, outcome]));
    const { nodes } = await page({ requestId });
    expect(nodes.map(({ jobId, outcome }) => [jobId, outcome]).sort()).toEqual(logged.sort());
    expect(logged).toHaveLength(systemNames.length + 2);
  });

  test('none for a dry run', async () => {
    const { requestId } = await act([addJob(jobyard, 'kinetica')], { dryRun: true });
    expect((await page({ requestId })).nodes).toEqual([]);
  });

  test('accept any reason', async () => {
    const { requestId } = await act([addJob(jobyard, 'kinetica')], { reason: `a\tb'"\\\n${'x'.repeat(990)}` });
    const { nodes } = await page({ requestId });
    expect(nodes).toMatchObject([{ reason: `a\tb'"\\\n${'x'.repeat(990)}` }]);
  });
});

describe('Query.jobEvents', () => {
  test('comes page by page, newest first, each event once', async () => {
    const { requestId } = await act(Array.from({ length: 7 }, () => addJob(jobyard, 'kinetica')));
    const all = (await page({ requestId })).nodes.map(({ id }) => Number(id));
    expect(all).toEqual([...all].sort((left, right) => right - left));
    expect(all).toHaveLength(7);
    const paged: number[] = [];
    let after: string | undefined;
    for (const hasNextPage of [true, true, false]) {
      const { connection } = await page({ requestId }, { first: 3, ...(after && { after }) });
      expect(connection.pageInfo).toEqual({
        hasNextPage,
        hasPreviousPage: after !== undefined,
        startCursor: connection.edges[0].cursor,
        endCursor: connection.edges.at(-1).cursor,
      });
      paged.push(...connection.edges.map(({ node }: Event) => Number(node.id)));
      after = connection.pageInfo.endCursor;
    }
    expect(paged).toEqual(all);
    expect((await page({ requestId }, { first: 0 })).connection).toMatchObject({
      nodes: [],
      pageInfo: { hasNextPage: true, endCursor: null },
    });
  });

  test('meets every condition', async () => {
    const kinetica = addJob(jobyard, 'kinetica');
    const kylin = addJob(jobyard, 'kylin');
    const first = await act([kinetica, kylin]);
    const second = await act([kylin], { field: 'pauseJobs', caller: 'half' });
    const jobIds = [kinetica, kylin];
    const found = async (filter: object) =>
      (await page({ jobIds, kind: 'ACTION', ...filter })).nodes.map(({ jobId, requestId }) => [jobId, requestId]).sort();
    const [a, b, c] = [
      [kinetica, first.requestId],
      [kylin, first.requestId],
      [kylin, second.requestId],
    ] as const;
    expect(await found({})).toEqual([a, b, c].sort());
    expect(await found({ jobIds: [kylin] })).toEqual([b, c].sort());
    expect(await found({ systemIds: ['kinetica'] })).toEqual([a]);
    expect(await found({ actions: ['PAUSE'] })).toEqual([c]);
    expect(await found({ callers: ['key:half'] })).toEqual([c]);
    expect(await found({ callers: ['key:half\0'] })).toEqual([]);
    expect(await found({ outcomes: ['ACCESS_DENIED'] })).toEqual([c]);
    expect(await found({ requestId: second.requestId })).toEqual([c]);
    expect(await found({ kind: 'FOLLOW_UP' })).toEqual([]);
    expect(await found({ bulkOperationId: 'none' })).toEqual([]);
    const times = new Map(
      (await page({ jobIds, kind: 'ACTION' })).nodes.map(({ jobId, requestId, recordedAt }) => [`${jobId} ${requestId}`, recordedAt]),
    );
    const timeOf = ([jobId, requestId]: readonly [string, string]): string => times.get(`${jobId} ${requestId}`);
    expect(await found({ recordedFrom: timeOf(c) })).toEqual([a, b, c].filter((event) => timeOf(event) >= timeOf(c)).sort());
    expect(await found({ recordedTo: timeOf(b) })).toEqual([a, b, c].filter((event) => timeOf(event) <= timeOf(b)).sort());
    expect(await found({ recordedFrom: new Date(Date.parse(timeOf(c)) + 1).toISOString() })).toEqual([]);
    expect(await found({ systemIds: [] })).toEqual([]);
    expect(await found({ actions: ['CANCEL'], systemIds: ['kylin'] })).toEqual([b]);
  });

  test.each([
    [{ first: -1 }, 'first: expected 0 to 500, got -1.'],
    [{ first: 501 }, 'first: expected 0 to 500, got 501.'],
    [{ after: 'x' }, 'after: not a cursor of this list. Omit it to start from the first page.'],
    [
      { after: Buffer.from('event:1 or true').toString('base64url') },
      'after: not a cursor of this list. Omit it to start from the first page.',
    ],
  ])('rejects %o', async (range, message) => {
    expect((await page({}, range)).errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  test('accepts up to 2,000 job IDs', async () => {
    const ids = (count: number) => Array.from({ length: count }, (_, index) => `kylin:${index}`);
    expect((await page({ jobIds: ids(2_000) })).nodes).toEqual([]);
    const message = 'filter.jobIds: expected at most 2000 ids, got 2001. Split them over several requests.';
    expect((await page({ jobIds: ids(2_001) })).errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  test("rejects a system that doesn't exist or whose events the caller can't read", async () => {
    const refused = (await page({ systemIds: ['kinetica'] }, { caller: 'half' })).errors;
    const message = 'filter.systemIds: expected a system whose events you can read (kylin), got "kinetica".';
    expect(refused).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT' } }]);
    expect((await page({ systemIds: ['none'] })).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  test('shows only events of systems on which the caller has audit:read', async () => {
    const { requestId } = await act([addJob(jobyard, 'kinetica'), addJob(jobyard, 'kylin')]);
    const seenBy = async (caller: string) => (await page({ requestId }, { caller })).nodes.map(({ jobId }) => jobId.split(':')[0]).sort();
    expect(await seenBy('auditor')).toEqual(['kinetica', 'kylin']);
    expect(await seenBy('half')).toEqual(['kylin']);
    expect((await page({ requestId }, { caller: 'reader' })).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});

describe('Job.events', () => {
  const ofJobs = (ids: readonly string[], caller: string, range = '') =>
    jobyard.query(
      `query ($ids: [ID!]!) { jobsByIds(ids: $ids) { ... on Job { id events${range} { nodes { id jobId action } pageInfo { hasNextPage endCursor } } } } }`,
      { ids },
      as(caller),
    );

  test('has those of the job, newest first, page by page', async () => {
    const ids = [addJob(jobyard, 'kylin'), addJob(jobyard, 'kylin')];
    await act(ids, { field: 'pauseJobs' });
    await act([ids[1] as string], { field: 'resumeJobs' });
    await act(ids);
    const { data } = await ofJobs(ids, 'operator');
    const actions = data.jobsByIds.map(({ events }: Event) => events.nodes.map(({ action }: Event) => action));
    expect(actions).toEqual([
      ['CANCEL', 'PAUSE'],
      ['CANCEL', 'RESUME', 'PAUSE'],
    ]);
    const first = (await ofJobs([ids[1] as string], 'operator', '(first: 2)')).data.jobsByIds[0].events;
    expect(first.pageInfo.hasNextPage).toBe(true);
    const rest = (await ofJobs([ids[1] as string], 'operator', `(first: 2, after: "${first.pageInfo.endCursor}")`)).data.jobsByIds[0]
      .events;
    expect(rest).toMatchObject({ nodes: [{ action: 'PAUSE' }], pageInfo: { hasNextPage: false } });
  });

  test('is denied job by job', async () => {
    const ids = [addJob(jobyard, 'kinetica'), addJob(jobyard, 'kylin')];
    const { data, errors } = await ofJobs(ids, 'half');
    expect(errors).toMatchObject([
      {
        message: 'Access denied: the scope audit:read is required on kinetica.',
        path: ['jobsByIds', 0, 'events'],
        extensions: { code: 'ACCESS_DENIED' },
      },
    ]);
    expect(data.jobsByIds[1]).toMatchObject({ events: { nodes: [] } });
    expect((await ofJobs(ids, 'reader')).errors?.[0]).toMatchObject({ extensions: { code: 'FORBIDDEN' } });
  });

  test('shows the actions of earlier fields within one mutation', async () => {
    const id = addJob(jobyard, 'kylin');
    const { data } = await jobyard.query(
      `mutation ($id: ID!) {
        a: pauseJobs(input: { ids: [$id] }) { results { ... on JobActionSuccess { job { events { nodes { action } } } } } }
        b: resumeJobs(input: { ids: [$id] }) { results { ... on JobActionSuccess { job { events { nodes { action } } } } } }
      }`,
      { id },
      as('operator'),
    );
    expect(data.a.results[0].job.events.nodes).toEqual([{ action: 'PAUSE' }]);
    expect(data.b.results[0].job.events.nodes).toEqual([{ action: 'RESUME' }, { action: 'PAUSE' }]);
  });
});
