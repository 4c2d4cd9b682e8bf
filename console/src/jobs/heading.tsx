import type { ReactElement } from 'react';
import { socketState } from '../api/client.ts';
import { useStore } from '../store.ts';
import { formatAge, formatCount } from '../time/format.ts';
import { useNow } from '../time/now.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Menu, MenuCheck, MenuChoice } from '../ui/menu.tsx';
import { type Column, columns, type JobsView } from './address.ts';
import { countView, isNotCounted, showCount, sumBuckets } from './count.ts';
import type { Counts } from './counts.ts';
import { followMode, type JobsState } from './jobs-state.ts';
import { orderLabels } from './orders.ts';
import { describeCreated } from './periods.ts';

export const columnLabels: Record<Column, string> = {
  system: 'System',
  owner: 'Owner',
  created: 'Created',
  duration: 'Duration',
  now: 'Now',
  id: 'ID',
  scope: 'Scope',
  started: 'Started',
  finished: 'Finished',
  waited: 'Waited',
  vendor: "System's own status",
};

export interface ViewProps {
  jobs: JobsState;
  view: JobsView;
  onView: (view: JobsView, isTyping?: boolean) => void;
}

interface HeadingProps extends ViewProps {
  counts: Counts | null;
}

/** The title, what waits, and how the list is shown. */
export function Heading({ jobs, view, counts, onView }: HeadingProps): ReactElement {
  const list = useStore(jobs.list.state);
  const orderLabel = orderLabels.find(([order]) => order === view.order)?.[1] ?? '';
  const setColumn = (column: Column, isOn: boolean): void =>
    onView({ ...view, columns: columns.filter((one) => (one === column ? isOn : view.columns.includes(one))) });
  return (
    <header className="page-head">
      <h1>Jobs</h1>
      <ListFacts jobs={jobs} view={view} counts={counts} />
      <span className="spacer" />
      {(list.entered > 0 || list.left > 0) && <LiveBar jobs={jobs} />}
      <FollowMenu />
      <Menu
        label={
          <>
            <Icon name="columns" />
            <span className="wide-only">Columns</span>
          </>
        }
        name="Columns"
      >
        {columns.map((column) => (
          <MenuCheck key={column} checked={view.columns.includes(column)} onChange={(isOn) => setColumn(column, isOn)}>
            {columnLabels[column]}
          </MenuCheck>
        ))}
      </Menu>
      <Menu
        label={
          <>
            {orderLabel}
            <Icon name="down" />
          </>
        }
      >
        <MenuChoice value={view.order} choices={orderLabels} onChange={(order) => onView({ ...view, order })} />
      </Menu>
    </header>
  );
}

/** How many jobs match, as counted, and which systems are not counted. */
function ListFacts({ jobs, view, counts }: Pick<HeadingProps, 'jobs' | 'view' | 'counts'>): ReactElement {
  const { order, hasMore } = useStore(jobs.list.state);
  const isLost = useStore(socketState) === 'closed';
  const now = useNow();
  if (!counts) {
    return (
      <p className="facts">
        {`${formatCount(order.length)}${hasMore ? '+' : ''} loaded`}
        <Liveness jobs={jobs} />
      </p>
    );
  }
  const matching = showCount(countView(counts.buckets, view));
  const all = showCount(sumBuckets(counts.buckets));
  const period = describeCreated(view);
  const bySystem = Map.groupBy(counts.buckets, ({ system }) => system?.title ?? '');
  const missing = Array.from(bySystem).flatMap(([title, buckets]) => (isNotCounted(buckets) ? [title] : []));
  return (
    <p className={isLost ? 'facts stale' : 'facts'}>
      {view.statuses.length > 0 ? `${matching} of ${all}` : `${all}${period === null ? '' : ` ${period}`}`}
      {` · counted ${formatAge(now - Date.parse(counts.observedAt))} ago`}
      {missing.map((title) => ` · ${title} not counted`)}
      <Liveness jobs={jobs} />
    </p>
  );
}

/** Says whether changes of the list arrive by themselves. */
function Liveness({ jobs }: { jobs: JobsState }): ReactElement | null {
  const { isLive, phase } = useStore(jobs.list.state);
  if (phase === 'loading') return null;
  return isLive ? <span className="liveness"> · live</span> : <span className="liveness stale"> · not live: read every 8 s</span>;
}

/** What an update would add and remove. */
function LiveBar({ jobs }: { jobs: JobsState }): ReactElement {
  const { entered, left } = useStore(jobs.list.state);
  const parts = [entered > 0 ? `${entered} new` : '', left > 0 ? `${left} no longer ${left === 1 ? 'matches' : 'match'}` : ''];
  return (
    <div className="live-bar">
      <span>{parts.filter((part) => part !== '').join(' · ')}</span>
      <Button kind="primary" onClick={() => jobs.list.update()}>
        Update list <kbd>U</kbd>
      </Button>
    </div>
  );
}

function FollowMenu(): ReactElement {
  const isOn = useStore(followMode) === 'on';
  return (
    <Button
      icon="live"
      pressed={isOn}
      className={isOn ? 'pressed' : ''}
      hint={isOn ? 'The list updates by itself, except while you use it' : 'The list changes when you press Update list'}
      label="Follow"
      onClick={() => followMode.set(isOn ? 'off' : 'on')}
    >
      <span className="wide-only">Follow</span>
    </Button>
  );
}
