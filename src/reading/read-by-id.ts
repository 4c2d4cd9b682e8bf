import { chunk, mapConcurrently } from '../concurrency/map-concurrently.ts';
import { allJobs, type CallContext, type JobSystemAdapter } from '../jobs/adapter.ts';
import { pairResults } from '../jobs/pair-results.ts';
import { createProblem, type Problem } from '../jobs/problem.ts';
import type { CachedCopies } from './cached-copies.ts';
import { createListWalk } from './list-walk.ts';
import { queueLists } from './open-lists.ts';
import type { ReadsById } from './shared-reads.ts';

/** What the vendor's requests for jobs need. */
export interface ReadSource {
  systemId: string;
  adapter: JobSystemAdapter;
  concurrency: number;
  /** The most rows that a search through the lists looks at, for a vendor without reads by ID. */
  scanLimit: number;
  copies: CachedCopies;
  nowMs: () => number;
}

const scanPageSize = 500;

/** Reads jobs now, in the way that costs the fewest requests. */
export async function readNow(source: ReadSource, vendorIds: readonly string[], call: CallContext): Promise<ReadsById> {
  const reads = await readOnce(source, vendorIds, call);
  // The adapter found out meanwhile that this system is to be read another way.
  const again = vendorIds.filter((id) => !reads.has(id));
  if (again.length > 0) for (const [id, read] of await readOnce(source, again, call)) reads.set(id, read);
  return reads;
}

async function readOnce(source: ReadSource, vendorIds: readonly string[], call: CallContext): Promise<ReadsById> {
  if (source.adapter.reads.fromLists) return findInLists(source, vendorIds, call);
  if (!isWorthScan(source.adapter, vendorIds.length)) return readBatches(source, vendorIds, call);
  const found = await scanLists(source, vendorIds, scanStake(vendorIds.length), call);
  const missing = vendorIds.filter((id) => !found.has(id));
  for (const [id, read] of await readBatches(source, missing, call)) found.set(id, read);
  return found;
}

/** Whether walking the lists may cost fewer requests than reading so many jobs by ID. */
export function isWorthScan({ reads: { scanFrom } }: JobSystemAdapter, count: number): boolean {
  return scanFrom !== null && count >= scanFrom;
}

/** The most pages to read: at most a tenth of the requests that reads by ID cost are spent on the lists. */
export function scanStake(count: number): number {
  return Math.ceil(count / 10);
}

/** Jobs that the adapter asks to be read again another way are left out. */
async function readBatches(
  { adapter, concurrency, copies, nowMs }: ReadSource,
  vendorIds: readonly string[],
  call: CallContext,
): Promise<ReadsById> {
  const reads: ReadsById = new Map();
  await mapConcurrently(chunk(vendorIds, adapter.reads.maxBatchSize), concurrency, async (ids) => {
    const askedAt = new Date(nowMs());
    pairResults(ids, await adapter.getJobs(ids, call), (id, result) => {
      if (result.kind === 'askAgain') return;
      if (result.kind === 'job') reads.set(id, { kind: 'job', job: copies.keep(result.job, askedAt, true, call) });
      else reads.set(id, result);
      if (result.kind === 'notFound') copies.drop(id, call);
    });
  });
  return reads;
}

/** For a vendor without reads by ID. What isn't in lists that were read to the end doesn't exist. */
async function findInLists(source: ReadSource, vendorIds: readonly string[], call: CallContext): Promise<ReadsById> {
  if (vendorIds.length === 0) return new Map();
  const { found, obstacle } = await walkLists(source, vendorIds, Math.ceil(source.scanLimit / scanPageSize), call);
  for (const id of vendorIds) {
    if (found.has(id)) continue;
    found.set(id, obstacle ? { kind: 'problem', problem: obstacle } : { kind: 'notFound' });
    if (!obstacle) source.copies.drop(id, call);
  }
  return found;
}

/** Walks the newest rows of the system's lists until all jobs are found or so many pages were read. */
export async function scanLists(source: ReadSource, vendorIds: readonly string[], maxPages: number, call: CallContext): Promise<ReadsById> {
  return (await walkLists(source, vendorIds, maxPages, call)).found;
}

/** `obstacle`: why jobs that were not found may be in the lists all the same. */
async function walkLists(
  { systemId, adapter, copies, nowMs }: ReadSource,
  vendorIds: readonly string[],
  maxPages: number,
  call: CallContext,
): Promise<{ found: ReadsById; obstacle: Problem | null }> {
  const wanted = new Set(vendorIds);
  const found: ReadsById = new Map();
  let pagesLeft = maxPages;
  let obstacle: Problem | null = null;
  const queue = await queueLists(adapter, allJobs, call);
  for (let source = queue.next(); source; source = queue.next()) {
    const walk = createListWalk({ systemId, source, query: allJobs, call, pageSize: scanPageSize, grows: false });
    while (pagesLeft > 0 && found.size < wanted.size) {
      const askedAt = new Date(nowMs());
      const page = await walk.next();
      pagesLeft -= 1;
      if (!page) {
        const problem = walk.problem();
        if (problem && !(await queue.replace(source))) obstacle ??= problem;
        break;
      }
      for (const row of page.jobs) {
        if (wanted.has(row.vendorId)) found.set(row.vendorId, { kind: 'job', job: copies.keep(row.toFields(), askedAt, false, call) });
      }
    }
    obstacle ??= walk.gap();
    if (found.size === wanted.size) break;
    if (pagesLeft <= 0) {
      if (!walk.hasEnded() || queue.next()) obstacle ??= scanLimitReached(systemId);
      break;
    }
  }
  return { found, obstacle };
}

function scanLimitReached(systemId: string): Problem {
  const message = `${systemId} has no reads by ID, and the job is not among the newest jobs of its lists. Raise scanLimit to look at more of them.`;
  return createProblem('SCAN_LIMIT_REACHED', message);
}
