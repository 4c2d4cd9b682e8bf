// History: records the actions that callers perform on jobs (audit log and stored events), and tracks unresolved actions.

import type { Logger } from 'pino';
import type { ActionAudit } from '../actions/audit.ts';
import type { Job } from '../jobs/job.ts';
import type { Permissions } from '../jobs/permissions.ts';
import type { ReadableSystem } from '../reading/readable-system.ts';
import type { Store, Transaction } from '../store/store.ts';
import { startActionTracker } from './action-tracker.ts';
import type { Actor } from './audit-log.ts';
import { createContradictions } from './contradictions.ts';
import { createEventAudit } from './event-audit.ts';
import { createEventFeed } from './event-feed.ts';
import { listLatestGroups, listNewEvents } from './event-list.ts';
import { createEventService, type EventService } from './event-service.ts';
import { createEventWriter, type LostCounts } from './event-writer.ts';
import type { NewJobEvent } from './job-event.ts';
import { startRetention } from './retention.ts';

/** The actions that callers performed on jobs, and their follow-ups. */
export interface JobEvents {
  /** Records one operation's actions. */
  audit(actor: Actor): ActionAudit;
  /** Gathers one operation's actions for `storeWithin`, without storing them. */
  gather(actor: Actor): { audit: ActionAudit; events: readonly NewJobEvent[] };
  /** Stores events as part of the transaction. */
  storeWithin(transaction: Transaction, events: readonly NewJobEvent[]): Promise<void>;
  /** Called for each job that a read or a list returns: it may contradict its confirmed cancel. */
  observe(job: Job): void;
  /** Events that are not stored yet, and those that never will be. */
  counts(): { waiting: number } & LostCounts;
  /** The events that one caller's operation can read, until `signal` aborts. */
  beginOperation(permissions: Permissions, signal: AbortSignal): EventService;
  /** Ends all subscriptions. */
  endFeed(): void;
  close(): Promise<void>;
}

export interface JobEventsOptions {
  store: Store;
  systems: readonly ReadableSystem[];
  /** Whether the system's jobs can be read without a caller's own credential. */
  canTrack(systemId: string): boolean;
  /** How long an accepted cancel may take. */
  overdueAfterMs: number;
  retentionDays: number;
  logger: Logger;
}

/** Also tracks the unresolved actions in the store, from the first time the store is opened. */
export function startJobEvents(options: JobEventsOptions): JobEvents {
  const { store, systems, canTrack, overdueAfterMs, retentionDays, logger } = options;
  const tracked = systems.filter(({ id }) => canTrack(id));
  const feed = createEventFeed({
    read: (after, seen) => listNewEvents(store.query, after, seen),
    readLatest: () => listLatestGroups(store.query),
    onBug: (error) => logger.error({ err: error }, 'bug'),
  });
  const onResolved = (): void => {
    contradictions.refresh();
    feed.wake();
  };
  const trackers = new Map(tracked.map((system) => [system.id, startActionTracker({ store, system, overdueAfterMs, onResolved, logger })]));
  const writer = createEventWriter({
    store,
    trackedSystemIds: tracked.map(({ id }) => id),
    onUnresolved(systemIds) {
      for (const id of systemIds) trackers.get(id)?.wake();
    },
    onStored: feed.wake,
    logger,
  });
  const contradictions = createContradictions({ store, systems, flushEvents: writer.flush, logger });
  const write = (events: readonly NewJobEvent[]): void => {
    contradictions.note(events);
    writer.write(events);
  };
  /** Also stores the contradictions that were observed before. */
  const flush = async (): Promise<void> => {
    await contradictions.flush();
    await writer.flush();
  };
  const retention = startRetention({ store, retentionDays, logger });

  return {
    audit: (actor) => createEventAudit(actor, write),
    gather(actor) {
      const gathered: NewJobEvent[] = [];
      return { audit: createEventAudit(actor, (events) => gathered.push(...events)), events: gathered };
    },
    storeWithin(transaction, events) {
      contradictions.note(events);
      return writer.writeWithin(transaction, events);
    },
    observe: contradictions.observe,
    counts: () => ({ waiting: writer.waitingCount(), ...writer.lostCounts() }),
    beginOperation(permissions, signal) {
      const readable = systems.filter(({ id }) => permissions.mayReadEvents(id));
      return createEventService({ store, systems: readable, feed, flush, signal, overdueAfterMs });
    },
    endFeed: feed.close,
    async close() {
      await Promise.all([...trackers.values(), retention].map((part) => part.close()));
      await contradictions.close();
      await writer.close();
    },
  };
}
