import { precheckAction } from '../actions/precheck.ts';
import type { ServedSystem } from '../job-service/served-system.ts';
import { checkEligibility, explainDoubt } from '../jobs/eligibility.ts';
import { type JobFilter, selectSystems } from '../jobs/filter.ts';
import type { Job, JobAction } from '../jobs/job.ts';
import { isSuccess } from '../jobs/outcome.ts';
import { accessDenied, scopeOf } from '../jobs/permissions.ts';
import { isListed, type Problem, type ProblemCode } from '../jobs/problem.ts';
import { toStoredName } from '../jobs/stored-name.ts';
import { iterateJobs } from '../listing/iterate-jobs.ts';
import { compareKeys } from '../reading/order.ts';
import type { BulkDependencies } from './dependencies.ts';
import { checkSelectable } from './judge-selection.ts';
import { keepPreview, type SeenJob } from './kept-preview.ts';
import type { BulkCaller } from './operation.ts';

export interface BulkPreview {
  token: string;
  expiresAt: Date;
  action: JobAction;
  matchedCount: number;
  /** Jobs on which the action is available or may be. */
  availableCount: number;
  /** Those of `availableCount` on which it may be. */
  uncertain: number;
  /** Jobs that are already in the target status, or on their way there. */
  alreadyDoneCount: number;
  sample: Job[];
  predictedFailures: { code: ProblemCode; count: number; message: string }[];
  complete: boolean;
  systems: SystemPreview[];
}

export interface SystemPreview {
  system: ServedSystem;
  matchedCount: number;
  /** Why not all matching jobs were listed; null if they were. */
  problem: Problem | null;
}

export const maxMatchedJobs = 100_000;
const sampleSize = 20;

/** Lists every matching job without performing the action. Stores the jobs: a start with the token acts on exactly these. */
export async function previewAction(
  action: JobAction,
  filter: JobFilter,
  caller: BulkCaller,
  parts: BulkDependencies,
): Promise<BulkPreview> {
  const { permissions } = caller;
  const readable = parts.systems.filter(({ id }) => permissions.mayRead(id));
  const tally: Tally = { action, caller, available: 0, uncertain: 0, alreadyDone: 0, sample: [], failures: new Map() };
  const matches = await Promise.all(selectSystems(readable, filter).map((system) => listMatches(system, filter, tally, parts)));
  const systems = matches.map(({ preview }) => preview);

  const count = systems.reduce((sum, system) => sum + system.matchedCount, 0);
  const { token, expiresAt } = await keepPreview(parts.store, {
    caller: caller.name,
    action,
    filter,
    systems: matches.map(({ preview: { system, matchedCount: found, problem }, jobs }) => ({
      systemId: system.id,
      found,
      problem,
      jobs,
    })),
  });
  return {
    token,
    expiresAt,
    action,
    matchedCount: count,
    availableCount: tally.available,
    uncertain: tally.uncertain,
    alreadyDoneCount: tally.alreadyDone,
    sample: tally.sample,
    predictedFailures: Array.from(tally.failures, ([code, failure]) => ({ code, ...failure })).sort((a, b) => b.count - a.count),
    complete: systems.every(({ problem }) => problem === null),
    systems,
  };
}

interface Tally {
  action: JobAction;
  caller: BulkCaller;
  available: number;
  uncertain: number;
  alreadyDone: number;
  sample: Job[];
  failures: Map<ProblemCode, { count: number; message: string }>;
}

interface SystemMatches {
  preview: SystemPreview;
  /** All matching jobs; empty if the system couldn't be listed completely, or has more jobs than one operation may have. */
  jobs: SeenJob[];
}

async function listMatches(system: ServedSystem, filter: JobFilter, tally: Tally, parts: BulkDependencies): Promise<SystemMatches> {
  const { action, caller } = tally;
  const obstacle = checkSelectable(system, parts);
  if (obstacle) return { preview: { system, matchedCount: 0, problem: obstacle }, jobs: [] };
  const denied = caller.permissions.mayAct(system.id, action) ? null : accessDenied(scopeOf(action), system.id);
  const signal = AbortSignal.any([caller.signal, caller.waitSignal]);
  const call = { caller: caller.requestsCountFor, signal, credential: null, onRoundTrip: caller.onRequest };
  const seen = new Map<string, SeenJob>();
  let incomplete: Problem | null = null;
  for await (const jobs of iterateJobs(system, filter, call)) {
    if (!jobs.ok && !isListed(jobs.problem)) return { preview: { system, matchedCount: seen.size, problem: jobs.problem }, jobs: [] };
    if (!jobs.ok) {
      incomplete ??= jobs.problem;
      continue;
    }
    for (const job of jobs.value) {
      if (seen.has(job.vendorId)) continue;
      seen.set(job.vendorId, { vendorId: job.vendorId, name: toStoredName(job) });
      count(tally, job, denied ?? checkEligibility(system.adapter, action, job), system);
    }
    tally.sample = [...tally.sample, ...jobs.value.filter(({ id }) => !tally.sample.some((sampled) => sampled.id === id))]
      .sort(newestFirst)
      .slice(0, sampleSize);
  }
  return { preview: { system, matchedCount: seen.size, problem: incomplete }, jobs: seen.size > maxMatchedJobs ? [] : [...seen.values()] };
}

function count(tally: Tally, job: Job, problem: Problem | null, system: ServedSystem): void {
  if (!problem) {
    tally.available += 1;
    if (explainDoubt(system.adapter, tally.action, job) !== null) tally.uncertain += 1;
    return;
  }
  // A job that is already in the target status is not a failure: its item succeeds without a request.
  const decided = problem.code === 'WRONG_STATUS' ? precheckAction(system.adapter, tally.action, job) : null;
  if (decided && isSuccess(decided.outcome)) {
    tally.alreadyDone += 1;
    return;
  }
  const same = tally.failures.get(problem.code) ?? { count: 0, message: problem.message };
  same.count += 1;
  tally.failures.set(problem.code, same);
}

function newestFirst(a: Job, b: Job): number {
  return compareKeys(a.createdAt?.getTime() ?? null, b.createdAt?.getTime() ?? null, 'DESC');
}
