-- Storing 2,000 events took twice as long as it must: their index read the ids back from where they had just been stored, and each job had a
-- time of its own, although jobs go to the vendor by the hundred.
drop view jobyard.job_event;
drop index jobyard.event_group_of_jobs;

-- In stores of early versions another one has the name. What it makes of an id, events/storable-id.ts does, too.
create or replace function jobyard.hash_ids(text[]) returns int[] language sql immutable strict parallel safe
  as 'select array(select distinct hashtext(left(id, -2)) from unnest($1) as id)';

alter table jobyard.event_group
  -- What jobs are looked up by: hash_ids of job_ids.
  add column id_hashes int[],
  -- The position of the first job that went out at each time of sent_at_ms; those up to the next one's did, too.
  add column sent_from bigint[];
alter table jobyard.event_group disable trigger event_group_is_append_only;
update jobyard.event_group set id_hashes = jobyard.hash_ids(job_ids), (sent_at_ms, sent_from) = (
  select array_agg(ms order by position), array_agg(position order by position)
  from (
    select ms, position, lag(ms) over (order by position) as previous from unnest(sent_at_ms) with ordinality as job (ms, position)
  ) as job
  where previous is distinct from ms
);
alter table jobyard.event_group enable trigger event_group_is_append_only;
alter table jobyard.event_group alter id_hashes set not null, alter id_hashes set storage external, alter sent_from set storage external;
create index event_group_of_jobs on jobyard.event_group using gin (id_hashes) with (gin_pending_list_limit = 1024);

-- One row for each job. Later events have greater ids.
create view jobyard.job_event as
  select event_group.id * 4096 + position as id, event_group.id as group_id, kind, recorded_at, batch_id, job_id, system_id, caller, action,
    reason, request_id, operation_name, bulk_operation_id, sent_at_ms is not null as sent,
    to_timestamp(sent_at_ms[width_bucket(position, sent_from)] / 1000.0) as sent_at,
    job_status, vendor_status, vendor_code, settled_as, code, message, settles, id_hashes, position
  from jobyard.event_group cross join unnest(job_ids) with ordinality as job (job_id, position);

-- Of jobs that went out at the same time.
with whole as (delete from jobyard.open_action returning *)
insert into jobyard.open_action (group_id, system_id, action, outcome, job_ids, sent_at_ms, contradicted, due_at)
  select group_id, system_id, action, outcome, array_agg(job_id), array[job.sent_at_ms], contradicted, due_at
  from whole cross join unnest(job_ids, whole.sent_at_ms) as job (job_id, sent_at_ms)
  group by id, group_id, system_id, action, outcome, job.sent_at_ms, contradicted, due_at;
alter table jobyard.open_action alter sent_at_ms type bigint using sent_at_ms[1];

-- Without statistics a lookup of some hundred jobs goes through the whole table.
analyze jobyard.event_group;
