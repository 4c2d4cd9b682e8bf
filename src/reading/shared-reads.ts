import { untilAborted } from '../concurrency/map-concurrently.ts';
import type { CallContext } from '../jobs/adapter.ts';
import { noResponseInTime } from '../jobs/problem.ts';
import type { JobRead } from './job-read.ts';

/** By the vendor's ID of the job. */
export type ReadsById = Map<string, JobRead>;

/** Reads of one system's jobs that more than one call may wait for: one read of a job at a time, as the vendor would refuse the second. */
export interface SharedReads {
  /** Joins the reads that are in progress and starts the others. What has not come when the call is aborted is TIMED_OUT. */
  join(vendorIds: readonly string[], call: CallContext): Promise<ReadsById>;
}

/** A read of several jobs. */
interface SharedRead {
  ids: readonly string[];
  reads: Promise<ReadsById>;
  /** The calls that still wait for it. */
  askers: Set<CallContext>;
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
    // Not the first asker's signal: its going away must not fail the others. The last one's ends it.
    const stop = new AbortController();
    const reads = readNow(ids, { ...call, signal: stop.signal }).finally(() => forget(shared));
    const shared: SharedRead = { ids, reads, askers: new Set(), stop };
    for (const id of ids) inFlight.set(id, shared);
  };

  const leave = (shared: SharedRead, call: CallContext): void => {
    shared.askers.delete(call);
    if (shared.askers.size > 0 || !call.signal.aborted) return;
    // Those who ask from now on must not join what is stopped here.
    forget(shared);
    shared.stop.abort(call.signal.reason);
  };

  return {
    async join(vendorIds, call) {
      if (call.signal.aborted) return new Map(vendorIds.map((id) => [id, late(systemId)]));
      const starting = vendorIds.filter((id) => !inFlight.has(id));
      if (starting.length > 0) start(starting, call);
      const idsByRead = Map.groupBy(vendorIds, (id) => inFlight.get(id) as SharedRead);
      for (const { askers } of idsByRead.keys()) askers.add(call);
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
