import type { CallContext } from '../../../jobs/adapter.ts';
import type { Job, JobFailure } from '../../../jobs/job.ts';
import { type Result, succeed } from '../../../jobs/problem.ts';
import { toBoundedText } from '../../../jobs/storable-text.ts';
import type { Calls } from './calls.ts';
import { type RunId, splitVendorId } from './job-id.ts';
import type { Reads } from './list.ts';
import { toDate } from './map.ts';
import { readTasks, toStep } from './steps.ts';
import { logEntrySchema, type Task } from './wire.ts';

/** A log is read to its end, where the reason is; this is many megabytes. */
const maxLogPages = 20;
const maxMessage = 2_000;

/** The exception of the task that failed first: Airflow itself keeps no reason of a run's failure. Null: no task failed. */
export async function getFailure(reads: Reads, job: Job, call: CallContext): Promise<Result<JobFailure | null>> {
  const failed = await readTasks(reads, job, ['failed'], call);
  if (!failed.ok) return failed;
  const [first] = failed.value.sort((a, b) => toEndMs(a) - toEndMs(b));
  if (!first) return succeed(null);
  const exception = await readException(reads.calls, splitVendorId(job.vendorId), first, call);
  const tries = first.try_number ? ` on try ${first.try_number}` : '';
  const message = exception?.message ?? `The task ${first.task_display_name || first.task_id} failed${tries}. Its log shows no reason.`;
  const code = exception?.type ?? null;
  const step = { ...toStep(first, job, reads.webUrl), message, failureCode: code };
  return succeed({ message, code, advice: null, step });
}

function toEndMs({ end_date }: Task): number {
  return toDate(end_date)?.getTime() ?? Number.MAX_SAFE_INTEGER;
}

interface Exception {
  type: string | null;
  message: string;
}

/** The last exception in the log of a task's last try. Null: the log has none, or can't be read. */
async function readException(calls: Calls, id: RunId, task: Task, call: CallContext): Promise<Exception | null> {
  const taskTry = { taskId: task.task_id, mapIndex: task.map_index ?? -1, tryNumber: task.try_number ?? 1 };
  let found: Exception | null = null;
  let token: string | null = null;
  for (let pages = 0; pages < maxLogPages; pages += 1) {
    const log = await calls.getLog(id, taskTry, token, call);
    if (log.kind !== 'value') break;
    for (const entry of log.value.content) found = toException(entry) ?? found;
    const { continuation_token: next } = log.value;
    if (!next || next === token) break;
    token = next;
  }
  return found;
}

function toException(entry: unknown): Exception | null {
  const exception = logEntrySchema.safeParse(entry).data?.error_detail[0];
  if (!exception) return null;
  const { exc_type: type, exc_value: value } = exception;
  const message = [type, value].filter(Boolean).join(': ');
  return message === '' ? null : { type: type ?? null, message: toBoundedText(message, maxMessage) };
}
