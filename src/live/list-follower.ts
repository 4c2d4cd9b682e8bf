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
import type { LeftReason, ListLook } from './followed-list.ts';
import { type JobListEvent, type ShownPage, toEvents, toShown } from './list-events.ts';

/** The part of a followed list that comes from one system. */
export interface FollowedPart {
  system: ServedSystem;
  /** Null: it wasn't read yet. */
  look(): ListLook | null;
}

export interface ListFollowerOptions {
  filter: JobFilter;
  order: SortOrder;
  first: number;
  keys: CursorKeys;
  clock: Clock;
  parts: readonly FollowedPart[];
  /** Called once, when no more is followed. */
  onEnd(): void;
}

/** One caller's view of a list. A slow reader may miss intermediate states, never the latest. */
export interface ListFollower extends AsyncIterableIterator<JobListEvent, undefined, undefined> {
  /** A part was read. */
  onLook(): void;
  /** No more events follow. */
  end(): void;
  /** Ends at once, even while a `next` waits. */
  return(): Promise<IteratorReturnResult<undefined>>;
}

/** The page is sent after this time, even if a system hasn't responded: its jobs follow when it does. */
const pageWaitMs = 2_000;
/** The minimum time between two groups of events. */
const minGapMs = 250;

const done = { done: true, value: undefined } as const;

export function createListFollower(options: ListFollowerOptions): ListFollower {
  const { clock, parts } = options;
  const events: JobListEvent[] = [];
  let shown: ShownPage | null = null;
  let isChanged = true;
  let dueAtMs = clock.nowMs();
  let ended = false;
  const pageAtMs = clock.nowMs() + pageWaitMs;
  let wake = (): void => {};

  /** When the page or its changes can be taken; infinite: nothing has changed. */
  const nextAtMs = (): number => {
    if (!isChanged) return Number.POSITIVE_INFINITY;
    const isReady = shown !== null || parts.every((part) => part.look() !== null);
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
    wake();
  };

  /** Until this time, or until `wake` is called. */
  const wait = (untilMs: number): Promise<void> =>
    new Promise((resolve) => {
      const cancel = untilMs < Number.POSITIVE_INFINITY ? clock.at(untilMs, resolve) : () => {};
      wake = () => {
        cancel();
        resolve();
      };
    });

  return {
    onLook() {
      isChanged = true;
      wake();
    },
    end,
    async next() {
      for (;;) {
        const event = events.shift();
        if (event) return { done: false, value: event };
        if (ended) return done;
        if (nextAtMs() <= clock.nowMs()) takeEvents();
        else await wait(nextAtMs());
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

/** The page of all parts. Systems that haven't responded yet are missing from it. */
function toPage({ parts, filter, order, first, keys }: ListFollowerOptions): JobPage {
  const looks = parts.map((part) => ({ system: part.system, look: part.look() }));
  const page = toFirstPage(
    looks.flatMap(({ look }) => look?.rows ?? []),
    { filter, order, first },
    keys,
  );
  const read = new Map(page.systems.map((state) => [state.system.id, state]));
  return {
    ...page,
    complete: page.complete && looks.every(({ look }) => look !== null),
    systems: looks.map(({ system }) => read.get(system.id) ?? awaited(system)),
  };
}

function awaited(system: ServedSystem): SystemPage {
  const problem = createProblem('TIMED_OUT', `${system.id} hasn't responded yet. Its jobs follow when it does.`);
  return { system, status: 'TIMED_OUT', returnedCount: 0, totalCount: null, problem };
}

function reasonOf(id: string, parts: readonly FollowedPart[]): LeftReason {
  const { systemId } = splitJobId(id);
  return (
    parts
      .find(({ system }) => system.id === systemId)
      ?.look()
      ?.departed.get(id) ?? 'PUSHED_OUT'
  );
}
