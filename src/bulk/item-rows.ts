import { outcomes } from '../jobs/outcome.ts';
import { isOneOf } from '../store/known-words.ts';
import { type RowPage, type RowRange, toRowPage } from '../store/row-range.ts';
import type { Query } from '../store/store.ts';
import type { BulkItem, BulkItemFilter, BulkItemStatus, BulkOutcomeCount } from './operation.ts';
import { fromStoredResult } from './stored-result.ts';

interface ItemRow {
  position: number;
  job_id: string;
  job_name: string | null;
  status: BulkItemStatus;
  attempts: number;
  settled_at: Date | null;
  result: unknown;
}

/** The result of an item. Null while it is PENDING: the stored result is then that of the last attempt. */
const result = `CASE WHEN outcome = 'PENDING' THEN NULL ELSE result END`;

/** Items in the order of selection. */
export async function selectItems(
  query: Query,
  operationId: string,
  filter: BulkItemFilter,
  range: RowRange<string>,
): Promise<RowPage<BulkItem>> {
  const [beyond, direction] = range.isBackward ? ['<', 'DESC'] : ['>', 'ASC'];
  const rows = await query<ItemRow>(
    `SELECT position, job_id, job_name, outcome AS status, attempts, settled_at, ${result} AS result
     FROM jobyard.bulk_item WHERE operation_id = $1 AND ($2::integer IS NULL OR position ${beyond} $2::integer) AND ($3::text IS NULL OR outcome = $3)
       AND ($4::text[] IS NULL OR ${result} ->> 'outcome' = ANY($4::text[]))
       AND ($5::text[] IS NULL OR ${result} -> 'problem' ->> 'code' = ANY($5::text[]))
       AND ($6::text[] IS NULL OR system_id = ANY($6::text[]))
     ORDER BY position ${direction} LIMIT $7`,
    [operationId, range.from, filter.status, filter.outcomes, filter.codes, filter.systemIds, range.count + 1],
  );
  return toRowPage(rows.map(toItem), range);
}

/** Counts finished items by outcome and problem code. Largest count first. */
export async function countOutcomes(query: Query, operationId: string): Promise<BulkOutcomeCount[]> {
  return query<BulkOutcomeCount>(
    `SELECT outcome AS status, result ->> 'outcome' AS outcome, result -> 'problem' ->> 'code' AS code, count(*)::integer AS count,
       min(result -> 'problem' ->> 'message') AS message
     FROM jobyard.bulk_item WHERE operation_id = $1 AND outcome <> 'PENDING' AND ${isOneOf(`result ->> 'outcome'`, outcomes)}
     GROUP BY 1, 2, 3 ORDER BY 4 DESC, 2, 3`,
    [operationId],
  );
}

function toItem({ position, job_id: jobId, job_name: name, status, attempts, settled_at: settledAt, result: stored }: ItemRow): BulkItem {
  return { position, jobId, name, status, attempts, finishedAt: settledAt, result: stored === null ? null : fromStoredResult(stored) };
}
