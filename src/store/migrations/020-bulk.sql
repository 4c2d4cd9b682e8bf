-- What a preview saw, so that a start can be bound to it.
CREATE TABLE jobyard.bulk_preview (
  token text PRIMARY KEY,
  caller text NOT NULL,
  -- Action and filter, written so that the same meaning is the same text.
  binding text NOT NULL,
  job_ids text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX bulk_preview_created_at ON jobyard.bulk_preview (created_at);

CREATE TABLE jobyard.bulk_operation (
  id text PRIMARY KEY,
  -- In the order of the starts: lists page by it.
  number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  caller text NOT NULL,
  -- What the caller was allowed when it was started.
  readable_systems text[] NOT NULL,
  actionable_systems text[] NOT NULL,
  action text NOT NULL,
  filter jsonb NOT NULL,
  reason text NOT NULL,
  preview_token text,
  max_jobs integer NOT NULL,
  allow_incomplete boolean NOT NULL,
  max_per_second double precision,
  -- Where maxPerSecond is set: no further item is sent before this time, by whichever replica.
  next_send_at timestamptz,
  status text NOT NULL DEFAULT 'SELECTING',
  -- Why it FAILED as a whole.
  refusal jsonb,
  idempotency_key text,
  input_hash text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  UNIQUE (caller, idempotency_key)
);

-- Kept in the transactions that settle items, so that counting costs nothing.
CREATE TABLE jobyard.bulk_progress (
  operation_id text NOT NULL REFERENCES jobyard.bulk_operation ON DELETE CASCADE,
  system_id text NOT NULL,
  -- The order of the systems in the configuration.
  place integer NOT NULL,
  -- Items that go into one chunk; never changes, as chunks are told apart by where they begin.
  chunk_size integer NOT NULL,
  selected integer NOT NULL DEFAULT 0,
  pending integer NOT NULL DEFAULT 0,
  succeeded integer NOT NULL DEFAULT 0,
  failed integer NOT NULL DEFAULT 0,
  unknown integer NOT NULL DEFAULT 0,
  problem jsonb,
  PRIMARY KEY (operation_id, system_id)
);

CREATE TABLE jobyard.bulk_item (
  operation_id text NOT NULL REFERENCES jobyard.bulk_operation ON DELETE CASCADE,
  position integer NOT NULL,
  system_id text NOT NULL,
  job_id text NOT NULL,
  outcome text NOT NULL DEFAULT 'PENDING',
  attempts integer NOT NULL DEFAULT 0,
  -- Set before it is sent, and taken back only where it certainly had no effect: what is found with it may have been sent.
  begun_at timestamptz,
  -- While it is PENDING: what the last attempt met.
  result jsonb,
  settled_at timestamptz,
  PRIMARY KEY (operation_id, position),
  UNIQUE (operation_id, job_id)
);
CREATE INDEX bulk_item_outcome ON jobyard.bulk_item (operation_id, outcome, position);
