import { isEndedStatus, type VaultJob } from './job.ts';
import { integrationUserId } from './users.ts';

export type JobFields = Partial<Omit<VaultJob, 'id'>>;

/** Fills in the fields that were left out: requested by the integration user, QUEUED now, runs after 10 s for 60 s, ends with SUCCESS. */
export function completeJob(id: number, fields: JobFields, nowMs: number): VaultJob {
  const status = fields.status ?? 'QUEUED';
  const isEnded = isEndedStatus(status);
  const createdAtMs = fields.createdAtMs ?? fields.startedAtMs ?? fields.endedAtMs ?? nowMs;
  const createdBy = fields.createdBy ?? integrationUserId;
  const plannedStartMs = fields.plannedStartMs ?? (status === 'SCHEDULED' ? nowMs + 3_600_000 : createdAtMs);
  return {
    id,
    title: 'Export Documents',
    method: 'POST',
    modifiedBy: createdBy,
    modifiedAtMs: nowMs,
    waitMs: 10_000,
    durationMs: 60_000,
    outcome: 'SUCCESS',
    cancellableWhileRunning: false,
    taskIds: [],
    repeatEveryMs: undefined,
    slotMs: plannedStartMs,
    frozen: false,
    odd: {},
    type: typeOf(fields),
    startedAtMs: isEnded ? createdAtMs : status === 'RUNNING' ? nowMs : undefined,
    queuedAtMs: status === 'SCHEDULED' ? undefined : queuedAt(fields, createdAtMs),
    endedAtMs: isEnded ? nowMs : undefined,
    ...fields,
    status,
    createdBy,
    createdAtMs,
    plannedStartMs,
  };
}

/** SDK jobs are the ones that have tasks; the words for other kinds are undocumented. */
function typeOf({ taskIds = [], title = 'Export Documents' }: JobFields): string {
  return taskIds.length > 0 ? 'sdk_job' : title.toLowerCase().replace(/\W+/g, '_');
}

/** It waited right before it started, if it did. */
function queuedAt({ startedAtMs, endedAtMs, waitMs = 0 }: JobFields, createdAtMs: number): number | undefined {
  if (startedAtMs !== undefined) return Math.max(createdAtMs, startedAtMs - waitMs);
  return endedAtMs === undefined ? createdAtMs : undefined;
}
