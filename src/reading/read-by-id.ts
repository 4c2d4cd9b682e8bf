import { chunk, mapConcurrently } from '../concurrency/map-concurrently.ts';
import { allJobs, type CallContext, type JobSystemAdapter } from '../jobs/adapter.ts';
import { pairResults } from '../jobs/pair-results.ts';
import type { CachedCopies } from './cached-copies.ts';
import { findInLists } from './find-in-lists.ts';
import { createListWalk } from './list-walk.ts';
import { queueLists } from './open-lists.ts';
import type { ReadsById } from './shared-reads.ts';

/** What reads of one system's jobs need. */
export interface ReadSource {
  systemId: string;
  adapter: JobSystemAdapter;
  concurrency: number;
  /** The maximum number of rows that a search through the lists reads, for a vendor without reads by ID. */
  scanLimit: number;
  copies: CachedCopies;
  nowMs: () => number;
}

const scanPageSize = 500;

/** Reads jobs in the way that costs the fewest requests. */
export async function readNow(source: ReadSource, vendorIds: readonly string[], call: CallContext): Promise<ReadsById> {
  const reads = await readOnce(source, vendorIds, call);
  // The adapter detected that this system must be read in another way.
  const again = vendorIds.filter((id) => !reads.has(id));
  if (again.length > 0) for (const [id, read] of await readOnce(source, again, call)) reads.set(id, read);
  return reads;
}

async function readOnce(source: ReadSource, vendorIds: readonly string[], call: CallContext): Promise<ReadsById> {
  const { getJobs } = source.adapter;
  if (!getJobs) return readFromLists(source, vendorIds, call);
  if (!isWorthScan(source.adapter, vendorIds.length)) return readBatches(source, getJobs, vendorIds, call);
  const found = await scanLists(source, vendorIds, maxScanPages(vendorIds.length), call);
  const missing = vendorIds.filter((id) => !found.has(id));
  for (const [id, read] of await readBatches(source, getJobs, missing, call)) found.set(id, read);
  return found;
}

/** Whether scanning the lists may cost fewer requests than reading `count` jobs by ID. */
export function isWorthScan({ reads: { scanFrom } }: JobSystemAdapter, count: number): boolean {
  return scanFrom !== null && count >= scanFrom;
}

/** The maximum number of pages of a scan: spends at most a tenth of the single reads on lists. */
export function maxScanPages(count: number): number {
  return Math.ceil(count / 10);
}

/** Leaves out the jobs that must be read in another way (`readsChanged`). */
async function readBatches(
  { adapter, concurrency, copies, nowMs }: ReadSource,
  getJobs: NonNullable<JobSystemAdapter['getJobs']>,
  vendorIds: readonly string[],
  call: CallContext,
): Promise<ReadsById> {
  const reads: ReadsById = new Map();
  await mapConcurrently(chunk(vendorIds, adapter.reads.maxBatchSize), concurrency, async (ids) => {
    const startedAt = new Date(nowMs());
    for (const [id, result] of pairResults(ids, await getJobs(ids, call))) {
      if (result.kind === 'readsChanged') continue;
      if (result.kind === 'job') reads.set(id, { kind: 'job', job: copies.cache(result.job, startedAt, true, call) });
      else reads.set(id, result);
      if (result.kind === 'notFound') copies.drop(id, call);
    }
  });
  return reads;
}

/** For a vendor without reads by ID. A job that isn't in completely read lists doesn't exist. */
async function readFromLists(
  { systemId, adapter, scanLimit, copies, nowMs }: ReadSource,
  vendorIds: readonly string[],
  call: CallContext,
): Promise<ReadsById> {
  const startedAt = new Date(nowMs());
  const { found, obstacle } = await findInLists({ systemId, adapter, maxRows: scanLimit }, vendorIds, call);
  const reads: ReadsById = new Map();
  for (const id of vendorIds) {
    const row = found.get(id);
    const job = row && copies.cache(row.toFields(), startedAt, false, call);
    if (job) reads.set(id, job.problem ? { kind: 'problem', problem: job.problem } : { kind: 'job', job });
    else reads.set(id, obstacle ? { kind: 'problem', problem: obstacle } : { kind: 'notFound' });
    if (!row && !obstacle) copies.drop(id, call);
  }
  return reads;
}

/** Scans the newest rows of the system's lists until all jobs are found, or `maxPages` were read. */
export async function scanLists(
  { systemId, adapter, copies, nowMs }: ReadSource,
  vendorIds: readonly string[],
  maxPages: number,
  call: CallContext,
): Promise<ReadsById> {
  const wanted = new Set(vendorIds);
  const found: ReadsById = new Map();
  let pagesLeft = maxPages;
  const queue = await queueLists(adapter, allJobs, call);
  for (let source = queue.next(); source; source = queue.next()) {
    const walk = createListWalk({ systemId, source, query: allJobs, call, pageSize: scanPageSize, grows: false });
    while (pagesLeft > 0 && found.size < wanted.size) {
      const startedAt = new Date(nowMs());
      const page = await walk.next();
      pagesLeft -= 1;
      if (!page) {
        if (walk.problem()) await queue.replace(source);
        break;
      }
      for (const row of page.jobs) {
        const job = wanted.has(row.vendorId) ? copies.cache(row.toFields(), startedAt, false, call) : null;
        if (job && job.problem === null) found.set(row.vendorId, { kind: 'job', job });
      }
    }
    if (pagesLeft <= 0 || found.size === wanted.size) break;
  }
  return found;
}
