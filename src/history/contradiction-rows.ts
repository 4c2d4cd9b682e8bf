import { toStorableText } from '../jobs/storable-text.ts';
import { toStoredName } from '../jobs/stored-name.ts';
import type { Query } from '../store/store.ts';
import type { FollowUp } from './follow-up.ts';
import { toStorableId } from './storable-id.ts';

/** Storable IDs of jobs whose cancels were confirmed in the last `withinSeconds`: the newest `maxJobs`, newest last. */
export async function listConfirmed(query: Query, withinSeconds: number, maxJobs: number): Promise<string[]> {
  const rows = await query<{ job_ids: string[] }>(
    `select job_ids from (
      select id, job_ids, sum(cardinality(job_ids)) over (order by id desc) as jobs from jobyard.event_group
      where recorded_at > now() - $1 * interval '1 second' and action = 'CANCEL'
        and (settled_as = 'CONFIRMED' or settled_as = 'JOB_GONE' and kind = 'FOLLOW_UP')
    ) as newest where jobs <= $2 order by id`,
    [withinSeconds, maxJobs],
  );
  return rows.flatMap(({ job_ids: jobIds }) => jobIds);
}

/** A job that ended otherwise after its cancel had been confirmed. */
export interface FoundContradiction {
  jobId: string;
  /** The event group of the cancel. */
  groupId: string;
  /** By the store's clock. */
  sentAt: Date;
  followUp: FollowUp;
}

export async function storeContradictions(query: Query, found: readonly FoundContradiction[]): Promise<void> {
  const rows = found.map(({ jobId, groupId, sentAt, followUp: { outcome, job, problem } }) => ({
    group_id: groupId,
    job_id: toStorableId(jobId),
    sent_at_ms: sentAt.getTime(),
    settled_as: outcome,
    job_status: job?.status,
    vendor_status: job?.vendorStatus ? toStorableText(job.vendorStatus) : undefined,
    code: problem?.code,
    message: problem?.message,
    job_name: job ? toStoredName(job) : null,
  }));
  await query(
    `insert into jobyard.event_group (kind, recorded_at, batch_id, system_id, caller, action, reason, request_id, operation_name,
       bulk_operation_id, job_status, vendor_status, settled_as, code, message, settles, job_ids, job_names, id_hashes, sent_at_ms, sent_from)
     select 'FOLLOW_UP', now(), batch_id, system_id, caller, action, reason, request_id, operation_name, bulk_operation_id,
       found.job_status, found.vendor_status, found.settled_as, found.code, found.message, id, array[found.job_id], array[found.job_name],
       jobyard.hash_ids(array[found.job_id]), array[found.sent_at_ms], array[1]
     from json_to_recordset($1::json) as found(
       group_id bigint, job_id text, sent_at_ms bigint, settled_as text, job_status text, vendor_status text, code text, message text, job_name text)
     join jobyard.event_group on id = found.group_id`,
    [JSON.stringify(rows)],
  );
}
