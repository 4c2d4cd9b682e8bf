import type { ReactElement } from 'react';
import { useStore } from '../store.ts';
import { formatCount } from '../time/format.ts';
import type { JobsState } from './jobs-state.ts';

/** What each system returned, and the keys. */
export function Footer({ jobs }: { jobs: JobsState }): ReactElement {
  const { order, hasMore, systems } = useStore(jobs.list.state);
  const deselected = useStore(jobs.deselected);
  return (
    <footer className="list-foot">
      <span>
        <strong>
          {formatCount(order.length)}
          {hasMore ? '+' : ''}
        </strong>{' '}
        match
      </span>
      {systems.map(({ system, totalCount, problem }) =>
        problem !== null && totalCount === null ? (
          <span key={system.id} className="missing">
            {system.title} <strong>not counted</strong>
          </span>
        ) : (
          <span key={system.id}>
            {system.title} <strong>{totalCount === null ? '–' : formatCount(totalCount)}</strong>
          </span>
        ),
      )}
      {deselected > 0 && <span>{deselected} selected left the list</span>}
      <span className="spacer" />
      <span className="key-hints" aria-hidden="true">
        <kbd>J</kbd> <kbd>K</kbd> move <kbd>X</kbd> select <kbd>C</kbd> cancel <kbd>?</kbd> all keys
      </span>
    </footer>
  );
}
