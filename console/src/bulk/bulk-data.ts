import { useCallback, useEffect, useState } from 'react';
import { type Answer, follow, query } from '../api/client.ts';
import type { Failure } from '../api/failure.ts';
import {
  BulkChangedDocument,
  type BulkDetailsFragment,
  type BulkItemStatus,
  BulkItemsDocument,
  type BulkItemsQuery,
  BulkOperationDocument,
  type BulkOperationStatus,
} from '../api/generated/graphql.ts';
import { useStore } from '../store.ts';
import { useReading } from '../ui/reading.ts';
import { type BulkListState, createBulkList } from './bulk-list.ts';

export type BulkItem = NonNullable<BulkItemsQuery['bulkOperation']>['items']['nodes'][number];

/** Changes per second are shown, but the items are read again at most this often. */
const itemsPollMs = 3_000;

export function isOver(status: BulkOperationStatus): boolean {
  return !['SELECTING', 'RUNNING', 'SUSPENDED'].includes(status);
}

/** The newest bulk operations, as they start and change. */
export function useBulkList(): BulkListState & { read: () => Promise<void> } {
  const [list] = useState(createBulkList);
  useEffect(() => list.start(), [list]);
  return { ...useStore(list.state), read: list.read };
}

export type BulkState =
  | { phase: 'loading' }
  | { phase: 'missing' }
  | { phase: 'failed'; failure: Failure }
  | { phase: 'ready'; operation: BulkDetailsFragment };

/** A bulk operation as it stands, while it runs. */
export function useBulk(id: string): { state: BulkState; show: (operation: BulkDetailsFragment) => void } {
  const [state, setState] = useState<BulkState>({ phase: 'loading' });
  const followAgain = useReading(id, () => {
    let isGone = false;
    void query(BulkOperationDocument, { id }).then((answer) => {
      if (!isGone) setState(toState(answer));
    });
    const stop = follow(
      BulkChangedDocument,
      { id },
      { next: ({ bulkOperationChanged }) => setState({ phase: 'ready', operation: bulkOperationChanged }) },
    );
    return () => {
      isGone = true;
      stop();
    };
  });
  const show = (operation: BulkDetailsFragment): void => {
    setState({ phase: 'ready', operation });
    // A command can set an operation going again.
    followAgain();
  };
  return { state, show };
}

function toState({ data, failure }: Answer<{ bulkOperation: BulkDetailsFragment | null }>): BulkState {
  if (data?.bulkOperation) return { phase: 'ready', operation: data.bulkOperation };
  return data ? { phase: 'missing' } : { phase: 'failed', failure };
}

export interface ItemsState {
  items: readonly BulkItem[];
  hasMore: boolean;
  failure: Failure | null;
  isRead: boolean;
}

const pageSize = 100;
const noItems: ItemsState = { items: [], hasMore: false, failure: null, isRead: false };

/** The items of one status; null: of all. Read again while the operation runs, until more pages are loaded. */
export function useItems(id: string, status: BulkItemStatus | null, isRunning: boolean): ItemsState & { loadMore: () => Promise<void> } {
  const [state, setState] = useState(noItems);
  const [cursor, setCursor] = useState<string | null>(null);
  const readFrom = useCallback(
    async (after: string | null, previous: readonly BulkItem[]): Promise<void> => {
      const { data, failure } = await query(BulkItemsDocument, { id, status, first: pageSize, after });
      const page = data?.bulkOperation?.items;
      if (!page) return setState((now) => ({ ...now, failure, isRead: true }));
      setCursor(page.pageInfo.endCursor);
      setState({ items: [...previous, ...page.nodes], hasMore: page.pageInfo.hasNextPage, failure: null, isRead: true });
    },
    [id, status],
  );
  const isFirstPage = state.items.length <= pageSize;
  useEffect(() => {
    setState(noItems);
    void readFrom(null, []);
  }, [readFrom]);
  useEffect(() => {
    if (!isFirstPage) return;
    if (!isRunning) return void readFrom(null, []);
    const timer = setInterval(() => document.hidden || readFrom(null, []), itemsPollMs);
    return () => clearInterval(timer);
  }, [isFirstPage, isRunning, readFrom]);
  return { ...state, loadMore: () => readFrom(cursor, state.items) };
}
