import { isTerminal, type Job, type JobStatus } from '../jobs/job.ts';
import { effectiveOutcomes, type FollowUpOutcome, type UnresolvedOutcome } from '../jobs/outcome.ts';
import type { JobSystem } from '../jobs/system.ts';
import { toLocalTime } from '../store/clocks.ts';
import { isOneOf } from '../store/known-words.ts';
import type { Query } from '../store/store.ts';
import {
  type ConfirmedAction,
  contradictConfirmed,
  contradictedBy,
  determineFollowUp,
  isOverdueNow,
  type UnresolvedAction,
} from './follow-up.ts';
import { toStorableId } from './storable-id.ts';

/** A job's last cancel that may have reached the vendor, from its events. */
export interface CancelRecord extends UnresolvedAction, ConfirmedAction {
  /** The event group of the cancel. */
  groupId: string;
  jobId: string;
  jobName: string | null;
  /** As the cancel's own event has it. */
  recordedOutcome: 'CONFIRMED' | UnresolvedOutcome;
  requestedBy: string;
  reason: string | null;
  /** When it was sent, by the store's clock, so that all replicas show the same time. */
  requestedAt: Date;
  /** When the job was observed to have ended; null: it was not. */
  resolvedAt: Date | null;
  contradictingStatus: JobStatus | null;
  /** Whether an event resolves the cancel, or the job was restarted since: no read of the job can add to that. */
  isClosed: boolean;
}

/** The schema's `CancellationState`. */
export const cancellationStates = ['OPEN', 'OVERDUE', 'CONTRADICTED'] as const;
export type CancellationState = (typeof cancellationStates)[number];

/** The state of a cancel; `JobCancellation` in the schema. */
export interface Cancellation {
  jobId: string;
  /** When it was canceled; null: it was not known. */
  jobName: string | null;
  /** Null: the cancel is resolved, and nothing contradicts it. */
  state: CancellationState | null;
  outcome: 'CONFIRMED' | UnresolvedOutcome;
  requestedAt: Date;
  requestedBy: string;
  reason: string | null;
  resolvedAt: Date | null;
  overdue: boolean;
  contradictingStatus: JobStatus | null;
}

interface CancelRow {
  job_id: string;
  job_name: string | null;
  group_id: string;
  system_id: string;
  outcome: 'CONFIRMED' | UnresolvedOutcome;
  recorded_at: Date;
  sent_at: Date;
  caller: string;
  reason: string | null;
  later_outcome: FollowUpOutcome | null;
  later_status: JobStatus | null;
  later_at: Date | null;
  was_restarted: boolean;
}

/** By job ID; jobs without a record are left out. `aheadMs`: how far the store's clock is ahead. */
export async function loadCancelRecords(query: Query, jobIds: readonly string[], aheadMs: number): Promise<Map<string, CancelRecord>> {
  const rows = await query<CancelRow>(
    `with found as materialized (
      select id, group_id, kind, recorded_at, job_id, job_name, system_id, caller, action, reason, sent_at, job_status, settled_as, settles, creates
      from jobyard.job_event where id_hashes && jobyard.hash_ids($1::text[]) and job_id = any($1::text[])
    ),
    begun as (
      select job_id, max(id) as id from found
      where kind = 'ACTION' and action in ('RESUME', 'RESTART', 'START') and not creates and ${isOneOf('settled_as', effectiveOutcomes)} group by job_id
    )
    select distinct on (cancel.job_id) cancel.job_id, cancel.job_name, cancel.group_id::text, cancel.system_id, cancel.settled_as as outcome, cancel.recorded_at, cancel.sent_at, cancel.caller,
      cancel.reason, later.settled_as as later_outcome, later.job_status as later_status, later.recorded_at as later_at,
      coalesce(begun.id > cancel.id, false) as was_restarted
    from found as cancel
    left join found as later on later.job_id = cancel.job_id and later.settles = cancel.group_id
    left join begun on begun.job_id = cancel.job_id
    where cancel.kind = 'ACTION' and cancel.action = 'CANCEL' and cancel.sent_at is not null
      and ${isOneOf('cancel.settled_as', effectiveOutcomes)}
    order by cancel.job_id, cancel.id desc, later.id desc nulls last`,
    [jobIds.map(toStorableId)],
  );
  const recordByText = new Map(rows.map((row) => [row.job_id, toRecord(row, aheadMs)]));
  return new Map(
    jobIds.flatMap((jobId) => {
      const record = recordByText.get(toStorableId(jobId));
      return record ? [[jobId, { ...record, jobId }]] : [];
    }),
  );
}

function toRecord(row: CancelRow, aheadMs: number): CancelRecord {
  const isConfirmedAtOnce = row.outcome === 'CONFIRMED';
  // A contradiction by a job that has not ended doesn't resolve the cancel.
  const isResolved =
    isConfirmedAtOnce ||
    (row.later_outcome !== null && (row.later_outcome !== 'CONTRADICTED' || (row.later_status !== null && isTerminal(row.later_status))));
  // A job that is no longer listed was not observed to have ended.
  const isMissing = row.later_outcome === 'JOB_GONE' || row.later_outcome === 'OUTCOME_UNKNOWN';
  const last = row.later_outcome ?? row.outcome;
  const isConfirmed = last === 'CONFIRMED' || row.later_outcome === 'JOB_GONE';
  const confirmedAt = row.later_at ?? row.recorded_at;
  return {
    action: 'CANCEL',
    groupId: row.group_id,
    jobId: row.job_id,
    jobName: row.job_name,
    recordedOutcome: row.outcome,
    systemId: row.system_id,
    confirmedAt: isConfirmed && !row.was_restarted ? { local: toLocalTime(confirmedAt, aheadMs), ofStore: confirmedAt } : null,
    outcome: row.outcome === 'CONFIRMED' ? 'ACCEPTED' : row.outcome,
    sentAt: toLocalTime(row.sent_at, aheadMs),
    requestedAt: row.sent_at,
    requestedBy: row.caller,
    reason: row.reason,
    resolvedAt: !isResolved || isMissing ? null : isConfirmedAtOnce ? row.recorded_at : row.later_at,
    contradictingStatus: row.later_outcome && contradictedBy(row.later_outcome, row.later_status),
    isClosed: isResolved || row.was_restarted,
  };
}

/**
 * The state of the cancel. `job`: a copy of the job. A copy can be newer than the events, so it is always used if there is one. Null: the events
 * decide alone. `overdueAfterMs`: how long an accepted cancel may take.
 */
export function describeCancellation(record: CancelRecord, job: Job | null, context: CancellationContext): Cancellation {
  const { jobId, jobName, requestedAt, requestedBy, reason, recordedOutcome } = record;
  const progress = describeProgress(record, job, context);
  return { jobId, jobName, outcome: recordedOutcome, requestedAt, requestedBy, reason, ...progress, state: toState(progress) };
}

export interface CancellationContext {
  system: JobSystem;
  now: Date;
  overdueAfterMs: number;
}

type Progress = Pick<Cancellation, 'resolvedAt' | 'overdue' | 'contradictingStatus'> & {
  /** Whether no read of the job can add to it. */
  isClosed: boolean;
};

function describeProgress(record: CancelRecord, job: Job | null, { system, now, overdueAfterMs }: CancellationContext): Progress {
  const { resolvedAt, contradictingStatus, isClosed } = record;
  const described = { resolvedAt, overdue: false, contradictingStatus, isClosed };
  const context = { systemId: system.id, adapter: system.adapter, now };
  if (isClosed) {
    const contradiction = job && contradictConfirmed(record, job, context);
    return contradiction ? { ...described, resolvedAt: resolvedAt ?? job.observedAt, contradictingStatus: job.status } : described;
  }
  const followUp = job && determineFollowUp(record, { kind: 'job', job }, { ...context, overdueAfterMs });
  if (followUp?.isFinal) {
    const { outcome: last, job: observed } = followUp;
    const status = contradictedBy(last, observed?.status ?? null);
    return { ...described, resolvedAt: observed?.observedAt ?? null, contradictingStatus: status, isClosed: true };
  }
  return {
    ...described,
    overdue: isOverdueNow(record, job, { now, overdueAfterMs }),
    contradictingStatus: followUp ? contradictedBy(followUp.outcome, followUp.job?.status ?? null) : contradictingStatus,
  };
}

function toState({ isClosed, overdue, contradictingStatus }: Progress): CancellationState | null {
  if (contradictingStatus !== null) return 'CONTRADICTED';
  if (isClosed) return null;
  return overdue ? 'OVERDUE' : 'OPEN';
}
