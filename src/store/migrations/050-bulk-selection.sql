-- Grows each time the selection is begun: what another replica still selects under an older number counts for nothing.
ALTER TABLE jobyard.bulk_operation ADD COLUMN selection integer NOT NULL DEFAULT 0;
