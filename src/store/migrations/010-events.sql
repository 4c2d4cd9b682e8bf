-- What was done to jobs, by whom and why. Rows are added, and removed when their time is over; never changed.
create table jobyard.job_event (
  id bigserial primary key,
  kind text not null,
  recorded_at timestamptz not null,
  -- The batch as in the lines of the audit's file; of a later outcome, the batch of the action.
  batch_id uuid not null,
  job_id text not null,
  system_id text not null,
  caller text not null,
  action text not null,
  reason text,
  request_id text,
  operation_name text,
  bulk_operation_id text,
  -- When a request that names the job went out; null where none did.
  sent_at timestamptz,
  job_status text,
  vendor_status text,
  vendor_code text,
  settled_as text not null,
  code text,
  message text,
  -- The action whose later outcome this is.
  settles bigint
);
create index job_event_of_job on jobyard.job_event (job_id, id);
create index job_event_of_caller on jobyard.job_event (caller, id);
create index job_event_of_request on jobyard.job_event (request_id, id);
create index job_event_of_bulk_operation on jobyard.job_event (bulk_operation_id, id) where bulk_operation_id is not null;
create index job_event_by_time on jobyard.job_event using brin (recorded_at);

create function jobyard.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name;
end
$$;
create trigger job_event_is_append_only before update on jobyard.job_event
  for each statement execute function jobyard.refuse_change();

-- Actions whose end is still to be seen; each is read again until it is.
create table jobyard.open_action (
  event_id bigint primary key,
  job_id text not null,
  system_id text not null,
  action text not null,
  outcome text not null,
  sent_at timestamptz not null,
  -- Whether it was recorded that the job went on although the action had been accepted.
  contradicted boolean not null default false,
  -- When to read the job next; while a replica does, when another may.
  due_at timestamptz not null
);
create index open_action_due on jobyard.open_action (system_id, due_at);
create index open_action_of_job on jobyard.open_action (job_id);
