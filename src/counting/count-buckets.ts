import { allJobs, type JobSystemAdapter } from '../jobs/adapter.ts';
import type { JobFilter } from '../jobs/filter.ts';
import { type JobStatus, jobStatuses } from '../jobs/job.ts';
import type { Problem } from '../jobs/problem.ts';
import type { JobSystem } from '../jobs/system.ts';
import { type Cell, type CellFacts, type CountedFact, keyOfCell, pickFacts, toCellFacts } from './cell.ts';
import type { CountOfSystem } from './count-jobs.ts';
import type { CountPrecision } from './system-count.ts';

/** A number of jobs. */
export interface Count<System> {
  /** Null if the precision is UNKNOWN. */
  count: number | null;
  precision: CountPrecision;
  /** Why the precision isn't EXACT, and of which system; else null. */
  problem: { problem: Problem; system: System } | null;
}

export type Bucket<System> = CellFacts & Count<System> & { system: System | null };

export interface BucketOptions {
  /** The facts that tell buckets apart. */
  by: ReadonlySet<CountedFact>;
  /** Whether each system has its own buckets. */
  bySystem: boolean;
  filter: JobFilter;
}

/**
 * The jobs of all systems in buckets, those with the most jobs first. By status only (and system), there is a bucket for each status that the
 * filter allows, also without jobs; by type, owner, or vendor scope, only for those that occur.
 */
export function toBuckets<System extends JobSystem>(
  counts: readonly CountOfSystem<System>[],
  { by, bySystem, filter }: BucketOptions,
): Bucket<System>[] {
  const isDense = by.size === 0 || (by.size === 1 && by.has('status'));
  const tables = counts.map((count): SystemTable<System> => ({ count, cells: sumCells(count, by) }));
  const factsIn = (among: readonly SystemTable<System>[]): CellFacts[] =>
    isDense ? denseFacts(by, filter) : [...new Map(among.flatMap(({ cells }) => [...cells])).values()];
  const toBucket = (facts: CellFacts, among: readonly SystemTable<System>[], system: System | null): Bucket<System> => ({
    ...pickFacts(facts, by),
    system,
    ...addCounts(among.map((table) => countIn(table, facts))),
  });
  const buckets = bySystem
    ? tables.flatMap((table) => factsIn([table]).map((facts) => toBucket(facts, [table], table.count.system)))
    : factsIn(tables).map((facts) => toBucket(facts, tables, null));
  return buckets.sort((a, b) => (b.count ?? -1) - (a.count ?? -1));
}

/** The number of all jobs of all systems. */
export function toTotal<System>(counts: readonly CountOfSystem<System>[]): Count<System> {
  return addCounts(
    counts.map(({ cells, precision, problem, system }) => ({
      count: precision === 'UNKNOWN' ? null : cells.reduce((sum, { count }) => sum + count, 0),
      precision,
      problem: problem && { problem, system },
    })),
  );
}

interface SystemTable<System> {
  count: CountOfSystem<System>;
  /** Cells by these facts only. */
  cells: Map<string, Cell>;
}

/** A count may have been made by more facts than are wanted. */
function sumCells({ cells, precision }: CountOfSystem<unknown>, by: ReadonlySet<CountedFact>): SystemTable<unknown>['cells'] {
  const sums: SystemTable<unknown>['cells'] = new Map();
  for (const cell of cells) {
    const facts = pickFacts(cell, by);
    const key = keyOfCell(facts);
    const known = sums.get(key);
    // Of a sum, cells may be missing.
    const isExact = cell.isExact && (precision === 'EXACT' || key === keyOfCell(cell));
    sums.set(key, { ...facts, count: (known?.count ?? 0) + cell.count, isExact: (known?.isExact ?? true) && isExact });
  }
  return sums;
}

function denseFacts(by: ReadonlySet<CountedFact>, { statuses }: JobFilter): CellFacts[] {
  if (by.size === 0) return [toCellFacts({})];
  return jobStatuses.filter((status) => statuses?.includes(status) ?? true).map((status) => toCellFacts({ status }));
}

function countIn<System extends JobSystem>(
  { count: { precision, problem, system }, cells }: SystemTable<System>,
  facts: CellFacts,
): Count<System> {
  const known = cells.get(keyOfCell(facts));
  const isExact = known ? known.isExact : precision === 'EXACT' || (facts.status !== null && neverHas(system.adapter, facts.status));
  if (isExact) return { count: known?.count ?? 0, precision: 'EXACT', problem: null };
  const why = problem && { problem, system };
  if (precision === 'UNKNOWN') return { count: null, precision, problem: why };
  return { count: known?.count ?? 0, precision: 'AT_LEAST', problem: why };
}

/** Whether the vendor's jobs never have this status, so that their number is known even if the system can't be read. */
function neverHas({ listJobs }: JobSystemAdapter, status: JobStatus): boolean {
  return listJobs(allJobs).length > 0 && listJobs({ ...allJobs, statuses: new Set([status]) }).length === 0;
}

function addCounts<System>(counts: readonly Count<System>[]): Count<System> {
  const known = counts.filter(({ count }) => count !== null);
  const inexact = counts.find(({ precision }) => precision !== 'EXACT');
  if (counts.length > 0 && known.length === 0) return { count: null, precision: 'UNKNOWN', problem: inexact?.problem ?? null };
  const count = known.reduce((sum, { count: one }) => sum + (one ?? 0), 0);
  return { count, precision: inexact ? 'AT_LEAST' : 'EXACT', problem: inexact?.problem ?? null };
}
