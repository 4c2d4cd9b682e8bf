import '../styles/overview.css';
import type { ReactElement } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { toAddress } from '../address.ts';
import { showCount, sumBuckets } from '../jobs/count.ts';
import { useMay } from '../session/viewer.ts';
import { useTitle } from '../shell/title.ts';
import { useStore } from '../store.ts';
import { systems } from '../systems/systems.ts';
import { formatAge, formatCount } from '../time/format.ts';
import { useNow } from '../time/now.ts';
import { Icon } from '../ui/icon.tsx';
import type { IconName } from '../ui/icon-name.ts';
import { FailureNotice } from '../ui/parts.tsx';
import { type OpenCancellations, type OverviewData, useOverview } from './overview-data.ts';
import { BulkPanel, CancellationsPanel, FailuresPanel, OldestPanel, RecentActionsPanel } from './panels.tsx';
import { StatusTable } from './status-table.tsx';

const periods = [
  ['1h', '1 h'],
  ['24h', '24 h'],
  ['7d', '7 d'],
] as const;

/** What needs attention, on one page. Each number opens its list. */
export function OverviewPage(): ReactElement {
  const search = new URLSearchParams(useSearch());
  const [, navigate] = useLocation();
  const period = periods.find(([value]) => value === search.get('since'))?.[0] ?? '24h';
  const data = useOverview(period);
  const now = useNow();
  const mayReadAudit = useMay('audit:read');
  useTitle('Overview');
  return (
    <div className="page scrolls overview-page">
      <header className="page-head">
        <h1>Overview</h1>
        <p className="facts">
          last {periods.find(([value]) => value === period)?.[1]}
          {data.counts && ` · counted ${formatAge(now - Date.parse(data.counts.observedAt))} ago`}
        </p>
        <span className="spacer" />
        <fieldset className="switch">
          <legend className="visually-hidden">Period</legend>
          {periods.map(([value, label]) => (
            <button
              key={value}
              type="button"
              aria-pressed={value === period}
              onClick={() => navigate(toAddress('overview', { since: value === '24h' ? null : value }))}
            >
              {label}
            </button>
          ))}
        </fieldset>
      </header>
      {data.failure && <FailureNotice failure={data.failure} onRetry={data.read} />}
      <Tiles data={data} period={period} />
      <StatusTable counts={data.counts} period={period} />
      <div className="panels">
        <OldestPanel jobs={data.oldest} counts={data.counts} />
        <FailuresPanel failures={data.failures} counts={data.counts} period={period} />
        <div className="panel-stack">
          {mayReadAudit && <CancellationsPanel cancellations={data.cancellations} />}
          <BulkPanel operations={data.operations} />
          {mayReadAudit && <RecentActionsPanel actions={data.actions} />}
        </div>
      </div>
    </div>
  );
}

interface TilesProps {
  data: OverviewData;
  period: string;
}

function Tiles({ data, period }: TilesProps): ReactElement {
  const down = useStore(systems).systems.filter(({ health }) => health.status === 'DOWN');
  const mayReadSystems = useMay('systems:read');
  const mayReadAudit = useMay('audit:read');
  const failed = data.counts && sumBuckets(data.counts.buckets.filter(({ status }) => status === 'FAILED'));
  const since = period === '24h' ? null : period;
  return (
    <div className="tiles">
      {mayReadSystems && (
        <Tile
          icon="warning"
          tone="failed"
          number={String(down.length)}
          label={plural(down.length, 'system down', 'systems down')}
          to="/systems"
        >
          {down.length === 0 ? 'all respond' : down.map(({ title }) => title).join(', ')}
        </Tile>
      )}
      {mayReadAudit && <CancellationTiles cancellations={data.cancellations} />}
      <Tile
        icon="failed"
        tone="failed"
        number={failed ? showCount(failed) : '…'}
        label="failed"
        to={toAddress('jobs', { status: 'FAILED', since })}
      >
        created in the last {periods.find(([value]) => value === period)?.[1]}
      </Tile>
    </div>
  );
}

/** The most that Jobyard counts. */
const maxCounted = 1_000;

function CancellationTiles({ cancellations }: { cancellations: OpenCancellations | null }): ReactElement {
  const show = (count: number | undefined): string =>
    count === undefined ? '…' : `${formatCount(count)}${count === maxCounted ? '+' : ''}`;
  const label = (count: number | undefined, word: string): string => `${plural(count ?? 0, 'cancellation', 'cancellations')} ${word}`;
  return (
    <>
      <Tile
        icon="scheduled"
        tone="canceling"
        number={show(cancellations?.overdue)}
        label={label(cancellations?.overdue, 'overdue')}
        to={toAddress('audit', { action: 'CANCEL', outcome: 'ACCEPTED' })}
      >
        accepted long ago, not over
      </Tile>
      <Tile
        icon="restart"
        tone="unknown"
        number={show(cancellations?.contradicted)}
        label={label(cancellations?.contradicted, 'contradicted')}
        to={toAddress('audit', { outcome: 'CONTRADICTED' })}
      >
        accepted, then disproved
      </Tile>
      <Tile
        icon="canceling"
        tone="canceling"
        number={show(cancellations?.open)}
        label={label(cancellations?.open, 'open')}
        to={toAddress('audit', { action: 'CANCEL' })}
      >
        accepted or unknown, not resolved
      </Tile>
    </>
  );
}

function plural(number: number, one: string, many: string): string {
  return number === 1 ? one : many;
}

interface TileProps {
  icon: IconName;
  tone: string;
  number: string;
  label: string;
  to: string;
  children: React.ReactNode;
}

function Tile({ icon, tone, number, label, to, children }: TileProps): ReactElement {
  const isCalm = number === '0';
  return (
    <Link href={to} className={isCalm ? 'tile calm' : 'tile'}>
      <span className="tile-head">
        <Icon name={icon} className={isCalm ? '' : `tone-${tone}`} />
        <strong className={isCalm ? 'tile-number' : `tile-number tone-${tone}`}>{number}</strong>
        <strong>{label}</strong>
        <span className="spacer" />
        <Icon name="right" />
      </span>
      <span className="tile-note">{children}</span>
    </Link>
  );
}
