import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { limitsSchema } from '../../src/config/limits.ts';
import { accessFor, as } from '../access/callers.ts';
import { addJob, countRequests, failReads } from '../end-to-end/jobs.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { transports } from './clients.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';
import { passTime as passTimeOf } from './pass-time.ts';

const jobListChanged = `subscription ($filter: JobFilter, $first: Int, $orderBy: JobOrder) {
  jobListChanged(filter: $filter, first: $first, orderBy: $orderBy) {
    __typename
    ... on JobListPage { page { nodes { id status } pageInfo { endCursor hasNextPage } complete systems { system { id } } } }
    ... on JobEntered { job { id status } afterId }
    ... on JobChanged { job { id status } afterId }
    ... on JobLeft { jobId reason }
    ... on JobListSystems { complete systems { system { id } problem { code } } }
  }
}`;

let clock: ManualClock;
let jobyard: WithSandboxes;
beforeAll(async () => {
  clock = createManualClock(Date.now());
  const access = accessFor({ all: ['jobs:read', 'jobs:cancel'], kylinOnly: ['jobs:read@kylin'], canceller: ['jobs:cancel'] });
  jobyard = await startWithSandboxes({ jobs: 3, clock, access });
});
afterAll(() => jobyard.close());

const passTime = (stepMs: number, isThere: () => boolean): Promise<void> => passTimeOf(jobyard, clock, stepMs, isThere);

describe.each(Object.entries(transports))('over %s', (_transport, subscribe) => {
  const start = (caller: string, variables: Record<string, unknown>) => {
    const subscription = subscribe(jobyard.origin, jobListChanged, { variables, headers: as(caller) });
    onTestFinished(subscription.stop);
    const event = (index: number) => subscription.answers[index]?.data?.jobListChanged;
    return { ...subscription, event, count: () => subscription.answers.length };
  };

  test('sends the page, and then what enters, changes, and leaves', async () => {
    const { kylin } = jobyard.sandboxes;
    const filter = { systemIds: ['kylin'], statuses: ['RUNNING', 'PAUSED'] };
    const { event, count } = start('all', { filter, first: 500 });
    await passTime(0, () => count() === 1);
    expect(event(0)).toMatchObject({ __typename: 'JobListPage', page: { complete: true, systems: [{ system: { id: 'kylin' } }] } });
    const before: string | null = null;
    const id = addJob(jobyard, 'kylin');
    await passTime(500, () => count() === 2);
    expect(event(1)).toEqual({ __typename: 'JobEntered', job: { id, status: 'RUNNING' }, afterId: before });
    kylin.state.changeJob(id.slice('kylin:'.length), { state: 'PAUSED' });
    await passTime(500, () => count() === 3);
    expect(event(2)).toEqual({ __typename: 'JobChanged', job: { id, status: 'PAUSED' }, afterId: before });
    kylin.state.changeJob(id.slice('kylin:'.length), { state: 'DISCARDED' });
    await passTime(500, () => count() === 4);
    expect(event(3)).toEqual({ __typename: 'JobLeft', jobId: id, reason: 'NO_LONGER_MATCHES' });
  });

  test("sends the effect of another caller's cancellation at once", async () => {
    const id = addJob(jobyard, 'kinetica');
    const { event, count } = start('all', { filter: { systemIds: ['kinetica'], statuses: ['RUNNING'] } });
    await passTime(0, () => count() === 1);
    // Until the list may be read again.
    await clock.advance(1_000);
    const mutation = 'mutation ($id: ID!) { cancelJobs(input: { ids: [$id] }) { summary { succeeded } } }';
    await jobyard.query(mutation, { id }, as('all'));
    await passTime(0, () => count() === 2);
    expect(event(1)).toEqual({ __typename: 'JobLeft', jobId: id, reason: 'NO_LONGER_MATCHES' });
  });

  test('reports a system that fails, keeps its rows, and reports when it responds again', async () => {
    const { answers, event, count } = start('all', { filter: { systemIds: ['aodocs', 'kylin'] }, first: 5 });
    await passTime(0, () => count() === 1);
    const news = () => answers.map(({ data }) => data.jobListChanged).filter(({ __typename: name }) => name === 'JobListSystems');
    failReads(jobyard, 'aodocs', { kind: 'answer', status: 403, applied: false });
    await passTime(500, () => news().length === 1);
    const problems = [
      { system: { id: 'kylin' }, problem: null },
      { system: { id: 'aodocs' }, problem: { code: 'ACCESS_DENIED' } },
    ];
    expect(news()[0]).toMatchObject({ complete: false, systems: expect.arrayContaining(problems) });
    const ofAodocs = event(0)
      .page.nodes.map(({ id }: { id: string }) => id)
      .filter((id: string) => id.startsWith('aodocs:'));
    expect(answers.filter(({ data }) => ofAodocs.includes(data.jobListChanged.id))).toEqual([]);
    jobyard.sandboxes.aodocs.faults.clear();
    await passTime(500, () => news().length === 2);
    expect(news()[1]).toMatchObject({ complete: true });
  });

  test('reads only systems that the caller can read', async () => {
    const before = countRequests(jobyard, 'aodocs');
    const { event, count } = start('kylinOnly', {});
    await passTime(0, () => count() === 1);
    expect(event(0).page.systems).toEqual([{ system: { id: 'kylin' } }]);
    expect(countRequests(jobyard, 'aodocs')).toBe(before);
  });

  test.each([
    ['without jobs:read', 'canceller', {}, 'FORBIDDEN', /^jobListChanged requires the scope jobs:read/],
    [
      'for a system of others',
      'kylinOnly',
      { filter: { systemIds: ['aodocs'] } },
      'BAD_USER_INPUT',
      /^filter\.systemIds: expected a system \(kylin\)/,
    ],
    ['for no jobs', 'all', { first: 0 }, 'BAD_USER_INPUT', /^first: expected 1 to 500, got 0\.$/],
    ['for too many jobs', 'all', { first: 501 }, 'BAD_USER_INPUT', /^first: expected 1 to 500, got 501\.$/],
  ])('%s, the subscription fails', async (_what, caller, variables, code, message) => {
    const { end, answers } = start(caller, variables);
    const how = await end;
    const [error] = how === 'complete' ? (answers[0]?.errors ?? []) : (how.error as { message: string; extensions: { code: string } }[]);
    expect(error?.extensions.code).toBe(code);
    expect(error?.message).toMatch(message);
  });

  test.each([
    [400, 300],
    [1, 1],
  ])('counts %i jobs toward maxWatchedJobsPerCaller until it ends, and a second list with %i does not fit', async (first, second) => {
    const limited = await startWithSandboxes({ jobs: 0, limits: { maxWatchedJobsPerCaller: Math.max(99, first + second - 1) } });
    onTestFinished(() => limited.close());
    const open = (rows: number) => subscribe(limited.origin, jobListChanged, { variables: { first: rows } });
    const one = open(first);
    await one.answer(1);
    const two = open(second);
    const how = await two.end;
    const [error] = how === 'complete' ? (two.answers[0]?.errors ?? []) : (how.error as { extensions: { code: string } }[]);
    expect(error?.extensions.code).toBe('RATE_LIMITED');
    one.stop();
    const isAdmitted = (): Promise<boolean> =>
      open(second)
        .answer(1)
        .then(
          ({ data }) => data !== null,
          () => false,
        );
    await expect.poll(isAdmitted, { timeout: 20_000 }).toBe(true);
  });
});

test('the cursor of the page continues the list', async () => {
  const { answers, stop, answer } = transports.websocket(jobyard.origin, jobListChanged, { variables: { first: 4 }, headers: as('all') });
  onTestFinished(stop);
  await passTime(0, () => answers.length > 0);
  const { nodes, pageInfo } = (await answer(1)).data.jobListChanged.page;
  expect(pageInfo.hasNextPage).toBe(true);
  const query = 'query ($first: Int, $after: String) { jobs(first: $first, after: $after) { nodes { id } } }';
  const all = await jobyard.query(query, { first: 500 }, as('all'));
  const rest = await jobyard.query(query, { first: 500, after: pageInfo.endCursor }, as('all'));
  const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id);
  expect([...idsOf(nodes), ...idsOf(rest.data.jobs.nodes)]).toEqual(idsOf(all.data.jobs.nodes));
});

test.each(Object.entries(transports))('over %s, ends when its caller may not read any more', async (_transport, subscribe) => {
  const guarded = await startWithSandboxes({ jobs: 1, access: accessFor({ reader: ['jobs:read'] }) });
  onTestFinished(() => guarded.close());
  const { end, answer } = subscribe(guarded.origin, jobListChanged, { variables: { first: 5 }, headers: as('reader') });
  await answer(1);
  const limits = { ...limitsSchema.parse({}), introspection: true };
  await guarded.reload({ access: accessFor({ reader: ['systems:read'] }), limits, allowedOrigins: [], systems: [] });
  expect(await end).not.toBe('complete');
  const metrics = async () => (await fetch(`${guarded.origin}/metrics`)).text();
  await expect.poll(metrics).toContain('jobyard_polled_lists 0');
});

test('100 subscribers cost a system as much as one', async () => {
  const { kylin } = jobyard.sandboxes;
  const subscribeFor = async (subscribers: number): Promise<number> => {
    const all = Array.from({ length: subscribers }, () =>
      transports.websocket(jobyard.origin, jobListChanged, {
        variables: { filter: { systemIds: ['kylin'] }, first: 5 },
        headers: as('all'),
      }),
    );
    await passTime(0, () => all.every(({ answers }) => answers.length === 1));
    kylin.requests.clear();
    await clock.advance(20_000);
    for (const each of all) each.stop();
    const requests = kylin.requests.count();
    await expect.poll(async () => (await (await fetch(`${jobyard.origin}/metrics`)).text()).includes('jobyard_subscriptions 0')).toBe(true);
    return requests;
  };
  const ofOne = await subscribeFor(1);
  expect(ofOne).toBeGreaterThan(0);
  expect(await subscribeFor(100)).toBe(ofOne);
});
