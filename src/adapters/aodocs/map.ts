import type { JobFailure, JobFields, JobProgress, JobStatus } from '../../jobs/job.ts';
import type { WireJob, WireJobEventList } from './wire.ts';

/** All statuses of AODocs. There is none for a job that is still stopping. */
export const statuses: ReadonlyMap<string, JobStatus> = new Map([
  ['IN_PROGRESS', 'RUNNING'],
  ['COMPLETED', 'SUCCEEDED'],
  ['FAILED', 'FAILED'],
  ['CANCELLED', 'CANCELLED'],
]);

/** The latest of a job's errors; null without any. */
export function toFailure({ events }: WireJobEventList): JobFailure | null {
  const spoken = events?.filter(({ message }) => message) ?? [];
  const latest = spoken.reduce<(typeof spoken)[number] | null>(
    (last, event) => (last && Number(last.timestamp ?? 0) > Number(event.timestamp ?? 0) ? last : event),
    null,
  );
  return latest?.message ? { message: latest.message, code: null, advice: null, step: null } : null;
}

export function toJobFields(job: WireJob): JobFields {
  const status = statuses.get(job.status ?? '') ?? 'UNKNOWN';
  const startedAt = toDate(job.startedAt);
  return {
    vendorId: job.jobId,
    name: null,
    type: job.type || null,
    status,
    vendorStatus: job.status ?? null,
    owner: job.requestor || null,
    // There is no time of creation: AODocs starts a job when it is asked for.
    createdAt: startedAt,
    startedAt,
    // The nearest that AODocs tells. Tasks that were running at a cancel move it on a little.
    finishedAt: status === 'RUNNING' || status === 'UNKNOWN' ? null : toDate(job.lastActivityAt),
    durationSeconds: null,
    progress: toProgress(job, status),
    scope: job.libraryId || null,
    waitSeconds: null,
    dataRange: null,
    // The schema let through only the documented fields, and none of them holds a secret.
    raw: () => job,
  };
}

/** Tasks that were retried are counted once. May go down: a job can find more tasks. Null where no counter is known. */
function toProgress({ succeededTasks, failedTasks, remainingTasks }: WireJob, status: JobStatus): JobProgress | null {
  const succeeded = succeededTasks ?? null;
  const failed = failedTasks ?? null;
  const remaining = remainingTasks ?? null;
  const fraction = status === 'SUCCEEDED' ? 1 : toFraction(succeeded, failed, remaining);
  if (fraction === null && succeeded === null && failed === null && remaining === null) return null;
  return { fraction, succeededTasks: succeeded, failedTasks: failed, remainingTasks: remaining };
}

function toFraction(succeeded: number | null, failed: number | null, remaining: number | null): number | null {
  if (succeeded === null || failed === null || remaining === null) return null;
  const done = succeeded + failed;
  return done + remaining === 0 ? null : done / (done + remaining);
}

/** 9999-12-31T23:59:59.999Z: later dates have no RFC 3339 form. */
const latestMs = 253_402_300_799_999;

/** From epoch milliseconds as text or number; null for what is no such time. */
export function toDate(value: string | number | null | undefined): Date | null {
  const ms = Number(value ?? Number.NaN);
  return Number.isInteger(ms) && ms > 0 && ms <= latestMs ? new Date(ms) : null;
}
