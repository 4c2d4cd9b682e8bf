import type { VaultSwitches } from './switches.ts';

/** The statuses that end a job. FAILURE is documented nowhere, but VAPIL waits for it. */
export const endedStatuses = [
  'SUCCESS',
  'ERRORS_ENCOUNTERED',
  'CANCELLED',
  'FAILED_TO_RUN',
  'TIMEOUT',
  'MISSED_SCHEDULE',
  'COMPLETED_DUE_TO_INACTIVITY',
  'FAILURE',
] as const;
export type EndedStatus = (typeof endedStatuses)[number];
export type JobStatus = 'SCHEDULED' | 'QUEUEING' | 'QUEUED' | 'RUNNING' | 'CANCELLING' | EndedStatus;

/** One instance of a job, as it truly is. */
export interface VaultJob {
  readonly id: number;
  title: string;
  /** Any other text is an undocumented status: the job counts as unfinished and does not change by itself. */
  status: JobStatus | (string & {});
  /** The HTTP verb of the request that made the job; undefined for jobs the Vault schedules itself. */
  method: string | undefined;
  /** VQL's word for the kind of job; REST has none. */
  type: string;
  createdBy: number;
  createdAtMs: number;
  /** When it was put in the queue; undefined for a job that is only planned. */
  queuedAtMs: number | undefined;
  modifiedBy: number;
  modifiedAtMs: number;
  plannedStartMs: number;
  startedAtMs: number | undefined;
  endedAtMs: number | undefined;
  /** How long it stays QUEUED. */
  waitMs: number;
  /** How long it stays RUNNING. */
  durationMs: number;
  /** How it ends if left alone. MISSED_SCHEDULE and FAILED_TO_RUN end it at its planned start. */
  outcome: EndedStatus;
  cancellableWhileRunning: boolean;
  /** The tasks of a job made with the Vault Java SDK; empty for others. */
  taskIds: readonly string[];
  /** When it ends, the next instance is scheduled this much after the planned start of this one. */
  repeatEveryMs: number | undefined;
  /** Its place in the recurring schedule; start_now moves `plannedStartMs`, never this. */
  slotMs: number;
  /** True: the job doesn't change by itself. */
  frozen: boolean;
  /** Fields of its rows that are as given here, null included, instead of as documented: `{ title: 7 }`. */
  odd: Readonly<Record<string, unknown>>;
}

/** How long a job stays QUEUEING. */
const queueingMs = 3_000;

/** The next status of a job that is left alone, and when it enters it; undefined: none. */
export function nextStep(job: VaultJob, nowMs: number, switches: VaultSwitches): { atMs: number; status: JobStatus } | undefined {
  if (job.frozen) return undefined;
  switch (job.status) {
    case 'SCHEDULED':
      return { atMs: job.plannedStartMs, status: neverRuns(job.outcome) ? job.outcome : 'QUEUEING' };
    case 'QUEUEING':
      return { atMs: nowMs + queueingMs, status: 'QUEUED' };
    case 'QUEUED':
      return { atMs: nowMs + job.waitMs, status: 'RUNNING' };
    case 'RUNNING':
      return { atMs: (job.startedAtMs ?? nowMs) + job.durationMs, status: job.outcome };
    case 'CANCELLING':
      return { atMs: nowMs + switches.cancellingMs, status: 'CANCELLED' };
    default:
      return undefined;
  }
}

export function isEndedStatus(status: string): status is EndedStatus {
  return endedStatuses.some((ended) => ended === status);
}

/** Whether a job of this outcome ends at its planned start, without having run. */
export function neverRuns(outcome: EndedStatus): boolean {
  return outcome === 'MISSED_SCHEDULE' || outcome === 'FAILED_TO_RUN';
}

/** Whether Cancel Job accepts the job: planned and waiting jobs always, running ones if their type allows it. */
export function isCancellable(job: VaultJob, switches: VaultSwitches): boolean {
  if (job.status !== 'RUNNING') return job.status === 'SCHEDULED' || job.status === 'QUEUEING' || job.status === 'QUEUED';
  return switches.cancelRunning === 'by_job' ? job.cancellableWhileRunning : switches.cancelRunning === 'always';
}
