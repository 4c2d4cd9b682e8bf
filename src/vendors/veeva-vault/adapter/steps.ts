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

/** Of 200 tasks each, more than any job has: circular links would never end. */
const maxPages = 50;
const noTimes = { queuedAt: null, startedAt: null, finishedAt: null };

/** Reads the tasks of all ended jobs with one query; the others one by one (Retrieve SDK Job Tasks). */
export function createStepReader({ systemId, calls, run, mode, readDate, concurrency }: ReadParts): ReadSteps {
  // Veeva doesn't document which tasks queries show, and for how long: until a query has shown a task, a missing task proves nothing.
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
    createProblem(
      'INVALID_VENDOR_RESPONSE',
      `${systemId} returned a link to a next page that isn't part of these tasks. Jobyard didn't follow it.`,
    ),
  );
}

/** A task of REST; null if it has no usable ID. The key is `state` in the reference and in VAPIL's answers, `status` in VAPIL's model. */
function fromTask(task: unknown): JobStep | null {
  const id = isFields(task) ? toTaskId(task.id) : null;
  if (!isFields(task) || id === null) return null;
  return toStep(id, textOrNull(task.state) ?? textOrNull(task.status), noTimes);
}

/** A row of `job_task_history__sys`; null if it has no usable ID, or a status that REST doesn't have. */
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
