import { randomUUID } from 'node:crypto';
import { doubtAction, refuseAction } from '../jobs/eligibility.ts';
import type { Job, JobAction } from '../jobs/job.ts';
import { type JobFilter, selectSystems } from '../jobs/list/filter.ts';
import { compareKeys } from '../jobs/list/order.ts';
import { walkJobs } from '../jobs/list/walk.ts';
import { accessDenied, type Problem, type ProblemCode } from '../jobs/problem.ts';
import { settleBeforehand } from '../jobs/settle-action.ts';
import type { JobSystem } from '../jobs/system.ts';
import type { BulkCaller } from './operation.ts';
import type { BulkParts } from './parts.ts';
import { selectable } from './select.ts';
import { bindAction } from './stored-filter.ts';

export interface BulkPreview {
  token: string;
  expiresAt: Date;
  action: JobAction;
  count: number;
  /** Jobs on which the action is available or may be. */
  actionable: number;
  /** Of those, the ones on which it may be. */
  uncertain: number;
  sample: Job[];
  refusals: { code: ProblemCode; count: number; message: string }[];
  complete: boolean;
  systems: SystemPreview[];
}

export interface SystemPreview {
  system: JobSystem;
  count: number;
  /** Why it did not tell all its jobs. */
  problem: Problem | null;
}

export const previewMinutes = 60;
export const mostJobs = 100_000;
const sampleSize = 20;

/** Looks at every job that matches and sends nothing. Keeps what it saw, so that a start can be bound to it. */
export async function previewAction(action: JobAction, filter: JobFilter, caller: BulkCaller, parts: BulkParts): Promise<BulkPreview> {
  const { permissions } = caller;
  const readable = parts.systems.filter(({ id }) => permissions.mayRead(id));
  const tally: Tally = { action, caller, ids: new Set(), actionable: 0, uncertain: 0, sample: [], refusals: new Map() };
  const systems = await Promise.all(selectSystems(readable, filter).map((system) => lookAt(system, filter, tally, parts)));

  const token = randomUUID();
  const count = systems.reduce((sum, system) => sum + system.count, 0);
  const [kept] = await parts.store.query<{ created_at: Date }>(
    'INSERT INTO jobyard.bulk_preview (token, caller, binding, job_ids) VALUES ($1, $2, $3, $4::text[]) RETURNING created_at',
    [token, caller.name, bindAction(action, filter), [...tally.ids]],
  );
  // A selection that began in time may still be at work.
  await parts.store.query(`DELETE FROM jobyard.bulk_preview WHERE created_at < now() - make_interval(mins => $1)`, [2 * previewMinutes]);
  return {
    token,
    expiresAt: new Date((kept?.created_at ?? new Date()).getTime() + previewMinutes * 60_000),
    action,
    count,
    actionable: tally.actionable,
    uncertain: tally.uncertain,
    sample: tally.sample,
    refusals: Array.from(tally.refusals, ([code, refusal]) => ({ code, ...refusal })).sort((a, b) => b.count - a.count),
    complete: systems.every(({ problem }) => problem === null),
    systems,
  };
}

interface Tally {
  action: JobAction;
  caller: BulkCaller;
  /** Of no more jobs than can be started. */
  ids: Set<string>;
  actionable: number;
  uncertain: number;
  sample: Job[];
  refusals: Map<ProblemCode, { count: number; message: string }>;
}

async function lookAt(system: JobSystem, filter: JobFilter, tally: Tally, parts: BulkParts): Promise<SystemPreview> {
  const { action, caller } = tally;
  const obstacle = selectable(system, parts);
  if (obstacle) return { system, count: 0, problem: obstacle };
  const denied = caller.permissions.mayAct(system.id, action) ? null : accessDenied(action.toLowerCase(), system.id);
  const call = { signal: caller.signal, credential: null, onRequest: caller.onRequest };
  const seen = new Set<string>();
  for await (const jobs of walkJobs(system, filter, call)) {
    if (!jobs.ok) return { system, count: seen.size, problem: jobs.problem };
    for (const job of jobs.value) {
      if (seen.has(job.id)) continue;
      seen.add(job.id);
      // One more than can be started: it is refused for their number then.
      if (tally.ids.size <= mostJobs) tally.ids.add(job.id);
      count(tally, job, denied ?? refuseAction(system.adapter, action, job), system);
    }
    tally.sample = [...tally.sample, ...jobs.value.filter(({ id }) => !tally.sample.some((sampled) => sampled.id === id))]
      .sort(newestFirst)
      .slice(0, sampleSize);
  }
  return { system, count: seen.size, problem: null };
}

function count(tally: Tally, job: Job, refusal: Problem | null, system: JobSystem): void {
  if (!refusal) {
    tally.actionable += 1;
    if (doubtAction(system.adapter, tally.action, job) !== null) tally.uncertain += 1;
    return;
  }
  // What is so already is no refusal: the item succeeds and nothing is sent.
  if (refusal.code === 'WRONG_STATUS' && settleBeforehand(system.adapter, tally.action, job)?.kind === 'succeeded') return;
  const same = tally.refusals.get(refusal.code) ?? { count: 0, message: refusal.message };
  same.count += 1;
  tally.refusals.set(refusal.code, same);
}

function newestFirst(a: Job, b: Job): number {
  return compareKeys(a.createdAt?.getTime() ?? null, b.createdAt?.getTime() ?? null, 'DESC');
}
