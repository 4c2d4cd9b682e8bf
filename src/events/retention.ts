import type { Logger } from 'pino';
import type { Store } from '../store/store.ts';

export interface Retention {
  close(): Promise<void>;
}

const intervalMs = 3_600_000;
const mostInStatement = 1_000;
/** Longer than any action is followed. Of a system that is not configured any more nobody follows them, and they are never settled. */
const longestKeptOpenDays = 30;

/**
 * Removes events that are older than so many days, once the store is open and every hour; not those of actions that are still
 * followed: what came of them is yet to be told.
 */
export function startRetention({ store, retentionDays, logger }: { store: Store; retentionDays: number; logger: Logger }): Retention {
  let stopped = false;
  const removeOld = async (): Promise<void> => {
    let removed: unknown[];
    do {
      removed = await store.query(
        `delete from jobyard.event_group where id in (
          select id from jobyard.event_group where recorded_at < now() - $1 * interval '1 day' and not exists (
            select from jobyard.open_action where group_id = event_group.id and to_timestamp(sent_at_ms[1] / 1000.0) > now() - $3 * interval '1 day'
          ) limit $2
        ) returning 1`,
        [retentionDays, mostInStatement, longestKeptOpenDays],
      );
    } while (removed.length === mostInStatement && !stopped);
  };
  let round = Promise.resolve();
  const run = (): void => {
    round = removeOld().catch((error: unknown) => logger.warn({ err: error }, 'old job events not removed'));
  };
  let timer: NodeJS.Timeout | null = null;
  store.opened.then(() => {
    if (stopped) return;
    timer = setInterval(run, intervalMs).unref();
    run();
  });
  return {
    async close() {
      stopped = true;
      if (timer) clearInterval(timer);
      await round;
    },
  };
}
