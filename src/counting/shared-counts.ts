import { LRUCache } from 'lru-cache';
import { untilAborted } from '../concurrency/map-concurrently.ts';
import type { CallContext, JobSystemAdapter } from '../jobs/adapter.ts';
import type { JobFilter } from '../jobs/filter.ts';
import { noResponseInTime } from '../jobs/problem.ts';
import { toCursorBinding } from '../listing/cursor.ts';
import type { ReadableSystem } from '../reading/readable-system.ts';
import type { CountedFact } from './cell.ts';
import { countSystem, interrupted } from './count-system.ts';
import type { SystemCount } from './system-count.ts';
import { createTally, type Tally } from './tally.ts';

export interface CountRequest {
  system: ReadableSystem;
  /** Its systems and vendors are ignored. */
  filter: JobFilter;
  by: ReadonlySet<CountedFact>;
  call: CallContext;
}

/**
 * Counts that callers share: for the same system and filter, a count in progress, or one that began at most 3 seconds ago, serves all callers that
 * count by its facts or fewer. A call with its own credential shares nothing. Failures aren't kept.
 */
export interface SharedCounts {
  /** If the call is aborted first, returns what was counted until then. */
  count(request: CountRequest): Promise<SystemCount>;
}

/** How old the beginning of a finished count may be. */
const sharedForMs = 3_000;
/** The maximum number of cells of all finished counts of one system. */
const maxCells = 50_000;

/** A count in progress. */
interface RunningCount {
  tally: Tally;
  startedAt: Date;
  result: Promise<SystemCount>;
  /** The calls that wait for it. */
  waiters: Set<CallContext>;
  stop: AbortController;
}

/** The counts of one system, by filter and facts. */
interface CountsOfSystem {
  running: Map<string, RunningCount>;
  finished: LRUCache<string, SystemCount>;
}

export function createSharedCounts(nowMs: () => number = Date.now): SharedCounts {
  // A system whose configuration changed has another adapter.
  const bySystem = new WeakMap<JobSystemAdapter, CountsOfSystem>();
  const countsOf = ({ adapter }: ReadableSystem): CountsOfSystem => {
    const counts = bySystem.get(adapter) ?? createCountsOfSystem(nowMs);
    bySystem.set(adapter, counts);
    return counts;
  };
  return {
    async count(request) {
      if (request.call.credential !== null) return begin(request, nowMs, request.call.signal).result;
      const counts = countsOf(request.system);
      const keys = keysThatServe(request);
      for (const key of keys) {
        const known = counts.finished.get(key);
        if (known) return known;
      }
      const key = keys.find((candidate) => counts.running.has(candidate)) ?? keys[0];
      const running = counts.running.get(key) ?? beginShared(counts, key, request, nowMs);
      return join(running, request, () => counts.running.delete(key));
    },
  };
}

function createCountsOfSystem(nowMs: () => number): CountsOfSystem {
  return {
    running: new Map(),
    finished: new LRUCache({
      maxSize: maxCells,
      sizeCalculation: ({ cells }) => cells.length + 1,
      ttl: sharedForMs,
      ttlAutopurge: true,
      ttlResolution: 0,
      perf: { now: nowMs },
    }),
  };
}

function begin(
  { system, filter, by, call }: CountRequest,
  nowMs: () => number,
  signal: AbortSignal,
): Omit<RunningCount, 'waiters' | 'stop'> {
  const startedAt = new Date(nowMs());
  const tally = createTally(by);
  const result = countSystem({ system, filter, by, tally, call: { ...call, signal } }).then((counted) => ({
    ...counted,
    observedAt: startedAt,
  }));
  return { tally, startedAt, result };
}

function beginShared({ running, finished }: CountsOfSystem, key: string, request: CountRequest, nowMs: () => number): RunningCount {
  // Not the first call's signal: its end must not fail the others. The last call to leave aborts the count.
  const stop = new AbortController();
  const begun: RunningCount = { ...begin(request, nowMs, stop.signal), waiters: new Set(), stop };
  running.set(key, begun);
  const forget = (): void => {
    if (running.get(key) === begun) running.delete(key);
  };
  begun.result.then((count) => {
    forget();
    const leftMs = sharedForMs - (nowMs() - count.observedAt.getTime());
    if (leftMs > 0 && count.precision !== 'UNKNOWN') finished.set(key, count, { ttl: leftMs });
  }, forget);
  return begun;
}

async function join(running: RunningCount, { system, call }: CountRequest, forget: () => void): Promise<SystemCount> {
  const { waiters, result, tally, startedAt, stop } = running;
  waiters.add(call);
  const count = await untilAborted(result, call.signal);
  waiters.delete(call);
  if (count) return count;
  if (waiters.size === 0) {
    // Later calls must not join the aborted count.
    forget();
    stop.abort(call.signal.reason);
  }
  return { ...interrupted(tally, noResponseInTime(system.id)), observedAt: startedAt };
}

const facts: readonly CountedFact[] = ['status', 'type', 'owner', 'scope'];

/** The keys of counts of this filter by the same facts, then by more. */
function keysThatServe({ filter, by }: CountRequest): [string, ...string[]] {
  const meaning = toCursorBinding({ ...filter, systemIds: null, vendors: null }, { field: 'CREATED_AT', direction: 'DESC' });
  const more = facts.filter((fact) => !by.has(fact));
  const wanted = facts.filter((fact) => by.has(fact));
  const keyOf = (added: readonly CountedFact[]): string => `${[...wanted, ...added].sort().join()} ${meaning}`;
  // Each other subset of `more` is a number.
  const withMore = Array.from({ length: 2 ** more.length - 1 }, (_, subset) => keyOf(more.filter((_fact, at) => ((subset + 1) >> at) & 1)));
  return [keyOf([]), ...withMore];
}
