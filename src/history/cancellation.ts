import { isTerminal, type Job, type JobStatus } from '../jobs/job.ts';
import { effectiveOutcomes, type FollowUpOutcome, type UnresolvedOutcome } from '../jobs/outcome.ts';
import type { JobSystem } from '../jobs/system.ts';
import { toLocalTime } from '../store/clocks.ts';
import { isOneOf } from '../store/known-words.ts';
import type { Query } from '../store/store.ts';
import { type ConfirmedAction, contradictConfirmed, contradictedBy, determineFollowUp, type UnresolvedAction } from './follow-up.ts';
import { toStorableId } from './storable-id.ts';

/** The last cancel of a job that may have reached the vendor, as the events tell it. */
export interface CancelRecord extends UnresolvedAction, ConfirmedAction {
  /** Of its event. */
  groupId: string;
  requestedBy: string;
  reason: string | null;
  /** When it was sent, by the store's clock: all replicas show the same. */
  requestedAt: Date;
  /** When it was seen that the job is over; null: it was not. */
  resolvedAt: Date | null;
  contradictingStatus: JobStatus | null;
  /** Whether the events contain its end, or the job was restarted since: no read of the job can add to that. */
  isClosed: boolean;
}

/** What became of it. */
export interface Cancellation {
  requestedAt: Date;
  requestedBy: string;
  reason: string | null;
  resolvedAt: Date | null;
  overdue: boolean;
  contradictingStatus: JobStatus | null;
}

interface CancelRow {
  job_id: string;
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
  began_anew: boolean;
}

/** By job id; jobs without one are left out. `aheadMs`: of the store's clock. */
export async function loadCancelRecords(query: Query, jobIds: readonly string[], aheadMs: number): Promise<Map<string, CancelRecord>> {
  const rows = await query<CancelRow>(
    `with found as materialized (
      select id, group_id, kind, recorded_at, job_id, system_id, caller, action, reason, sent_at, job_status, settled_as, settles
      from jobyard.job_event where id_hashes && jobyard.hash_ids($1::text[]) and job_id = any($1::text[])
    ),
    begun as (
      select job_id, max(id) as id from found
      where kind = 'ACTION' and action in ('RESUME', 'RESTART', 'START') and ${isOneOf('settled_as', effectiveOutcomes)} group by job_id
    )
    select distinct on (cancel.job_id) cancel.job_id, cancel.group_id::text, cancel.system_id, cancel.settled_as as outcome, cancel.recorded_at, cancel.sent_at, cancel.caller,
      cancel.reason, later.settled_as as later_outcome, later.job_status as later_status, later.recorded_at as later_at,
      coalesce(begun.id > cancel.id, false) as began_anew
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
      return record ? [[jobId, record]] : [];
    }),
  );
}

function toRecord(row: CancelRow, aheadMs: number): CancelRecord {
  const isDone = row.outcome === 'CONFIRMED';
  // A contradiction by a job that goes on is not its end.
  const isSettled =
    isDone ||
    (row.later_outcome !== null && (row.later_outcome !== 'CONTRADICTED' || (row.later_status !== null && isTerminal(row.later_status))));
  const cantTell = row.later_outcome === 'JOB_GONE' || row.later_outcome === 'JOB_NOT_FOUND';
  const last = row.later_outcome ?? row.outcome;
  const isConfirmed = last === 'CONFIRMED' || row.later_outcome === 'JOB_GONE';
  const confirmedAt = row.later_at ?? row.recorded_at;
  return {
    action: 'CANCEL',
    groupId: row.group_id,
    systemId: row.system_id,
    confirmedAt: isConfirmed && !row.began_anew ? { local: toLocalTime(confirmedAt, aheadMs), ofStore: confirmedAt } : null,
    outcome: row.outcome === 'CONFIRMED' ? 'ACCEPTED' : row.outcome,
    sentAt: toLocalTime(row.sent_at, aheadMs),
    requestedAt: row.sent_at,
    requestedBy: row.caller,
    reason: row.reason,
    resolvedAt: !isSettled || cantTell ? null : isDone ? row.recorded_at : row.later_at,
    contradictingStatus: row.later_outcome && contradictedBy(row.later_outcome, row.later_status),
    isClosed: isSettled || row.began_anew,
  };
}

/**
 * What became of the cancel by now. `job`: a copy of it, wanted where the record is not closed, and heeded where there is one: the answer may
 * know more than the events do by then. `overdueAfterMs`: how long an accepted cancel may take.
 */
export function describeCancellation(
  record: CancelRecord,
  job: Job | null,
  { system, now, overdueAfterMs }: { system: JobSystem; now: Date; overdueAfterMs: number },
): Cancellation {
  const { sentAt, requestedAt, requestedBy, reason, resolvedAt, contradictingStatus, outcome, isClosed } = record;
  const described = { requestedAt, requestedBy, reason, resolvedAt, overdue: false, contradictingStatus };
  const context = { systemId: system.id, adapter: system.adapter, now };
  if (isClosed) {
    const contradiction = job && contradictConfirmed(record, job, context);
    return contradiction ? { ...described, resolvedAt: resolvedAt ?? job.observedAt, contradictingStatus: job.status } : described;
  }
  const followUp = job && determineFollowUp(record, { kind: 'job', job }, { ...context, overdueAfterMs });
  if (followUp?.isFinal) {
    const { outcome: last, job: seen } = followUp;
    return { ...described, resolvedAt: seen?.observedAt ?? null, contradictingStatus: contradictedBy(last, seen?.status ?? null) };
  }
  return {
    ...described,
    overdue: (outcome === 'ACCEPTED' || job?.status === 'CANCELLING') && now.getTime() - sentAt.getTime() > overdueAfterMs,
    contradictingStatus: followUp ? contradictedBy(followUp.outcome, followUp.job?.status ?? null) : contradictingStatus,
  };
}
