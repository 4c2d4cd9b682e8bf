import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactElement, type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { toJob } from '../address.ts';
import type { JobAction } from '../api/generated/graphql.ts';
import { useKey } from '../keyboard/keys.ts';
import { useStore } from '../store.ts';
import { Skeleton } from '../ui/parts.tsx';
import { EmptyList } from './empty-list.tsx';
import type { ViewProps } from './heading.tsx';
import type { JobsState } from './jobs-state.ts';
import { Row } from './row.tsx';
import { isNarrow, isTouched, useLayout } from './row-layout.ts';
import { TableHead } from './table-head.tsx';

interface TableProps extends ViewProps {
  onAct: (action: JobAction, ids: readonly string[]) => void;
}

const heights = { dense: 32, touch: 40, narrow: 56 };
const overscan = 8;
/** Rows before the end at which the next page is read. */
const loadAhead = 60;

/** The list as a grid. Only the rows in sight are in the document; its row count is that of the whole list. */
export function JobsTable({ jobs, view, onView, onAct }: TableProps): ReactElement {
  const list = useStore(jobs.list.state);
  const scroller = useRef<HTMLDivElement>(null);
  const { order } = list;
  const grid = useGrid(jobs, order, scroller);
  const { items } = grid;
  const shownIds = items.map(({ index }) => order[index] ?? '').join('\n');
  useEffect(() => {
    if (shownIds !== '') jobs.changes.show(shownIds.split('\n'));
  }, [jobs, shownIds]);
  const lastIndex = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (list.hasMore && lastIndex > order.length - loadAhead) void jobs.list.loadMore();
  }, [jobs, list.hasMore, lastIndex, order.length]);

  const { template, shown } = useLayout(view.columns);
  const isFirstLoad = list.phase === 'loading' && list.readAtMs === null;
  return (
    <div className={list.phase === 'loading' ? 'table loading' : 'table'} style={{ '--columns': template } as React.CSSProperties}>
      <div
        ref={scroller}
        data-list
        role="grid"
        aria-label="Jobs"
        aria-rowcount={list.hasMore ? -1 : order.length + 1}
        aria-multiselectable="true"
        aria-busy={list.phase === 'loading'}
        className="grid"
        tabIndex={order.length === 0 ? 0 : -1}
        onKeyDown={grid.onKeyDown}
      >
        <TableHead jobs={jobs} view={view} onView={onView} columns={shown} />
        <div role="rowgroup" className="rows" style={{ height: `${grid.totalSize}px` }}>
          {items.map(({ index, start, size }) => {
            const id = order[index];
            if (id === undefined) return null;
            return (
              <Row
                key={id}
                jobs={jobs}
                id={id}
                index={index}
                top={start}
                height={size}
                columns={shown}
                isTabStop={index === grid.tabStop}
                isPassing={grid.isPassing}
                onAct={onAct}
              />
            );
          })}
        </div>
        {isFirstLoad && <Skeleton rows={20} />}
        {list.phase === 'ready' && order.length === 0 && <EmptyList list={list} view={view} onView={onView} />}
      </div>
    </div>
  );
}

/** The virtual rows, and the one tab stop that moves among them. */
function useGrid(jobs: JobsState, order: readonly string[], scroller: RefObject<HTMLDivElement | null>) {
  const [, navigate] = useLocation();
  const focusedId = useStore(jobs.focused);
  const focusedIndex = focusedId === null ? -1 : order.indexOf(focusedId);
  const height = isNarrow() ? heights.narrow : isTouched() ? heights.touch : heights.dense;
  const virtual = useVirtualizer({
    count: order.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan,
    scrollPaddingStart: height,
    // The row with the focus stays in the document, so that the focus isn't lost.
    rangeExtractor: (range: Range) =>
      focusedIndex < 0 ? defaultRangeExtractor(range) : [...new Set([...defaultRangeExtractor(range), focusedIndex])].sort((a, b) => a - b),
  });
  const isPassing = usePassing(virtual.isScrolling, virtual.scrollOffset ?? 0, scroller);
  const wanted = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(wanted.current)}"]`);
    if (!row) return;
    wanted.current = null;
    row.focus({ preventScroll: true });
  });
  const focusRow = (index: number): void => {
    const bounded = Math.max(0, Math.min(order.length - 1, index));
    const id = order[bounded];
    if (id === undefined) return;
    wanted.current = id;
    virtual.scrollToIndex(bounded);
    if (jobs.focused.get() === id) scroller.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`)?.focus();
    jobs.focused.set(id);
  };
  useKey('down', order.length > 0 ? () => focusRow(focusedIndex + 1) : null);
  useKey('up', order.length > 0 ? () => focusRow(focusedIndex - 1) : null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.floor((scroller.current?.clientHeight ?? 0) / height) - 1;
    const moves: Record<string, number> = {
      ArrowDown: focusedIndex + 1,
      ArrowUp: focusedIndex - 1,
      PageDown: focusedIndex + page,
      PageUp: focusedIndex - page,
      Home: 0,
      End: order.length - 1,
    };
    const to = moves[event.key];
    if (to !== undefined) focusRow(to);
    else if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') moveInRow(event.target, event.key === 'ArrowRight' ? 1 : -1);
    else if (event.target instanceof HTMLElement && event.target.dataset.id !== undefined && (event.key === 'Enter' || event.key === ' ')) {
      if (event.key === 'Enter') navigate(toJob(event.target.dataset.id));
      else jobs.selection.toggle(event.target.dataset.id);
    } else return;
    event.preventDefault();
  };
  return { items: virtual.getVirtualItems(), isPassing, totalSize: virtual.getTotalSize(), tabStop: Math.max(0, focusedIndex), onKeyDown };
}

/** Whether the list moves so fast that no row stays in sight. */
function usePassing(isScrolling: boolean, offset: number, scroller: RefObject<HTMLDivElement | null>): boolean {
  const previous = useRef(offset);
  const distance = Math.abs(offset - previous.current);
  useLayoutEffect(() => {
    previous.current = offset;
  });
  return isScrolling && distance >= (scroller.current?.clientHeight ?? Number.POSITIVE_INFINITY);
}

/** Moves the focus among a row and its controls. */
function moveInRow(target: EventTarget, step: 1 | -1): void {
  if (!(target instanceof HTMLElement)) return;
  const row = target.closest<HTMLElement>('[data-id]');
  if (!row) return;
  const stops = [row, ...row.querySelectorAll<HTMLElement>('a, button, input')];
  stops[stops.indexOf(target) + step]?.focus();
}
