import type { ActionResult } from '../actions/action-result.ts';
import type { NewJobEvent } from '../history/job-event.ts';
import type { JobAction } from '../jobs/job.ts';
import { outcomeProjections } from '../jobs/outcome.ts';
import { toStorableText } from '../jobs/storable-text.ts';
import type { Query } from '../store/store.ts';
import type { BulkDependencies } from './dependencies.ts';
import type { BulkStatus } from './operation.ts';
import { type BulkRecord, type RecoveredResult, recordFound } from './record.ts';
import { toStoredResult } from './stored-result.ts';

/** What a try at an item came to. */
export interface ItemAttempt {
  position: number;
  jobId: string;
  /** When it was begun before this try; null: it certainly had no effect before. */
  begunAt: Date | null;
  /** In whose name, where begunAt is set. */
  begunBy: string | null;
  /** As it was when it was tried: a finding of somebody whose item was taken over meanwhile counts for nothing. */
  attempts: number;
  result: ActionResult;
  /** Not the end: it is tried again, unless the operation has been cancelled. */
  isOpen: boolean;
  /** Of one that is open: it may have had an effect. */
  mayHaveBeenSent: boolean;
}

/** The range is for the planner, which before the table has been analysed goes through all pending items of the operation otherwise. */
const isItsItem = `i.operation_id = $1 AND i.position BETWEEN $3 AND $4
           AND i.position = f.position AND i.attempts = f.attempts AND i.outcome = 'PENDING'`;

/** What items have in common that are settled together. */
export interface Settling {
  operationId: string;
  systemId: string;
  action: JobAction;
  reason: string;
  /** Holds the events of what was sent; of the rest they are made here. */
  record: BulkRecord;
}

/**
 * Writes findings of one system's items, their events, the counts, and the operation's end where these were the last. All in one
 * transaction: whenever a process ends, an item that is settled has the event of its outcome, once.
 * The operation's row is locked first: everything that changes items or status waits for each other there.
 */
export async function recordAttempts(settling: Settling, findings: readonly ItemAttempt[], parts: BulkDependencies): Promise<void> {
  if (findings.length === 0) return;
  const { operationId, systemId } = settling;
  const positions = findings.map(({ position }) => position);
  const range = [Math.min(...positions), Math.max(...positions)];
  await parts.store.transaction(async (query, afterCommit) => {
    const status = await lockOperation(operationId, query);
    if (status === null) return;
    const isOpen = (finding: ItemAttempt): boolean => finding.isOpen && status !== 'CANCELLED';
    const open = findings.filter(isOpen);
    const settled = findings.filter((finding) => !isOpen(finding));
    const rows = await query<{ position: number; outcome: string }>(
      `UPDATE jobyard.bulk_item i SET outcome = f.outcome, result = f.result, settled_at = now(), begun_at = NULL
       FROM jsonb_to_recordset($2::text::jsonb) AS f (position integer, attempts integer, outcome text, result jsonb)
       WHERE ${isItsItem} RETURNING i.position, i.outcome`,
      [operationId, toStorableJson(settled.map(toRow)), ...range],
    );
    let openRows: { position: number }[] = [];
    if (open.length > 0) {
      openRows = await query<{ position: number }>(
        `UPDATE jobyard.bulk_item i SET result = f.result, begun_at = CASE WHEN f."mayHaveBeenSent" THEN i.begun_at END
         FROM jsonb_to_recordset($2::text::jsonb) AS f (position integer, attempts integer, "mayHaveBeenSent" boolean, result jsonb)
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
    const isIn = (written: readonly { position: number }[]): ((finding: ItemAttempt) => boolean) => {
      const writtenPositions = new Set(written.map(({ position }) => position));
      return ({ position }) => writtenPositions.has(position);
    };
    const events = eventsOf(settling, settled.filter(isIn(rows)), open.filter(isIn(openRows)), parts);
    await parts.storeEvents({ query, afterCommit }, events);
  });
  await parts.changes.notify(operationId);
}

/** A try that left its item open has an event where something was sent. */
function eventsOf(
  settling: Settling,
  settled: readonly ItemAttempt[],
  open: readonly ItemAttempt[],
  { recordOf }: Pick<BulkDependencies, 'recordOf'>,
): NewJobEvent[] {
  const { record, operationId } = settling;
  const eventByJob = new Map(record.events.map((event) => [event.jobId, event]));
  const eventOf = ({ jobId, begunAt, begunBy }: ItemAttempt): NewJobEvent | [] => {
    const event = eventByJob.get(jobId);
    // Now refused without being sent, it may have been sent by a try before.
    if (event?.sentAt !== null || !begunAt) return event ?? [];
    return { ...event, sentAt: begunAt, batch: begunBy ? { ...event.batch, caller: begunBy } : event.batch };
  };
  const found = settled.filter(({ jobId }) => !eventByJob.has(jobId));
  // What may have been sent before is whose who sent it, whoever has resumed the operation since.
  const foundByCaller = Map.groupBy(found, ({ begunAt, begunBy }) => (begunAt && begunBy) ?? record.actor.caller);
  return [
    ...settled.flatMap(eventOf),
    ...open.flatMap(({ jobId }) => eventByJob.get(jobId) ?? []).filter(({ sentAt }) => sentAt !== null),
    ...[...foundByCaller].flatMap(([caller, ofCaller]) => recordFound(ofCaller.map(toFound), settling, recordOf(operationId, caller))),
  ];
}

/** The operation's status, and nobody changes it until the transaction ends. Null: it is no more. */
export async function lockOperation(operationId: string, query: Query): Promise<BulkStatus | null> {
  const [row] = await query<{ status: BulkStatus }>('SELECT status FROM jobyard.bulk_operation WHERE id = $1 FOR UPDATE', [operationId]);
  return row?.status ?? null;
}

/** Counts items that have gone from PENDING to these outcomes. */
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

/** Gives the operation its last status where nothing is pending any more. Its row is locked by the caller. */
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

function toFound({ jobId, result, begunAt }: ItemAttempt): RecoveredResult {
  return { jobId, result, sentAt: begunAt };
}

function toRow({ position, attempts, result, mayHaveBeenSent }: ItemAttempt): object {
  return { position, attempts, mayHaveBeenSent, outcome: outcomeProjections[result.outcome].class, result: toStoredResult(result) };
}

/** One code of a vendor's that the database refuses would undo the findings of all, and they would be sent again. */
function toStorableJson(value: object): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? toStorableText(part) : part));
}
