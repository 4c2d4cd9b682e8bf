import { type JobAction, jobActions } from '../jobs/job.ts';
import { effectiveOutcomes, unresolvedOutcomes } from '../jobs/outcome.ts';
import { toStorableText } from '../jobs/storable-text.ts';
import { toStoredName } from '../jobs/stored-name.ts';
import { toLocalTime } from '../store/clocks.ts';
import { isOneOf } from '../store/known-words.ts';
import type { Store } from '../store/store.ts';
import type { FollowUp, UnresolvedAction } from './follow-up.ts';
import { toStorableId } from './storable-id.ts';

export interface ClaimedAction extends UnresolvedAction {
  /** The row that it was claimed with. */
  openId: string;
  jobId: string;
  /** A follow-up recorded that the job continued although the action had been accepted. */
  contradicted: boolean;
}

/** How long a claim lasts: longer than a round of reads can take. */
const claimSeconds = 60;
/** A job is read again after half the time that has passed since the action, and at least this often. */
const maxWaitSeconds = 300;
/** An action is no longer tracked after this, even if its job never ends. */
const maxTrackedDays = 7;

/** Rows with words that this version supports: a newer replica tracks the rest. */
const isKnown = `${isOneOf('action', jobActions)} and ${isOneOf('outcome', unresolvedOutcomes)}`;

/** Claims due actions of a system on at most `maxJobs` jobs, the longest due first. The jobs of a row beyond that stay due. */
export async function claimDueActions(store: Store, systemId: string, maxJobs: number): Promise<ClaimedAction[]> {
  const rows = await store.query<{
    open_id: string;
    job_ids: string[];
    sent_at_ms: string;
    action: JobAction;
    outcome: UnresolvedAction['outcome'];
    contradicted: boolean;
  }>(
    `with due as (
      select * from jobyard.open_action where system_id = $1 and due_at <= now() and ${isKnown} order by due_at, id limit $2 for update skip locked
    ),
    counted as (select *, $2 - (sum(cardinality(job_ids)) over (order by due_at, id) - cardinality(job_ids))::int as room from due),
    taken as (delete from jobyard.open_action using counted where open_action.id = counted.id and room > 0 returning counted.*),
    rest as (
      insert into jobyard.open_action (group_id, system_id, action, outcome, job_ids, sent_at_ms, contradicted, due_at)
      select group_id, system_id, action, outcome, job_ids[room + 1 :], sent_at_ms, contradicted, due_at
      from taken where cardinality(job_ids) > room
    )
    insert into jobyard.open_action (group_id, system_id, action, outcome, job_ids, sent_at_ms, contradicted, due_at)
    select group_id, system_id, action, outcome, job_ids[: room], sent_at_ms, contradicted, now() + $3 * interval '1 second'
    from taken
    returning id::text as open_id, job_ids, sent_at_ms, action, outcome, contradicted`,
    [systemId, maxJobs, claimSeconds],
  );
  return rows.flatMap(({ open_id: openId, job_ids, sent_at_ms, action, outcome, contradicted }) => {
    const sentAt = toLocalTime(new Date(Number(sent_at_ms)), store.aheadMs());
    return job_ids.map((jobId) => ({ openId, jobId, action, outcome, sentAt, contradicted }));
  });
}

const recordStatement = `
  with found as (
    select * from json_to_recordset($1::json) as row(
      open_id bigint, job_id text, is_final boolean, settled_as text, job_status text, vendor_status text, code text, message text,
      job_name text)
  ),
  begun as (
    select job_id, max(group_id) as group_id from jobyard.job_event
    where id_hashes && jobyard.hash_ids($3::text[]) and job_id = any($3::text[]) and kind = 'ACTION'
      and action in ('RESUME', 'RESTART', 'START') and not creates and ${isOneOf('settled_as', effectiveOutcomes)}
    group by job_id
  ),
  released as (delete from jobyard.open_action where id = any($2::bigint[]) returning *),
  job as (
    select released.id as open_id, released.group_id, sent_at_ms, job.job_id, contradicted, settled_as, job_status, vendor_status, code,
      message, job_name, coalesce(is_final, false) as is_final
    from released cross join unnest(job_ids) as job (job_id)
    left join found on found.open_id = released.id and found.job_id = job.job_id
    left join begun on begun.job_id = job.job_id and begun.group_id > released.group_id
    where begun.job_id is null
  ),
  stored as (
    insert into jobyard.event_group (kind, recorded_at, batch_id, system_id, caller, action, reason, request_id, operation_name,
      bulk_operation_id, job_status, vendor_status, settled_as, code, message, settles, job_ids, job_names, id_hashes, sent_at_ms, sent_from)
    select 'FOLLOW_UP', now(), batch_id, system_id, caller, action, reason, request_id, operation_name, bulk_operation_id,
      settled.job_status, settled.vendor_status, settled.settled_as, settled.code, settled.message, id, settled.job_ids, settled.job_names,
      jobyard.hash_ids(settled.job_ids), case when sent_at_ms is not null then array[settled.first_sent_at_ms] end,
      case when sent_at_ms is not null then array[1] end
    from (
      select group_id, job_status, vendor_status, settled_as, code, message, array_agg(job_id) as job_ids, array_agg(job_name) as job_names,
        min(sent_at_ms) as first_sent_at_ms
      from job where is_final or settled_as is not null and not contradicted
      group by group_id, job_status, vendor_status, settled_as, code, message
    ) as settled join jobyard.event_group on id = group_id
  ),
  still_open as (
    select open_id, contradicted or settled_as is not null as contradicted, array_agg(job_id) as job_ids,
      sent_at_ms, now() - to_timestamp(sent_at_ms / 1000.0) as age
    from job where not is_final group by 1, 2, sent_at_ms
  )
  insert into jobyard.open_action (group_id, system_id, action, outcome, job_ids, sent_at_ms, contradicted, due_at)
  select group_id, system_id, action, outcome, still_open.job_ids, still_open.sent_at_ms, still_open.contradicted,
    now() + greatest(least(age / 2, $4 * interval '1 second'), $5 * interval '1 millisecond')
  from still_open join released on id = open_id where age < $6 * interval '1 day'`;

/**
 * Records follow-ups of claimed actions: each once, whichever replica finds it, and a contradiction by a job that has not ended once, too.
 * Sets when the other actions are due again. Deletes those that are final, those whose job was restarted since, and those tracked for too long.
 */
export async function recordFollowUps(
  store: Store,
  claimed: readonly ClaimedAction[],
  found: readonly (readonly [ClaimedAction, FollowUp])[],
  minWaitMs: number,
): Promise<void> {
  await store.query(recordStatement, [
    JSON.stringify(found.map(toRow)),
    [...new Set(claimed.map(({ openId }) => openId))],
    [...new Set(claimed.map(({ jobId }) => toStorableId(jobId)))],
    maxWaitSeconds,
    minWaitMs,
    maxTrackedDays,
  ]);
}

/** As json_to_recordset reads it in the statement. */
function toRow([{ openId, jobId }, { outcome, job, problem, isFinal }]: readonly [ClaimedAction, FollowUp]): object {
  return {
    open_id: openId,
    job_id: toStorableId(jobId),
    is_final: isFinal,
    settled_as: outcome,
    job_status: job?.status,
    vendor_status: job?.vendorStatus ? toStorableText(job.vendorStatus) : undefined,
    code: problem?.code,
    message: problem ? toStorableText(problem.message) : undefined,
    job_name: job ? toStoredName(job) : null,
  };
}

/** Time until an action of the system is due; null if none is unresolved. */
export async function msUntilDue(store: Store, systemId: string): Promise<number | null> {
  const [row] = await store.query<{ due_in_ms: number | null }>(
    `select (extract(epoch from min(due_at) - now()) * 1000)::float8 as due_in_ms from jobyard.open_action where system_id = $1 and ${isKnown}`,
    [systemId],
  );
  return row?.due_in_ms ?? null;
}
