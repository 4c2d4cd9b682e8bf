import DataLoader from 'dataloader';
import type { Logger } from 'pino';
import type { ActionAudit } from '../actions/audit.ts';
import type { Job } from '../jobs/job.ts';
import type { Permissions } from '../jobs/permissions.ts';
import type { ReadableSystem } from '../reading/readable-system.ts';
import { inTime } from '../store/in-time.ts';
import type { Store, Transaction } from '../store/store.ts';
import { startActionTracker } from './action-tracker.ts';
import type { Actor } from './audit-log.ts';
import { type Cancellation, type CancelRecord, describeCancellation, loadCancelRecords } from './cancellation.ts';
import { createContradictions } from './contradictions.ts';
import { createEventAudit } from './event-audit.ts';
import { type EventPage, type EventRange, type JobEventFilter, listEvents, listEventsOfJobs } from './event-list.ts';
import { createEventWriter, type LostCounts } from './event-writer.ts';
import type { NewJobEvent } from './job-event.ts';
import { startRetention } from './retention.ts';

/** What was done to jobs, by whom and why, and what became of it. */
export interface JobEvents {
  /** Records one operation's actions. */
  audit(actor: Actor): ActionAudit;
  /** Stores nothing by itself: gathers one operation's actions for `storeWithin`. */
  gather(actor: Actor): { audit: ActionAudit; events: readonly NewJobEvent[] };
  /** Stores them as part of the transaction. */
  storeWithin(transaction: Transaction, events: readonly NewJobEvent[]): Promise<void>;
  /** Told of each job that a read or a list shows: one may have ended otherwise although its cancel had been confirmed. */
  observe(job: Job): void;
  /** Events that are not stored yet, and those that never will be. */
  counts(): { waiting: number } & LostCounts;
  /** What one caller's operation may read, until `signal` aborts. */
  beginOperation(permissions: Permissions, signal: AbortSignal): EventService;
  close(): Promise<void>;
}

/** Rejects with StoreUnavailable if the store can't be reached, or does not respond before the operation ends. */
export interface EventService {
  /** The systems whose events this caller may read. */
  systemIds: readonly string[];
  list(filter: JobEventFilter, range: EventRange): Promise<EventPage>;
  /** Jobs of systems whose events the caller may read. Those asked for in one tick are read together. */
  listOfJob(jobId: string, range: EventRange): Promise<EventPage>;
  /** The job's last cancel that may have reached the vendor; null: none. Those asked for in one tick are read together. */
  loadCancelRecord(jobId: string): Promise<CancelRecord | null>;
  /** `job`: a copy of it where the record is not closed. */
  describeCancellation(record: CancelRecord, job: Job | null, system: ReadableSystem): Cancellation;
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

/** Begins to follow what is open in the store, too, once somebody has opened it. */
export function startJobEvents({
  store,
  systems,
  canTrack: canFollow,
  overdueAfterMs,
  retentionDays,
  logger,
}: JobEventsOptions): JobEvents {
  const followed = systems.filter(({ id }) => canFollow(id));
  const onSettled = (): void => contradictions.refresh();
  const followers = new Map(
    followed.map((system) => [system.id, startActionTracker({ store, system, overdueAfterMs, onSettled, logger })]),
  );
  const writer = createEventWriter({
    store,
    followedSystemIds: followed.map(({ id }) => id),
    onOpened(systemIds) {
      for (const id of systemIds) followers.get(id)?.wake();
    },
    logger,
  });
  const contradictions = createContradictions({ store, systems, flushEvents: writer.flush, logger });
  const write = (made: readonly NewJobEvent[]): void => {
    contradictions.note(made);
    writer.write(made);
  };
  /** What was observed before is stored, too. */
  const flush = async (): Promise<void> => {
    await contradictions.flush();
    await writer.flush();
  };
  const retention = startRetention({ store, retentionDays, logger });

  return {
    audit: (actor) => createEventAudit(actor, write),
    gather(actor) {
      const events: NewJobEvent[] = [];
      return { audit: createEventAudit(actor, (made) => events.push(...made)), events };
    },
    storeWithin(transaction, made) {
      contradictions.note(made);
      return writer.writeWithin(transaction, made);
    },
    observe: contradictions.observe,
    counts: () => ({ waiting: writer.waitingCount(), ...writer.lostCounts() }),
    beginOperation(permissions, signal) {
      const systemIds = systems.map(({ id }) => id).filter((id) => permissions.mayReadEvents(id));
      const pages = new DataLoader<{ jobId: string } & EventRange, EventPage>(
        async (keys) => {
          await flush();
          const pageByKey = new Map<string, EventPage>();
          await Promise.all(
            Array.from(Map.groupBy(keys, ({ first, after }) => `${first} ${after}`).values(), async (group) => {
              const jobIds = [...new Set(group.map(({ jobId }) => jobId))];
              const ofJobs = await listEventsOfJobs(store.query, jobIds, group[0] as EventRange);
              for (const key of group) pageByKey.set(keyText(key), ofJobs.get(key.jobId) as EventPage);
            }),
          );
          return keys.map((key) => pageByKey.get(keyText(key)) as EventPage);
        },
        // A later field of the same mutation may ask again, after another action.
        { cache: false },
      );
      const cancels = new DataLoader<string, CancelRecord | null>(
        async (jobIds) => {
          await flush();
          const records = await loadCancelRecords(store.query, jobIds, store.aheadMs());
          return jobIds.map((jobId) => records.get(jobId) ?? null);
        },
        { cache: false },
      );
      return {
        systemIds,
        list: (filter, range) =>
          inTime(
            flush().then(() => listEvents(store.query, systemIds, filter, range)),
            signal,
          ),
        listOfJob: (jobId, range) => inTime(pages.load({ jobId, ...range }), signal),
        loadCancelRecord: (jobId) => inTime(cancels.load(jobId), signal),
        describeCancellation: (record, job, system) => describeCancellation(record, job, { system, now: new Date(), overdueAfterMs }),
      };
    },
    async close() {
      await Promise.all([...followers.values(), retention].map((part) => part.close()));
      await contradictions.close();
      await writer.close();
    },
  };
}

function keyText({ jobId, first, after }: { jobId: string } & EventRange): string {
  return `${first} ${after} ${jobId}`;
}
