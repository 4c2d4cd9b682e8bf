import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ActionResult } from '../actions/action-result.ts';
import { chunk } from '../concurrency/map-concurrently.ts';
import { accessDenied, scopeOf } from '../jobs/permissions.ts';
import { createProblem, type ProblemCode } from '../jobs/problem.ts';
import type { Query, Transaction } from '../store/store.ts';
import type { BulkDependencies } from './dependencies.ts';
import {
  type BulkCaller,
  type BulkCommand,
  type BulkOperation,
  type BulkOperationError,
  type BulkStatus,
  toBulkError,
} from './operation.ts';
import type { BulkQueue } from './queue.ts';
import { recordRecovered } from './record.ts';
import { addToProgress, finishIfDone, lockOperation } from './record-attempts.ts';
import { findOperation } from './rows.ts';

export type Control = 'suspend' | 'resume' | 'cancel' | 'retryFailed';
/** A command. `codes`, for retryFailed: only items with these problem codes; null: all failed items. */
export interface ControlCommand {
  control: Control;
  codes: readonly ProblemCode[] | null;
}

/** Building more events at once would delay all requests. */
const itemsAtOnce = 1_000;
const kinds: Record<Control, BulkCommand> = { suspend: 'SUSPEND', resume: 'RESUME', cancel: 'CANCEL', retryFailed: 'RETRY_FAILED' };

/**
 * Applies a command to an operation. Returns the operation afterwards, or why it was not changed. A caller that resumes it or retries its
 * failed items becomes its actor: later actions are sent on behalf of that caller, with that caller's permissions.
 */
export async function applyCommand(
  { control, codes }: ControlCommand,
  operation: BulkOperation,
  caller: BulkCaller,
  parts: BulkDependencies,
  queue: BulkQueue,
): Promise<BulkOperation | BulkOperationError> {
  const { id } = operation;
  await queue.whenReady();
  const error = await parts.store.transaction(async (query, afterCommit) => {
    const status = await lockOperation(id, query);
    if (status === null) return operationNotFound();
    const [row] = await query<{ is_over: boolean; actionable_systems: string[] }>(
      'SELECT finished_at IS NOT NULL AS is_over, actionable_systems FROM jobyard.bulk_operation WHERE id = $1',
      [id],
    );
    const denied = checkCaller(operation, row?.actionable_systems ?? [], caller);
    if (denied) return denied;
    const message = checkStatus(control, status, row?.is_over ?? false);
    if (message !== null) return toBulkError(createProblem('WRONG_STATUS', message));
    const error = await changes[control](operation, status, { query, afterCommit }, { caller, parts, queue, codes });
    if (error) return error;
    await query('INSERT INTO jobyard.bulk_control (operation_id, control, caller, request_id) VALUES ($1, $2, $3, $4)', [
      id,
      kinds[control],
      caller.name,
      caller.requestId,
    ]);
    caller.noteControl(kinds[control], id);
    return null;
  });
  // Best effort, and it may take as long as the store.
  void parts.changes.notify(id);
  return error ?? (await findOperation(parts.store.query, id)) ?? operationNotFound();
}

function checkCaller(
  { action }: BulkOperation,
  actionableSystems: readonly string[],
  { permissions }: BulkCaller,
): BulkOperationError | null {
  const denied = actionableSystems.filter((systemId) => !permissions.mayAct(systemId, action));
  if (denied.length === 0) return null;
  const problems = denied.map((systemId) => ({ ...accessDenied(scopeOf(action), systemId), systemId }));
  return toBulkError(accessDenied(scopeOf(action), ...denied), problems);
}

export function operationNotFound(): BulkOperationError {
  return toBulkError(createProblem('BULK_OPERATION_NOT_FOUND', 'Bulk operation not found, or access denied.'));
}

/** Why the command isn't allowed in this status, or null if it is. */
function checkStatus(control: Control, status: BulkStatus, isOver: boolean): string | null {
  switch (control) {
    case 'suspend':
      return status === 'RUNNING' ? null : `Can't suspend a ${status} bulk operation. Suspend requires RUNNING.`;
    case 'resume':
      return status === 'SUSPENDED' ? null : `Can't resume a ${status} bulk operation. Resume requires SUSPENDED.`;
    case 'cancel':
      return isOver || status === 'CANCELLED' ? `Can't cancel a ${status} bulk operation: it has finished or is finishing.` : null;
    case 'retryFailed':
      return isOver ? null : `Can't retry a ${status} bulk operation: retry requires that it has finished.`;
  }
}

type Change = (
  operation: BulkOperation,
  status: BulkStatus,
  transaction: Transaction,
  context: { caller: BulkCaller; parts: BulkDependencies; queue: BulkQueue; codes: ControlCommand['codes'] },
) => Promise<BulkOperationError | null>;

const changes: Record<Control, Change> = {
  async suspend({ id }, _status, { query }) {
    await setStatus(id, 'SUSPENDED', query);
    return null;
  },

  async resume(operation, _status, { query }, { caller, queue }) {
    const { id } = operation;
    await setStatus(id, 'RUNNING', query);
    await setActor(operation, caller, query);
    await queue.enqueueChunks(id, query);
    return null;
  },

  async cancel({ id, actor, action, reason }, status, transaction, { parts, queue }) {
    const { query } = transaction;
    await setStatus(id, 'CANCELLED', query);
    if (status === 'SELECTING') {
      await query('UPDATE jobyard.bulk_operation SET finished_at = now() WHERE id = $1', [id]);
      return null;
    }
    const problem = createProblem('NOT_ATTEMPTED', 'Not sent: the bulk operation was canceled.');
    // Replaces the result of an earlier attempt.
    const result: ActionResult = { outcome: 'NOT_ATTEMPTED', problem };
    const rows = await query<{ system_id: string; job_id: string }>(
      `UPDATE jobyard.bulk_item SET outcome = 'FAILED', settled_at = now(), result = $2::text::jsonb
       WHERE operation_id = $1 AND outcome = 'PENDING' AND begun_at IS NULL RETURNING system_id, job_id`,
      [id, JSON.stringify(result)],
    );
    const record = parts.recordOf(id, actor);
    for (const [systemId, ofSystem] of Map.groupBy(rows, (row) => row.system_id)) {
      await addToProgress(id, systemId, [{ outcome: 'FAILED', count: ofSystem.length }], query);
      for (const part of chunk(ofSystem, itemsAtOnce)) {
        const found = part.map(({ job_id: jobId }) => ({ jobId, result, sentAt: null }));
        await parts.storeEvents(transaction, recordRecovered(found, { systemId, action, reason }, record));
        await nextTurn();
      }
    }
    await finishIfDone(id, query);
    // Items that were begun are resolved. No worker may have them if the operation was suspended.
    await queue.enqueueChunks(id, query);
    return null;
  },

  async retryFailed(operation, _status, { query }, { caller, queue, codes }) {
    const { id } = operation;
    const rows = await query<{ system_id: string; count: number }>(
      `WITH changed AS (
         UPDATE jobyard.bulk_item SET outcome = 'PENDING', settled_at = NULL, result = NULL
         WHERE operation_id = $1 AND outcome = 'FAILED'
           AND ($2::text[] IS NULL OR result -> 'problem' ->> 'code' = ANY($2::text[])) RETURNING system_id
       ) SELECT system_id, count(*)::integer AS count FROM changed GROUP BY system_id`,
      [id, codes],
    );
    if (rows.length === 0) return toBulkError(createProblem('WRONG_STATUS', noneFailed(codes)));
    for (const { system_id: systemId, count } of rows) {
      await query(
        'UPDATE jobyard.bulk_progress SET failed = failed - $3, pending = pending + $3 WHERE operation_id = $1 AND system_id = $2',
        [id, systemId, count],
      );
    }
    await query(`UPDATE jobyard.bulk_operation SET status = 'RUNNING', finished_at = NULL WHERE id = $1`, [id]);
    await setActor(operation, caller, query);
    await queue.enqueueChunks(id, query);
    return null;
  },
};

function noneFailed(codes: ControlCommand['codes']): string {
  return codes === null
    ? 'No item of the bulk operation has failed.'
    : `No item of the bulk operation has failed with ${codes.join(' or ')}.`;
}

async function setStatus(id: string, status: BulkStatus, query: Query): Promise<void> {
  await query('UPDATE jobyard.bulk_operation SET status = $2 WHERE id = $1', [id, status]);
}

/** From now on, actions are sent on behalf of this caller, with its current permissions. */
async function setActor({ id, action, systems }: BulkOperation, { name, permissions }: BulkCaller, query: Query): Promise<void> {
  const actionable = systems.map(({ systemId }) => systemId).filter((systemId) => permissions.mayAct(systemId, action));
  await query('UPDATE jobyard.bulk_operation SET actor = $2, actionable_systems = $3::text[] WHERE id = $1', [id, name, actionable]);
}
