import type { ReactElement } from 'react';
import { titleOf } from '../systems/systems.ts';
import { formatTime } from '../time/format.ts';
import { useNow } from '../time/now.ts';
import { useZone } from '../time/zone.ts';
import { Status } from '../ui/parts.tsx';
import { actionWords, jobActions, jobLooks, jobStatuses } from '../ui/status.ts';

/** The filter of a bulk operation, as chips. The API returns it as JSON of the type JobFilter. */
export function FilterText({ filter }: { filter: unknown }): ReactElement {
  const zone = useZone();
  const now = useNow();
  const fields = typeof filter === 'object' && filter !== null ? filter : {};
  const get = (name: string): unknown => (fields as Record<string, unknown>)[name];
  const list = (name: string): readonly string[] => {
    const value = get(name);
    return Array.isArray(value) ? value.map(String) : [];
  };
  const time = (name: string): string | null => {
    const value = get(name);
    return typeof value === 'string' ? formatTime(Date.parse(value), zone, now) : null;
  };
  const statuses = jobStatuses.filter((status) => list('statuses').includes(status));
  const can = jobActions.find((action) => action === get('availableAction'));
  const text = get('text');
  return (
    <span className="filter-text">
      {statuses.map((status) => (
        <span key={status} className="tag">
          <Status look={jobLooks[status]} />
        </span>
      ))}
      {typeof text === 'string' && <span className="tag">“{text}”</span>}
      {[...list('systemIds').map(titleOf), ...list('vendors'), ...list('types'), ...list('owners'), ...list('scopes')].map((value) => (
        <span key={value} className="tag">
          {value}
        </span>
      ))}
      {time('createdFrom') !== null && <span className="tag">Created from {time('createdFrom')}</span>}
      {time('createdTo') !== null && <span className="tag">Created until {time('createdTo')}</span>}
      {can && <span className="tag">Can {actionWords[can].verb.toLowerCase()}</span>}
      {Object.keys(fields).length === 0 && <span className="tag">All jobs</span>}
    </span>
  );
}
