import { type ReactElement, useEffect, useRef } from 'react';
import { useStore } from '../store.ts';
import { nameZone, useZone } from '../time/zone.ts';
import type { Column, Order } from './address.ts';
import { columnLabels, type ViewProps } from './heading.tsx';

const sortable: Partial<Record<Column, 'created' | 'started' | 'finished'>> = {
  created: 'created',
  started: 'started',
  finished: 'finished',
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
      <HeadCell label="Status" />
      <HeadCell label="Name" />
      {columns.map((column) => {
        const field = sortable[column];
        return field ? (
          <SortCell key={column} column={column} field={field} sort={view.sort} onSort={(sort) => onView({ ...view, sort })} />
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

interface SortCellProps {
  column: Column;
  field: 'created' | 'started' | 'finished';
  sort: Order;
  onSort: (sort: Order) => void;
}

function SortCell({ column, field, sort, onSort }: SortCellProps): ReactElement {
  const zone = useZone();
  const isSorted = sort.endsWith(field);
  const isDescending = sort.startsWith('-');
  return (
    <span role="columnheader" className={`cell ${column}`} aria-sort={isSorted ? (isDescending ? 'descending' : 'ascending') : 'none'}>
      <button type="button" onClick={() => onSort(isSorted && isDescending ? field : `-${field}`)}>
        {columnLabels[column]} {isSorted && <span aria-hidden="true">{isDescending ? '↓' : '↑'}</span>}
      </button>
      {column === 'created' && <span className="zone"> {nameZone(zone, Date.now())}</span>}
    </span>
  );
}
