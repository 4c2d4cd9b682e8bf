import { type Job, type JobEvent, statuses } from './job.ts';
import type { AodocsSwitches } from './switches.ts';

/** An `ApiJob`. */
export function jobResource(job: Job, switches: AodocsSwitches): Record<string, unknown> {
  const properties: Record<string, unknown> = {
    kind: 'aodocs#job',
    jobId: job.jobId,
    libraryId: job.libraryId,
    type: job.type,
    status: job.status,
    completed: isCompleted(job, switches),
    requestor: job.requestor,
    startedAt: int64(job.startedAtMs, switches),
    lastActivityAt: int64(job.lastActivityAtMs, switches),
    remainingTasks: job.remainingTasks,
    succeededTasks: job.succeededTasks,
    failedTasks: job.failedTasks,
    taskRetries: job.taskRetries,
    priority: switches.unknownProperties ? { queue: 'default', weight: 1 } : null,
  };
  for (const name of job.absent) delete properties[name];
  return { ...present(properties, switches), ...job.odd };
}

/** An `ApiJobList`. */
export function jobListResource(jobs: readonly Job[], nextPageToken: string | undefined, switches: AodocsSwitches) {
  const jobList = jobs.map((job) => jobResource(job, switches));
  return present({ kind: 'aodocs#jobList', jobList, nextPageToken }, switches);
}

/** An `ApiJobEventList`. */
export function eventListResource(job: Job, events: readonly JobEvent[], nextPageToken: string | undefined, switches: AodocsSwitches) {
  const resources = events.map(({ atMs, severity, message }) =>
    present({ kind: 'aodocs#jobEvent', message, severity, timestamp: int64(atMs, switches) }, switches),
  );
  return present({ kind: 'aodocs#jobEventList', events: resources, job: jobResource(job, switches), nextPageToken }, switches);
}

function isCompleted(job: Job, switches: AodocsSwitches): boolean {
  switch (switches.completed) {
    case 'noTasksRemain':
      return job.remainingTasks === 0;
    case 'ended':
      return job.status !== 'IN_PROGRESS' && statuses.some((status) => status === job.status);
    case 'succeeded':
      return job.status === 'COMPLETED';
  }
}

function int64(value: number, switches: AodocsSwitches): string | number {
  return switches.int64 === 'strings' ? String(value) : value;
}

/** The framework leaves out nulls and empty arrays, and keeps empty strings. */
function present(properties: Record<string, unknown>, switches: AodocsSwitches): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).filter(([name, value]) => {
      if (value === null || value === undefined) return false;
      if (Array.isArray(value) && value.length === 0) return false;
      if (name === 'kind' && !switches.kinds) return false;
      return switches.zeros === 'kept' || (value !== 0 && value !== false);
    }),
  );
}
