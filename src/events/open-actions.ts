import type { JobAction } from '../jobs/job.ts';
import type { Store } from '../store/store.ts';
import type { OpenAction, Settlement } from './settle-later.ts';
import { toStorableText } from './storable-text.ts';

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

/** Keeps what became of an action: once, whichever replica finds it out. Forgets the action where nothing more can come of it. */
export async function recordSettlement(
  store: Store,
  { eventId }: ClaimedAction,
  { settledAs, job, problem, isFinal }: Settlement,
): Promise<void> {
  const take = isFinal
    ? 'delete from jobyard.open_action where event_id = $1 returning event_id'
    : 'update jobyard.open_action set contradicted = true where event_id = $1 and not contradicted returning event_id';
  await store.query(
    `with taken as (${take})
    insert into jobyard.job_event (kind, recorded_at, batch_id, job_id, system_id, caller, action, reason, request_id, operation_name,
      bulk_operation_id, sent_at, job_status, vendor_status, settled_as, code, message, settles)
    select 'SETTLED', $2, batch_id, job_id, system_id, caller, action, reason, request_id, operation_name,
      bulk_operation_id, sent_at, $3, $4, $5, $6, $7, id
    from jobyard.job_event where id in (select event_id from taken)`,
    [
      eventId,
      new Date(),
      job?.status ?? null,
      job?.vendorStatus == null ? null : toStorableText(job.vendorStatus),
      settledAs,
      problem?.code ?? null,
      problem?.message == null ? null : toStorableText(problem.message),
    ],
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
