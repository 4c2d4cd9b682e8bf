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

export function createLiveList(options: LiveListOptions): LiveList {
  const { rows } = options;
  const state = createStore<ListState>(nothing);
  const change = (changed: Partial<ListState>): void => state.set({ ...state.get(), ...changed });
  /** The list that is being followed. Responses for an earlier one are ignored. */
  let current: ListQuery | null = null;
  let cursor: string | null = null;
  let waiting: { difference: Difference; page: Page } | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;

  const readPage = async (list: ListQuery): Promise<Page | null> => {
    const answer = await query(JobsPageDocument, { ...list, first: pageSize });
    if (list !== current) return null;
    if (answer.data) {
      change({ failure: null, readAtMs: Date.now() });
      return answer.data.jobs;
    }
    change({ failure: answer.failure, ...(state.get().phase === 'loading' && { phase: 'failed' as const }) });
    return null;
  };

  const show = (page: Page): void => {
    for (const job of page.nodes) rows.put(job);
    const order = page.nodes.map(({ id }) => id);
    const kept = new Set(order);
    options.onRemoved(state.get().order.filter((id) => !kept.has(id)));
    rows.keepOnly(order);
    for (const id of order) rows.change(id, { noLongerMatches: false });
    cursor = page.pageInfo.endCursor;
    waiting = null;
    const { systems, complete, pageInfo } = page;
    change({ phase: 'ready', order, systems, complete, hasMore: pageInfo.hasNextPage, entered: 0, left: 0 });
  };

  const compare = (page: Page): void => {
    const { order } = state.get();
    const known = new Set(order);
    for (const job of page.nodes) if (known.has(job.id)) rows.put(job);
    const difference = compareWithPage(order, toFirstPage(page));
    for (const id of difference.left) rows.change(id, { noLongerMatches: true });
    for (const { id } of page.nodes) if (rows.get(id)?.noLongerMatches) rows.change(id, { noLongerMatches: false });
    waiting = { difference, page };
    const { systems, complete } = page;
    change({ systems, complete, entered: difference.entered.length, left: difference.left.length, phase: 'ready' });
  };

  const update = (): void => {
    if (!waiting) return;
    const { difference, page } = waiting;
    if (difference.isReplaced) show(page);
    else {
      for (const job of page.nodes) rows.put(job);
      rows.keepOnly(difference.merged);
      waiting = null;
      const isWhole = difference.merged.length === page.nodes.length;
      if (isWhole) cursor = page.pageInfo.endCursor;
      const hasMore = isWhole ? page.pageInfo.hasNextPage : state.get().hasMore;
      change({ order: difference.merged, hasMore, entered: 0, left: 0 });
    }
    options.onRemoved(difference.left);
  };

  const refresh = async (): Promise<void> => {
    if (!current) return;
    const page = await readPage(current);
    if (!page) return;
    if (state.get().phase !== 'ready') show(page);
    else {
      compare(page);
      if (options.isFollowing()) update();
    }
  };

  const schedule = (): void => {
    if (timer) clearTimeout(timer);
    timer = setTimeout(async () => {
      if (!document.hidden) await refresh();
      if (timer) schedule();
    }, pollMs);
  };
  const onVisible = (): void => {
    const { readAtMs } = state.get();
    if (!document.hidden && readAtMs !== null && Date.now() - readAtMs > pollMs) void refresh();
  };
  document.addEventListener('visibilitychange', onVisible);

  return {
    state,
    filter: () => current?.filter ?? null,
    async open(list) {
      current = list;
      change({ phase: 'loading', entered: 0, left: 0, failure: null });
      const page = await readPage(list);
      if (page) show(page);
      if (list === current) schedule();
    },
    async loadMore() {
      const list = current;
      const { hasMore, isLoadingMore } = state.get();
      if (!list || !hasMore || isLoadingMore || cursor === null) return;
      change({ isLoadingMore: true });
      const answer = await query(JobsPageDocument, { ...list, first: morePageSize, after: cursor });
      if (list !== current) return;
      if (!answer.data) return change({ isLoadingMore: false, failure: answer.failure });
      const { nodes, pageInfo } = answer.data.jobs;
      for (const job of nodes) rows.put(job);
      cursor = pageInfo.endCursor;
      const order = [...new Set([...state.get().order, ...nodes.map(({ id }) => id)])];
      change({ order, hasMore: pageInfo.hasNextPage, isLoadingMore: false });
    },
    update,
    refresh,
    close() {
      if (timer) clearTimeout(timer);
      timer = null;
      current = null;
      document.removeEventListener('visibilitychange', onVisible);
    },
  };
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
