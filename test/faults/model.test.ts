import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toShownJobId } from '../../src/graphql/resolvers/bad-user-input.ts';
import type { Fault, FaultRule } from '../../src/sandbox-kit/faults.ts';
import { act, cancel, unknownIds } from '../end-to-end/jobs.ts';
import { forEachSystem, type Sandboxes, type SystemName, startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import type { Action, TrueJob } from '../vendors/contract.ts';
import { splitId, subjects } from '../vendors/subjects.ts';
import { factsOf, systemsWith } from './actionable-jobs.ts';
import { countSends, namedJobs } from './named-jobs.ts';
import { onArrival } from './on-arrival.ts';
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
  /** The vendors that have sessions forget them before. */
  endsSessions: boolean;
  /** Which of the picks has ended by itself when the action on it arrives. */
  race: number | null;
}

type Pick = { system: SystemName; nth: number } | { stranger: string };

const system = fc.constantFrom(...systemNames);
const strangers = [
  ...Object.values(unknownIds),
  ...systemNames.flatMap((name) => subjects[name].ids.invalid.map(([vendorId]) => `${name}:${vendorId}`)),
  ...['nosuch:1', 'no-colon', '', ':'],
];
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
  ...(['pause', 'resume', 'restart', 'start'] as const).map((action) => stepOf(action, systemsWith(action))),
  stepOf('read', systemNames),
);

const switchesOfAll = fc.record(
  forEachSystem((name) =>
    fc.record(Object.fromEntries(Object.entries(subjects[name].switchChoices).map(([key, values]) => [key, fc.constantFrom(...values)]))),
  ),
);

/** One Jobyard: the state after a step (breakers, pauses, copies, sessions) remains in the next. */
async function live(switches: Record<SystemName, object>, steps: Step[]): Promise<void> {
  const jobyard = await startWithSandboxes({ jobs: 0, change: (config) => ({ ...config, timeoutMs: 150, maxResponseBytes: 100_000 }) });
  try {
    for (const name of systemNames) Object.assign(jobyard.sandboxes[name].switches, switches[name]);
    const known = populate(jobyard.sandboxes);
    const populated = new Set(Object.values(known).flat());
    for (const each of steps) await take(each, { known, populated }, jobyard);
  } finally {
    await jobyard.close();
  }
}

interface Jobs {
  known: Record<SystemName, string[]>;
  /** The same ones. They only change through actions; jobs that actions create start by themselves. */
  populated: ReadonlySet<string>;
}

async function take(asked: Step, { known, populated }: Jobs, jobyard: WithSandboxes): Promise<void> {
  const { sandboxes } = jobyard;
  const ids = asked.picks.map((each) =>
    'stranger' in each ? each.stranger : (known[each.system][each.nth % known[each.system].length] ?? ''),
  );
  const withoutSession = new Set<SystemName>();
  for (const name of systemNames) {
    const { sessions } = subjects[name];
    if (asked.endsSessions) sessions?.endAll(sandboxes[name]);
    if (sessions?.count(sandboxes[name]) === 0) withoutSession.add(name);
    sandboxes[name].requests.clear();
    sandboxes[name].faults.clear();
  }
  for (const fault of asked.faults) {
    const place = fault.onActionsOnly && asked.action !== 'read' ? factsOf(fault.system, asked.action).place : {};
    sandboxes[fault.system].faults.add({ ...fault.rule, ...place });
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
    if (populated.has(id) && !wanted.has(id) && !(hasRaced && id === raced))
      expect(after.get(id)?.record, `no caller named ${id}`).toBe(job.record);
  }
  const createdBy = new Map([...wanted].map((id) => [id, createdFor(sandboxes, id).filter((created) => !before.has(created))]));
  expect(after.size).toBe(before.size + [...createdBy.values()].flat().length);
  for (const id of sends.keys()) expect([...wanted], `sent without being asked for`).toContain(id);
  // The one replay after a login, and the jobs that were rejected with the vanished job.
  const maxSends = (id: string): number => {
    const { system: name } = splitId(id);
    const isRejectedTogether = hasRaced && asked.action !== 'read' && factsOf(name, asked.action).allOrNothing;
    return withoutSession.has(name) || isRejectedTogether ? 2 : 1;
  };
  for (const [id, count] of sends) expect(count, `sends of ${id}`).toBeLessThanOrEqual(maxSends(id));

  results.forEach((result, index) => {
    const id = ids[index] ?? '';
    tally.set(result.__typename, (tally.get(result.__typename) ?? 0) + 1);
    const copies = { before: before.get(id), after: after.get(id) };
    const note = `${asked.action} ${id}: ${JSON.stringify(result)}, sent ${sends.get(id) ?? 0}, ${copies.before?.record} → ${copies.after?.record}`;
    expect(result.jobId, note).toBe(toShownJobId(id));
    if (hasRaced && id === raced) return;
    if (result.__typename === 'OutcomeUnknown') {
      expect(sends.get(id) ?? 0, note).toBeGreaterThan(0);
      return;
    }
    const isSuccess = result.__typename === 'CancelSuccess' || result.__typename === 'JobActionSuccess';
    if (asked.action !== 'read' && copies.before && subjects[splitId(id).system].actions[asked.action]?.creates) {
      expect(copies.after?.record, note).toBe(copies.before.record);
      expect(createdBy.get(id) ?? [], note).toHaveLength(isSuccess && !asked.dryRun ? 1 : 0);
      return;
    }
    if (!isSuccess || asked.dryRun) {
      expect(copies.after?.record, note).toBe(copies.before?.record);
      if (result.__typename === 'NotAttempted') expect(sends.get(id) ?? 0, note).toBe(0);
      return;
    }
    if (!copies.before || !copies.after) throw new Error(`The job is gone: ${note}`);
    expect(shows(splitId(id).system, asked.action, copies.before, copies.after), note).toBe(true);
    if ((sends.get(id) ?? 0) === 0) expect(copies.after.record, note).toBe(copies.before.record);
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
  const { system: name } = splitId(id);
  let happened = false;
  const stop = onArrival(sandboxes[name], (request) => {
    if (happened || !namedJobs(name, request).includes(id)) return;
    happened = true;
    endJob(sandboxes, id);
  });
  return () => {
    stop();
    return happened;
  };
}

/** The IDs of the jobs that actions on this job have created. */
function createdFor(sandboxes: Sandboxes, id: string): string[] {
  const known = systemNames.find((name) => id.startsWith(`${name}:`));
  if (!known) return [];
  const { vendorId } = splitId(id);
  return (subjects[known].jobs.createdFor?.(sandboxes[known], vendorId) ?? []).map((created) => `${known}:${created}`);
}

/** Whether the job's state agrees with a success of the action. */
function shows(system: SystemName, action: Step['action'], before: TrueJob, after: TrueJob): boolean {
  if (action === 'read') return after.record === before.record;
  const isShown = subjects[system].jobs.shows(action, after.status);
  if (action === 'restart') return isShown && after.requestedAtMs > before.requestedAtMs;
  // Of a start, nothing is done already.
  return isShown && (action !== 'start' || !subjects[system].jobs.shows(action, before.status));
}
