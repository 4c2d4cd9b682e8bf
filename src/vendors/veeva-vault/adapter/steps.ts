import { mapConcurrently } from '../../../concurrency/map-concurrently.ts';
import type { CallContext } from '../../../jobs/adapter.ts';
import { isTerminal, type Job, type JobStep } from '../../../jobs/job.ts';
import { createProblem, fail, type Result, succeed } from '../../../jobs/problem.ts';
import { textOrNull } from '../../../transport/optional-field.ts';
import type { Calls } from './calls.ts';
import type { ReadDate } from './dates.ts';
import { toResult } from './envelope.ts';
import { toVaultId } from './job-id.ts';
import { toRestStatus, toStep } from './map.ts';
import { selectTasks } from './query-rows.ts';
import type { ReadParts } from './read.ts';
import { isFields, taskListSchema } from './wire.ts';

/** The tasks of SDK jobs, in Vault's order. Null for other jobs: they have none. */
export type ReadSteps = (jobs: readonly Job[], call: CallContext) => Promise<Result<JobStep[] | null>[]>;

/** 200 tasks each. No job has as many; links that lead in a circle would never end. */
const maxPages = 50;
const noTimes = { queuedAt: null, startedAt: null, finishedAt: null };

/** By one query for all jobs that have ended, as far as it shows tasks; by Retrieve SDK Job Tasks, job by job, for the others. */
export function createStepReader({ systemId, calls, run, mode, readDate, concurrency }: ReadParts): ReadSteps {
  // What queries show of tasks, and for how long, is not documented: until one showed a task, that there is none proves nothing.
  let queriesShowTasks = false;

  const queryTasks = async (vendorIds: readonly string[], call: CallContext): Promise<Map<string, JobStep[]>> => {
    const steps = new Map<string, JobStep[]>();
    if (vendorIds.length === 0 || !mode.usesQueries()) return steps;
    const result = await run(selectTasks(vendorIds), call);
    if (result.kind !== 'rows') {
      if (result.kind === 'rejected') mode.avoidQueries(result.isLasting);
      return steps;
    }
    for (const row of result.rows) {
      const vendorId = isFields(row) ? toVaultId(row.job_history__sys) : null;
      const step = isFields(row) ? fromTaskRow(row, readDate) : null;
      if (vendorId === null || !step) continue;
      queriesShowTasks = true;
      const known = steps.get(vendorId);
      if (known) known.push(step);
      else steps.set(vendorId, [step]);
    }
    return steps;
  };

  return async (jobs, call) => {
    const ended = jobs.filter(({ status }) => isTerminal(status)).map(({ vendorId }) => vendorId);
    const queried = await queryTasks(ended, call);
    const isKnown = ({ vendorId, status }: Job): boolean =>
      queried.has(vendorId) || (isTerminal(status) && queriesShowTasks && mode.usesQueries());
    return mapConcurrently(jobs, concurrency, async (job) => {
      if (isKnown(job)) return succeed(queried.get(job.vendorId) ?? null);
      return readTasks(systemId, calls, job.vendorId, call);
    });
  };
}

async function readTasks(systemId: string, calls: Calls, vendorId: string, call: CallContext): Promise<Result<JobStep[] | null>> {
  const list = `${vendorId}/tasks?`;
  const steps: JobStep[] = [];
  let position = `${list}limit=200`;
  for (let pages = 0; pages < maxPages; pages += 1) {
    const page = toResult(systemId, await calls.retrievePage(position, call), taskListSchema);
    if (!page.ok) return page;
    for (const task of page.value.tasks) {
      const step = fromTask(task);
      if (step) steps.push(step);
    }
    const link = page.value.responseDetails?.next_page;
    if (!link) return succeed(steps.length > 0 ? steps : null);
    const next = calls.toPosition(link);
    if (!next?.startsWith(list)) break;
    position = next;
  }
  return fail(
    createProblem('INVALID_VENDOR_RESPONSE', `${systemId} named a next page that is none of these tasks'; it was not asked for.`),
  );
}

/** A task of REST's; null if it has no usable id. The key is `state` in the reference and in VAPIL's answers, `status` in VAPIL's model. */
function fromTask(task: unknown): JobStep | null {
  const id = isFields(task) ? toTaskId(task.id) : null;
  if (!isFields(task) || id === null) return null;
  return toStep(id, textOrNull(task.state) ?? textOrNull(task.status), noTimes);
}

/** A row of `job_task_history__sys`; null if it has no usable id, or its status is no word of REST's. */
function fromTaskRow(row: Readonly<Record<string, unknown>>, readDate: ReadDate): JobStep | null {
  const id = toTaskId(row.task_id__sys);
  const vendorStatus = toRestStatus(row.status__sys);
  if (id === null || vendorStatus === null) return null;
  const [queuedAt = null, startedAt = null, finishedAt = null] = [row.queue_date__sys, row.start_date__sys, row.finish_date__sys].map(
    (date) => readDate(date, false),
  );
  return toStep(id, vendorStatus, { queuedAt, startedAt, finishedAt });
}

function toTaskId(value: unknown): string | null {
  if (typeof value === 'string' && value !== '') return value;
  return Number.isSafeInteger(value) ? String(value) : null;
}
