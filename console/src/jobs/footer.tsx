import type { ReactElement } from 'react';
import { useStore } from '../store.ts';
import type { JobsView } from './address.ts';
import { countView, isNotCounted, ofStatuses, showCount, sumBuckets } from './count.ts';
import type { Counts } from './counts.ts';
import type { JobsState } from './jobs-state.ts';

/** How many jobs match on each system, and the keys. */
export function Footer({ jobs, view, counts }: { jobs: JobsState; view: JobsView; counts: Counts | null }): ReactElement {
  const deselected = useStore(jobs.deselected);
  const bySystem = Map.groupBy(ofStatuses(counts?.buckets ?? [], view.statuses), ({ system }) => system?.title ?? '');
  return (
    <footer className="list-foot">
      {counts && (
        <span>
          <strong>{showCount(countView(counts.buckets, view))}</strong> match
        </span>
      )}
      {Array.from(bySystem, ([title, buckets]) => {
        return isNotCounted(buckets) ? (
          <span key={title} className="missing">
            {title} <strong>not counted</strong>
          </span>
        ) : (
          <span key={title}>
            {title} <strong>{showCount(sumBuckets(buckets))}</strong>
          </span>
        );
      })}
      {deselected > 0 && <span>{deselected} selected left the list</span>}
      <span className="spacer" />
      <span className="key-hints" aria-hidden="true">
        <kbd>J</kbd> <kbd>K</kbd> move <kbd>X</kbd> select <kbd>C</kbd> cancel <kbd>?</kbd> all keys
      </span>
    </footer>
  );
}
