import type { Clock } from '../concurrency/clock.ts';
import type { ServedSystem } from '../job-service/served-system.ts';
import type { JobFilter } from '../jobs/filter.ts';
import { splitJobId } from '../jobs/job-id.ts';
import { createProblem } from '../jobs/problem.ts';
import type { CursorKeys } from '../listing/cursor-keys.ts';
import { toFirstPage } from '../listing/first-rows.ts';
import type { JobPage } from '../listing/list-jobs.ts';
import type { SystemPage } from '../listing/system-page.ts';
import type { SortOrder } from '../reading/order.ts';
import { type JobListEvent, type ShownPage, toEvents, toShown } from './list-events.ts';
import type { LeftReason, ListObservation } from './polled-list.ts';

/** The part of a live list that comes from one system. */
export interface PolledPart {
  system: ServedSystem;
  /** Null: it wasn't read yet. */
  observation(): ListObservation | null;
}

export interface ListSubscriptionOptions {
  filter: JobFilter;
  order: SortOrder;
  first: number;
  keys: CursorKeys;
  clock: Clock;
  parts: readonly PolledPart[];
  /** Called once, at the end. */
  onEnd(): void;
}

/** One subscriber's live list. A slow reader may miss intermediate states, never the latest. */
export interface ListSubscription extends AsyncIterableIterator<JobListEvent, undefined, undefined> {
  /** A part was read. */
  onRead(): void;
  /** There are no more events. */
  end(): void;
  /** Ends at once, even while a `next` waits. */
  return(): Promise<IteratorReturnResult<undefined>>;
}

/** The page is sent after this time, even if a system hasn't responded: its jobs enter when it does. */
const pageWaitMs = 2_000;
/** The minimum time between two groups of events. */
const minGapMs = 250;

const done = { done: true, value: undefined } as const;

export function createListSubscription(options: ListSubscriptionOptions): ListSubscription {
  const { clock, parts } = options;
  const events: JobListEvent[] = [];
  let shown: ShownPage | null = null;
  let isChanged = true;
  let dueAtMs = clock.nowMs();
  let ended = false;
  const pageAtMs = clock.nowMs() + pageWaitMs;
  const waiting = createWaiting(clock);

  /** When the page or its changes can be taken; infinite: nothing has changed. */
  const nextAtMs = (): number => {
    if (!isChanged) return Number.POSITIVE_INFINITY;
    const isReady = shown !== null || parts.every((part) => part.observation() !== null);
    return isReady ? dueAtMs : Math.max(dueAtMs, pageAtMs);
  };
  const takeEvents = (): void => {
    isChanged = false;
    dueAtMs = clock.nowMs() + minGapMs;
    const page = toPage(options);
    events.push(...(shown ? toEvents(shown, page, (id) => reasonOf(id, parts)) : [{ kind: 'page', page } as const]));
    shown = toShown(page);
  };
  const end = (): void => {
    if (ended) return;
    ended = true;
    options.onEnd();
    waiting.end();
  };

  return {
    onRead() {
      isChanged = true;
      waiting.end();
    },
    end,
    async next() {
      for (;;) {
        const event = events.shift();
        if (event) return { done: false, value: event };
        if (ended) return done;
        if (nextAtMs() <= clock.nowMs()) takeEvents();
        else await waiting.begin(nextAtMs());
      }
    },
    async return() {
      events.length = 0;
      end();
      return done;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** A wait until a time, which may be infinite, or until it is ended. */
function createWaiting(clock: Clock): { begin(untilMs: number): Promise<void>; end(): void } {
  let end = (): void => {};
  return {
    begin: (untilMs) =>
      new Promise((resolve) => {
        const cancel = untilMs < Number.POSITIVE_INFINITY ? clock.at(untilMs, resolve) : () => {};
        end = () => {
          cancel();
          resolve();
        };
      }),
    end: () => end(),
  };
}

/** The page of all parts. Systems that haven't responded yet are missing from it. */
function toPage({ parts, filter, order, first, keys }: ListSubscriptionOptions): JobPage {
  const observations = parts.map((part) => ({ system: part.system, observation: part.observation() }));
  const page = toFirstPage(
    observations.flatMap(({ observation }) => observation?.rows ?? []),
    { filter, order, first },
    keys,
  );
  const read = new Map(page.systems.map((state) => [state.system.id, state]));
  return {
    ...page,
    complete: page.complete && observations.every(({ observation }) => observation !== null),
    systems: observations.map(({ system }) => read.get(system.id) ?? awaited(system)),
  };
}

function awaited(system: ServedSystem): SystemPage {
  const problem = createProblem('TIMED_OUT', `${system.id} hasn't responded yet. Its jobs enter when it does.`);
  return { system, status: 'TIMED_OUT', returnedCount: 0, totalCount: null, problem };
}

function reasonOf(id: string, parts: readonly PolledPart[]): LeftReason {
  const { systemId } = splitJobId(id);
  return (
    parts
      .find(({ system }) => system.id === systemId)
      ?.observation()
      ?.departed.get(id) ?? 'PUSHED_OUT'
  );
}
