-- What was done to jobs, by whom and why: one row for all jobs of a batch of which the same became, as what is kept once costs once.
-- Rows are added, and removed when their time is over; never changed.
create table jobyard.event_group (
  id bigserial primary key,
  kind text not null,
  recorded_at timestamptz not null,
  -- The batch as in the lines of the audit's file; of a later outcome, the batch of the action.
  batch_id uuid not null,
  system_id text not null,
  caller text not null,
  action text not null,
  reason text,
  request_id text,
  operation_name text,
  bulk_operation_id text,
  job_status text,
  vendor_status text,
  vendor_code text,
  settled_as text not null,
  code text,
  message text,
  -- The group of the actions whose later outcome this is.
  settles bigint,
  -- At most 4,095.
  job_ids text[] not null,
  -- When a request that names the job went out, in the order of job_ids, milliseconds since 1970; null where none did.
  sent_at_ms bigint[]
);
-- Looked at by number: compressing costs more than it saves.
alter table jobyard.event_group alter job_ids set storage external, alter sent_at_ms set storage external;

-- What jobs are looked up by, with = on the ids themselves beside it: numbers make the index a third of the size. Without the ids' last two
-- characters, as vendors that count give jobs that are begun one after the other ids that differ at their end only: of some hundred such jobs
-- that are cancelled together a few numbers are left, and it is the numbers that the index takes its time for.
create function jobyard.hash_ids(text[]) returns int[] language sql immutable strict parallel safe
  as 'select array(select distinct hashtext(left(id, -2)) from unnest($1) as id)';
create index event_group_of_jobs on jobyard.event_group using gin (jobyard.hash_ids(job_ids)) with (gin_pending_list_limit = 1024);
create index event_group_of_caller on jobyard.event_group (caller, id);
create index event_group_of_request on jobyard.event_group (request_id, id);
create index event_group_of_bulk_operation on jobyard.event_group (bulk_operation_id, id) where bulk_operation_id is not null;
create index event_group_by_time on jobyard.event_group using brin (recorded_at);

create function jobyard.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name;
end
$$;
create trigger event_group_is_append_only before update on jobyard.event_group
  for each statement execute function jobyard.refuse_change();

-- One row for each job. Later events have greater ids.
create view jobyard.job_event as
  select event_group.id * 4096 + position as id, event_group.id as group_id, kind, recorded_at, batch_id, job_id, system_id, caller, action,
    reason, request_id, operation_name, bulk_operation_id, to_timestamp(job.sent_at_ms / 1000.0) as sent_at, job_status, vendor_status,
    vendor_code, settled_as, code, message, settles, job_ids, position
  from jobyard.event_group cross join unnest(job_ids, event_group.sent_at_ms) with ordinality as job (job_id, sent_at_ms, position);

-- Actions whose end is still to be seen; their jobs are read again until it is.
create table jobyard.open_action (
  id bigserial primary key,
  group_id bigint not null,
  system_id text not null,
  action text not null,
  outcome text not null,
  job_ids text[] not null,
  -- In the order of job_ids.
  sent_at_ms bigint[] not null,
  -- Whether it was recorded that the jobs went on although the action had been accepted.
  contradicted boolean not null default false,
  -- When to read the jobs next; while a replica does, when another may.
  due_at timestamptz not null
);
create index open_action_due on jobyard.open_action (system_id, due_at);
