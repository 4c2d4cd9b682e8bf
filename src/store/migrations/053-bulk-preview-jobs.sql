-- What a preview saw is what a start with its token acts on: kept once, by system. Tokens from before end here; they were good for an hour.
DELETE FROM jobyard.bulk_preview;
ALTER TABLE jobyard.bulk_preview
  DROP COLUMN job_ids,
  ADD COLUMN action text NOT NULL,
  ADD COLUMN filter jsonb NOT NULL,
  -- Characters of the filter and the ids: what one caller's previews may take together is limited.
  ADD COLUMN size bigint NOT NULL;
CREATE INDEX bulk_preview_caller ON jobyard.bulk_preview (caller, created_at);

CREATE TABLE jobyard.bulk_preview_system (
  token text NOT NULL REFERENCES jobyard.bulk_preview ON DELETE CASCADE,
  system_id text NOT NULL,
  -- Jobs that matched. None is kept if they were more than one operation may have.
  found integer NOT NULL,
  -- Why it did not tell all its jobs. With INCOMPLETE_LIST those that it told are kept, else none.
  problem jsonb,
  PRIMARY KEY (token, system_id)
);

-- The vendors' ids, by the thousand.
CREATE TABLE jobyard.bulk_preview_jobs (
  token text NOT NULL,
  system_id text NOT NULL,
  part integer NOT NULL,
  vendor_ids text[] NOT NULL,
  PRIMARY KEY (token, system_id, part),
  FOREIGN KEY (token, system_id) REFERENCES jobyard.bulk_preview_system ON DELETE CASCADE
);

-- Whether the operation is only to go on if the same jobs match now that its preview saw.
ALTER TABLE jobyard.bulk_operation ADD COLUMN refuses_changes boolean NOT NULL DEFAULT false;
-- What is still selected needs its preview.
CREATE INDEX bulk_operation_selecting ON jobyard.bulk_operation (preview_token) WHERE status = 'SELECTING';
