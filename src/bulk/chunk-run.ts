import type { Query } from '../store/store.ts';

/** Items of one system, told by the first and last position. */
export interface Chunk {
  operationId: string;
  systemId: string;
  first: number;
  last: number;
}

/** One try at a chunk. */
export interface ChunkRun {
  chunk: Chunk;
  /** Aborted where another replica has taken the chunk over. */
  claim: AbortSignal;
  /** Aborted when this process is to end: begin nothing more. */
  closing: AbortSignal;
  /** The last attempt: every item must get a result. */
  isLast: boolean;
  /** Tries before this one were given up: send nothing, find out what came of it. */
  isAbandoned: boolean;
  /** Marks the chunk as done, in a transaction of the store. */
  complete(query: Query): Promise<void>;
  /** Gives it back as if it had not been tried, for `afterSeconds` from now. */
  putBack(afterSeconds: number, query: Query): Promise<void>;
}

/** Thrown by a run of a chunk: the rest of the chunk is to be tried again later. */
export class RetryLaterError extends Error {
  override readonly name = 'TryLater';
}

/** The chunks of an operation that still hold pending items, and whether the operation has maxPerSecond. They begin at the same items each time. */
export async function listPendingChunks(operationId: string, query: Query): Promise<{ chunk: Chunk; isPaced: boolean }[]> {
  const rows = await query<{ system_id: string; first: number; last: number; is_paced: boolean }>(
    `SELECT system_id, min(position) AS first, max(position) AS last, bool_or(is_paced) AS is_paced FROM (
       SELECT i.system_id, i.position, i.outcome, o.max_per_second IS NOT NULL AS is_paced,
         (row_number() OVER (PARTITION BY i.system_id ORDER BY i.position) - 1) / p.chunk_size AS chunk
       FROM jobyard.bulk_item i
       JOIN jobyard.bulk_progress p USING (operation_id, system_id)
       JOIN jobyard.bulk_operation o ON o.id = i.operation_id
       WHERE i.operation_id = $1
     ) AS items
     GROUP BY system_id, chunk HAVING bool_or(outcome = 'PENDING') ORDER BY min(position)`,
    [operationId],
  );
  return rows.map(({ system_id: systemId, first, last, is_paced: isPaced }) => ({
    chunk: { operationId, systemId, first, last },
    isPaced,
  }));
}
