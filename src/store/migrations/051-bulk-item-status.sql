-- The job's status when it was selected: what is found after a crash is judged against it.
ALTER TABLE jobyard.bulk_item ADD COLUMN selected_status text;
