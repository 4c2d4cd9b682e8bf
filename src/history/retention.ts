import type { Logger } from 'pino';
import { type Removal, startRemoval } from '../store/removal.ts';
import type { Store } from '../store/store.ts';

const maxInStatement = 1_000;
/** Longer than any action is tracked. Actions on a system that is no longer configured are never resolved. */
const maxUnresolvedDays = 30;

/** Deletes events that are older than `retentionDays`, except those of actions that are still tracked. */
export function startRetention({ store, retentionDays, logger }: { store: Store; retentionDays: number; logger: Logger }): Removal {
  const removeSome = async (): Promise<boolean> => {
    const removed = await store.query(
      `delete from jobyard.event_group where id in (
        select id from jobyard.event_group where recorded_at < now() - $1 * interval '1 day' and not exists (
          select from jobyard.open_action where group_id = event_group.id and to_timestamp(open_action.sent_at_ms / 1000.0) > now() - $3 * interval '1 day'
        ) limit $2
      ) returning 1`,
      [retentionDays, maxInStatement, maxUnresolvedDays],
    );
    return removed.length === maxInStatement;
  };
  return startRemoval({ store, what: 'job events', removeSome, logger });
}
