import type { Logger } from 'pino';
import { type Removal, startRemoval } from '../store/removal.ts';
import type { Store } from '../store/store.ts';
import { removeExpiredPreviews } from './kept-preview.ts';

const maxInTransaction = 5_000;

/** Deletes operations that finished more than `retentionDays` ago, with their items, and expired previews. */
export function startBulkRetention({ store, retentionDays, logger }: { store: Store; retentionDays: number; logger: Logger }): Removal {
  const removeSome = (): Promise<boolean> =>
    store.transaction(async (query) => {
      // Locked, because a command may be retrying its failed items. Another replica takes another operation.
      const [operation] = await query<{ id: string }>(
        `SELECT id FROM jobyard.bulk_operation WHERE finished_at < now() - $1 * interval '1 day'
         ORDER BY finished_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
        [retentionDays],
      );
      if (!operation) return false;
      const removed = await query(
        `DELETE FROM jobyard.bulk_item WHERE operation_id = $1 AND position IN (
           SELECT position FROM jobyard.bulk_item WHERE operation_id = $1 ORDER BY position LIMIT $2
         ) RETURNING 1`,
        [operation.id, maxInTransaction],
      );
      if (removed.length < maxInTransaction) await query('DELETE FROM jobyard.bulk_operation WHERE id = $1', [operation.id]);
      return true;
    });
  const operations = startRemoval({ store, what: 'bulk operations', removeSome, logger });
  const previews = startRemoval({ store, what: 'previews', removeSome: () => removeExpiredPreviews(store), logger });
  return {
    async close() {
      await Promise.all([operations.close(), previews.close()]);
    },
  };
}
