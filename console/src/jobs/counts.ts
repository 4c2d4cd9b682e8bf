import { useState } from 'react';
import { query } from '../api/client.ts';
import { nowMs } from '../api/clock.ts';
import { FacetCountsDocument, type JobCountDimension, type JobFilter, ListCountsDocument } from '../api/generated/graphql.ts';
import type { Choice } from '../ui/filter-popover.tsx';
import { useReading } from '../ui/reading.ts';
import { type JobsView, toFilter, writeView } from './address.ts';
import { type Bucket, showCount } from './count.ts';
import { defaultOrder } from './orders.ts';

/** The jobs of a view, counted by status and system, regardless of the statuses in the view. */
export interface Counts {
  buckets: readonly Bucket[];
  observedAt: string;
}

const pollMs = 15_000;
const unordered = { order: defaultOrder, columns: [] } as const;

/** Counts without the view's statuses, so that choosing one turns no other to 0. Null: not counted yet. */
export function useCounts(view: JobsView, isListRead: boolean): Counts | null {
  const [counts, setCounts] = useState<Counts | null>(null);
  const counted: JobsView = { ...view, ...unordered, statuses: [] };
  useReading(`${isListRead} ${writeView(counted)}`, () => {
    // The rows come first: counting can take the same places at the systems.
    if (!isListRead) return;
    let isOver = false;
    const read = async (): Promise<void> => {
      if (document.hidden) return;
      const { data } = await query(ListCountsDocument, { filter: toFilter(counted, nowMs()) });
      if (!isOver && data) setCounts(data.jobCounts);
    };
    void read();
    const timer = setInterval(read, pollMs);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  });
  return counts;
}

/** The values of a property among the jobs of the filter, most frequent first. */
export async function readFacet(by: JobCountDimension, filter: JobFilter): Promise<readonly Choice[]> {
  const { data } = await query(FacetCountsDocument, { filter, by });
  return (data?.jobCounts.buckets ?? []).flatMap(({ type, owner, scope, count, precision }) => {
    const value = type ?? owner ?? scope;
    return value === null ? [] : [{ value, label: value, count: showCount({ count: count ?? 0, precision }) }];
  });
}
