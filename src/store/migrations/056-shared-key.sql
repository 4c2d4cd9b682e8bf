-- Keys that replicas share: random, made at first use, never sent to anybody.
CREATE TABLE jobyard.shared_key (
  name text PRIMARY KEY,
  value text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
