// Reads jobs by ID: decides which copy is fresh enough, which reads are shared, and when lists are scanned instead.

import { chunk, mapConcurrently } from '../concurrency/map-concurrently.ts';
import type { CallContext, JobSystemAdapter, ListedJob, ReadResult } from '../jobs/adapter.ts';
import { addKnownFacts, createJob, isLeftOut } from '../jobs/create-job.ts';
import type { Job, JobStatus } from '../jobs/job.ts';
import { createProblem, fail, type ProblemCode, type Result, succeed } from '../jobs/problem.ts';
import { type CachedCopies, createCachedCopies, isPrivate, type ReadListener } from './cached-copies.ts';
import type { JobRead } from './job-read.ts';
import { isWorthScan, maxScanPages, type ReadSource, readNow, scanLists } from './read-by-id.ts';
import { copyOf } from './row-of-copy.ts';
import { createSharedReads, type ReadsById, type SharedReads } from './shared-reads.ts';

/** Reads the jobs of one system by ID, in as few vendor requests as the vendor allows. */
export interface JobReader {
  /** Reads jobs, or returns their cached copies (`stale`) if they can't be read now. Each ID once. */
  read(vendorIds: readonly string[], call: CallContext): Promise<JobRead[]>;
  /** Reads jobs, and never returns a cached copy. For reads that decide or resolve actions. Each ID once. */
  readFresh(vendorIds: readonly string[], call: CallContext): Promise<JobRead[]>;
  /** The cached copy, which may be of any age. Null: there is none. No I/O. */
  findCopy(vendorId: string, call: CallContext): Job | null;
  /** Copies of jobs with the facts that they leave out, as far as the vendor returns them. */
  readLeftOut(jobs: readonly Job[], call: CallContext): Promise<Result<Job>[]>;
  /** Converts rows of a list to jobs and caches them. */
  takeFromList(rows: readonly ListedJob[], call: CallContext): Job[];
  /** The same for single rows of a list that was just read: a page may need only a few of hundreds of rows. */
  createRowConverter(call: CallContext): (row: ListedJob) => Job;
  /** Applies a state that the vendor confirmed to the cached copy. */
  cacheState(vendorId: string, state: { status: JobStatus; vendorStatus: string }, call: CallContext): void;
}

/** Problems for which a cached copy may replace the job. For others (access, credentials), the caller may lack permission to see it. */
const staleAllowedCodes: ReadonlySet<ProblemCode> = new Set(['SYSTEM_UNAVAILABLE', 'TIMED_OUT', 'RATE_LIMITED', 'INVALID_VENDOR_RESPONSE']);

export interface JobReaderOptions {
  systemId: string;
  adapter: JobSystemAdapter;
  concurrency: number;
  scanLimit: number;
  /** The maximum number of cached copies. Default: 10,000. */
  maxCopies?: number;
  nowMs?: () => number;
  onRead?: ReadListener;
}

export function createJobReader({ scanLimit, maxCopies, nowMs = Date.now, onRead, ...options }: JobReaderOptions): JobReader {
  const { systemId, adapter } = options;
  const copies = createCachedCopies({ systemId, nowMs, ...(maxCopies !== undefined && { maxCopies }), ...(onRead && { onRead }) });
  const source: ReadSource = { ...options, scanLimit, copies, nowMs };
  const shared = createSharedReads(systemId, (vendorIds, call) => readNow(source, vendorIds, call));

  const createRowConverter = (call: CallContext): ((row: ListedJob) => Job) => {
    const observedAt = new Date(nowMs());
    return (row) => copyOf(row) ?? copies.cache(row.toFields(), observedAt, false, call);
  };

  return {
    async read(vendorIds, call) {
      const due = selectDue(source, vendorIds, call);
      const isShared = adapter.reads.minIntervalMs > 0 && !isPrivate(call);
      const reads = await (isShared ? readShared(source, shared, due, call) : readNow(source, due, call));
      return vendorIds.map((id) => orCachedCopy(source, id, reads.get(id), call));
    },
    async readFresh(vendorIds, call) {
      const reads = await readNow(source, selectDue(source, vendorIds, call), call);
      const { minIntervalMs } = adapter.reads;
      // The vendor's minimum interval for reads by ID doesn't apply to lists.
      const limited = minIntervalMs > 0 ? vendorIds.filter((id) => isLimited(reads.get(id))) : [];
      if (limited.length > 0) {
        for (const [id, read] of await scanLists(source, limited, Math.ceil(scanLimit / 200), call)) reads.set(id, read);
      }
      return vendorIds.map((id) => reads.get(id) ?? tooSoon(source));
    },
    findCopy: (vendorId, call) => copies.find(vendorId, call) ?? null,
    async readLeftOut(jobs, call) {
      const results = (await adapter.readLeftOut?.(jobs, call)) ?? [];
      return jobs.map((job, index) => addLeftOut(copies, job, results[index], call));
    },
    takeFromList: (rows, call) => rows.map(createRowConverter(call)),
    createRowConverter,
    cacheState: copies.setState,
  };
}

/** The jobs that may be read by ID now: the vendor rejects a second read of a job within its interval. */
function selectDue({ adapter, copies }: ReadSource, vendorIds: readonly string[], call: CallContext): readonly string[] {
  const { minIntervalMs } = adapter.reads;
  if (minIntervalMs === 0 || isPrivate(call)) return vendorIds;
  return vendorIds.filter((id) => !copies.wasReadWithin(minIntervalMs, id));
}

/**
 * Reads each job once at a time, and shares the read with concurrent calls, because the vendor would reject a second one. Starts at most one
 * vendor batch together, so that a call for one job doesn't wait for thousands of jobs of another call.
 */
async function readShared(source: ReadSource, shared: SharedReads, vendorIds: readonly string[], call: CallContext): Promise<ReadsById> {
  const { adapter, concurrency } = source;
  const reads = isWorthScan(adapter, vendorIds.length)
    ? await scanLists(source, vendorIds, maxScanPages(vendorIds.length), call)
    : new Map<string, JobRead>();
  const left = reads.size > 0 ? vendorIds.filter((id) => !reads.has(id)) : vendorIds;
  await mapConcurrently(chunk(left, adapter.reads.maxBatchSize), concurrency, async (ids) => {
    // Another call may have read some of them in the meantime.
    for (const [id, read] of await shared.join(selectDue(source, ids, call), call)) reads.set(id, read);
  });
  return reads;
}

/** The read, or the cached copy if the job can't be read now. */
function orCachedCopy(source: ReadSource, vendorId: string, read: JobRead | undefined, call: CallContext): JobRead {
  if (read && (read.kind !== 'problem' || !staleAllowedCodes.has(read.problem.code))) return read;
  const last = source.copies.find(vendorId, call);
  if (last) return { kind: 'job', job: { ...last, stale: true, problem: read?.kind === 'problem' ? read.problem : null } };
  return read ?? tooSoon(source);
}

/** Whether the vendor's minimum interval or throttling is why the job was not read. */
function isLimited(read: JobRead | undefined): boolean {
  return !read || (read.kind === 'problem' && read.problem.code === 'RATE_LIMITED');
}

/** A copy of the job with the left-out facts that this read returned. */
function addLeftOut(copies: CachedCopies, job: Job, result: ReadResult | undefined, call: CallContext): Result<Job> {
  if (result?.kind === 'problem') return fail(result.problem);
  const full = { ...job };
  if (result?.kind === 'job') {
    const other = createJob(job.systemId, result.job, job.observedAt);
    addKnownFacts(full, other);
    if (isLeftOut(full, 'waitSeconds')) full.waitSeconds = other.waitSeconds;
  }
  copies.addFacts(full, call);
  return succeed(full);
}

function tooSoon({ systemId, adapter }: ReadSource): JobRead {
  const seconds = Math.ceil(adapter.reads.minIntervalMs / 1000);
  return {
    kind: 'problem',
    problem: createProblem('RATE_LIMITED', `${systemId} allows one read per job every ${seconds} seconds. Retry later.`, seconds),
  };
}
