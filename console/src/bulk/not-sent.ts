import { useEffect } from 'react';
import { query } from '../api/client.ts';
import { BulkOutcomesDocument, type BulkRowFragment } from '../api/generated/graphql.ts';
import { createStore, useStore } from '../store.ts';
import { isOver } from './bulk-data.ts';
import { type ShownCounts, toShownCounts } from './shown-counts.ts';

type Operation = Pick<BulkRowFragment, 'id' | 'status' | 'finishedAt' | 'counts'>;

/** How many items of ended operations were never sent. */
const known = createStore<ReadonlyMap<string, number>>(new Map());
const asked = new Set<string>();
/** One after another: a list can have many ended operations. */
let reads = Promise.resolve();

/** How many items of the operation were never sent. 0 until it ends; null: not known yet. */
export function useNotSent({ id, status, finishedAt, counts }: Operation): number | null {
  // After it ends, only a retry changes it, which ends it again.
  const key = `${id} ${finishedAt} ${counts.failed}`;
  const isAsked = isOver(status) && counts.failed > 0;
  const notSent = useStore(known).get(key) ?? null;
  useEffect(() => {
    if (isAsked) readOnce(id, key);
  }, [isAsked, id, key]);
  return isAsked ? notSent : 0;
}

export function useShownCounts(operation: Operation): ShownCounts {
  return toShownCounts(operation.counts, operation.counts, useNotSent(operation));
}

function readOnce(id: string, key: string): void {
  if (asked.has(key)) return;
  asked.add(key);
  reads = reads.then(async () => {
    const { data } = await query(BulkOutcomesDocument, { id });
    const outcomes = data?.bulkOperation?.outcomes;
    if (!outcomes) return void asked.delete(key);
    const unsent = outcomes.filter(({ outcome }) => outcome === 'NOT_ATTEMPTED').reduce((sum, { count }) => sum + count, 0);
    known.set(new Map(known.get()).set(key, unsent));
  });
}
