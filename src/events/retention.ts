import type { Logger } from 'pino';
import { type Removal, startRemoval } from '../store/removal.ts';
import type { Store } from '../store/store.ts';

const mostInStatement = 5_000;

/** Removes events that are older than so many days. */
export function startRetention({ store, retentionDays, logger }: { store: Store; retentionDays: number; logger: Logger }): Removal {
  const removeSome = async (): Promise<boolean> => {
    const removed = await store.query(
      `delete from jobyard.job_event where id in (
        select id from jobyard.job_event where recorded_at < now() - $1 * interval '1 day' limit $2
      ) returning 1`,
      [retentionDays, mostInStatement],
    );
    return removed.length === mostInStatement;
  };
  return startRemoval({ store, what: 'job events', removeSome, logger });
}
