import { untilAborted } from '../concurrency/map-concurrently.ts';
import type { CallContext } from '../jobs/adapter.ts';
import { entryOf } from '../jobs/pair-results.ts';
import { noResponseInTime } from '../jobs/problem.ts';
import type { JobRead } from './job-read.ts';

/** By vendor ID. */
export type ReadsById = Map<string, JobRead>;

/** Reads of one system's jobs that several calls may share: each job is read once at a time, because the vendor would reject a second read. */
export interface SharedReads {
  /** Joins the reads in progress, and starts the others. If the call is aborted first, a job is TIMED_OUT. */
  join(vendorIds: readonly string[], call: CallContext): Promise<ReadsById>;
}

/** A read of several jobs. */
interface SharedRead {
  ids: readonly string[];
  reads: Promise<ReadsById>;
  /** The calls that wait for it. */
  waiters: Set<CallContext>;
  stop: AbortController;
}

export function createSharedReads(
  systemId: string,
  readNow: (vendorIds: readonly string[], call: CallContext) => Promise<ReadsById>,
): SharedReads {
  const inFlight = new Map<string, SharedRead>();

  const forget = (shared: SharedRead): void => {
    for (const id of shared.ids) if (inFlight.get(id) === shared) inFlight.delete(id);
  };

  const start = (ids: readonly string[], call: CallContext): void => {
    // Not the first call's signal: its end must not fail the others. The last call to leave aborts the read.
    const stop = new AbortController();
    const reads = readNow(ids, { ...call, signal: stop.signal }).finally(() => forget(shared));
    const shared: SharedRead = { ids, reads, waiters: new Set(), stop };
    for (const id of ids) inFlight.set(id, shared);
  };

  const leave = (shared: SharedRead, call: CallContext): void => {
    shared.waiters.delete(call);
    if (shared.waiters.size > 0 || !call.signal.aborted) return;
    // Later calls must not join the aborted read.
    forget(shared);
    shared.stop.abort(call.signal.reason);
  };

  return {
    async join(vendorIds, call) {
      if (call.signal.aborted) return new Map(vendorIds.map((id) => [id, late(systemId)]));
      const starting = vendorIds.filter((id) => !inFlight.has(id));
      if (starting.length > 0) start(starting, call);
      const idsByRead = Map.groupBy(vendorIds, (id) => entryOf(inFlight, id));
      for (const { waiters } of idsByRead.keys()) waiters.add(call);
      const results: ReadsById = new Map();
      await Promise.all(
        Array.from(idsByRead, async ([shared, ids]) => {
          const reads = await untilAborted(shared.reads, call.signal);
          for (const id of ids) results.set(id, reads?.get(id) ?? late(systemId));
        }),
      );
      for (const shared of idsByRead.keys()) leave(shared, call);
      return results;
    },
  };
}

function late(systemId: string): JobRead {
  return { kind: 'problem', problem: noResponseInTime(systemId) };
}
