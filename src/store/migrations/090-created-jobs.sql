-- The jobs that actions create. Such an action doesn't change the job that it names.

alter table jobyard.event_group
  -- In the order of job_ids; null for a job whose created job isn't known. Null if the action creates no jobs.
  add column created_job_ids text[];

create or replace view jobyard.job_event as
  select event_group.id * 4096 + position as id, event_group.id as group_id, kind, recorded_at, batch_id, job_id, system_id, caller, action,
    reason, request_id, operation_name, bulk_operation_id, sent_at_ms is not null as sent,
    to_timestamp(sent_at_ms[width_bucket(position, sent_from)] / 1000.0) as sent_at,
    job_status, vendor_status, vendor_code, settled_as, code, message, settles, id_hashes, position, job_names[position::int] as job_name,
    created_job_ids[position::int] as created_job_id, created_job_ids is not null as creates
  from jobyard.event_group cross join unnest(job_ids) with ordinality as job (job_id, position);
