import DataLoader from 'dataloader';
import type { Job } from '../jobs/job.ts';
import { entryOf } from '../jobs/pair-results.ts';
import type { JobSystem } from '../jobs/system.ts';
import { inTime } from '../store/in-time.ts';
import { type RowPage, type RowRange, toRowPage } from '../store/row-range.ts';
import type { Store } from '../store/store.ts';
import { type Cancellation, type CancelRecord, describeCancellation, loadCancelRecords } from './cancellation.ts';
import {
  type CancellationFilter,
  type CancellationPosition,
  type CancellationSource,
  type ListedCancellation,
  scanCancellations,
} from './cancellation-list.ts';
import type { EventFeed, EventFeedPart } from './event-feed.ts';
import { type EventPage, type EventRange, type JobEventFilter, listEvents, listEventsOfJobs } from './event-list.ts';

/** Reads events for one caller's operation. Rejects with StoreUnavailableError if the store doesn't respond before the operation ends. */
export interface EventService {
  /** The systems whose events this caller can read. */
  systemIds: readonly string[];
  list(filter: JobEventFilter, range: EventRange): Promise<EventPage>;
  /** The caller must be allowed to read the events of the job's system. Calls in one tick share a statement. */
  listOfJob(jobId: string, range: EventRange): Promise<EventPage>;
  /** See EventFeed. Of the systems whose events this caller can read. */
  subscribe(filter: JobEventFilter): Promise<AsyncIterableIterator<EventFeedPart, undefined, undefined>>;
  /** The job's last cancel that may have reached the vendor; null: none. Calls in one tick share a statement. */
  loadCancelRecord(jobId: string): Promise<CancelRecord | null>;
  /** `job`: a copy of the job; null if the record is closed, or if the job can't be read. */
  describeCancellation(record: CancelRecord, job: Job | null, system: JobSystem): Cancellation;
  /** Newest first, of the systems whose events this caller can read. Reads no job. */
  listCancellations(filter: CancellationFilter, range: RowRange<CancellationPosition>): Promise<RowPage<ListedCancellation>>;
  /** At most `max`. */
  countCancellations(filter: CancellationFilter, max: number): Promise<number>;
}

export interface EventServiceOptions {
  store: Store;
  /** The systems whose events this caller can read. */
  systems: readonly JobSystem[];
  feed: EventFeed;
  /** Stores the events that wait, so that the caller sees its own. */
  flush(): Promise<void>;
  /** Aborted when the operation ends. */
  signal: AbortSignal;
  /** How long an accepted cancel may take. */
  overdueAfterMs: number;
}

export function createEventService({ store, systems, feed, flush, signal, overdueAfterMs }: EventServiceOptions): EventService {
  const systemIds = systems.map(({ id }) => id);
  const takeCancellations = async (filter: CancellationFilter, range: RowRange<CancellationPosition>): Promise<ListedCancellation[]> => {
    await flush();
    await store.whenOpen();
    const source: CancellationSource = { query: store.query, systems, now: new Date(), aheadMs: store.aheadMs(), overdueAfterMs };
    const listed: ListedCancellation[] = [];
    for await (const cancellation of scanCancellations(source, filter, range)) {
      listed.push(cancellation);
      if (listed.length === range.count || signal.aborted) break;
    }
    return listed;
  };
  const pages = createPageLoader(store, flush);
  const cancels = createCancelLoader(store, flush);
  return {
    systemIds,
    list: (filter, range) =>
      inTime(
        flush().then(() => listEvents(store.query, systemIds, filter, range)),
        signal,
      ),
    subscribe: (filter) => feed.subscribe(systemIds, filter),
    listOfJob: (jobId, range) => inTime(pages.load({ jobId, ...range }), signal),
    loadCancelRecord: (jobId) => inTime(cancels.load(jobId), signal),
    describeCancellation: (record, job, system) => describeCancellation(record, job, { system, now: new Date(), overdueAfterMs }),
    listCancellations: (filter, range) =>
      inTime(takeCancellations(filter, { ...range, count: range.count + 1 }), signal).then((taken) => toRowPage(taken, range)),
    countCancellations: (filter, max) =>
      inTime(takeCancellations(filter, { count: max, isBackward: false, from: null }), signal).then(({ length }) => length),
  };
}

type PageKey = { jobId: string } & EventRange;

function createPageLoader(store: Store, flush: () => Promise<void>): DataLoader<PageKey, EventPage> {
  return new DataLoader(
    async (keys) => {
      await flush();
      const groups = groupByRange(keys);
      const pages = new Map(Array.from(groups, ([key, { range, jobIds }]) => [key, listEventsOfJobs(store.query, [...jobIds], range)]));
      return Promise.all(keys.map(async (key) => entryOf(await entryOf(pages, toText(key)), key.jobId)));
    },
    // A later field of the same mutation may read again, after another action.
    { cache: false },
  );
}

function groupByRange(keys: readonly PageKey[]): Map<string, { range: EventRange; jobIds: Set<string> }> {
  const groups = new Map<string, { range: EventRange; jobIds: Set<string> }>();
  for (const { jobId, ...range } of keys) {
    const group = groups.get(toText(range)) ?? { range, jobIds: new Set() };
    groups.set(toText(range), group);
    group.jobIds.add(jobId);
  }
  return groups;
}

function toText({ count, isBackward, from }: EventRange): string {
  return `${count} ${isBackward} ${from}`;
}

function createCancelLoader(store: Store, flush: () => Promise<void>): DataLoader<string, CancelRecord | null> {
  return new DataLoader(
    async (jobIds) => {
      await flush();
      await store.whenOpen();
      const records = await loadCancelRecords(store.query, jobIds, store.aheadMs());
      return jobIds.map((jobId) => records.get(jobId) ?? null);
    },
    { cache: false },
  );
}
