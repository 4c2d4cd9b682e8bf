-- Who suspended, resumed, cancelled or retried an operation. Rows are added, and go with their operation.
CREATE TABLE jobyard.bulk_control (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  operation_id text NOT NULL REFERENCES jobyard.bulk_operation ON DELETE CASCADE,
  kind text NOT NULL,
  caller text NOT NULL,
  request_id text NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX bulk_control_of_operation ON jobyard.bulk_control (operation_id, id);
-- In whose name items are sent: who resumed or retried it last; null: who started it.
ALTER TABLE jobyard.bulk_operation ADD COLUMN acting_caller text;
