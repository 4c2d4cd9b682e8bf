import { isEndedStatus, type VaultJob } from './job.ts';
import type { VaultJobs } from './jobs.ts';
import { tasksOf, utcDate } from './render.ts';
import type { VaultSwitches } from './switches.ts';

export type QueryRow = Readonly<Record<string, unknown>>;

interface Target {
  fields: readonly string[];
  rows(jobs: VaultJobs, switches: VaultSwitches, nowMs: number): QueryRow[];
}

/** The VQL targets about jobs: unfinished jobs (24.1), ended jobs, and their tasks (23.2). Dates are UTC. */
export const targets: ReadonlyMap<string, Target> = new Map<string, Target>([
  [
    'job_instance__sys',
    {
      fields: [
        ...['id', 'job_name__sys', 'job_metadata__sys', 'job_type__sys', 'job_title__sys', 'status__sys'],
        ...['created_by__sys', 'queue_date__sys', 'run_date__sys'],
      ],
      rows: (jobs, switches) =>
        jobs
          .unfinished()
          .filter(({ status }) => status !== 'CANCELLING' || switches.queryCancelling !== 'absent')
          .map((job) => ({
            ...commonFields(job, switches),
            created_by__sys: job.createdBy,
            run_date__sys: utcDate(job.startedAtMs ?? job.plannedStartMs),
          })),
    },
  ],
  [
    'job_history__sys',
    {
      fields: [
        ...['id', 'job_name__sys', 'job_metadata__sys', 'job_type__sys', 'job_title__sys', 'status__sys'],
        ...['schedule_date__sys', 'queue_date__sys', 'start_date__sys', 'finish_date__sys'],
      ],
      rows: (jobs, switches, nowMs) =>
        kept(jobs, switches, nowMs).map((job) => ({
          ...commonFields(job, switches),
          schedule_date__sys: utcDate(job.plannedStartMs),
          start_date__sys: dateOrNull(job.startedAtMs),
          finish_date__sys: dateOrNull(job.endedAtMs),
        })),
    },
  ],
  [
    'job_task_history__sys',
    {
      fields: ['task_id__sys', 'job_history__sys', 'status__sys', 'queue_date__sys', 'start_date__sys', 'finish_date__sys'],
      rows: (jobs, switches, nowMs) =>
        switches.queryTasks === 'none' ? [] : kept(jobs, switches, nowMs).flatMap((job) => taskRows(job, nowMs, switches)),
    },
  ],
]);

function kept(jobs: VaultJobs, switches: VaultSwitches, nowMs: number): VaultJob[] {
  return jobs.ended().filter(({ endedAtMs }) => nowMs - (endedAtMs ?? nowMs) <= switches.queryHistoryKeptMs);
}

function commonFields(job: VaultJob, switches: VaultSwitches) {
  return {
    id: idOf(job, switches),
    job_name__sys: job.title.toLowerCase().replace(/\W+/g, '_'),
    job_metadata__sys: null,
    job_type__sys: job.type,
    job_title__sys: job.title,
    status__sys: statusLiteral(statusIn(job, switches), switches),
    queue_date__sys: dateOrNull(job.queuedAtMs),
  };
}

/** The tasks of an ended SDK job, which ran one after the other. */
function taskRows(job: VaultJob, nowMs: number, switches: VaultSwitches): QueryRow[] {
  const tasks = tasksOf(job, nowMs);
  const startMs = job.startedAtMs;
  const shareMs = startMs === undefined ? 0 : ((job.endedAtMs ?? nowMs) - startMs) / tasks.length;
  return tasks.map(({ id, status }, index) => ({
    task_id__sys: id,
    job_history__sys: idOf(job, switches),
    status__sys: statusLiteral(status, switches),
    queue_date__sys: dateOrNull(startMs),
    start_date__sys: dateOrNull(startMs === undefined ? undefined : startMs + index * shareMs),
    finish_date__sys: dateOrNull(startMs === undefined ? undefined : startMs + (index + 1) * shareMs),
  }));
}

function idOf({ id }: VaultJob, switches: VaultSwitches): number | string {
  return switches.queryIdType === 'text' ? String(id) : id;
}

function statusIn(job: VaultJob, switches: VaultSwitches): string {
  if (job.status !== 'CANCELLING' || switches.queryCancelling === 'shown') return job.status;
  return job.startedAtMs === undefined ? 'QUEUED' : 'RUNNING';
}

function statusLiteral(status: string, switches: VaultSwitches): unknown {
  const suffixed = `${status.toLowerCase()}__sys`;
  switch (switches.queryStatusLiteral) {
    case 'upper':
      return status;
    case 'lower':
      return status.toLowerCase();
    case 'suffixed':
      return suffixed;
    case 'list':
      return [suffixed];
    case 'label':
      return isEndedStatus(status) ? `Ended (${status.length})` : `Active (${status.length})`;
  }
}

function dateOrNull(atMs: number | undefined): string | null {
  return atMs === undefined ? null : utcDate(atMs);
}
