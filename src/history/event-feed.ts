import { setTimeout as delay } from 'node:timers/promises';
import { toStorableText } from '../jobs/storable-text.ts';
import { ignoreUnavailable } from '../store/store.ts';
import type { JobEventFilter } from './event-list.ts';
import type { JobEvent } from './job-event.ts';
import { toStorableId } from './storable-id.ts';

/** Events that were recorded since the last part; the last part of a slow reader has null: it misses events. */
export interface EventFeedPart {
  /** Shared by all subscribers with the same filter and systems. */
  events: readonly JobEvent[] | null;
}

/** Sends the events in the store to subscribers, whichever replica records them. They are read once for all subscribers in this process. */
export interface EventFeed {
  /**
   * Events of these systems that match the filter and are recorded from now on, until `return`. Rejects with StoreUnavailableError if the
   * store can't be read now; later, the feed continues when the store is available again, and misses no event.
   */
  subscribe(systemIds: readonly string[], filter: JobEventFilter): Promise<AsyncIterableIterator<EventFeedPart, undefined, undefined>>;
  /** This process has stored events. */
  wake(): void;
  close(): void;
}

/** Reads the first groups of events with greater numbers than `after` and other ones than `seen`, in their order: at most 6,000 events. */
export type ReadNewEvents = (after: number, seen: readonly number[]) => Promise<{ group: number; events: JobEvent[] }[]>;

export interface EventFeedOptions {
  read: ReadNewEvents;
  /** The numbers of the latest groups. */
  readLatest(): Promise<number[]>;
  onBug(error: unknown): void;
}

/** For events of other replicas. */
const pollEveryMs = 1_000;
/** Between two reads: a bulk operation records many groups. */
const minGapMs = 250;
/** A group may become visible this long after groups with greater numbers. */
const lateMs = 10_000;
const maxInPart = 100;
const maxBehind = 10_000;

export function createEventFeed(options: EventFeedOptions): EventFeed {
  const channels = new Map<string, Channel>();
  let round: Round | null = null;
  let closed = false;
  const leaveChannel = (key: string, channel: Channel, subscriber: Subscriber): void => {
    channel.subscribers.delete(subscriber);
    if (channel.subscribers.size === 0) channels.delete(key);
    if (channels.size > 0) return;
    round?.stop.abort();
    round = null;
  };
  return {
    async subscribe(systemIds, filter) {
      const key = JSON.stringify([systemIds, filter]);
      const channel = channels.get(key) ?? { matches: toPredicate(systemIds, filter), subscribers: new Set() };
      channels.set(key, channel);
      const subscriber = createSubscriber(() => leaveChannel(key, channel, subscriber));
      channel.subscribers.add(subscriber);
      round ??= startRound(options, channels);
      try {
        await round.begun;
      } catch (error) {
        await subscriber.return();
        throw error;
      }
      if (closed) subscriber.end();
      return subscriber;
    },
    wake: () => round?.wake(),
    close() {
      closed = true;
      for (const { subscribers } of channels.values()) for (const subscriber of subscribers) subscriber.end();
    },
  };
}

/** The subscribers with the same filter and systems. */
interface Channel {
  matches(event: JobEvent): boolean;
  subscribers: Set<Subscriber>;
}

interface Subscriber extends AsyncIterableIterator<EventFeedPart, undefined, undefined> {
  put(part: EventFeedPart & { events: readonly JobEvent[] }): void;
  end(): void;
  return(): Promise<IteratorReturnResult<undefined>>;
}

const done = { done: true, value: undefined } as const;

function createSubscriber(onEnd: () => void): Subscriber {
  const parts: EventFeedPart[] = [];
  let behind = 0;
  let ended = false;
  let wake = (): void => {};
  const end = (): void => {
    if (ended) return;
    ended = true;
    onEnd();
    wake();
  };
  return {
    put(part) {
      if (ended) return;
      behind += part.events.length;
      parts.push(behind > maxBehind ? { events: null } : part);
      if (behind > maxBehind) end();
      wake();
    },
    end,
    async next() {
      for (;;) {
        const part = parts.shift();
        behind -= part?.events?.length ?? 0;
        if (part) return { done: false, value: part };
        if (ended) return done;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    async return() {
      parts.length = 0;
      end();
      return done;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** The reads from the first subscriber to the last. */
interface Round {
  stop: AbortController;
  begun: Promise<void>;
  wake(): void;
}

function startRound({ read, readLatest, onBug }: EventFeedOptions, channels: ReadonlyMap<string, Channel>): Round {
  const stop = new AbortController();
  const position = createPosition();
  let isWoken = false;
  let wake = (): void => {};
  const waitForWake = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, pollEveryMs).unref();
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const readNew = async (): Promise<void> => {
    isWoken = false;
    const groups = await read(position.after(), position.seen());
    position.add(groups.map(({ group }) => group));
    // There may be more.
    isWoken ||= groups.length > 0;
    const events = groups.flatMap((group) => group.events);
    if (events.length > 0) for (const channel of channels.values()) offer(channel, events);
  };
  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await delay(minGapMs, null, { ref: false });
      if (!isWoken && !stop.signal.aborted) await waitForWake();
      // The next read finds what this one missed.
      if (!stop.signal.aborted) await readNew().catch(ignoreUnavailable);
    }
  };
  const begun = readLatest().then(position.begin);
  begun.then(
    () => run().catch(onBug),
    () => stop.abort(),
  );
  stop.signal.addEventListener('abort', () => wake(), { once: true });
  return {
    stop,
    begun,
    wake() {
      isWoken = true;
      wake();
    },
  };
}

/** Which groups were read. A group that becomes visible late has a smaller number than others that were read before. */
function createPosition() {
  const seenAtMs = new Map<number, number>();
  let after = 0;
  const add = (groups: readonly number[]): void => {
    const nowMs = performance.now();
    for (const group of groups) seenAtMs.set(group, nowMs);
    for (const [group, atMs] of seenAtMs) if (nowMs - atMs > lateMs) after = Math.max(after, group);
    for (const group of seenAtMs.keys()) if (group <= after) seenAtMs.delete(group);
  };
  return {
    after: () => after,
    seen: (): number[] => [...seenAtMs.keys()],
    begin(latest: readonly number[]): void {
      after = latest.length > 0 ? Math.min(...latest) - 1 : 0;
      add(latest);
    },
    add,
  };
}

function offer({ matches, subscribers }: Channel, events: readonly JobEvent[]): void {
  const wanted = events.filter(matches);
  for (let from = 0; from < wanted.length; from += maxInPart) {
    const part = { events: wanted.slice(from, from + maxInPart) };
    for (const subscriber of subscribers) subscriber.put(part);
  }
}

/** Whether an event is one of those that `listEvents` lists. */
export function toPredicate(systemIds: readonly string[], filter: JobEventFilter): (event: JobEvent) => boolean {
  const isIn = (list: readonly string[] | null | undefined, toStored = toStorableText): ((value: string) => boolean) => {
    if (!list) return () => true;
    const stored = new Set(list.map(toStored));
    return (value) => stored.has(toStored(value));
  };
  const isReadable = isIn(systemIds);
  const isOfSystem = isIn(filter.systemIds);
  const isOfJob = isIn(filter.jobIds, toStorableId);
  const isOfCaller = isIn(filter.callers);
  const isOfAction = isIn(filter.actions);
  const isOfOutcome = isIn(filter.outcomes);
  const { kind, bulkOperationId, requestId, recordedFrom, recordedTo } = filter;
  return (event) =>
    isReadable(event.systemId) &&
    isOfSystem(event.systemId) &&
    isOfJob(event.jobId) &&
    isOfCaller(event.caller) &&
    isOfAction(event.action) &&
    isOfOutcome(event.outcome) &&
    (kind ?? event.kind) === event.kind &&
    (bulkOperationId == null || toStorableText(bulkOperationId) === event.bulkOperationId) &&
    (requestId == null || toStorableText(requestId) === event.requestId) &&
    (recordedFrom == null || event.recordedAt >= recordedFrom) &&
    (recordedTo == null || event.recordedAt <= recordedTo);
}
