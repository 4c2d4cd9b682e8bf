import type { Job, JobFields } from './job.ts';

/** Fills in the fields that were left out: an IMPORT of 100 tasks in progress, started now. */
export function completeJob(
  jobId: string,
  fields: Partial<JobFields>,
  defaults: Pick<JobFields, 'libraryId' | 'requestor'>,
  nowMs: number,
): Job {
  const running = (fields.status ?? 'IN_PROGRESS') === 'IN_PROGRESS';
  const startedAtMs = fields.startedAtMs ?? nowMs;
  return {
    ...defaults,
    type: 'IMPORT',
    status: 'IN_PROGRESS',
    startedAtMs,
    lastActivityAtMs: startedAtMs,
    remainingTasks: running ? 100 : 0,
    succeededTasks: running ? 0 : 100,
    failedTasks: 0,
    taskRetries: 0,
    absent: [],
    odd: {},
    ...fields,
    jobId,
    events: [...(fields.events ?? [])],
  };
}
