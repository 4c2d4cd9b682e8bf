create table jobyard.idempotency_key (
  -- SHA-256 of the caller and the key.
  key_hash text primary key,
  input_hash text not null,
  -- JSON; null until the first request has ended.
  answer text,
  -- Without an answer by then the first request will never give one.
  answer_due_at timestamptz not null,
  created_at timestamptz not null default now()
);
create index idempotency_key_by_age on jobyard.idempotency_key (created_at);
