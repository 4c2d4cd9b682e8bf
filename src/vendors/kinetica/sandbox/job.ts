/** WAITING: behind a write, as the Job Manager orders it. */
export type JobStatus = 'WAITING' | 'RUNNING' | 'DONE' | 'ERROR' | 'CANCELLED';

/** A request in flight ("sync", gone when it ends), or work started through /create/job ("async", which stays). */
export interface KineticaJob {
  /** Decimal digits. */
  readonly id: string;
  readonly kind: 'sync' | 'async';
  /** The same on every cluster of a group. Empty for sync jobs. */
  readonly tag: string;
  endpoint: string;
  status: JobStatus;
  /** Not over yet. With CANCELLED: asked to stop, and still at it. */
  running: boolean;
  receivedAtMs: number;
  /** Undefined while waiting. */
  startedAtMs: number | undefined;
  /** When it ends by itself. Undefined: never. */
  endsAtMs: number | undefined;
  /** How it ends by itself. */
  outcome: 'DONE' | 'ERROR';
  /** Percent, of a job that has stopped or that never ends by itself. */
  progress: number;
  authId: string;
  sourceIp: string;
  queryText: string;
  userData: string;
  flags: string;
  /** Told only when it has failed. */
  errorMessage: string;
  responseEncoding: 'json' | 'binary';
  /** Told only when it is done. */
  response: string;
  /** What the list says instead of the status. */
  listStatus: string | undefined;
  /** What columns of the list hold for it as given here, null included, instead of what is documented: `{ auth_id: 7 }`. */
  odd: Readonly<Record<string, unknown>>;
  /** Its cancellation is accepted, and it runs on to its end all the same. */
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

/** Job Manager: writes and administration can't be cancelled, reads only while they wait behind a write, the rest can. */
export function canBeCancelled(job: KineticaJob): boolean {
  if (!job.running || never.test(job.endpoint)) return false;
  return job.status === 'WAITING' || !reads.test(job.endpoint);
}
