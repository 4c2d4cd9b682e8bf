import { type ActionResult, groupOf } from '../actions/group.ts';
import { onJobRead, onResult } from '../actions/run.ts';
import type { JobRowFragment } from '../api/generated/graphql.ts';
import { createKeptStore, createStore, type Store } from '../store.ts';
import { resultLooks } from '../ui/status.ts';
import { createLiveList, type LiveList, stillMatches } from './live-list.ts';
import { createRowChanges, type RowChanges } from './row-changes.ts';
import { createRows, type Entry, type Rows } from './rows.ts';
import { createSelection, type Selection } from './selection.ts';

/** Whether the list updates by itself. */
export const followMode = createKeptStore<'on' | 'off'>('follow', 'off', (text) => (text === 'on' || text === 'off' ? text : null));

/** Everything that the page Jobs shows and that isn't in the address. */
export interface JobsState {
  rows: Rows;
  list: LiveList;
  selection: Selection;
  changes: RowChanges;
  /** The job with the row that has the focus, or had it last. */
  focused: Store<string | null>;
  /** How many selected jobs the last update removed. */
  deselected: Store<number>;
  /** Returns how to stop. */
  start(): () => void;
}

export function createJobsState(): JobsState {
  const rows = createRows();
  const selection = createSelection();
  const focused = createStore<string | null>(null);
  const deselected = createStore(0);
  const mayMove = (): boolean => selection.ids.get().size === 0 && !isTableInUse();
  const list = createLiveList({
    rows,
    isFollowing: () => followMode.get() === 'on' && mayMove(),
    mayMove,
    onRemoved: (ids) => deselected.set(selection.drop(ids)),
  });
  const take = (job: JobRowFragment): void => {
    if (!rows.get(job.id)) return;
    rows.put(job);
    const filter = list.filter();
    if (filter && job.problem === null && !stillMatches(filter, job)) rows.change(job.id, { noLongerMatches: true });
  };
  const changes = createRowChanges(rows, take);
  return {
    rows,
    list,
    selection,
    changes,
    focused,
    deselected,
    start() {
      const stops = [onJobRead(take), onResult((result) => noteResult(rows, result))];
      return () => {
        for (const stop of stops) stop();
        changes.close();
        list.close();
      };
    },
  };
}

/** A list that the pointer or the focus is in must not move. */
function isTableInUse(): boolean {
  return document.querySelector('[data-list]:hover, [data-list]:focus-within, [role="dialog"]') !== null;
}

function noteResult(rows: Rows, result: ActionResult): void {
  rows.change(result.jobId, { note: describeNote(result) });
}

function describeNote(result: ActionResult): Entry['note'] {
  const { label, tone } = resultLooks[groupOf(result)];
  const words = label.toLowerCase();
  switch (result.__typename) {
    case 'OutcomeUnknown':
    case 'NotAttempted':
    case 'SystemUnavailable':
    case 'AccessDenied':
      return { tone, text: words };
    case 'VendorRejected':
      return { tone, text: `${words}: ${result.message}` };
    case 'IdempotencyConflict':
    case 'ActionNotAllowed':
    case 'JobNotFound':
      return { tone, text: result.message };
    case 'CancelSuccess':
    case 'JobActionSuccess':
      return null;
    default:
      return result satisfies never;
  }
}
