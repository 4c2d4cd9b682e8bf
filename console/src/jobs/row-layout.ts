import { useSyncExternalStore } from 'react';
import { shownRun } from '../actions/run.ts';
import { useStore } from '../store.ts';
import type { Column } from './address.ts';

const narrow = matchMedia('(max-width: 719px)');
const medium = matchMedia('(max-width: 1099px)');
const wide = matchMedia('(min-width: 1700px)');
const coarse = matchMedia('(pointer: coarse)');

export const isNarrow = (): boolean => narrow.matches;
export const isTouched = (): boolean => coarse.matches;

/** The first to go when there is little room. */
const goesFirst: readonly Column[] = ['owner'];

/** The least and the preferred width of each column. The name takes what is left, and gives way last. */
const widths: Record<Column, string> = {
  system: 'minmax(72px, 168px)',
  owner: 'minmax(80px, 190px)',
  created: '150px',
  duration: '100px',
  now: 'minmax(130px, 240px)',
  id: 'minmax(120px, 260px)',
  scope: 'minmax(80px, 160px)',
  started: '120px',
  finished: '120px',
  waited: '90px',
  vendor: 'minmax(80px, 140px)',
};

/** The columns that fit, and their widths as a grid's template. */
export function useLayout(columns: readonly Column[]): { template: string; shown: readonly Column[] } {
  const isMedium = useMatches(medium);
  const isTwoLines = useMatches(narrow);
  const isWide = useMatches(wide);
  const hasDrawer = useStore(shownRun) !== null;
  if (isTwoLines)
    return { template: '32px auto minmax(0, 1fr) auto', shown: columns.filter((column) => ['system', 'created', 'now'].includes(column)) };
  const shown = isMedium || (hasDrawer && !isWide) ? columns.filter((column) => !goesFirst.includes(column)) : columns;
  return { template: `36px 116px minmax(200px, 1fr) ${shown.map((column) => widths[column]).join(' ')}`, shown };
}

export const useIsNarrow = (): boolean => useMatches(narrow);

function useMatches(query: MediaQueryList): boolean {
  return useSyncExternalStore(
    (onChange) => {
      query.addEventListener('change', onChange);
      return () => query.removeEventListener('change', onChange);
    },
    () => query.matches,
  );
}
