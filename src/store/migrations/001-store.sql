CREATE SCHEMA jobyard;

-- The files of this folder that have been applied.
CREATE TABLE jobyard.migration (
  name text PRIMARY KEY,
  applied_at timestamptz NOT NULL DEFAULT now()
);
