import type { Clock } from '../concurrency/clock.ts';
import type { CallContext } from '../jobs/adapter.ts';
import type { Job } from '../jobs/job.ts';
import { pairResults } from '../jobs/pair-results.ts';
import { type FirstRows, jobsOf, keepRowsOfFailedLists, readFirstRows } from '../listing/first-rows.ts';
import type { JobRead } from '../reading/job-read.ts';
import { type Alarm, createAlarm } from './alarm.ts';
import { sharedCaller } from './batch-reads.ts';
import { findDepartures, isSameList, type ListObservation, type PolledList } from './polled-list.ts';
import {
  firstSchedule,
  maxIntervalMs,
  minIntervalMs,
  type ReadBounds,
  type ReadSchedule,
  scheduleAfterRead,
  scheduleSoon,
} from './read-schedule.ts';

/** One subscriber of a live list. */
export interface ListSubscriber {
  /** The caller that reads count toward if no other caller subscribes to the list. */
  caller: string;
  /** How many jobs it wants. */
  first: number;
  /** Called after each read. */
  onRead(): void;
}

/** Reads the first jobs of one system's list again and again, once for all its subscribers. */
export interface ListPoller {
  add(subscriber: ListSubscriber): void;
  remove(subscriber: ListSubscriber): void;
  /** Null: the list wasn't read yet, or not as many jobs as `first`. */
  observation(first: number): ListObservation | null;
  /** A read by another request: if it shows another status than the list, the list is read as soon as allowed. */
  note(vendorId: string, read: JobRead): void;
  stop(): void;
}

export interface ListPollerOptions {
  list: PolledList;
  clock: Clock;
  onPoll(): void;
  /** Called when the list has no subscribers any more. */
  onIdle(): void;
  onBug(error: unknown): void;
}

/** A list that needs many requests is read less often: on average, at most four requests per second. */
const msPerRequest = 250;
/** The maximum number of departures that a slow subscriber can still learn about. */
const maxDeparted = 1_000;

interface ListPolling {
  options: ListPollerOptions;
  subscribers: Set<ListSubscriber>;
  alarm: Alarm;
  schedule: ReadSchedule;
  /** The read in progress. */
  reading: AbortController | null;
  observation: ListObservation | null;
  /** How many jobs the last read asked for. */
  first: number;
  statuses: ReadonlyMap<string, Job['status']>;
  /** The requests of the last read. */
  requests: number;
  /** Whether another request showed a change during the read in progress, which may be older. */
  isOutdated: boolean;
}

export function createListPoller(options: ListPollerOptions): ListPoller {
  const polling: ListPolling = {
    options,
    subscribers: new Set(),
    alarm: createAlarm(options.clock, () => void poll(polling)),
    schedule: firstSchedule(0, { nowMs: options.clock.nowMs(), minMs: minIntervalMs }),
    reading: null,
    observation: null,
    first: 0,
    statuses: new Map(),
    requests: 0,
    isOutdated: false,
  };
  const { subscribers, alarm } = polling;
  const stop = (): void => {
    alarm.cancel();
    polling.reading?.abort();
  };
  return {
    add(subscriber) {
      subscribers.add(subscriber);
      const isKnown = polling.observation !== null && subscriber.first <= polling.first;
      if (isKnown) subscriber.onRead();
      // What is known may be old.
      readSoon(polling, !isKnown);
    },
    remove(subscriber) {
      if (!subscribers.delete(subscriber) || subscribers.size > 0) return;
      stop();
      options.onIdle();
    },
    observation: (first) => (first <= polling.first ? polling.observation : null),
    note(vendorId, read) {
      const status = polling.statuses.get(vendorId);
      if (status === undefined || read.kind === 'problem' || (read.kind === 'job' && read.job.status === status)) return;
      if (polling.reading) polling.isOutdated = true;
      else readSoon(polling, false);
    },
    stop,
  };
}

function boundsOf({ options: { clock }, requests }: ListPolling): ReadBounds {
  return { nowMs: clock.nowMs(), minMs: Math.max(minIntervalMs, requests * msPerRequest) };
}

/** Reads the list as soon as allowed, or now. */
function readSoon(polling: ListPolling, isNow: boolean): void {
  const bounds = boundsOf(polling);
  const soon = scheduleSoon(polling.schedule, bounds);
  polling.schedule = isNow ? { ...soon, dueAtMs: bounds.nowMs } : soon;
  wake(polling);
}

function wake({ alarm, reading, schedule, subscribers }: ListPolling): void {
  if (!reading && subscribers.size > 0) alarm.setFor(schedule.dueAtMs);
}

async function poll(polling: ListPolling): Promise<void> {
  const { options, subscribers } = polling;
  const reading = new AbortController();
  polling.reading = reading;
  polling.isOutdated = false;
  options.onPoll();
  try {
    const first = Math.max(0, ...Array.from(subscribers, (subscriber) => subscriber.first));
    const read = await readList(polling, first, reading.signal);
    if (reading.signal.aborted) return;
    keepRead(polling, read, first);
    readAgain(polling);
  } catch (error) {
    options.onBug(error);
    polling.schedule = { ...polling.schedule, dueAtMs: options.clock.nowMs() + maxIntervalMs };
  } finally {
    polling.reading = null;
    wake(polling);
  }
  for (const subscriber of subscribers) if (subscriber.first <= polling.first) subscriber.onRead();
}

/** Reads the list again if another request showed a later state meanwhile, or if a subscriber joined that needs more jobs. */
function readAgain(polling: ListPolling): void {
  const { subscribers, first, isOutdated } = polling;
  const needsMore = subscribers.values().some((subscriber) => subscriber.first > first);
  if (isOutdated || needsMore) readSoon(polling, needsMore);
}

interface ReadList {
  observation: ListObservation;
  changed: boolean;
  requests: number;
  retryAfterMs: number;
}

async function readList(polling: ListPolling, first: number, signal: AbortSignal): Promise<ReadList> {
  const { list, observation: before } = { ...polling, ...polling.options };
  const { system, filter, order, credential } = list;
  let requests = 0;
  const onRoundTrip = (): void => {
    requests += 1;
  };
  const call: CallContext = { caller: callerOf(polling), signal, credential, onRoundTrip };
  const read = await readFirstRows(system, { filter, order, first }, call);
  const rows = before ? keepRowsOfFailedLists(before.rows, read, { filter, order, first }) : read;
  const departed = before ? await noteDepartures(before, rows, { ...list, first }, call) : new Map();
  const waits = read.readers.map((reader) => reader.problem()?.retryAfterSeconds ?? 0);
  return {
    observation: { rows, departed },
    changed: !before || !isSameList(before.rows, rows),
    requests,
    retryAfterMs: Math.max(0, ...waits) * 1000,
  };
}

function callerOf({ subscribers }: ListPolling): string {
  const [caller, ...others] = new Set(Array.from(subscribers, (subscriber) => subscriber.caller));
  return caller !== undefined && others.length === 0 ? caller : sharedCaller;
}

function keepRead(polling: ListPolling, { observation, changed, requests, retryAfterMs }: ReadList, first: number): void {
  polling.observation = observation;
  polling.first = first;
  polling.requests = requests;
  polling.statuses = new Map(jobsOf(observation.rows).map(({ vendorId, status }) => [vendorId, status]));
  polling.schedule = scheduleAfterRead(polling.schedule, { changed, factor: 1, retryAfterMs }, boundsOf(polling));
}

/** Reads the jobs that left by ID, to find out whether the system still has them. */
async function noteDepartures(
  { rows: before, departed }: ListObservation,
  after: FirstRows,
  list: PolledList & { first: number },
  call: CallContext,
): Promise<ListObservation['departed']> {
  const noted = new Map(departed);
  for (const { id } of jobsOf(after)) noted.delete(id);
  const gone = findDepartures(before, after, list);
  if (gone.length === 0) return noted;
  const vendorIds = gone.map(({ vendorId }) => vendorId);
  for (const [{ id }, read] of pairResults(gone, await list.system.reader.read(vendorIds, call))) {
    noted.set(id, read.kind === 'notFound' ? 'GONE' : 'NO_LONGER_MATCHES');
  }
  return new Map(Array.from(noted).slice(-maxDeparted));
}
