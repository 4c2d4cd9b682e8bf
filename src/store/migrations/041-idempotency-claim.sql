-- Which request holds the key: one whose claim was done although its answer was lost takes back its own, and nobody else's.
ALTER TABLE jobyard.idempotency_key ADD COLUMN claim_id uuid NOT NULL DEFAULT gen_random_uuid();
