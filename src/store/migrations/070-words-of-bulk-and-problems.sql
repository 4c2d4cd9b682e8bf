-- breaks older: the words of bulk operations and of problem codes are those of the schema now; an older Jobyard would write the old ones
UPDATE jobyard.bulk_operation SET status = CASE status WHEN 'COMPLETED' THEN 'SUCCEEDED' ELSE 'PARTIALLY_SUCCEEDED' END
  WHERE status IN ('COMPLETED', 'PARTIALLY_COMPLETED');
UPDATE jobyard.bulk_operation SET filter = (filter - 'actionable') || jsonb_build_object('availableAction', filter -> 'actionable')
  WHERE filter ? 'actionable';
UPDATE jobyard.bulk_operation SET refusal = (refusal - 'found' - 'expected' - 'more' - 'fewer') || jsonb_strip_nulls(jsonb_build_object(
    'matchedCount', refusal -> 'found', 'previewedCount', refusal -> 'expected', 'addedCount', refusal -> 'more', 'removedCount', refusal -> 'fewer'))
  WHERE refusal ?| ARRAY['found', 'expected', 'more', 'fewer'];
-- Previews live for minutes, and are bound to the text of their filters.
DELETE FROM jobyard.bulk_preview;

CREATE FUNCTION jobyard.rename_codes(jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT replace(replace(replace(replace($1::text,
    '"BAD_VENDOR_ANSWER"', '"INVALID_VENDOR_RESPONSE"'), '"VENDOR_CREDENTIALS"', '"VENDOR_AUTHENTICATION_FAILED"'),
    '"NOTHING_MATCHED"', '"NO_JOBS_MATCHED"'), '"OPERATION_NOT_FOUND"', '"BULK_OPERATION_NOT_FOUND"')::jsonb
$$;
UPDATE jobyard.bulk_operation SET refusal = jobyard.rename_codes(refusal) WHERE refusal IS NOT NULL;
UPDATE jobyard.bulk_progress SET problem = jobyard.rename_codes(problem) WHERE problem IS NOT NULL;
UPDATE jobyard.bulk_item SET result = replace(jobyard.rename_codes(result)::text, '"repeatIsSafe"', '"safeToRetry"')::jsonb WHERE result IS NOT NULL;
DROP FUNCTION jobyard.rename_codes;

UPDATE jobyard.bulk_operation SET caller = 'anonymous' WHERE caller = 'anyone';
UPDATE jobyard.bulk_operation SET actor = 'anonymous' WHERE actor = 'anyone';
UPDATE jobyard.bulk_control SET caller = 'anonymous' WHERE caller = 'anyone';

ALTER TABLE jobyard.event_group DISABLE TRIGGER event_group_is_append_only;
UPDATE jobyard.event_group
  SET code = CASE code WHEN 'BAD_VENDOR_ANSWER' THEN 'INVALID_VENDOR_RESPONSE' ELSE 'VENDOR_AUTHENTICATION_FAILED' END
  WHERE code IN ('BAD_VENDOR_ANSWER', 'VENDOR_CREDENTIALS');
UPDATE jobyard.event_group SET caller = 'anonymous' WHERE caller = 'anyone';
ALTER TABLE jobyard.event_group ENABLE TRIGGER event_group_is_append_only;
