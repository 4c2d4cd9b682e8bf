import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { accessFor, as } from '../access/callers.ts';
import { addJob } from '../end-to-end/jobs.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { openEmptyStore } from '../store.ts';

let jobyard: WithSandboxes;
beforeAll(async () => {
  jobyard = await start(2_000);
  jobyard.sandboxes['veeva-vault'].switches.cancellingMs = 3_600_000;
});
afterAll(() => jobyard.close());

function start(overdueAfterMs: number): Promise<WithSandboxes> {
  const operator = ['jobs:read', 'jobs:cancel', 'jobs:operate', 'audit:read', 'systems:read'];
  const access = accessFor({
    operator,
    other: operator,
    half: ['jobs:read', 'audit:read@kylin'],
    auditor: ['audit:read', 'jobs:read@kylin'],
    reader: ['jobs:read'],
  });
  return startWithSandboxes({ jobs: 5, store: openEmptyStore(), audit: { overdueAfterMs }, access });
}

let startedAt: string;
beforeEach(() => {
  startedAt = new Date().toISOString();
});

// biome-ignore lint/suspicious/noExplicitAny: the shape of the selection
type Answer = any;

async function cancel(ids: readonly string[], caller = 'operator'): Promise<void> {
  const { data, errors } = await jobyard.query(
    'mutation ($ids: [ID!]!) { cancelJobs(input: { ids: $ids, reason: "runaway" }) { summary { succeeded } } }',
    { ids },
    as(caller),
  );
  expect(errors).toBeUndefined();
  expect(data.cancelJobs.summary.succeeded).toBe(ids.length);
}

interface ListArguments {
  states?: string[];
  systemIds?: string[];
  requestedBy?: string[];
  requestedFrom?: string;
  requestedTo?: string;
  first?: number;
  after?: string;
}

/** By default, only the cancellations of the test that is running. */
async function list(args: ListArguments = {}, caller = 'operator'): Promise<Answer> {
  const { data, errors } = await jobyard.query(
    `query ($states: [CancellationState!]! = [OPEN, OVERDUE, CONTRADICTED], $systemIds: [ID!], $requestedBy: [String!], $requestedFrom: DateTime,
        $requestedTo: DateTime, $first: Int, $after: String) {
      cancellations(states: $states, systemIds: $systemIds, requestedBy: $requestedBy, requestedFrom: $requestedFrom, requestedTo: $requestedTo,
        first: $first, after: $after) {
        nodes { jobId jobName job { id } state outcome requestedAt requestedBy reason resolvedAt overdue contradictingStatus }
        edges { cursor node { jobId } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount
      }
    }`,
    { requestedFrom: startedAt, ...args },
    as(caller),
  );
  return errors ? { errors } : data.cancellations;
}
const idsOf = ({ nodes }: Answer): string[] => nodes.map(({ jobId }: Answer) => jobId);
const vendorIdOf = (id: string) => id.slice(id.indexOf(':') + 1);

const kinetica = () => jobyard.sandboxes.kinetica.state;
/** The ID of a new job that accepts a cancel but continues to run. */
const addStubbornJob = () => `kinetica:${kinetica().addJob({ ignoresCancel: true, endpoint: '/execute/sql' })}`;

describe('a cancellation is listed', () => {
  test('as OPEN until its job is canceled, then not any more', async () => {
    const id = addStubbornJob();
    const atOnce = addJob(jobyard, 'kylin');
    await cancel([id, atOnce]);
    const { nodes, totalCount } = await list();
    expect(nodes).toEqual([
      {
        jobId: id,
        jobName: '/execute/sql',
        job: { id },
        state: 'OPEN',
        outcome: 'ACCEPTED',
        requestedAt: expect.any(String),
        requestedBy: 'key:operator',
        reason: 'runaway',
        resolvedAt: null,
        overdue: false,
        contradictingStatus: null,
      },
    ]);
    expect(totalCount).toBe(1);
    // Who may not read the job doesn't learn its name from the history.
    expect((await list({}, 'auditor')).nodes).toMatchObject([{ jobId: id, jobName: null }]);
    kinetica().changeJob(vendorIdOf(id), { status: 'CANCELLED' });
    await expect.poll(async () => idsOf(await list()), { timeout: 15_000 }).toEqual([]);
  });

  test('as OVERDUE if its job is CANCELLING for too long', async () => {
    const id = addJob(jobyard, 'veeva-vault');
    await cancel([id]);
    expect(await list({ states: ['OVERDUE'] })).toMatchObject({ nodes: [], totalCount: 0 });
    expect(idsOf(await list({ states: ['OPEN'] }))).toEqual([id]);
    await expect.poll(async () => idsOf(await list({ states: ['OVERDUE'] })), { timeout: 15_000 }).toEqual([id]);
    expect((await list()).nodes).toMatchObject([{ state: 'OVERDUE', overdue: true, resolvedAt: null }]);
    expect(await list({ states: ['OPEN'] })).toMatchObject({ nodes: [], totalCount: 0 });
  });

  test('as CONTRADICTED if its job ends otherwise, until the job is canceled again', async () => {
    const id = addStubbornJob();
    await cancel([id]);
    kinetica().changeJob(vendorIdOf(id), { status: 'DONE' });
    await expect.poll(async () => idsOf(await list({ states: ['CONTRADICTED'] })), { timeout: 15_000 }).toEqual([id]);
    expect((await list()).nodes).toMatchObject([
      { jobId: id, state: 'CONTRADICTED', resolvedAt: expect.any(String), contradictingStatus: 'SUCCEEDED' },
    ]);
    expect((await list({ states: ['OPEN', 'OVERDUE'] })).nodes).toEqual([]);
    kinetica().changeJob(vendorIdOf(id), { status: 'RUNNING', ignoresCancel: false });
    await cancel([id]);
    expect((await list()).nodes).toEqual([]);
  });

  test('once, while a job that continues contradicts it and is still tracked', async () => {
    const id = addStubbornJob();
    await cancel([id]);
    await expect.poll(async () => idsOf(await list({ states: ['CONTRADICTED'] })), { timeout: 15_000 }).toEqual([id]);
    expect((await list()).nodes).toMatchObject([
      { state: 'CONTRADICTED', overdue: true, contradictingStatus: 'RUNNING', resolvedAt: null },
    ]);
    kinetica().changeJob(vendorIdOf(id), { status: 'CANCELLED' });
    await expect.poll(async () => idsOf(await list()), { timeout: 15_000 }).toEqual([]);
  });
});

test('lists more cancellations than one page and than one statement has, newest first, each once', async () => {
  const shared = jobyard;
  // None becomes overdue while the pages are read.
  jobyard = await start(600_000);
  onTestFinished(async () => {
    await jobyard.close();
    jobyard = shared;
  });
  const ids = Array.from({ length: 620 }, addStubbornJob);
  for (let from = 0; from < ids.length; from += 310) await cancel(ids.slice(from, from + 310));
  // Superseded: they cost a row of a page, but aren't on it.
  const again = ids.slice(310, 330);
  await cancel(again);
  const found: string[] = [];
  const times: number[] = [];
  let after: string | undefined;
  do {
    const { nodes, edges, pageInfo, totalCount } = await list({ first: 100, ...(after && { after }) });
    expect(totalCount).toBe(620);
    expect(edges.map(({ node }: Answer) => node.jobId)).toEqual(nodes.map(({ jobId }: Answer) => jobId));
    expect(pageInfo).toMatchObject({ hasPreviousPage: after !== undefined, startCursor: edges[0].cursor, endCursor: edges.at(-1).cursor });
    found.push(...nodes.map(({ jobId }: Answer) => jobId));
    times.push(...nodes.map(({ requestedAt }: Answer) => Date.parse(requestedAt)));
    after = pageInfo.hasNextPage ? pageInfo.endCursor : undefined;
    expect(nodes.length === 100 || after === undefined).toBe(true);
  } while (after);
  expect(new Set(found.slice(0, again.length))).toEqual(new Set(again));
  expect(found.toSorted()).toEqual(ids.toSorted());
  expect(times).toEqual(times.toSorted((a, b) => b - a));
});

describe('the list', () => {
  test('has conditions on systems, callers, and times', async () => {
    const first = addStubbornJob();
    await cancel([first]);
    const between = new Date().toISOString();
    const second = addJob(jobyard, 'veeva-vault');
    await cancel([second], 'other');
    expect(idsOf(await list())).toEqual([second, first]);
    expect(idsOf(await list({ systemIds: ['kinetica', 'kylin'] }))).toEqual([first]);
    expect(idsOf(await list({ systemIds: [] }))).toEqual([]);
    expect(idsOf(await list({ requestedBy: ['key:other', 'key:nobody'] }))).toEqual([second]);
    expect(idsOf(await list({ requestedTo: between }))).toEqual([first]);
    expect(idsOf(await list({ requestedFrom: between }))).toEqual([second]);
    expect((await list({ first: 0 })).pageInfo).toMatchObject({ hasNextPage: true, endCursor: null });
    expect((await list({ states: [] })).nodes).toEqual([]);
  });

  test('shows only what the caller may read, and rejects bad arguments', async () => {
    await cancel([addStubbornJob()]);
    expect((await list({}, 'half')).nodes).toEqual([]);
    const codeOf = ({ errors }: Answer): string => errors[0].extensions.code;
    expect(codeOf(await list({}, 'reader'))).toBe('FORBIDDEN');
    expect(codeOf(await list({ systemIds: ['kinetica'] }, 'half'))).toBe('BAD_USER_INPUT');
    expect(codeOf(await list({ first: 501 }))).toBe('BAD_USER_INPUT');
    expect(codeOf(await list({ after: 'MQ' }))).toBe('BAD_USER_INPUT');
  });
});
