-- Names of jobs as they were known when an event was recorded or an item was selected, so that a list of them needs no vendor request.

alter table jobyard.event_group
  -- In the order of job_ids; null for a job whose name wasn't known. Null if no job's was.
  add column job_names text[];

create or replace view jobyard.job_event as
  select event_group.id * 4096 + position as id, event_group.id as group_id, kind, recorded_at, batch_id, job_id, system_id, caller, action,
    reason, request_id, operation_name, bulk_operation_id, sent_at_ms is not null as sent,
    to_timestamp(sent_at_ms[width_bucket(position, sent_from)] / 1000.0) as sent_at,
    job_status, vendor_status, vendor_code, settled_as, code, message, settles, id_hashes, position, job_names[position::int] as job_name
  from jobyard.event_group cross join unnest(job_ids) with ordinality as job (job_id, position);

alter table jobyard.bulk_item add column job_name text;
alter table jobyard.bulk_preview_jobs
  -- In the order of vendor_ids.
  add column names text[];
