import type { Query } from '../store/store.ts';

/** Items of one system that a worker processes together, given by the first and last position. */
export interface Chunk {
  operationId: string;
  systemId: string;
  first: number;
  last: number;
}

/** One attempt at a chunk. */
export interface ChunkRun {
  chunk: Chunk;
  /** Aborted when another replica has taken over the chunk. */
  claim: AbortSignal;
  /** Aborted when this process shuts down: nothing more is started. */
  closing: AbortSignal;
  /** The last attempt: every item must get a result. */
  isLast: boolean;
  /** The earlier attempts were abandoned: send nothing, determine the outcomes. */
  isAbandoned: boolean;
  /** Marks the chunk as done, in the transaction of `query`. */
  complete(query: Query): Promise<void>;
  /** Queues the chunk again after `afterSeconds`, without counting this attempt. */
  putBack(afterSeconds: number, query: Query): Promise<void>;
}

/** Thrown by `runChunk`: the rest of the chunk is retried later. */
export class RetryLaterError extends Error {
  override readonly name = 'RetryLaterError';
}

/** The chunks of an operation that have pending items, and whether the operation has maxPerSecond. A chunk always starts at the same item. */
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
