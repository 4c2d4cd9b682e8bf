import type { CallContext } from '../../../jobs/adapter.ts';
import type { Job, JobProgress } from '../../../jobs/job.ts';
import { fail, type Result, succeed } from '../../../jobs/problem.ts';
import { splitVendorId } from './job-id.ts';
import type { Reads } from './list.ts';
import { taskSchema } from './wire.ts';

/** The states of tasks that won't run again. The last ones never ran; as steps, they are CANCELLED, too. */
const ends = { succeeded: ['success'], failed: ['failed'], other: ['skipped', 'upstream_failed', 'removed'] } as const;

/** Counted from one page: more tasks than this are counted by the server. */
const countedHere = 100;

interface Counts {
  total: number;
  succeeded: number;
  failed: number;
  other: number;
}

/** The share of the run's tasks that have ended. The number of tasks grows while mapped tasks expand. Null: the run has no tasks yet. */
export async function getProgress(reads: Reads, job: Job, call: CallContext): Promise<Result<JobProgress | null>> {
  const counts = await countTasks(reads, job, call);
  if (!counts.ok) return counts;
  const { total, succeeded, failed, other } = counts.value;
  if (total === 0) return succeed(null);
  const ended = succeeded + failed + other;
  return succeed({
    fraction: Math.min(1, ended / total),
    succeededTasks: succeeded,
    failedTasks: failed,
    remainingTasks: Math.max(0, total - ended),
  });
}

async function countTasks({ calls }: Reads, { vendorId }: Job, call: CallContext): Promise<Result<Counts>> {
  const id = splitVendorId(vendorId);
  const page = await calls.listTasks(id, { states: null, offset: 0, limit: countedHere }, call);
  if (page.kind !== 'value') return fail(page.problem);
  const { task_instances: rows, total_entries: total } = page.value;
  if (rows.length >= (total ?? 0)) {
    const states = rows.map((row) => taskSchema.safeParse(row).data?.state ?? '');
    const countOf = (wanted: readonly string[]): number => states.filter((state) => wanted.includes(state)).length;
    return succeed({ total: rows.length, succeeded: countOf(ends.succeeded), failed: countOf(ends.failed), other: countOf(ends.other) });
  }
  const replies = await Promise.all(
    [ends.succeeded, ends.failed, ends.other].map((states) => calls.listTasks(id, { states, offset: 0, limit: 1 }, call)),
  );
  const counts: number[] = [];
  for (const reply of replies) {
    if (reply.kind !== 'value') return fail(reply.problem);
    counts.push(reply.value.total_entries ?? 0);
  }
  const [succeeded = 0, failed = 0, other = 0] = counts;
  return succeed({ total: total ?? 0, succeeded, failed, other });
}
