import type { ServedSystem } from '../job-service/served-system.ts';
import type { JobFilter } from '../jobs/filter.ts';
import type { JobAction } from '../jobs/job.ts';
import { createProblem } from '../jobs/problem.ts';
import type { Query } from '../store/store.ts';
import { type BulkCaller, type BulkOperationError, toBulkError } from './operation.ts';
import { bindAction, hashOf } from './stored-filter.ts';

export interface StartInput {
  action: JobAction;
  /** Null: the preview's filter. */
  filter: JobFilter | null;
  reason: string;
  previewToken: string | null;
  /** Whether to start only if the matching jobs are the same as the preview's. Requires a preview token. */
  rejectsChanges: boolean;
  maxJobs: number;
  maxPerSecond: number | null;
  allowIncomplete: boolean;
  idempotencyKey: string | null;
}

/** The stored data of a start. */
export interface NewOperation {
  id: string;
  input: StartInput;
  filter: JobFilter;
  /** The systems to select from. */
  targetSystems: readonly ServedSystem[];
  caller: BulkCaller;
}

/** `isNew`: false if the idempotency key belongs to an operation that was started before. */
export interface RecordedStart {
  kind: 'recorded';
  id: string;
  isNew: boolean;
}

/** Stores an operation whose jobs must be selected, unless its idempotency key was used within 24 hours. */
export async function recordStart(operation: NewOperation, query: Query): Promise<RecordedStart | BulkOperationError> {
  const { input, targetSystems, caller } = operation;
  const { idempotencyKey } = input;
  const inputHash = hashInput(input);
  if (idempotencyKey !== null) await releaseOldKey(caller, idempotencyKey, query);
  const id = await insertOperation(operation, inputHash, query);
  if (id === null) {
    const [first] = await query<{ id: string; input_hash: string }>(
      'SELECT id, input_hash FROM jobyard.bulk_operation WHERE caller = $1 AND idempotency_key = $2',
      [caller.name, idempotencyKey],
    );
    if (first?.input_hash === inputHash) return { kind: 'recorded', id: first.id, isNew: false };
    return toBulkError(
      createProblem('IDEMPOTENCY_CONFLICT', 'This idempotency key was used with a different input. Nothing was started. Use a new key.'),
    );
  }
  await query(
    `INSERT INTO jobyard.bulk_progress (operation_id, system_id, place, chunk_size)
     SELECT $1, id, place, 1 FROM unnest($2::text[]) WITH ORDINALITY AS ids (id, place)`,
    [id, targetSystems.map((system) => system.id)],
  );
  return { kind: 'recorded', id, isNew: true };
}

function hashInput(input: StartInput): string {
  const { action, filter, reason, previewToken, rejectsChanges, maxJobs, maxPerSecond, allowIncomplete } = input;
  return hashOf(filter ? bindAction(action, filter) : action, reason, previewToken, rejectsChanges, maxJobs, maxPerSecond, allowIncomplete);
}

async function releaseOldKey(caller: BulkCaller, idempotencyKey: string, query: Query): Promise<void> {
  await query(
    `UPDATE jobyard.bulk_operation SET idempotency_key = NULL
     WHERE caller = $1 AND idempotency_key = $2 AND created_at < now() - interval '24 hours'`,
    [caller.name, idempotencyKey],
  );
}

/** Null: the key is in use. */
async function insertOperation(
  { id, input, filter, targetSystems, caller }: NewOperation,
  inputHash: string,
  query: Query,
): Promise<string | null> {
  const { action } = input;
  const ids = targetSystems.map((system) => system.id);
  const [row] = await query<{ id: string }>(
    `INSERT INTO jobyard.bulk_operation (id, caller, readable_systems, actionable_systems, action, filter, reason, preview_token,
       refuses_changes, max_jobs, allow_incomplete, max_per_second, idempotency_key, input_hash)
     VALUES ($1, $2, $3::text[], $4::text[], $5, $6::text::jsonb, $7, $8, $9, $10, $11, $12, $13, $14)
     ON CONFLICT (caller, idempotency_key) DO NOTHING RETURNING id`,
    [
      id,
      caller.name,
      ids,
      ids.filter((systemId) => caller.permissions.mayAct(systemId, action)),
      action,
      JSON.stringify(filter),
      input.reason,
      input.previewToken,
      input.rejectsChanges,
      input.maxJobs,
      input.allowIncomplete,
      input.maxPerSecond,
      input.idempotencyKey,
      inputHash,
    ],
  );
  return row?.id ?? null;
}
