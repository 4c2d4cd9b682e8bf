import { query } from '../api/client.ts';
import type { Failure } from '../api/failure.ts';
import { type JobFilter, type JobOrder, type JobRowFragment, JobsPageDocument, type JobsPageQuery } from '../api/generated/graphql.ts';
import { createStore, type Store } from '../store.ts';
import { compareWithPage, type Difference } from './merge.ts';
import type { Rows } from './rows.ts';

export type SystemOfPage = JobsPageQuery['jobs']['systems'][number];
type Page = JobsPageQuery['jobs'];

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
}

export interface ListQuery {
  filter: JobFilter;
  orderBy: JobOrder;
}

/** A list that follows its filter. Today it reads its first page again and again; a subscription can take this module's place. */
export interface LiveList {
  state: Store<ListState>;
  /** The filter of the list. Null: none is open. */
  filter(): JobFilter | null;
  /** Reads another list. The rows of the present one stay until it arrives. */
  open(query: ListQuery): Promise<void>;
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
  /** Called with jobs that are no longer in the list. */
  onRemoved(ids: readonly string[]): void;
}

const pageSize = 100;
const morePageSize = 500;
const pollMs = 8_000;

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
};

/** What the functions of a list share. */
interface Parts {
  options: LiveListOptions;
  state: Store<ListState>;
  /** The list that is being followed. Responses for an earlier one are ignored. */
  current: ListQuery | null;
  /** Where the next page starts. */
  cursor: string | null;
  /** What an update applies. */
  waiting: { difference: Difference; page: Page } | null;
}

export function createLiveList(options: LiveListOptions): LiveList {
  const parts: Parts = { options, state: createStore<ListState>(nothing), current: null, cursor: null, waiting: null };
  const poll = createPoll(parts.state, () => refresh(parts));
  return {
    state: parts.state,
    filter: () => parts.current?.filter ?? null,
    async open(list) {
      parts.current = list;
      change(parts, { phase: 'loading', entered: 0, left: 0, failure: null });
      const page = await readPage(parts, list);
      if (page) show(parts, page);
      if (list === parts.current) poll.start();
    },
    loadMore: () => loadMore(parts),
    update: () => update(parts),
    refresh: () => refresh(parts),
    close() {
      poll.stop();
      parts.current = null;
    },
  };
}

/** Refreshes again and again while the tab is visible, and when it becomes visible. */
function createPoll(state: Store<ListState>, refreshNow: () => Promise<void>): { start(): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const start = (): void => {
    if (timer) clearTimeout(timer);
    timer = setTimeout(async () => {
      if (!document.hidden) await refreshNow();
      if (timer) start();
    }, pollMs);
  };
  const onVisible = (): void => {
    const { readAtMs } = state.get();
    if (!document.hidden && readAtMs !== null && Date.now() - readAtMs > pollMs) void refreshNow();
  };
  document.addEventListener('visibilitychange', onVisible);
  return {
    start,
    stop() {
      if (timer) clearTimeout(timer);
      timer = null;
      document.removeEventListener('visibilitychange', onVisible);
    },
  };
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
  if (!page) return;
  if (parts.state.get().phase !== 'ready') {
    show(parts, page);
    return;
  }
  compare(parts, page);
  if (parts.options.isFollowing()) update(parts);
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
  if (!current || !hasMore || isLoadingMore || cursor === null) return;
  change(parts, { isLoadingMore: true });
  const answer = await query(JobsPageDocument, { ...current, first: morePageSize, after: cursor });
  if (current !== parts.current) return;
  if (!answer.data) {
    change(parts, { isLoadingMore: false, failure: answer.failure });
    return;
  }
  const { nodes, pageInfo } = answer.data.jobs;
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
