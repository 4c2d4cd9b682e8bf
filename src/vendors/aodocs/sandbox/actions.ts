import { type Rejection, reject } from './errors.ts';
import type { Job } from './job.ts';
import type { LifeCycle } from './life-cycle.ts';
import type { AodocsSwitches } from './switches.ts';

/** Cancels a job in progress. Null: done, respond with the job. The switch `terminalCancel` decides the response for an ended job. */
export function cancelJob(job: Job, by: string, lifeCycle: LifeCycle, switches: AodocsSwitches): Rejection | null {
  if (job.status === 'IN_PROGRESS') {
    lifeCycle.cancel(job, by);
    return null;
  }
  const message = `Job '${job.jobId}' can not be cancelled: its status is ${job.status}`;
  switch (switches.terminalCancel) {
    case 'strict':
      return reject(412, message);
    case 'idempotent':
      return null;
    case 'conflict':
      return { ...reject(409, message), headers: { 'X-aodocs-retryable': 'false' } };
    case 'badRequest':
      return reject(400, message);
  }
}
