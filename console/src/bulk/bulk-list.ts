import { follow, query, socketState } from '../api/client.ts';
import type { Failure } from '../api/failure.ts';
import { BulkListChangedDocument, BulkListDocument, type BulkRowFragment } from '../api/generated/graphql.ts';
import { createStore, type Store } from '../store.ts';
import { createPoll, createTimer, createVisibility } from '../time/timers.ts';
import { withOperation } from './newest-first.ts';

export interface BulkListState {
  /** Newest first. */
  operations: readonly BulkRowFragment[];
  failure: Failure | null;
  isRead: boolean;
}

/** The newest bulk operations, as they start and change. */
export interface BulkList {
  state: Store<BulkListState>;
  read(): Promise<void>;
  /** Returns how to stop. */
  start(): () => void;
}

const listSize = 50;
const pollMs = 10_000;
/** After a rejected subscription. */
const retryMs = 30_000;
/** Within this time, Jobyard has a subscription that was sent to it. What changed before is read. */
const settleMs = 1_000;

export function createBulkList(): BulkList {
  const state = createStore<BulkListState>({ operations: [], failure: null, isRead: false });
  /** For each read that is in progress, what changed since: the response may be older. */
  const changedByRead = new Set<Map<string, BulkRowFragment>>();
  let reads = 0;
  let shownRead = 0;

  const read = async (): Promise<void> => {
    reads += 1;
    const number = reads;
    const changed = new Map<string, BulkRowFragment>();
    changedByRead.add(changed);
    const { data, failure } = await query(BulkListDocument, { first: listSize });
    changedByRead.delete(changed);
    if (number < shownRead) return;
    shownRead = number;
    if (!data) return state.set({ ...state.get(), failure, isRead: true });
    const operations = [...changed.values()].reduce<BulkListState['operations']>(put, data.bulkOperations.nodes);
    state.set({ operations, failure, isRead: true });
  };
  const onChanged = (operation: BulkRowFragment): void => {
    for (const changed of changedByRead) changed.set(operation.id, operation);
    state.set({ ...state.get(), operations: put(state.get().operations, operation) });
  };
  return { state, read, start: () => startFollowing({ read, onChanged, hasFailed: () => state.get().failure !== null }) };
}

function put(operations: readonly BulkRowFragment[], changed: BulkRowFragment): readonly BulkRowFragment[] {
  return withOperation(operations, changed, listSize);
}

interface FollowedList {
  read(): Promise<void>;
  onChanged(operation: BulkRowFragment): void;
  /** Whether the last read failed. */
  hasFailed(): boolean;
}

/** Reads the list, then subscribes to its changes. While there is no subscription, reads the list again and again instead. */
function startFollowing({ read, onChanged, hasFailed }: FollowedList): () => void {
  const later = createTimer();
  let stopFollowing: (() => void) | null = null;
  const suspend = (): void => {
    stopFollowing?.();
    stopFollowing = null;
  };
  const resume = (): void => {
    suspend();
    later.after(settleMs, read);
    stopFollowing = follow(
      BulkListChangedDocument,
      {},
      { next: ({ bulkOperationsChanged }) => onChanged(bulkOperationsChanged), failed: onEnd, ended: onEnd },
    );
  };
  const onEnd = (): void => {
    suspend();
    later.after(retryMs, resume);
  };
  const poll = createPoll(pollMs, () => {
    if (stopFollowing === null || socketState.get() !== 'open' || hasFailed()) void read();
  });
  const visibility = createVisibility({ onHidden: suspend, onVisible: () => stopFollowing ?? resume() });
  // A new connection has no changes from before it.
  const stopSocket = socketState.subscribe(() => {
    if (socketState.get() === 'open' && stopFollowing) later.after(settleMs, read);
  });
  void read();
  resume();
  poll.start();
  visibility.start();
  return () => {
    later.cancel();
    suspend();
    stopSocket();
    poll.stop();
    visibility.stop();
  };
}
