-- A migration that was changed after it had been applied is refused, and a Jobyard that does not know one may run unless that breaks it.
ALTER TABLE jobyard.migration
  -- SHA-256 of the file; null until a Jobyard that keeps it has started.
  ADD COLUMN checksum text,
  ADD COLUMN breaks_older boolean NOT NULL DEFAULT false;
