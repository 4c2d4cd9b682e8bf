-- breaks older: outcomes are stored by other words, those of the schema's ActionOutcome; an older Jobyard can't read them.

create function jobyard.to_outcome(word text) returns text language sql immutable as $$
  select case word
    when 'DONE' then 'CONFIRMED'
    when 'PENDING' then 'ACCEPTED'
    when 'ALREADY' then 'ALREADY_DONE'
    when 'GONE' then 'JOB_GONE'
    when 'DRY_RUN' then 'DRY_RUN_PASSED'
    when 'NOT_FOUND' then 'JOB_NOT_FOUND'
    when 'NOT_ALLOWED' then 'ACTION_NOT_ALLOWED'
    when 'DENIED' then 'ACCESS_DENIED'
    when 'UNAVAILABLE' then 'SYSTEM_UNAVAILABLE'
    when 'REJECTED' then 'VENDOR_REJECTED'
    when 'UNKNOWN' then 'OUTCOME_UNKNOWN'
    else word
  end
$$;

-- The result of an action: `kind` and `how` were what `outcome` is.
create function jobyard.to_result(result jsonb) returns jsonb language sql immutable as $$
  select case when result ? 'outcome' then result else
    result - 'kind' - 'how' - 'repeatIsSafe'
    || jsonb_build_object('outcome', jobyard.to_outcome(case result ->> 'kind'
      when 'succeeded' then result ->> 'how'
      when 'notFound' then 'NOT_FOUND'
      when 'notAllowed' then 'NOT_ALLOWED'
      when 'denied' then 'DENIED'
      when 'unavailable' then 'UNAVAILABLE'
      when 'rejected' then 'REJECTED'
      when 'unknown' then 'UNKNOWN'
      when 'notAttempted' then 'NOT_ATTEMPTED'
    end))
    || case when result ? 'repeatIsSafe' then jsonb_build_object('safeToRetry', result -> 'repeatIsSafe') else '{}' end
  end
$$;

alter table jobyard.event_group disable trigger event_group_is_append_only;
update jobyard.event_group
  set settled_as = jobyard.to_outcome(settled_as), kind = case kind when 'SETTLED' then 'FOLLOW_UP' else kind end;
alter table jobyard.event_group enable trigger event_group_is_append_only;
update jobyard.open_action set outcome = jobyard.to_outcome(outcome);
update jobyard.bulk_item set result = jobyard.to_result(result) where result is not null;
update jobyard.idempotency_key set answer = (
  select coalesce(jsonb_agg(jobyard.to_result(result) order by position), '[]')::text
  from jsonb_array_elements(answer::jsonb) with ordinality as kept (result, position)
) where answer is not null;

drop function jobyard.to_result(jsonb);
drop function jobyard.to_outcome(text);
