import { type JobAction, jobActions } from '../jobs/job.ts';
import type { Problem } from '../jobs/problem.ts';
import { isOneOf } from '../store/known-words.ts';
import type { Query } from '../store/store.ts';
import { type BulkCommand, type BulkCounts, type BulkOperation, type BulkStatus, bulkStatuses, type StartBulkError } from './operation.ts';

interface OperationRow {
  id: string;
  number: string;
  caller: string;
  action: JobAction;
  filter: unknown;
  reason: string;
  status: BulkStatus;
  created_at: Date;
  finished_at: Date | null;
  max_per_second: number | null;
  start_error: StartBulkError | null;
  actionable_systems: string[];
  actor: string;
  controls: { control: BulkCommand; caller: string; request_id: string; recorded_at: string }[] | null;
  systems: (BulkCounts & { system_id: string; problem: Problem | null })[] | null;
}

const maxControls = 100;
/** A newer replica may store other words; this one ignores those operations. */
const isKnown = `${isOneOf('o.status', bulkStatuses)} AND ${isOneOf('o.action', jobActions)}`;

/** Operations with their counts; `condition` is SQL about `o`, `values` its values from $1 on. */
export async function selectOperations(query: Query, condition: string, values: readonly unknown[]): Promise<BulkOperation[]> {
  const rows = await query<OperationRow>(
    `SELECT o.id, o.number, o.caller, o.action, o.filter, o.reason, o.status, o.created_at, o.finished_at, o.max_per_second,
       o.refusal AS start_error, o.actionable_systems, coalesce(o.actor, o.caller) AS actor,
       (SELECT jsonb_agg(to_jsonb(c) ORDER BY c.id DESC) FROM (
         SELECT * FROM jobyard.bulk_control WHERE operation_id = o.id ORDER BY id DESC LIMIT ${maxControls}
       ) AS c) AS controls,
       (SELECT jsonb_agg(to_jsonb(p) ORDER BY p.place) FROM jobyard.bulk_progress p WHERE p.operation_id = o.id) AS systems
     FROM jobyard.bulk_operation o WHERE ${isKnown} AND ${condition}`,
    values,
  );
  return rows.map(toOperation);
}

/** Null: there is none. */
export async function findOperation(query: Query, id: string): Promise<BulkOperation | null> {
  const [operation] = await selectOperations(query, 'o.id = $1', [id]);
  return operation ?? null;
}

function toOperation(row: OperationRow): BulkOperation {
  const systems = (row.systems ?? []).map(({ system_id: systemId, problem, ...rest }) => ({ systemId, problem, counts: toCounts(rest) }));
  const total = (count: keyof BulkCounts): number => systems.reduce((sum, { counts }) => sum + counts[count], 0);
  return {
    id: row.id,
    number: row.number,
    action: row.action,
    filter: row.filter,
    reason: row.reason,
    startedBy: row.caller,
    actor: row.actor,
    commands: (row.controls ?? []).map(({ control, caller, request_id: requestId, recorded_at: recordedAt }) => ({
      command: control,
      caller,
      requestId,
      recordedAt: new Date(recordedAt),
    })),
    status: row.status,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
    maxPerSecond: row.max_per_second,
    actionableSystems: row.actionable_systems,
    startError: row.start_error,
    systems,
    counts: {
      selected: total('selected'),
      pending: total('pending'),
      succeeded: total('succeeded'),
      failed: total('failed'),
      unknown: total('unknown'),
    },
  };
}

function toCounts({ selected, pending, succeeded, failed, unknown }: BulkCounts): BulkCounts {
  return { selected, pending, succeeded, failed, unknown };
}
