import type { CallContext, JobQuery, JobSystemAdapter, ListSource } from '../jobs/adapter.ts';
import { createFailedList } from '../jobs/failed-list.ts';

const unknownLists = 'lists not known';
/** What a first failure teaches may be wrong too; more than that is no news. */
export const maxReopenings = 2;

/** A system's lists for a query. If they can't be found out: one list that fails with the reason, so that it costs the system's rows and no others. */
export async function openLists(adapter: JobSystemAdapter, query: JobQuery, call: CallContext): Promise<ListSource[]> {
  const problem = (await adapter.findLists?.(call)) ?? null;
  return problem ? [createFailedList(unknownLists, problem)] : adapter.listJobs(query);
}

/** The lists after some of them failed, from which the adapter may have learned that there are others; null if there can be none. */
export async function reopenLists(
  adapter: JobSystemAdapter,
  query: JobQuery,
  call: CallContext,
  failed: readonly string[],
): Promise<ListSource[] | null> {
  if (!adapter.findLists || failed.length === 0 || failed.includes(unknownLists)) return null;
  return openLists(adapter, query, call);
}

/** Lists one after the other. */
export interface ListQueue {
  /** Null: all were given out. */
  next(): ListSource | null;
  /** After this list failed: true if others have taken its place, which come next. */
  replace(failed: ListSource): Promise<boolean>;
}

export async function queueLists(adapter: JobSystemAdapter, query: JobQuery, call: CallContext): Promise<ListQueue> {
  const begun = new Set<string>();
  let waiting = await openLists(adapter, query, call);
  let reopenings = 0;
  return {
    next() {
      const list = waiting.shift() ?? null;
      if (list) begun.add(list.name);
      return list;
    },
    async replace({ name }) {
      if (reopenings === maxReopenings) return false;
      const lists = await reopenLists(adapter, query, call, [name]);
      if (!lists || lists.some((list) => list.name === name)) return false;
      reopenings += 1;
      waiting = lists.filter((list) => !begun.has(list.name));
      return true;
    },
  };
}
