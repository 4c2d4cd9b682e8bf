import { LRUCache } from 'lru-cache';
import { atMost } from '../concurrency/at-most.ts';
import { chunk, mapConcurrently, untilAborted } from '../concurrency/map-concurrently.ts';
import { allJobs, type CallContext, type JobSystemAdapter, type ListedJob, type ReadResult } from '../jobs/adapter.ts';
import { addKnownFacts, createJob, isLeftOut, type Job, type JobFields, type JobStatus } from '../jobs/job.ts';
import { createProblem, type Problem, type ProblemCode, type Result } from '../jobs/problem.ts';
import { findInLists } from './find-in-lists.ts';
import { createListWalk } from './list-walk.ts';
import { queueLists } from './open-lists.ts';

/** `absent`: the vendor says that there is no such job. `problem`: it could not be read and no older copy stands in. */
export type JobRead = { kind: 'job'; job: Job } | { kind: 'notFound' } | { kind: 'problem'; problem: Problem };

/** Reads the jobs of one system by id, in as few vendor requests as the vendor allows. */
export interface JobReader {
  /** The jobs as they are or, where no newer read is possible, as they were last seen (`stale`). Each id once. */
  read(vendorIds: readonly string[], call: CallContext): Promise<JobRead[]>;
  /** The jobs as they are now, never an older copy: what decides and settles actions. Each id once. */
  readFresh(vendorIds: readonly string[], call: CallContext): Promise<JobRead[]>;
  /** Copies of jobs with the facts that they leave out, as far as the vendor tells them. */
  readLeftOut(jobs: readonly Job[], call: CallContext): Promise<Result<Job>[]>;
  /** Turns rows of a list into jobs and keeps them as last copies. */
  takeFromList(rows: readonly ListedJob[], call: CallContext): Job[];
  /** The same for those rows of a list, read just now, that turn out to be wanted: of hundreds it may be few. */
  takeLater(call: CallContext): (row: ListedJob) => Job;
  /** Puts a state that the vendor confirmed into the last copy. */
  cacheState(vendorId: string, state: { status: JobStatus; vendorStatus: string }, call: CallContext): void;
}

interface LastCopy {
  job: Job;
  /** When the last read by id was answered, which is after the vendor counted it: its limit is about those reads only. */
  readAtMs: number;
}

/** A read of several jobs whose results more than one operation may wait for. */
interface SharedRead {
  ids: readonly string[];
  reads: Promise<Map<string, JobRead>>;
  /** The calls that still wait for it. */
  askers: Set<CallContext>;
  stop: AbortController;
}

const defaultMaxCopies = 10_000;
const scanPageSize = 500;
/** With these a copy that is older but true of its time is better than nothing; with others (access, credentials) it is not ours to show. */
const standInCodes: ReadonlySet<ProblemCode> = new Set(['SYSTEM_UNAVAILABLE', 'TIMED_OUT', 'RATE_LIMITED', 'INVALID_VENDOR_RESPONSE']);

export function createJobReader(options: {
  systemId: string;
  adapter: JobSystemAdapter;
  concurrency: number;
  scanLimit: number;
  /** The most cached copies of jobs. Default: 10,000. */
  maxCopies?: number;
  nowMs?: () => number;
  /** Told of what each read shows that may be shown to everybody. `byId` false: a row of a list or a confirmed action, which tell the status. */
  onSeen?: (vendorId: string, read: JobRead, byId: boolean) => void;
}): JobReader {
  const { systemId, adapter, concurrency, scanLimit, onSeen } = options;
  const nowMs = options.nowMs ?? Date.now;
  const copies = new LRUCache<string, LastCopy>(atMost(options.maxCopies ?? defaultMaxCopies));
  const inFlight = new Map<string, SharedRead>();

  // What a caller's own credential may see is nobody else's to see: nothing of it is kept or shared.
  const isPrivate = (call: CallContext): boolean => call.credential !== null;

  const keep = (fields: JobFields, observedAt: Date, byId: boolean, call: CallContext): Job => {
    const job = createJob(systemId, fields, observedAt);
    if (isPrivate(call)) return job;
    const last = copies.get(job.vendorId);
    if (!last) {
      copies.set(job.vendorId, { job, readAtMs: byId ? nowMs() : 0 });
      onSeen?.(job.vendorId, { kind: 'job', job }, byId);
      return job;
    }
    // A read by id may lack what a list has (Vault's title), and the other way round.
    addKnownFacts(job, last.job);
    // The rows of a list are taken when its page is put together: a read in between knows better.
    if (!byId && last.job.observedAt > observedAt) return job;
    last.job = job;
    if (byId) last.readAtMs = nowMs();
    onSeen?.(job.vendorId, { kind: 'job', job }, byId);
    return job;
  };

  const toRead = (vendorId: string, result: Exclude<ReadResult, { kind: 'askAgain' }>, observedAt: Date, call: CallContext): JobRead => {
    if (result.kind === 'job') return { kind: 'job', job: keep(result.job, observedAt, true, call) };
    // A copy of a job that is no more must not stand in for it later.
    if (result.kind === 'notFound' && !isPrivate(call)) {
      copies.delete(vendorId);
      onSeen?.(vendorId, result, true);
    }
    return result;
  };

  const isWithinInterval = (vendorId: string): boolean => {
    const { minIntervalMs } = adapter.reads;
    if (minIntervalMs === 0) return false;
    const last = copies.peek(vendorId);
    return last !== undefined && nowMs() - last.readAtMs < minIntervalMs;
  };

  const getJobsFromLists = async (vendorIds: readonly string[], call: CallContext): Promise<ReadResult[]> => {
    const { found, obstacle } = await findInLists({ systemId, adapter, maxRows: scanLimit }, vendorIds, call);
    const missing: ReadResult = obstacle ? { kind: 'problem', problem: obstacle } : { kind: 'notFound' };
    return vendorIds.map((id): ReadResult => {
      const row = found.get(id);
      return row ? { kind: 'job', job: row.toFields() } : missing;
    });
  };

  const readOneByOne = async (vendorIds: readonly string[], call: CallContext): Promise<Map<string, JobRead>> => {
    const reads = new Map<string, JobRead>();
    await mapConcurrently(chunk(vendorIds, adapter.reads.maxBatchSize), concurrency, async (ids) => {
      const askedAt = new Date(nowMs());
      const results = adapter.getJobs ? await adapter.getJobs(ids, call) : await getJobsFromLists(ids, call);
      ids.forEach((id, index) => {
        const result = results[index] as ReadResult;
        if (result.kind !== 'askAgain') reads.set(id, toRead(id, result, askedAt, call));
      });
    });
    return reads;
  };

  /** Walks the newest rows of the system's lists until all are found or the pages are used up. */
  const scan = async (vendorIds: readonly string[], maxPages: number, call: CallContext): Promise<Map<string, JobRead>> => {
    const wanted = new Set(vendorIds);
    const found = new Map<string, JobRead>();
    let pagesLeft = maxPages;
    const queue = await queueLists(adapter, allJobs, call);
    for (let source = queue.next(); source; source = queue.next()) {
      const walk = createListWalk({ systemId, source, query: allJobs, call, pageSize: scanPageSize, grows: false });
      while (pagesLeft > 0 && found.size < wanted.size) {
        const askedAt = new Date(nowMs());
        const page = await walk.next();
        pagesLeft -= 1;
        if (!page) {
          if (walk.problem()) await queue.replace(source);
          break;
        }
        for (const row of page.jobs) {
          if (wanted.has(row.vendorId)) found.set(row.vendorId, { kind: 'job', job: keep(row.toFields(), askedAt, false, call) });
        }
      }
      if (pagesLeft <= 0 || found.size === wanted.size) break;
    }
    return found;
  };

  const readNow = async (vendorIds: readonly string[], call: CallContext): Promise<Map<string, JobRead>> => {
    const reads = await readOnce(vendorIds, call);
    // The adapter found out meanwhile that this system is to be read another way.
    const again = vendorIds.filter((id) => !reads.has(id));
    if (again.length > 0) for (const [id, read] of await readOnce(again, call)) reads.set(id, read);
    return reads;
  };

  const readOnce = async (vendorIds: readonly string[], call: CallContext): Promise<Map<string, JobRead>> => {
    const { scanFrom } = adapter.reads;
    if (scanFrom === null || vendorIds.length < scanFrom) return readOneByOne(vendorIds, call);
    // A tenth of the requests that one-by-one reads cost is a fair stake on finding them all in the lists.
    const found = await scan(vendorIds, Math.ceil(vendorIds.length / 10), call);
    const missing = vendorIds.filter((id) => !found.has(id));
    for (const [id, read] of await readOneByOne(missing, call)) found.set(id, read);
    return found;
  };

  /**
   * One read of a job at a time, shared by all who ask meanwhile: the vendor would refuse the second. No more jobs begin to be read together
   * than the vendor reads together, so that who asks for one of them does not wait for thousands that another caller wants too.
   */
  const readShared = async (vendorIds: readonly string[], call: CallContext): Promise<Map<string, JobRead>> => {
    const { scanFrom, maxBatchSize } = adapter.reads;
    const reads = new Map<string, JobRead>();
    let left = vendorIds;
    if (scanFrom !== null && vendorIds.length >= scanFrom) {
      for (const [id, read] of await scan(vendorIds, Math.ceil(vendorIds.length / 10), call)) reads.set(id, read);
      left = vendorIds.filter((id) => !reads.has(id));
    }
    await mapConcurrently(chunk(left, maxBatchSize), concurrency, async (ids) => {
      // Another caller may have read some of them meanwhile.
      const due = ids.filter((id) => !isWithinInterval(id));
      for (const [id, read] of await joinReads(due, call)) reads.set(id, read);
    });
    return reads;
  };

  const joinReads = async (vendorIds: readonly string[], call: CallContext): Promise<Map<string, JobRead>> => {
    if (call.signal.aborted) return new Map(vendorIds.map((id) => [id, late(systemId)]));
    const starting = vendorIds.filter((id) => !inFlight.has(id));
    if (starting.length > 0) {
      // Not the first asker's signal: its going away must not fail the others. The last one's ends it.
      const stop = new AbortController();
      const reads = readNow(starting, { ...call, signal: stop.signal }).finally(() => forget(shared));
      const shared: SharedRead = { ids: starting, reads, askers: new Set(), stop };
      for (const id of starting) inFlight.set(id, shared);
    }
    const idsByRead = Map.groupBy(vendorIds, (id) => inFlight.get(id) as SharedRead);
    for (const { askers } of idsByRead.keys()) askers.add(call);
    const results = new Map<string, JobRead>();
    await Promise.all(
      Array.from(idsByRead, async ([shared, ids]) => {
        const reads = await untilAborted(shared.reads, call.signal);
        for (const id of ids) results.set(id, reads?.get(id) ?? late(systemId));
      }),
    );
    for (const shared of idsByRead.keys()) {
      shared.askers.delete(call);
      if (shared.askers.size > 0 || !call.signal.aborted) continue;
      // Those who ask from now on must not join what is stopped here.
      forget(shared);
      shared.stop.abort(call.signal.reason);
    }
    return results;
  };

  const takeLater = (call: CallContext): ((row: ListedJob) => Job) => {
    const observedAt = new Date(nowMs());
    return (row) => keep(row.toFields(), observedAt, false, call);
  };

  const forget = (shared: SharedRead): void => {
    for (const id of shared.ids) if (inFlight.get(id) === shared) inFlight.delete(id);
  };

  return {
    async read(vendorIds, call) {
      const now = vendorIds.filter((id) => isPrivate(call) || !isWithinInterval(id));
      const reads = await (adapter.reads.minIntervalMs > 0 && !isPrivate(call) ? readShared(now, call) : readNow(now, call));
      return vendorIds.map((id): JobRead => {
        const read = reads.get(id);
        if (read && (read.kind !== 'problem' || !standInCodes.has(read.problem.code) || isPrivate(call))) return read;
        const last = copies.get(id);
        if (last) return { kind: 'job', job: { ...last.job, stale: true, problem: read?.kind === 'problem' ? read.problem : null } };
        return read ?? { kind: 'problem', problem: tooSoon(systemId, adapter.reads.minIntervalMs) };
      });
    },

    async readFresh(vendorIds, call) {
      const reads = await readNow(
        vendorIds.filter((id) => isPrivate(call) || !isWithinInterval(id)),
        call,
      );
      const { minIntervalMs } = adapter.reads;
      // The lists are not under the vendor's limit for reads by id.
      const limited = vendorIds.filter((id) => {
        const read = reads.get(id);
        return minIntervalMs > 0 && (!read || (read.kind === 'problem' && read.problem.code === 'RATE_LIMITED'));
      });
      if (limited.length > 0) {
        for (const [id, read] of await scan(limited, Math.ceil(scanLimit / 200), call)) reads.set(id, read);
      }
      return vendorIds.map((id) => reads.get(id) ?? { kind: 'problem', problem: tooSoon(systemId, minIntervalMs) });
    },

    async readLeftOut(jobs, call) {
      const results = (await adapter.readLeftOut?.(jobs, call)) ?? [];
      return jobs.map((job, index): Result<Job> => {
        const result = results[index];
        if (result?.kind === 'problem') return { ok: false, problem: result.problem };
        const full = { ...job };
        if (result?.kind === 'job') {
          const other = createJob(systemId, result.job, job.observedAt);
          addKnownFacts(full, other);
          if (isLeftOut(full, 'waitSeconds')) full.waitSeconds = other.waitSeconds;
        }
        const last = isPrivate(call) ? undefined : copies.peek(job.vendorId);
        if (last) addKnownFacts(last.job, full);
        return { ok: true, value: full };
      });
    },

    takeFromList: (rows, call) => rows.map(takeLater(call)),
    takeLater,

    cacheState(vendorId, state, call) {
      const last = copies.peek(vendorId);
      if (!last || isPrivate(call)) return;
      last.job = { ...last.job, ...state };
      onSeen?.(vendorId, { kind: 'job', job: last.job }, false);
    },
  };
}

function tooSoon(systemId: string, minIntervalMs: number): Problem {
  const seconds = Math.ceil(minIntervalMs / 1000);
  return createProblem('RATE_LIMITED', `${systemId} lets the same job be read only once in ${seconds} s.`, seconds);
}

function late(systemId: string): JobRead {
  return { kind: 'problem', problem: createProblem('TIMED_OUT', `${systemId} had not answered when the operation's time was up.`) };
}
