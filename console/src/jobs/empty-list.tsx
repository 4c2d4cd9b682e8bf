import type { ReactElement } from 'react';
import { formatAge } from '../time/format.ts';
import { useNow } from '../time/now.ts';
import { Empty } from '../ui/parts.tsx';
import { clearView, isNarrowed, type JobsView } from './address.ts';
import type { ListState } from './live-list.ts';
import { describeCreated } from './periods.ts';

/** Why there are no rows: nothing there, a filter that is too narrow, or systems that didn't respond. */
export function EmptyList({ list, view, onView }: { list: ListState; view: JobsView; onView: (view: JobsView) => void }): ReactElement {
  useNow();
  const responded = list.systems.filter(({ problem }) => problem === null).map(({ system }) => system.title);
  const missing = list.systems.filter(({ problem }) => problem !== null).map(({ system }) => system.title);
  if (missing.length > 0) {
    return (
      <Empty>
        <p>
          No job matches{responded.length > 0 ? ` on ${join(responded)}` : ''}. {join(missing)} did not respond and may have some.
        </p>
      </Empty>
    );
  }
  if (isNarrowed({ ...view, since: '24h', until: null })) {
    return (
      <Empty>
        <p>No job matches.</p>
        <button type="button" className="button plain" onClick={() => onView(clearView(view))}>
          Clear filters
        </button>
      </Empty>
    );
  }
  const age = list.readAtMs === null ? '' : ` ${formatAge(Date.now() - list.readAtMs)} ago`;
  return (
    <Empty>
      <p>
        No jobs {describeCreated(view) ?? 'yet'}. {join(responded)} responded{age}.
      </p>
    </Empty>
  );
}

/** `Kylin`, `Kylin and AODocs`, `Kylin, Kinetica, and AODocs`. */
export function join(names: readonly string[]): string {
  return new Intl.ListFormat('en-US', { type: 'conjunction' }).format(names);
}
