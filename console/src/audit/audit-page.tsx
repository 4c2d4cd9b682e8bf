import '../styles/audit.css';
import { type ReactElement, useMemo, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { nowMs } from '../api/clock.ts';
import { NoAccess } from '../session/no-access.tsx';
import { useMay } from '../session/viewer.ts';
import { useCanonicalAddress } from '../shell/canonical-address.ts';
import { useTitle } from '../shell/title.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { Empty, FailureNotice, Notice, Skeleton } from '../ui/parts.tsx';
import { AuditFilters } from './audit-filters.tsx';
import { EventRow } from './event-row.tsx';
import { type EventsState, useEvents } from './events.ts';
import { download, type ExportFormat, exportEvents } from './export.ts';
import { type AuditView, readAuditView, toEventFilter, writeAuditView } from './filter.ts';

/** Who acted on which job, when, why, and what came of it. */
export function AuditPage(): ReactElement {
  const search = useSearch();
  const [, navigate] = useLocation();
  const view = useMemo(() => readAuditView(search), [search]);
  const key = writeAuditView(view);
  const filter = useMemo(() => toEventFilter(view, nowMs()), [view]);
  const { state, loadMore, reload } = useEvents(filter, key);
  const mayRead = useMay('audit:read');
  useTitle('Audit');
  useCanonicalAddress('/audit', key);
  const setView = (next: AuditView): void => {
    const text = writeAuditView(next);
    navigate(`/audit${text === '' ? '' : `?${text}`}`);
  };
  if (!mayRead && state.phase !== 'ready') {
    return (
      <div className="page">
        <h1>Audit</h1>
        <NoAccess scope="audit:read" />
      </div>
    );
  }
  return (
    <div className="page audit-page">
      <header className="page-head">
        <h1>Audit</h1>
        <p className="facts">
          {state.events.length}
          {state.hasMore ? '+' : ''} events
        </p>
        <span className="spacer" />
        <Button icon="restart" onClick={() => void reload()}>
          Read again
        </Button>
        <ExportMenu filter={filter} />
      </header>
      <AuditFilters view={view} onView={setView} />
      {state.failure && <FailureNotice failure={state.failure} onRetry={() => void reload()} />}
      {state.phase === 'loading' && state.events.length === 0 && <Skeleton rows={12} />}
      {state.phase === 'ready' && state.events.length === 0 && <Empty>No event matches.</Empty>}
      {state.events.length > 0 && <EventTable state={state} onMore={() => void loadMore()} />}
    </div>
  );
}

const headings = ['When', 'Who', 'Action', 'Job', 'Result', 'Reason', 'Request'] as const;

function EventTable({ state, onMore }: { state: EventsState; onMore: () => void }): ReactElement {
  return (
    <div className={state.phase === 'loading' ? 'card audit-table loading' : 'card audit-table'}>
      <table className="data">
        <caption className="visually-hidden">Events, newest first</caption>
        <thead>
          <tr>
            {headings.map((label) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {state.events.map((event) => (
            <EventRow key={event.id} event={event} />
          ))}
        </tbody>
      </table>
      {state.hasMore && (
        <p className="more">
          <Button onClick={onMore}>Older events</Button>
        </p>
      )}
    </div>
  );
}

type ExportState = { phase: 'none' } | { phase: 'running'; rows: number } | { phase: 'done'; rows: number; cut: string | null };

function ExportMenu({ filter }: { filter: Parameters<typeof exportEvents>[0] }): ReactElement {
  const [state, setState] = useState<ExportState>({ phase: 'none' });
  const start = async (format: ExportFormat): Promise<void> => {
    setState({ phase: 'running', rows: 0 });
    const { text, rows, cut } = await exportEvents(filter, format, (count) => setState({ phase: 'running', rows: count }));
    download(`jobyard-events.${format}`, text);
    setState({ phase: 'done', rows, cut });
  };
  return (
    <>
      {state.phase === 'running' && <span role="status">Exporting: {state.rows} rows</span>}
      {state.phase === 'done' && state.cut === null && <span role="status">{state.rows} rows exported</span>}
      {state.phase === 'done' && state.cut !== null && (
        <Notice tone="warning">
          {state.rows} rows exported. {state.cut}
        </Notice>
      )}
      <Menu
        label={
          <>
            <Icon name="download" /> Export
          </>
        }
      >
        <MenuItem onClick={() => void start('csv')}>CSV</MenuItem>
        <MenuItem onClick={() => void start('jsonl')}>JSON lines</MenuItem>
      </Menu>
    </>
  );
}
