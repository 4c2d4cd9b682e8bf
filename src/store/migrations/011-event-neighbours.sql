-- Ids of jobs that were begun one after the other differ at their end only, and such jobs are often cancelled together: without their last two
-- characters some hundred of them are a few numbers, and it is the numbers that an index takes its time for. The ids themselves, with =
-- beside it, tell the neighbours apart.
drop index jobyard.event_group_of_jobs;
create or replace function jobyard.hash_ids(text[]) returns int[] language sql immutable strict parallel safe
  as 'select array(select distinct hashtext(left(id, -2)) from unnest($1) as id)';
create index event_group_of_jobs on jobyard.event_group using gin (jobyard.hash_ids(job_ids)) with (gin_pending_list_limit = 1024);
