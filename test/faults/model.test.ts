import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Fault, FaultRule } from '../../src/sandbox-kit/faults.ts';
import { act, cancel, systemNames, unknownIds } from '../end-to-end/jobs.ts';
import { type Sandboxes, type SystemName, startWithSandboxes, type WithSandboxes } from '../start.ts';
import { actionPath } from './actionable-jobs.ts';
import type { Action } from './matrix.ts';
import { countSends, namedJobs } from './named-jobs.ts';
import { endJob, populate, takeSnapshot } from './world.ts';

/*
 * Random jobs, actions, faults and positions of the sandboxes' switches: whatever happens, the laws below apply.
 * A failure is replayed by FAULTS_SEED=… npx vitest run test/faults/model.test.ts; FAULTS_SECONDS=… searches longer.
 */

const seed = Number(process.env.FAULTS_SEED ?? Date.now() % 2 ** 31);
const timeLimitMs = Number(process.env.FAULTS_SECONDS ?? 15) * 1000;

test('every result is true, nothing is sent twice, and no other job is touched', { timeout: timeLimitMs + 100_000 }, async () => {
  console.info(`FAULTS_SEED=${seed}`);
  const report = await fc.check(fc.asyncProperty(switchesOfAll, fc.array(step, { minLength: 1, maxLength: 6 }), live), {
    seed,
    numRuns: 10_000,
    interruptAfterTimeLimit: timeLimitMs,
    includeErrorInReport: true,
  });
  expect(report.failed, `FAULTS_SEED=${seed}\n${fc.defaultReportMessage(report)}`).toBe(false);
  console.info(`${report.numRuns} runs; results: ${JSON.stringify(Object.fromEntries(tally))}`);
  expect(report.numRuns).toBeGreaterThan(0);
});

/** How often each kind of result came: that the laws were put to the test. */
const tally = new Map<string, number>();

interface Step {
  action: Action | 'read';
  dryRun: boolean;
  /** Which jobs, repeated ones among them. */
  picks: Pick[];
  faults: { system: SystemName; rule: FaultRule; onActionsOnly: boolean }[];
  /** Vault forgets its sessions before. */
  endsSessions: boolean;
  /** Which of the picks has ended by itself when the action on it arrives. */
  race: number | null;
}

type Pick = { system: SystemName; nth: number } | { stranger: string };

const system = fc.constantFrom(...systemNames);
const strangers = [...Object.values(unknownIds), 'kinetica:007', 'kylin:x', 'veeva-vault:0', 'aodocs:a b', 'nosuch:1', 'no-colon', '', ':'];
/** Mostly jobs of the systems that have the action. */
const pickFor = (able: readonly SystemName[]): fc.Arbitrary<Pick> =>
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ system: fc.constantFrom(...able), nth: fc.nat(9) }) },
    { weight: 1, arbitrary: fc.record({ system, nth: fc.nat(9) }) },
    { weight: 1, arbitrary: fc.record({ stranger: fc.constantFrom(...strangers) }) },
  );

const applied = fc.boolean();
const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: fc.constant('reset' as const), applied }),
  fc.record({ kind: fc.constant('hang' as const), applied }),
  fc.record({ kind: fc.constant('answer' as const), status: fc.constantFrom(200, 408, 500, 502, 503, 504), applied }),
  // Rejections replace the work.
  fc.record({ kind: fc.constant('answer' as const), status: fc.constantFrom(302, 400, 403, 404, 429), applied: fc.constant(false) }),
  fc.constant<Fault>({ kind: 'answer', status: 429, headers: { 'retry-after': '1' }, applied: false }),
  fc.constant<Fault>({ kind: 'truncate' }),
  fc.constant<Fault>({ kind: 'empty' }),
  fc.constant<Fault>({ kind: 'flood', bytes: 200_000 }),
  fc.constant<Fault>({ kind: 'slow', ms: 20 }),
);
const rule: fc.Arbitrary<FaultRule> = fc.record({
  fault,
  skip: fc.constantFrom(0, 0, 0, 1, 2),
  times: fc.constantFrom<1 | 2 | 'always'>(1, 1, 2, 'always'),
});

const stepOf = (action: Step['action'], able: readonly SystemName[]): fc.Arbitrary<Step> =>
  fc.record({
    action: fc.constant(action),
    dryRun: fc.constantFrom(true, false, false, false, false, false),
    picks: fc.array(pickFor(able), { minLength: 1, maxLength: 24 }),
    faults: fc.array(fc.record({ system: fc.constantFrom(...able), rule, onActionsOnly: fc.boolean() }), { maxLength: 4 }),
    endsSessions: fc.constantFrom(true, false, false),
    race: fc.option(fc.nat(23), { freq: 4 }),
  });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: stepOf('cancel', systemNames) },
  stepOf('pause', ['kylin']),
  stepOf('resume', ['kylin']),
  stepOf('restart', ['kylin']),
  stepOf('start', ['veeva-vault']),
  stepOf('read', systemNames),
);

const switchesOfAll = fc.record({
  kinetica: fc.record({
    cancelAnswers: fc.constantFrom('terse', 'enum', 'omit', 'reject', 'reorder', 'prose'),
    errorStatus: fc.constantFrom(400, 200),
    stoppingWord: fc.constantFrom('CANCELLED', 'CANCELLING', 'RUNNING'),
    statusWords: fc.constantFrom('get-job', 'complete', 'lower-case'),
    repeatedCancel: fc.constantFrom('accepted', 'rejected'),
    stopMs: fc.constantFrom(0, 3_600_000),
  }),
  'veeva-vault': fc.record({
    cancelErrors: fc.constantFrom('object', 'array'),
    allCancelsRejected: fc.constantFrom('SUCCESS', 'FAILURE'),
    cancelRunning: fc.constantFrom('by_job', 'always', 'never'),
    cancelAnswersOtherId: fc.boolean(),
    invalidSessionStatus: fc.constantFrom(200, 401),
    warnings: fc.boolean(),
  }),
  kylin: fc.record({
    cluster: fc.constantFrom('oneNode', 'twoNodes'),
    errorShape: fc.constantFrom('source', 'documented'),
    listShape: fc.constantFrom('source', 'documented'),
    extraFields: fc.boolean(),
  }),
  aodocs: fc.record({
    // Changes after a cancel can't be distinguished from those of another client.
    runningTasksFinish: fc.constant(false),
    terminalCancel: fc.constantFrom('strict', 'idempotent', 'conflict', 'badRequest'),
    int64: fc.constantFrom('strings', 'numbers'),
    zeros: fc.constantFrom('kept', 'omitted'),
    exceptionCompatibility: fc.boolean(),
  }),
});

/** One Jobyard: the state after a step (breakers, pauses, copies, sessions) remains in the next. */
async function live(switches: { [Name in SystemName]: object }, steps: Step[]): Promise<void> {
  const jobyard = await startWithSandboxes({ jobs: 0, change: (config) => ({ ...config, timeoutMs: 150, maxResponseBytes: 100_000 }) });
  try {
    for (const name of systemNames) Object.assign(jobyard.sandboxes[name].switches, switches[name]);
    const known = populate(jobyard.sandboxes);
    for (const each of steps) await take(each, known, jobyard);
  } finally {
    await jobyard.close();
  }
}

async function take(asked: Step, known: Record<SystemName, string[]>, jobyard: WithSandboxes): Promise<void> {
  const { sandboxes } = jobyard;
  const ids = asked.picks.map((each) =>
    'stranger' in each ? each.stranger : (known[each.system][each.nth % known[each.system].length] ?? ''),
  );
  const { sessions } = sandboxes['veeva-vault'].state;
  if (asked.endsSessions) sessions.endAll();
  const isSessionGone = sessions.count() === 0;
  for (const name of systemNames) {
    sandboxes[name].requests.clear();
    sandboxes[name].faults.clear();
  }
  for (const fault of asked.faults) {
    const path = fault.onActionsOnly && asked.action !== 'read' ? { path: actionPath(fault.system, asked.action) } : {};
    sandboxes[fault.system].faults.add({ ...fault.rule, ...path });
  }
  const raced = asked.race === null ? null : (ids[asked.race % ids.length] ?? null);
  const before = takeSnapshot(sandboxes);
  const stopRacing = raced !== null && before.has(raced) ? raceFor(sandboxes, raced) : () => false;
  const results = await perform(asked, ids, jobyard);
  const hasRaced = stopRacing();
  const after = takeSnapshot(sandboxes);
  const sends = countSends(sandboxes);

  const wanted = new Set(asked.action === 'read' || asked.dryRun ? [] : ids);
  for (const [id, job] of before) {
    if (!wanted.has(id) && !(hasRaced && id === raced)) expect(after.get(id), `no caller named ${id}`).toBe(job);
  }
  expect(after.size).toBe(before.size);
  for (const id of sends.keys()) expect([...wanted], `sent without being asked for`).toContain(id);
  // Vault's one replay after a login, and the jobs that were rejected with the vanished job.
  const maxSends = (id: string): number => {
    if (id.startsWith('veeva-vault:')) return isSessionGone ? 2 : 1;
    return hasRaced && (id.startsWith('kylin:') || id.startsWith('kinetica:')) ? 2 : 1;
  };
  for (const [id, count] of sends) expect(count, `sends of ${id}`).toBeLessThanOrEqual(maxSends(id));

  results.forEach((result, index) => {
    const id = ids[index] ?? '';
    tally.set(result.__typename, (tally.get(result.__typename) ?? 0) + 1);
    const copies = { before: before.get(id), after: after.get(id) };
    const note = `${asked.action} ${id}: ${JSON.stringify(result)}, sent ${sends.get(id) ?? 0}, ${copies.before} → ${copies.after}`;
    expect(result.jobId, note).toBe(id);
    if (hasRaced && id === raced) return;
    if (result.__typename === 'OutcomeUnknown') {
      expect(sends.get(id) ?? 0, note).toBeGreaterThan(0);
      return;
    }
    const isSuccess = result.__typename === 'CancelSuccess' || result.__typename === 'JobActionSuccess';
    if (!isSuccess || asked.dryRun) {
      expect(copies.after, note).toBe(copies.before);
      if (result.__typename === 'NotAttempted') expect(sends.get(id) ?? 0, note).toBe(0);
      return;
    }
    expect(copies.after, note).toBeDefined();
    const isDone = shows(asked.action, copies.before ?? '', copies.after ?? '');
    expect(isDone, note).toBe(true);
    if ((sends.get(id) ?? 0) === 0) expect(copies.after, note).toBe(copies.before);
  });
}

interface Result {
  __typename: string;
  jobId: string;
}

/** Sends the request, and checks the form of the response. */
async function perform({ action, dryRun }: Step, ids: string[], jobyard: WithSandboxes): Promise<Result[]> {
  if (action === 'read') {
    const query =
      'query ($ids: [ID!]!) { jobsByIds(ids: $ids) { __typename ... on Job { id } ... on JobError { jobId } } jobs { complete } }';
    const { data, errors } = await jobyard.query(query, { ids });
    expect(errors).toBeUndefined();
    return data.jobsByIds.map(({ __typename, id, jobId }: Record<string, string>) => ({ __typename, jobId: id ?? jobId }));
  }
  const { results, summary } = action === 'cancel' ? await cancel(jobyard, ids, { dryRun }) : await act(jobyard, action, ids, dryRun);
  const count = (names: string[]): number => results.filter(({ __typename }: Result) => names.includes(__typename)).length;
  const succeeded = count(['CancelSuccess', 'JobActionSuccess']);
  const unknown = count(['OutcomeUnknown']);
  expect(summary).toEqual({ requested: ids.length, succeeded, unknown, failed: ids.length - succeeded - unknown });
  return results;
}

/** Ends a job when a request that names it arrives. When stopped, returns whether that happened. */
function raceFor(sandboxes: Sandboxes, id: string): () => boolean {
  const name = systemNames.find((each) => id.startsWith(`${each}:`));
  if (!name) throw new Error(`Of no system: ${id}`);
  const { requests } = sandboxes[name];
  const { add } = requests;
  let happened = false;
  requests.add = (request) => {
    add(request);
    if (happened || !namedJobs(name, request).includes(id)) return;
    happened = true;
    endJob(sandboxes, id);
  };
  return () => {
    requests.add = add;
    return happened;
  };
}

/** Whether the job's state agrees with a success of the action. */
function shows(action: Step['action'], before: string, after: string): boolean {
  const job = JSON.parse(after);
  const status: unknown = job.status ?? job.state;
  switch (action) {
    case 'cancel':
      return status === 'CANCELLED' || status === 'CANCELLING' || status === 'DISCARDED';
    case 'pause':
      return status === 'PAUSED';
    case 'resume':
      return status !== 'PAUSED' && status !== 'ERROR';
    case 'restart':
      return job.createTime > JSON.parse(before).createTime;
    case 'start':
      return status === 'QUEUEING';
    case 'read':
      return after === before;
  }
}
