import '../styles/overview.css';
import { type ReactElement, useMemo } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { toAddress } from '../address.ts';
import { showCount, sumBuckets } from '../jobs/count.ts';
import { useMay } from '../session/viewer.ts';
import { useTitle } from '../shell/title.ts';
import { useStore } from '../store.ts';
import { systems } from '../systems/systems.ts';
import { formatAge } from '../time/format.ts';
import { useNow } from '../time/now.ts';
import { Icon } from '../ui/icon.tsx';
import type { IconName } from '../ui/icon-name.ts';
import { FailureNotice } from '../ui/parts.tsx';
import { findOpenCancellations, type OpenCancellation } from './open-cancellations.ts';
import { type OverviewData, useOverview } from './overview-data.ts';
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
  const cancellations = useMemo(() => findOpenCancellations(data.cancellations ?? []), [data.cancellations]);
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
      <Tiles data={data} cancellations={cancellations} period={period} />
      <StatusTable counts={data.counts} period={period} />
      <div className="panels">
        <OldestPanel jobs={data.oldest} counts={data.counts} />
        <FailuresPanel jobs={data.failures} counts={data.counts} period={period} />
        <div className="panel-stack">
          {mayReadAudit && <CancellationsPanel cancellations={cancellations} isRead={data.cancellations !== null} />}
          <BulkPanel operations={data.operations} />
          {mayReadAudit && <RecentActionsPanel actions={data.actions} />}
        </div>
      </div>
    </div>
  );
}

interface TilesProps {
  data: OverviewData;
  cancellations: readonly OpenCancellation[];
  period: string;
}

function Tiles({ data, cancellations, period }: TilesProps): ReactElement {
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
      {mayReadAudit && <CancellationTiles cancellations={cancellations} />}
      <Tile
        icon="failed"
        tone="failed"
        number={failed ? showCount(failed) : '…'}
        label="failed"
        to={toAddress('jobs', { status: 'FAILED', since })}
      >
        in the last {periods.find(([value]) => value === period)?.[1]}
      </Tile>
    </div>
  );
}

function CancellationTiles({ cancellations }: { cancellations: readonly OpenCancellation[] }): ReactElement {
  const count = (state: OpenCancellation['state']): number => cancellations.filter((one) => one.state === state).length;
  return (
    <>
      <Tile
        icon="scheduled"
        tone="canceling"
        number={String(count('overdue'))}
        label={plural(count('overdue'), 'cancellation overdue', 'cancellations overdue')}
        to={toAddress('audit', { action: 'CANCEL', outcome: 'ACCEPTED' })}
      >
        accepted long ago, not over
      </Tile>
      <Tile
        icon="restart"
        tone="unknown"
        number={String(count('contradicted'))}
        label={plural(count('contradicted'), 'cancellation contradicted', 'cancellations contradicted')}
        to={toAddress('audit', { outcome: 'CONTRADICTED' })}
      >
        accepted, then disproved
      </Tile>
      <Tile
        icon="unknown"
        tone="unknown"
        number={String(count('unknown'))}
        label={plural(count('unknown'), 'outcome unknown', 'outcomes unknown')}
        to={toAddress('audit', { outcome: 'OUTCOME_UNKNOWN' })}
      >
        read the job before you retry
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
