import { follow as followList, query, socketState } from '../api/client.ts';
import type { Failure } from '../api/failure.ts';
import { type JobFilter, JobListChangedDocument, type JobOrder, type JobRowFragment, JobsPageDocument } from '../api/generated/graphql.ts';
import { createStore, type Store } from '../store.ts';
import { createPoll, createTimer, createVisibility } from '../time/timers.ts';
import { applyEvent, type FollowedPage } from './followed-page.ts';
import { compareWithPage, type Difference } from './merge.ts';
import type { Rows } from './rows.ts';

export type SystemOfPage = Page['systems'][number];
type Page = FollowedPage;

/** The list as it is shown. Its rows move only when it is updated. */
export interface ListState {
  /** `loading`: the rows, if any, are those of the previous filter. */
  phase: 'loading' | 'ready' | 'failed';
  order: readonly string[];
  systems: readonly SystemOfPage[];
  complete: boolean;
  hasMore: boolean;
  isLoadingMore: boolean;
  /** The number of jobs that an update would add and remove. */
  entered: number;
  left: number;
  /** Why the last read failed. The rows are older then. */
  failure: Failure | null;
  /** When the list was last read, on this machine's clock. */
  readAtMs: number | null;
  /** Whether changes arrive by themselves. Otherwise, the list is read again and again. */
  isLive: boolean;
}

export interface ListQuery {
  filter: JobFilter;
  orderBy: JobOrder;
}

/** A list that follows its filter, by a subscription if it can. */
export interface LiveList {
  state: Store<ListState>;
  /** The filter of the list. Null: none is open. */
  filter(): JobFilter | null;
  /** Reads another list. The rows of the present one stay until it arrives. */
  open(query: ListQuery): void;
  loadMore(): Promise<void>;
  /** Applies what has entered and left. */
  update(): void;
  /** Reads at once. */
  refresh(): Promise<void>;
  close(): void;
}

export interface LiveListOptions {
  rows: Rows;
  /** Whether the list updates by itself now. */
  isFollowing(): boolean;
  /** Whether rows may move now: the list isn't in use. */
  mayMove(): boolean;
  /** Called with jobs that are no longer in the list. */
  onRemoved(ids: readonly string[]): void;
}

const pageSize = 100;
const morePageSize = 500;
const pollMs = 8_000;
/** The events of one change of the list arrive together. */
const gatherMs = 50;
/** A list that has just been opened takes the rows of systems that respond late by itself. */
const settleMs = 8_000;
/** Jobyard sends the first page after 2 seconds at the latest. Without it, WebSockets may not pass. */
const patienceMs = 3_500;
/** After a rejected subscription. */
const retryMs = 30_000;

const nothing: ListState = {
  phase: 'loading',
  order: [],
  systems: [],
  complete: true,
  hasMore: false,
  isLoadingMore: false,
  entered: 0,
  left: 0,
  failure: null,
  readAtMs: null,
  isLive: false,
};

/** What the functions of a list share. */
interface Parts {
  options: LiveListOptions;
  state: Store<ListState>;
  /** The list that is being followed. Responses for an earlier one are ignored. */
  current: ListQuery | null;
  /** Where the next page starts. Null: unknown, as the first page has changed; the next one is read from the top. */
  cursor: string | null;
  /** What an update applies. */
  waiting: { difference: Difference; page: Page } | null;
}

export function createLiveList(options: LiveListOptions): LiveList {
  const parts: Parts = { options, state: createStore<ListState>(nothing), current: null, cursor: null, waiting: null };
  const following = createFollowing(parts);
  return {
    state: parts.state,
    filter: () => parts.current?.filter ?? null,
    open(list) {
      parts.current = list;
      change(parts, { phase: 'loading', entered: 0, left: 0, failure: null });
      following.start();
    },
    loadMore: () => loadMore(parts),
    update: () => update(parts),
    refresh: () => refresh(parts),
    close() {
      following.stop();
      parts.current = null;
    },
  };
}

/**
 * Subscribes to the first page. While there is no subscription, reads the page again and again instead. A hidden tab has none after a while, and
 * subscribes again when it is visible.
 */
function createFollowing(parts: Parts): { start(): void; stop(): void } {
  const later = createTimer();
  let openedAtMs = 0;
  const subscription = createSubscription({
    onPage(page) {
      change(parts, { failure: null, readAtMs: Date.now(), isLive: true });
      const isOpening = Date.now() - openedAtMs < settleMs;
      showOrCompare(parts, page, isOpening && hasResponded(parts.state.get(), page) && parts.options.mayMove());
    },
    onEnd() {
      suspend();
      void refresh(parts);
      later.after(retryMs, resume);
    },
  });
  const suspend = (): void => {
    subscription.stop();
    change(parts, { isLive: false });
  };
  const resume = (): void => {
    if (!parts.current) return;
    later.after(patienceMs, () => subscription.hasPage() || refresh(parts));
    subscription.start(parts.current);
  };
  const poll = createPoll(pollMs, () => {
    if (!parts.state.get().isLive) void refresh(parts);
  });
  const visibility = createVisibility({ onHidden: suspend, onVisible: () => subscription.isStarted() || resume() });
  let stopSocket = (): void => {};
  return {
    start() {
      openedAtMs = Date.now();
      stopSocket();
      stopSocket = socketState.subscribe(() => noteSocket(parts));
      resume();
      poll.start();
      visibility.start();
    },
    stop() {
      later.cancel();
      subscription.stop();
      stopSocket();
      poll.stop();
      visibility.stop();
    },
  };
}

/** Without a connection, nothing arrives by itself. */
function noteSocket(parts: Parts): void {
  if (socketState.get() !== 'closed') return;
  change(parts, { isLive: false });
  if (parts.state.get().phase === 'loading') void refresh(parts);
}

interface SubscriptionOptions {
  /** The page as it is now: when it arrives, and after the events of each change. */
  onPage(page: FollowedPage): void;
  /** Jobyard rejected the subscription, or it failed or ended. */
  onEnd(): void;
}

/** One subscription at a time. */
function createSubscription({ onPage, onEnd }: SubscriptionOptions) {
  const gather = createTimer();
  let page: FollowedPage | null = null;
  let stop: (() => void) | null = null;
  const take = (): void => {
    gather.cancel();
    if (page) onPage(page);
  };
  const end = (): void => {
    gather.cancel();
    stop?.();
    stop = null;
  };
  return {
    start(list: ListQuery): void {
      end();
      page = null;
      stop = followList(
        JobListChangedDocument,
        { ...list, first: pageSize },
        {
          next({ jobListChanged }) {
            page = applyEvent(page, jobListChanged, pageSize);
            if (jobListChanged.__typename === 'JobListPage') take();
            else if (!gather.isSet()) gather.after(gatherMs, take);
          },
          failed: onEnd,
          ended: onEnd,
        },
      );
    },
    stop: end,
    isStarted: () => stop !== null,
    hasPage: () => page !== null,
  };
}

/** Whether a system is on the page that was missing before. */
function hasResponded({ systems }: ListState, page: Page): boolean {
  const missing = new Set(systems.flatMap(({ system, problem }) => (problem ? [system.id] : [])));
  return page.systems.some(({ system, problem }) => !problem && missing.has(system.id));
}

function change({ state }: Parts, changed: Partial<ListState>): void {
  state.set({ ...state.get(), ...changed });
}

/** The first page. Null: it could not be read, or another list was opened meanwhile. */
async function readPage(parts: Parts, list: ListQuery): Promise<Page | null> {
  const answer = await query(JobsPageDocument, { ...list, first: pageSize });
  if (list !== parts.current) return null;
  if (answer.data) {
    change(parts, { failure: null, readAtMs: Date.now() });
    return answer.data.jobs;
  }
  change(parts, { failure: answer.failure, ...(parts.state.get().phase === 'loading' && { phase: 'failed' as const }) });
  return null;
}

async function refresh(parts: Parts): Promise<void> {
  if (!parts.current) return;
  const page = await readPage(parts, parts.current);
  if (page) showOrCompare(parts, page, false);
}

/** `isNew`: the list may still move. */
function showOrCompare(parts: Parts, page: Page, isNew: boolean): void {
  if (parts.state.get().phase !== 'ready') {
    show(parts, page);
    return;
  }
  compare(parts, page);
  if (isNew || parts.options.isFollowing()) update(parts);
}

/** Shows the page in the place of the present list. */
function show(parts: Parts, page: Page): void {
  const { rows, onRemoved } = parts.options;
  for (const job of page.nodes) rows.put(job);
  const order = page.nodes.map(({ id }) => id);
  const kept = new Set(order);
  onRemoved(parts.state.get().order.filter((id) => !kept.has(id)));
  rows.keepOnly(order);
  for (const id of order) rows.change(id, { noLongerMatches: false });
  parts.cursor = page.pageInfo.endCursor;
  parts.waiting = null;
  const { systems, complete, pageInfo } = page;
  change(parts, { phase: 'ready', order, systems, complete, hasMore: pageInfo.hasNextPage, entered: 0, left: 0 });
}

/** Notes what the page would add and remove, without moving a row. */
function compare(parts: Parts, page: Page): void {
  const { rows } = parts.options;
  const { order } = parts.state.get();
  const known = new Set(order);
  for (const job of page.nodes) if (known.has(job.id)) rows.put(job);
  const difference = compareWithPage(order, toFirstPage(page));
  for (const id of difference.left) rows.change(id, { noLongerMatches: true });
  for (const { id } of page.nodes) if (rows.get(id)?.noLongerMatches) rows.change(id, { noLongerMatches: false });
  parts.waiting = { difference, page };
  const { systems, complete } = page;
  change(parts, { systems, complete, entered: difference.entered.length, left: difference.left.length, phase: 'ready' });
}

function update(parts: Parts): void {
  if (!parts.waiting) return;
  const { difference, page } = parts.waiting;
  if (difference.isReplaced) {
    show(parts, page);
    return;
  }
  const { rows, onRemoved } = parts.options;
  for (const job of page.nodes) rows.put(job);
  rows.keepOnly(difference.merged);
  parts.waiting = null;
  const isWhole = difference.merged.length === page.nodes.length;
  if (isWhole) parts.cursor = page.pageInfo.endCursor;
  const hasMore = isWhole ? page.pageInfo.hasNextPage : parts.state.get().hasMore;
  change(parts, { order: difference.merged, hasMore, entered: 0, left: 0 });
  onRemoved(difference.left);
}

async function loadMore(parts: Parts): Promise<void> {
  const { current, cursor } = parts;
  const { hasMore, isLoadingMore } = parts.state.get();
  if (!current || !hasMore || isLoadingMore) return;
  change(parts, { isLoadingMore: true });
  const answer = await query(JobsPageDocument, { ...current, first: morePageSize, after: cursor });
  if (current !== parts.current) return;
  if (!answer.data) {
    change(parts, { isLoadingMore: false, failure: answer.failure });
    return;
  }
  const { pageInfo } = answer.data.jobs;
  const waiting = new Set(parts.waiting?.difference.entered);
  const nodes = answer.data.jobs.nodes.filter(({ id }) => !waiting.has(id));
  for (const job of nodes) parts.options.rows.put(job);
  parts.cursor = pageInfo.endCursor;
  const order = [...new Set([...parts.state.get().order, ...nodes.map(({ id }) => id)])];
  change(parts, { order, hasMore: pageInfo.hasNextPage, isLoadingMore: false });
}

function toFirstPage({ nodes, pageInfo, systems }: Page) {
  const missing = new Set(systems.filter(({ problem }) => problem !== null).map(({ system }) => system.id));
  return {
    ids: nodes.map(({ id }) => id),
    hasNextPage: pageInfo.hasNextPage,
    provesAbsence: (id: string) => !missing.has(id.slice(0, id.indexOf(':'))),
  };
}

/** Whether a job that changed still meets the conditions that its change can affect. */
export function stillMatches({ statuses, availableAction }: JobFilter, { status, actions }: JobRowFragment): boolean {
  if (statuses && !statuses.includes(status)) return false;
  return !availableAction || actions.some(({ action, available }) => action === availableAction && available);
}
