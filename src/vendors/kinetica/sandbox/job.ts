/** WAITING: behind a write, as the Job Manager orders it. */
export type JobStatus = 'WAITING' | 'RUNNING' | 'DONE' | 'ERROR' | 'CANCELLED';

/** A request in flight ("sync", gone when it ends), or work started through /create/job ("async", which stays). */
export interface KineticaJob {
  /** Decimal digits. */
  readonly id: string;
  readonly kind: 'sync' | 'async';
  /** The same on every cluster of a group. Empty for synchronous jobs. */
  readonly tag: string;
  endpoint: string;
  status: JobStatus;
  /** Not ended. With CANCELLED: asked to stop, but still running. */
  running: boolean;
  receivedAtMs: number;
  /** Undefined while waiting. */
  startedAtMs: number | undefined;
  /** When it ends unless it is canceled. Undefined: never. */
  endsAtMs: number | undefined;
  /** How it ends unless it is canceled. */
  outcome: 'DONE' | 'ERROR';
  /** Percent, of a job that has stopped or never ends. */
  progress: number;
  authId: string;
  sourceIp: string;
  queryText: string;
  userData: string;
  flags: string;
  /** Returned only if the job has failed. */
  errorMessage: string;
  responseEncoding: 'json' | 'binary';
  /** Returned only if the job is done. */
  response: string;
  /** The status in the list, instead of the real one. */
  listStatus: string | undefined;
  /** The job's values in columns of the list, including null, instead of the documented ones: `{ auth_id: 7 }`. */
  odd: Readonly<Record<string, unknown>>;
  /** Accepts a cancel, but runs to its end. */
  ignoresCancel: boolean;
}

/** Approximate percentage completed. */
export function progressOf(job: KineticaJob, nowMs: number): number {
  if (job.status === 'DONE') return 100;
  if (job.status === 'WAITING') return 0;
  if (job.status !== 'RUNNING' || job.startedAtMs === undefined || job.endsAtMs === undefined) return job.progress;
  const fraction = (nowMs - job.startedAtMs) / Math.max(1, job.endsAtMs - job.startedAtMs);
  return Math.min(99, Math.max(0, Math.floor(fraction * 100)));
}

const never = /^\/(insert|update|delete|admin)\//;
const reads = /^\/(show|get|has|aggregate)\//;

/** Job Manager: writes and administration can't be canceled, reads only while they wait behind a write, the rest can. */
export function canBeCancelled(job: KineticaJob): boolean {
  if (!job.running || never.test(job.endpoint)) return false;
  return job.status === 'WAITING' || !reads.test(job.endpoint);
}
