import type { CallContext, JobQuery, JobSystemAdapter, ListSource } from '../jobs/adapter.ts';
import { createFailedList } from '../jobs/failed-list.ts';

/** The part of an adapter that lists jobs. */
export type Lists = Pick<JobSystemAdapter, 'findLists' | 'listJobs'>;

const unknownLists = 'unknown lists';
/** The lists that are found after a first failure may fail, too. More attempts don't help. */
export const maxReopenings = 2;

/** A system's lists for a query. If they are unknown: one list that fails with the reason, so that only this system's rows are missing. */
export async function openLists(lists: Lists, query: JobQuery, call: CallContext): Promise<ListSource[]> {
  const problem = (await lists.findLists?.(call)) ?? null;
  return problem ? [createFailedList(unknownLists, problem)] : lists.listJobs(query);
}

/** The lists after some of them failed, in case the adapter found others; null if it can't. */
export async function reopenLists(
  lists: Lists,
  query: JobQuery,
  call: CallContext,
  failed: readonly string[],
): Promise<ListSource[] | null> {
  if (!lists.findLists || failed.length === 0 || failed.includes(unknownLists)) return null;
  return openLists(lists, query, call);
}

/** Lists to read one after the other. */
export interface ListQueue {
  /** Null: all were returned. */
  next(): ListSource | null;
  /** Call it when a list failed. True: other lists have replaced it and come next. */
  replace(failed: ListSource): Promise<boolean>;
}

export async function queueLists(lists: Lists, query: JobQuery, call: CallContext): Promise<ListQueue> {
  const returned = new Set<string>();
  let waiting = await openLists(lists, query, call);
  let reopenings = 0;
  return {
    next() {
      const list = waiting.shift() ?? null;
      if (list) returned.add(list.name);
      return list;
    },
    async replace({ name }) {
      if (reopenings === maxReopenings) return false;
      const reopened = await reopenLists(lists, query, call, [name]);
      if (!reopened || reopened.some((list) => list.name === name)) return false;
      reopenings += 1;
      waiting = reopened.filter((list) => !returned.has(list.name));
      return true;
    },
  };
}
