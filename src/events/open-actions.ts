import type { JobAction } from '../jobs/job.ts';
import { toStorableText } from '../jobs/storable-text.ts';
import type { Store } from '../store/store.ts';
import type { OpenAction, Settlement } from './settle-later.ts';

export interface ClaimedAction extends OpenAction {
  eventId: string;
  jobId: string;
  /** It was recorded that the job went on although the action had been accepted. */
  contradicted: boolean;
}

/** How long other replicas leave a claimed action alone: longer than a round of reads can take. */
const claimSeconds = 60;
/** A job is read again after half the time that has passed since the action, and at least this often. */
const longestWaitSeconds = 300;
/** An action on a job that never ends is given up after this. */
const longestFollowedDays = 7;

/** Takes the open actions of a system that are due, the longest due first. */
export async function claimDue(store: Store, systemId: string, most: number): Promise<ClaimedAction[]> {
  const rows = await store.query<{
    event_id: string;
    job_id: string;
    action: JobAction;
    outcome: OpenAction['outcome'];
    sent_at: Date;
    contradicted: boolean;
  }>(
    `update jobyard.open_action set due_at = now() + $3 * interval '1 second'
    where event_id in (
      select event_id from jobyard.open_action where system_id = $1 and due_at <= now() order by due_at limit $2 for update skip locked
    )
    returning event_id::text, job_id, action, outcome, sent_at, contradicted`,
    [systemId, most, claimSeconds],
  );
  return rows.map(({ event_id, job_id, action, outcome, sent_at, contradicted }) => ({
    eventId: event_id,
    jobId: job_id,
    action,
    outcome,
    sentAt: sent_at,
    contradicted,
  }));
}

/**
 * Keeps what became of actions: once, whichever replica finds it out, and that a job went on once, too.
 * Forgets those of which nothing more can come.
 */
export async function recordSettlements(store: Store, found: readonly (readonly [ClaimedAction, Settlement])[]): Promise<void> {
  const rows = found.map(([{ eventId }, { settledAs, job, problem, isFinal }]) => ({
    settles: eventId,
    is_final: isFinal,
    settled_as: settledAs,
    job_status: job?.status,
    vendor_status: job?.vendorStatus ? toStorableText(job.vendorStatus) : undefined,
    code: problem?.code,
    message: problem ? toStorableText(problem.message) : undefined,
  }));
  await store.query(
    `with found as (
      select * from json_to_recordset($1::json) as row(
        settles bigint, is_final boolean, settled_as text, job_status text, vendor_status text, code text, message text)
    ),
    ended as (
      delete from jobyard.open_action using found where event_id = settles and is_final returning event_id
    ),
    contradicted as (
      update jobyard.open_action set contradicted = true from found
      where event_id = settles and not is_final and not contradicted returning event_id
    )
    insert into jobyard.job_event (kind, recorded_at, batch_id, job_id, system_id, caller, action, reason, request_id, operation_name,
      bulk_operation_id, sent_at, job_status, vendor_status, settled_as, code, message, settles)
    select 'SETTLED', $2, batch_id, job_id, system_id, caller, action, reason, request_id, operation_name,
      bulk_operation_id, sent_at, found.job_status, found.vendor_status, found.settled_as, found.code, found.message, id
    from found join jobyard.job_event on id = found.settles
    where id in (select event_id from ended union all select event_id from contradicted)`,
    [JSON.stringify(rows), new Date()],
  );
}

/** Sets when these are to be read again, unless they are settled or have been followed long enough. */
export async function putBack(store: Store, actions: readonly ClaimedAction[], shortestWaitMs: number): Promise<void> {
  const eventIds = actions.map(({ eventId }) => eventId);
  await store.query(
    `update jobyard.open_action set due_at = now() + greatest(
      least((now() - sent_at) / 2, $2 * interval '1 second'), $3 * interval '1 millisecond')
    where event_id = any($1::bigint[])`,
    [eventIds, longestWaitSeconds, shortestWaitMs],
  );
  await store.query(`delete from jobyard.open_action where event_id = any($1::bigint[]) and sent_at < now() - $2 * interval '1 day'`, [
    eventIds,
    longestFollowedDays,
  ]);
}

/** Time until an action of the system is due; null where none is open. */
export async function msUntilDue(store: Store, systemId: string): Promise<number | null> {
  const [row] = await store.query<{ due_in_ms: number | null }>(
    'select (extract(epoch from min(due_at) - now()) * 1000)::float8 as due_in_ms from jobyard.open_action where system_id = $1',
    [systemId],
  );
  return row?.due_in_ms ?? null;
}
