import { mapConcurrently } from '../concurrency/map-concurrently.ts';
import type { CallContext, ListedJob, ListPage, ListSource } from '../jobs/adapter.ts';
import { isLeftOut, problemOf } from '../jobs/create-job.ts';
import { createMatcher, type JobFilter, type SystemQuery } from '../jobs/filter.ts';
import type { JobFields, LeftOutFact } from '../jobs/job.ts';
import type { Problem } from '../jobs/problem.ts';
import { budgetSpent, listOnlyCodes, walkRows } from '../listing/walk-rows.ts';
import { listsOf } from '../reading/lists-of.ts';
import { type ListQueue, queueLists } from '../reading/open-lists.ts';
import type { ReadableSystem } from '../reading/readable-system.ts';
import type { CountedFact } from './cell.ts';
import type { Tally } from './tally.ts';

export interface ScanOptions {
  system: ReadableSystem;
  filter: JobFilter;
  query: SystemQuery;
  by: ReadonlySet<CountedFact>;
  call: CallContext;
  /** Counts the matching jobs. */
  tally: Tally;
  /** The scan is abandoned as soon as it certainly needs more requests than this. Default: any number. */
  maxRequestsLeft?: number;
}

/** Why the tally is incomplete. ABANDONED: see `maxRequestsLeft`. Null: all matching jobs were counted. */
export type ScanEnd = Problem | 'ABANDONED' | null;

/** The state of a scan, shared by its lists. */
interface Scan {
  options: ScanOptions;
  queue: ListQueue;
  matches: (job: JobFields) => boolean;
  budget: { rowsLeft: number };
  /** By list: the requests that it needs at least. */
  requestsLeft: Map<string, number>;
  end: ScanEnd;
  /** Whether no more is read: the system failed, the budget is spent, or the scan was abandoned. */
  isOver: boolean;
}

/** Counts the matching jobs of one system by reading its lists once, at most `scanLimit` rows. */
export async function countByScan(options: ScanOptions): Promise<ScanEnd> {
  const { system, filter, query, call } = options;
  const scan: Scan = {
    options,
    queue: await queueLists(listsOf(system, query), query, call),
    matches: createMatcher(system, filter, query),
    budget: { rowsLeft: system.scanLimit },
    requestsLeft: new Map(),
    end: null,
    isOver: false,
  };
  const readers = Array.from({ length: system.concurrency }, () => scan);
  await mapConcurrently(readers, system.concurrency, readLists);
  return scan.end;
}

async function readLists(scan: Scan): Promise<void> {
  for (let source = scan.queue.next(); source && !scan.isOver; source = scan.queue.next()) {
    if (scan.budget.rowsLeft > 0) await readList(scan, source);
    else endScan(scan, budgetSpent(scan.options.system));
  }
}

async function readList(scan: Scan, source: ListSource): Promise<void> {
  const { options, budget } = scan;
  const { maxRequestsLeft = Number.POSITIVE_INFINITY } = options;
  for await (const rows of walkRows(noteRequestsLeft(scan, source), { ...options, budget })) {
    if (scan.isOver) return;
    if (!rows.ok) return noteProblem(scan, source, rows.problem);
    await addRows(scan, rows.value);
    const left = scan.requestsLeft.values().reduce((sum, requests) => sum + requests, 0);
    if (left > maxRequestsLeft) return endScan(scan, 'ABANDONED');
  }
}

function endScan(scan: Scan, end: ScanEnd): void {
  scan.end = end;
  scan.isOver = true;
}

async function noteProblem(scan: Scan, source: ListSource, problem: Problem): Promise<void> {
  if (problem.code === 'SCAN_LIMIT_REACHED' || !listOnlyCodes.has(problem.code)) endScan(scan, problem);
  else if (!(await scan.queue.replace(source))) scan.end ??= problem;
}

/** The list, whose pages show how many requests the rest of it needs. */
function noteRequestsLeft({ requestsLeft }: Scan, source: ListSource): ListSource {
  return {
    ...source,
    async readPage(at, count, call) {
      const page = await source.readPage(at, count, call);
      requestsLeft.set(source.name, page.ok ? leastRequestsAfter(page.value) : 0);
      return page;
    },
  };
}

function leastRequestsAfter({ total, firstRow, rows, limit }: ListPage): number {
  return total === null || limit === null ? 0 : Math.ceil(Math.max(0, total - firstRow - rows.length) / Math.max(1, limit));
}

async function addRows(scan: Scan, rows: readonly ListedJob[]): Promise<void> {
  const { tally, by } = scan.options;
  const unknown: ListedJob[] = [];
  for (const row of rows) {
    const job = row.toFields();
    scan.end ??= problemOf(job);
    if (!scan.matches(job)) tally.remove(job.vendorId);
    else if (leavesOutFact(job, by)) unknown.push(row);
    else tally.add(job);
  }
  if (unknown.length > 0) await addLeftOut(scan, unknown);
}

/** The facts that jobs are counted by, and that a way of reading may leave out. */
const countedLeftOutFacts = ['type', 'owner'] as const satisfies readonly (CountedFact & LeftOutFact)[];

/** Whether this copy leaves out a fact that the job is counted by. */
function leavesOutFact(job: JobFields, by: ReadonlySet<CountedFact>): boolean {
  return countedLeftOutFacts.some((fact) => by.has(fact) && isLeftOut(job, fact));
}

/** Reads the facts that the rows leave out, as far as no cached copy has them. */
async function addLeftOut(scan: Scan, rows: readonly ListedJob[]): Promise<void> {
  const { system, by, call, tally } = scan.options;
  const jobs = system.reader.takeFromList(rows, call);
  const unread = jobs.filter((job) => leavesOutFact(job, by));
  const reads = unread.length > 0 ? await system.reader.readLeftOut(unread, call) : [];
  for (const job of jobs) tally.add(job);
  for (const read of reads) {
    if (read.ok) tally.add(read.value);
    else scan.end ??= read.problem;
  }
}
