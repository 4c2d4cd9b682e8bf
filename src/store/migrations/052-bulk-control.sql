-- Who resumed it or tried its items once more, last: what is sent from then on is sent in this name. Null: who started it.
ALTER TABLE jobyard.bulk_operation ADD COLUMN actor text;
-- In whose name it was sent, as long as begun_at is set.
ALTER TABLE jobyard.bulk_item ADD COLUMN begun_by text;

-- What was done to operations after their start. Rows are added, and go with their operation.
CREATE TABLE jobyard.bulk_control (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  operation_id text NOT NULL REFERENCES jobyard.bulk_operation ON DELETE CASCADE,
  control text NOT NULL,
  caller text NOT NULL,
  request_id text NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX bulk_control_of_operation ON jobyard.bulk_control (operation_id, id);
