import { type ReactElement, useEffect, useRef } from 'react';
import type { JobOrderField } from '../api/generated/graphql.ts';
import { useStore } from '../store.ts';
import { nameZone, useZone } from '../time/zone.ts';
import type { Column } from './address.ts';
import { columnLabels, type ViewProps } from './heading.tsx';
import { directionOf, nextOrder } from './orders.ts';

const fields: Partial<Record<Column, JobOrderField>> = {
  created: 'CREATED_AT',
  started: 'STARTED_AT',
  finished: 'FINISHED_AT',
  duration: 'DURATION',
};

/** The names of the columns, and the box that selects all loaded rows. */
export function TableHead({ jobs, view, onView, columns }: ViewProps & { columns: readonly Column[] }): ReactElement {
  const { order } = useStore(jobs.list.state);
  const selected = useStore(jobs.selection.ids);
  const box = useRef<HTMLInputElement>(null);
  const isAll = order.length > 0 && selected.size === order.length;
  useEffect(() => {
    if (box.current) box.current.indeterminate = selected.size > 0 && !isAll;
  }, [selected, isAll]);
  return (
    <div role="row" aria-rowindex={1} className="row head">
      <span role="columnheader" className="cell select">
        <input
          ref={box}
          type="checkbox"
          aria-label="Select all loaded jobs"
          checked={isAll}
          onChange={() => (isAll ? jobs.selection.clear() : jobs.selection.set(order))}
        />
      </span>
      <OrderCell label="Status" field="STATUS" view={view} onView={onView} />
      <OrderCell label="Name" field="NAME" view={view} onView={onView} />
      {columns.map((column) => {
        const field = fields[column];
        return field ? (
          <OrderCell key={column} label={columnLabels[column]} className={column} field={field} view={view} onView={onView} />
        ) : (
          <HeadCell key={column} label={columnLabels[column]} className={column} />
        );
      })}
    </div>
  );
}

function HeadCell({ label, className = '' }: { label: string; className?: string }): ReactElement {
  return (
    <span role="columnheader" className={`cell ${className}`}>
      {label}
    </span>
  );
}

interface OrderCellProps extends Pick<ViewProps, 'view' | 'onView'> {
  label: string;
  className?: string;
  field: JobOrderField;
}

/** The head of a column that the list can be ordered by. */
function OrderCell({ label, className = '', field, view, onView }: OrderCellProps): ReactElement {
  const zone = useZone();
  const direction = directionOf(view.order, field);
  return (
    <span role="columnheader" className={`cell ${className}`} aria-sort={direction === null ? 'none' : ariaSort[direction]}>
      <button type="button" onClick={() => onView({ ...view, order: nextOrder(view.order, field) })}>
        {label} {direction !== null && <span aria-hidden="true">{direction === 'DESC' ? '↓' : '↑'}</span>}
      </button>
      {field === 'CREATED_AT' && <span className="zone"> {nameZone(zone, Date.now())}</span>}
    </span>
  );
}

const ariaSort = { ASC: 'ascending', DESC: 'descending' } as const;
