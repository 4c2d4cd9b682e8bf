import type { Logger } from 'pino';
import { vendorIdOf } from '../jobs/job-id.ts';
import { pairResults } from '../jobs/pair-results.ts';
import type { ReadableSystem } from '../reading/readable-system.ts';
import type { Store } from '../store/store.ts';
import { determineFollowUp } from './follow-up.ts';
import { claimDueActions, msUntilDue, recordFollowUps } from './unresolved-actions.ts';

/** Tracks the unresolved actions on one system: reads their jobs again until each is resolved, and records follow-ups. Replicas share the work. */
export interface ActionTracker {
  /** There are new actions to track. */
  wake(): void;
  /** Finishes the current round. */
  close(): Promise<void>;
}

export interface ActionTrackerOptions {
  store: Store;
  /** Must be readable without a caller's own credential. */
  system: ReadableSystem;
  /** How long an accepted action may take. */
  overdueAfterMs: number;
  /** Called when follow-ups were recorded. */
  onResolved(): void;
  logger: Logger;
}

const minWaitMs = 1_000;
/** The maximum time between rounds: another replica may have left actions. */
const idleMs = 30_000;
const readTimeoutMs = 30_000;
/** The maximum number of actions per round, if the vendor reads as many jobs at once. */
const maxClaimed = 500;

export function startActionTracker(options: ActionTrackerOptions): ActionTracker {
  const { store, system, logger } = options;
  // Respects the vendor's minimum interval, and leaves room for callers' own reads.
  const pauseMs = (): number => Math.max(minWaitMs, system.adapter.reads.minIntervalMs / 2);
  const stop = new AbortController();
  let timer: NodeJS.Timeout | null = null;
  let wakesAtMs = Number.POSITIVE_INFINITY;
  let round: Promise<void> | null = null;

  const wakeIn = (afterMs: number): void => {
    const atMs = performance.now() + afterMs;
    if (stop.signal.aborted || atMs >= wakesAtMs) return;
    if (timer) clearTimeout(timer);
    wakesAtMs = atMs;
    timer = setTimeout(run, afterMs).unref();
  };
  const run = async (): Promise<void> => {
    wakesAtMs = Number.POSITIVE_INFINITY;
    if (round) return wakeIn(pauseMs());
    round = trackDue(options, stop.signal).then(
      (dueInMs) => wakeIn(Math.max(pauseMs(), Math.min(dueInMs ?? idleMs, idleMs))),
      (error: unknown) => {
        logger.warn({ err: error, system: system.id }, 'unresolved actions not tracked');
        wakeIn(idleMs);
      },
    );
    await round;
    round = null;
  };
  store.opened.then(() => wakeIn(minWaitMs));

  return {
    wake: () => wakeIn(pauseMs()),
    async close() {
      stop.abort();
      if (timer) clearTimeout(timer);
      await round;
    },
  };
}

/** Reads the due jobs, as many as one round of requests can, and returns the time until an action is due again; null: none is unresolved. */
async function trackDue({ store, system, overdueAfterMs, onResolved }: ActionTrackerOptions, stopped: AbortSignal): Promise<number | null> {
  const { id: systemId, adapter, concurrency, reader } = system;
  const { maxBatchSize } = adapter.reads;
  const claimed = await claimDueActions(
    store,
    systemId,
    maxBatchSize === null ? maxClaimed : Math.min(maxClaimed, maxBatchSize * concurrency),
  );
  if (claimed.length > 0) {
    const vendorIds = [...new Set(claimed.map(({ jobId }) => vendorIdOf(jobId)))];
    const signal = AbortSignal.any([stopped, AbortSignal.timeout(readTimeoutMs)]);
    const reads = await reader.read(vendorIds, { caller: 'follow-ups', signal, credential: null });
    const readById = new Map(pairResults(vendorIds, reads));
    const now = new Date();
    const found = claimed.flatMap((action) => {
      const read = readById.get(vendorIdOf(action.jobId));
      const followUp = read && determineFollowUp(action, read, { systemId, adapter, now, overdueAfterMs });
      return followUp && (followUp.isFinal || !action.contradicted) ? [[action, followUp] as const] : [];
    });
    await recordFollowUps(store, claimed, found, Math.max(minWaitMs, adapter.reads.minIntervalMs));
    if (found.length > 0) onResolved();
  }
  return msUntilDue(store, systemId);
}
