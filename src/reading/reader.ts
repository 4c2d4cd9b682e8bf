// Reading jobs by ID: which copy is fresh enough, whose read is shared, and when lists are searched instead.

import { chunk, mapConcurrently } from '../concurrency/map-concurrently.ts';
import type { CallContext, JobSystemAdapter, ListedJob, ReadResult } from '../jobs/adapter.ts';
import { addKnownFacts, createJob, isLeftOut } from '../jobs/create-job.ts';
import type { Job, JobStatus } from '../jobs/job.ts';
import { createProblem, fail, type ProblemCode, type Result, succeed } from '../jobs/problem.ts';
import { type CachedCopies, createCachedCopies, isPrivate, type SeenListener } from './cached-copies.ts';
import type { JobRead } from './job-read.ts';
import { isWorthScan, type ReadSource, readNow, scanLists, scanStake } from './read-by-id.ts';
import { createSharedReads, type ReadsById, type SharedReads } from './shared-reads.ts';

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

/** With these a copy that is older but true of its time is better than nothing; with others (access, credentials) it is not ours to show. */
const standInCodes: ReadonlySet<ProblemCode> = new Set(['SYSTEM_UNAVAILABLE', 'TIMED_OUT', 'RATE_LIMITED', 'INVALID_VENDOR_RESPONSE']);

export interface JobReaderOptions {
  systemId: string;
  adapter: JobSystemAdapter;
  concurrency: number;
  scanLimit: number;
  /** The most cached copies of jobs. Default: 10,000. */
  maxCopies?: number;
  nowMs?: () => number;
  onSeen?: SeenListener;
}

export function createJobReader({ scanLimit, maxCopies, nowMs = Date.now, onSeen, ...options }: JobReaderOptions): JobReader {
  const { systemId, adapter } = options;
  const copies = createCachedCopies({ systemId, nowMs, ...(maxCopies !== undefined && { maxCopies }), ...(onSeen && { onSeen }) });
  const source: ReadSource = { ...options, scanLimit, copies, nowMs };
  const shared = createSharedReads(systemId, (vendorIds, call) => readNow(source, vendorIds, call));

  const takeLater = (call: CallContext): ((row: ListedJob) => Job) => {
    const observedAt = new Date(nowMs());
    return (row) => copies.keep(row.toFields(), observedAt, false, call);
  };

  return {
    async read(vendorIds, call) {
      const due = selectDue(source, vendorIds, call);
      const isShared = adapter.reads.minIntervalMs > 0 && !isPrivate(call);
      const reads = await (isShared ? readShared(source, shared, due, call) : readNow(source, due, call));
      return vendorIds.map((id) => orStandIn(source, id, reads.get(id), call));
    },
    async readFresh(vendorIds, call) {
      const reads = await readNow(source, selectDue(source, vendorIds, call), call);
      const { minIntervalMs } = adapter.reads;
      // The lists are not under the vendor's limit for reads by id.
      const limited = minIntervalMs > 0 ? vendorIds.filter((id) => isLimited(reads.get(id))) : [];
      if (limited.length > 0) {
        for (const [id, read] of await scanLists(source, limited, Math.ceil(scanLimit / 200), call)) reads.set(id, read);
      }
      return vendorIds.map((id) => reads.get(id) ?? tooSoon(source));
    },
    async readLeftOut(jobs, call) {
      const results = (await adapter.readLeftOut?.(jobs, call)) ?? [];
      return jobs.map((job, index) => addLeftOut(copies, job, results[index], call));
    },
    takeFromList: (rows, call) => rows.map(takeLater(call)),
    takeLater,
    cacheState: copies.setState,
  };
}

/** The jobs that may be read by ID now. The vendor rejects a second read of a job within its interval; what a private call may see is not kept. */
function selectDue({ adapter, copies }: ReadSource, vendorIds: readonly string[], call: CallContext): readonly string[] {
  const { minIntervalMs } = adapter.reads;
  if (minIntervalMs === 0 || isPrivate(call)) return vendorIds;
  return vendorIds.filter((id) => !copies.wasReadWithin(minIntervalMs, id));
}

/**
 * One read of a job at a time, shared by all who ask meanwhile: the vendor would refuse the second. No more jobs begin to be read together
 * than the vendor reads together, so that who asks for one of them does not wait for thousands that another caller wants too.
 */
async function readShared(source: ReadSource, shared: SharedReads, vendorIds: readonly string[], call: CallContext): Promise<ReadsById> {
  const { adapter, concurrency } = source;
  const reads = isWorthScan(adapter, vendorIds.length)
    ? await scanLists(source, vendorIds, scanStake(vendorIds.length), call)
    : new Map<string, JobRead>();
  const left = reads.size > 0 ? vendorIds.filter((id) => !reads.has(id)) : vendorIds;
  await mapConcurrently(chunk(left, adapter.reads.maxBatchSize), concurrency, async (ids) => {
    // Another caller may have read some of them meanwhile.
    for (const [id, read] of await shared.join(selectDue(source, ids, call), call)) reads.set(id, read);
  });
  return reads;
}

/** The read, or the last copy in its place where that is better than nothing. */
function orStandIn(source: ReadSource, vendorId: string, read: JobRead | undefined, call: CallContext): JobRead {
  if (read && (read.kind !== 'problem' || !standInCodes.has(read.problem.code))) return read;
  const last = source.copies.find(vendorId, call);
  if (last) return { kind: 'job', job: { ...last, stale: true, problem: read?.kind === 'problem' ? read.problem : null } };
  return read ?? tooSoon(source);
}

/** Whether the vendor's limit for reads by ID is why a job was not read. */
function isLimited(read: JobRead | undefined): boolean {
  return !read || (read.kind === 'problem' && read.problem.code === 'RATE_LIMITED');
}

/** A copy of the job with what this read shows of the facts that it leaves out. */
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
    problem: createProblem('RATE_LIMITED', `${systemId} lets the same job be read only once in ${seconds} s.`, seconds),
  };
}
