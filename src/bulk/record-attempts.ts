import type { ActionResult } from '../actions/action-result.ts';
import type { NewJobEvent } from '../history/job-event.ts';
import type { JobAction } from '../jobs/job.ts';
import { outcomeProjections } from '../jobs/outcome.ts';
import { toStorableText } from '../jobs/storable-text.ts';
import type { Query } from '../store/store.ts';
import type { BulkDependencies } from './dependencies.ts';
import type { BulkStatus } from './operation.ts';
import { type BulkRecord, type RecoveredResult, recordRecovered } from './record.ts';
import { toStoredResult } from './stored-result.ts';

/** The result of an attempt at an item. */
export interface ItemAttempt {
  position: number;
  jobId: string;
  /** When the item was begun before this attempt; null: it certainly had no effect before. */
  begunAt: Date | null;
  /** The caller on whose behalf it was begun, if `begunAt` is set. */
  begunBy: string | null;
  /** The item's attempts, including this one. Ignored if another replica has attempted the item since. */
  attempts: number;
  result: ActionResult;
  /** Whether the item is retried, unless the operation is canceled. */
  isOpen: boolean;
  /** For an item that is retried: whether the action may have taken effect. */
  possiblySent: boolean;
}

/** The range is for the planner: before the table is analyzed, it would scan all pending items of the operation. */
const isItsItem = `i.operation_id = $1 AND i.position BETWEEN $3 AND $4
           AND i.position = f.position AND i.attempts = f.attempts AND i.outcome = 'PENDING'`;

/** What items that are recorded together have in common. */
export interface RecordContext {
  operationId: string;
  systemId: string;
  action: JobAction;
  reason: string;
  /** Has the events of the actions that were sent; `recordAttempts` creates the others. */
  record: BulkRecord;
}

/**
 * Stores the results of one system's items, their events, and the counts, and finishes the operation if these were its last items. All in one
 * transaction: whenever a process ends, an item with a result has exactly one event of its outcome.
 * Locks the operation's row first, as does everything that changes items or the status.
 */
export async function recordAttempts(context: RecordContext, attempts: readonly ItemAttempt[], parts: BulkDependencies): Promise<void> {
  if (attempts.length === 0) return;
  const { operationId, systemId } = context;
  const positions = attempts.map(({ position }) => position);
  const range = [Math.min(...positions), Math.max(...positions)];
  await parts.store.transaction(async (query, afterCommit) => {
    const status = await lockOperation(operationId, query);
    if (status === null) return;
    const isOpen = (attempt: ItemAttempt): boolean => attempt.isOpen && status !== 'CANCELLED';
    const open = attempts.filter(isOpen);
    const resolved = attempts.filter((attempt) => !isOpen(attempt));
    const rows = await query<{ position: number; outcome: string }>(
      `UPDATE jobyard.bulk_item i SET outcome = f.outcome, result = f.result, settled_at = now(), begun_at = NULL
       FROM jsonb_to_recordset($2::text::jsonb) AS f (position integer, attempts integer, outcome text, result jsonb)
       WHERE ${isItsItem} RETURNING i.position, i.outcome`,
      [operationId, toStorableJson(resolved.map(toRow)), ...range],
    );
    let openRows: { position: number }[] = [];
    if (open.length > 0) {
      openRows = await query<{ position: number }>(
        `UPDATE jobyard.bulk_item i SET result = f.result, begun_at = CASE WHEN f."possiblySent" THEN i.begun_at END
         FROM jsonb_to_recordset($2::text::jsonb) AS f (position integer, attempts integer, "possiblySent" boolean, result jsonb)
         WHERE ${isItsItem} RETURNING i.position`,
        [operationId, toStorableJson(open.map(toRow)), ...range],
      );
    }
    const obstacle = open.find(({ result }) => 'problem' in result)?.result;
    const counts = Array.from(
      Map.groupBy(rows, ({ outcome }) => outcome),
      ([outcome, ofOutcome]) => ({ outcome, count: ofOutcome.length }),
    );
    await addToProgress(operationId, systemId, counts, query);
    await query('UPDATE jobyard.bulk_progress SET problem = $3::text::jsonb WHERE operation_id = $1 AND system_id = $2', [
      operationId,
      systemId,
      obstacle && 'problem' in obstacle ? toStorableJson(obstacle.problem) : null,
    ]);
    await finishIfDone(operationId, query);
    const isIn = (written: readonly { position: number }[]): ((attempt: ItemAttempt) => boolean) => {
      const writtenPositions = new Set(written.map(({ position }) => position));
      return ({ position }) => writtenPositions.has(position);
    };
    const events = eventsOf(context, resolved.filter(isIn(rows)), open.filter(isIn(openRows)), parts);
    await parts.storeEvents({ query, afterCommit }, events);
  });
  await parts.changes.notify(operationId);
}

/** An attempt whose item is retried has an event only if a request was sent. */
function eventsOf(
  context: RecordContext,
  resolved: readonly ItemAttempt[],
  open: readonly ItemAttempt[],
  { recordOf }: Pick<BulkDependencies, 'recordOf'>,
): NewJobEvent[] {
  const { record, operationId } = context;
  const eventByJob = new Map(record.events.map((event) => [event.jobId, event]));
  const eventOf = ({ jobId, begunAt, begunBy }: ItemAttempt): NewJobEvent | [] => {
    const event = eventByJob.get(jobId);
    // Rejected now without a request, but an earlier attempt may have sent it.
    if (event?.sentAt !== null || !begunAt) return event ?? [];
    return { ...event, sentAt: begunAt, batch: begunBy ? { ...event.batch, caller: begunBy } : event.batch };
  };
  const found = resolved.filter(({ jobId }) => !eventByJob.has(jobId));
  // An action that an earlier attempt may have sent belongs to its caller, even if another one has resumed the operation since.
  const foundByCaller = Map.groupBy(found, ({ begunAt, begunBy }) => (begunAt && begunBy) ?? record.actor.caller);
  return [
    ...resolved.flatMap(eventOf),
    ...open.flatMap(({ jobId }) => eventByJob.get(jobId) ?? []).filter(({ sentAt }) => sentAt !== null),
    ...[...foundByCaller].flatMap(([caller, ofCaller]) =>
      recordRecovered(ofCaller.map(toRecovered), context, recordOf(operationId, caller)),
    ),
  ];
}

/** Locks the operation's row until the transaction ends, and returns its status. Null: the operation no longer exists. */
export async function lockOperation(operationId: string, query: Query): Promise<BulkStatus | null> {
  const [row] = await query<{ status: BulkStatus }>('SELECT status FROM jobyard.bulk_operation WHERE id = $1 FOR UPDATE', [operationId]);
  return row?.status ?? null;
}

/** Counts items that changed from PENDING to these statuses. */
export async function addToProgress(
  operationId: string,
  systemId: string,
  rows: readonly { outcome: string; count: number }[],
  query: Query,
): Promise<void> {
  const of = (outcome: string): number => rows.find((row) => row.outcome === outcome)?.count ?? 0;
  await query(
    `UPDATE jobyard.bulk_progress SET pending = pending - $3 - $4 - $5, succeeded = succeeded + $3, failed = failed + $4, unknown = unknown + $5
     WHERE operation_id = $1 AND system_id = $2`,
    [operationId, systemId, of('SUCCEEDED'), of('FAILED'), of('UNKNOWN')],
  );
}

/** Sets the operation's final status if no item is pending. The caller has locked its row. */
export async function finishIfDone(operationId: string, query: Query): Promise<void> {
  await query(
    `UPDATE jobyard.bulk_operation o SET finished_at = now(), status = CASE
       WHEN o.status = 'CANCELLED' THEN 'CANCELLED'
       WHEN t.succeeded = t.selected THEN 'SUCCEEDED'
       WHEN t.succeeded = 0 AND t.unknown = 0 THEN 'FAILED'
       ELSE 'PARTIALLY_SUCCEEDED' END
     FROM (
       SELECT sum(selected) AS selected, sum(pending) AS pending, sum(succeeded) AS succeeded, sum(unknown) AS unknown
       FROM jobyard.bulk_progress WHERE operation_id = $1
     ) AS t WHERE o.id = $1 AND t.pending = 0 AND o.finished_at IS NULL`,
    [operationId],
  );
}

function toRecovered({ jobId, result, begunAt }: ItemAttempt): RecoveredResult {
  return { jobId, result, sentAt: begunAt };
}

function toRow({ position, attempts, result, possiblySent }: ItemAttempt): object {
  return { position, attempts, possiblySent, outcome: outcomeProjections[result.outcome].class, result: toStoredResult(result) };
}

/** If the database rejected one text of a vendor, the results of all items would be lost, and the actions sent again. */
function toStorableJson(value: object): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? toStorableText(part) : part));
}
