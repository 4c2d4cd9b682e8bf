import { type CountedFact, toExactCell } from '../../counting/cell.ts';
import { type Count, toBuckets, toTotal } from '../../counting/count-buckets.ts';
import type { CountOfSystem } from '../../counting/count-jobs.ts';
import type {
  JobConnectionResolvers,
  JobCountBucketResolvers,
  JobCountDimension,
  JobCountResolvers,
  JobCountsResolvers,
  QueryResolvers,
  SystemJobCountResolvers,
} from '../generated/resolvers.ts';
import { toRowCount } from './bad-user-input.ts';
import type { Context } from './context.ts';
import { checkSystems, maxRows } from './job-list.ts';
import type { CountParent, JobCountsParent } from './parents.ts';

const factsOf: Readonly<Record<JobCountDimension, readonly CountedFact[]>> = {
  STATUS: ['status'],
  SYSTEM: [],
  TYPE: ['type'],
  OWNER: ['owner'],
  SCOPE: ['scope'],
};
const defaultBuckets = 200;

export const jobCounts: NonNullable<QueryResolvers<Context>['jobCounts']> = async (
  _parent,
  { filter, by: dimensions, top },
  { jobs },
): Promise<JobCountsParent> => {
  const max = toRowCount(top, { argument: 'top', min: 1, max: maxRows, byDefault: defaultBuckets });
  checkSystems(filter, jobs);
  const by = new Set(dimensions.flatMap((dimension) => factsOf[dimension]));
  const counts = await jobs.countJobs(filter ?? {}, by);
  const buckets = toBuckets(counts, { by, bySystem: dimensions.includes('SYSTEM'), filter: filter ?? {} });
  return { counts, buckets: buckets.slice(0, max), bucketCount: buckets.length, observedAt: oldestOf(counts) };
};

/** The number of all jobs of a page's list. Reads only what the page doesn't know. */
export const totalCount: NonNullable<JobConnectionResolvers<Context>['totalCount']> = async (
  { filter, systems },
  _arguments,
  { jobs },
): Promise<CountParent> => {
  const now = new Date();
  const known = systems.flatMap(({ system, totalCount: count, problem }): CountOfSystem<{ id: string }>[] =>
    count === null || problem ? [] : [{ system, cells: [toExactCell(count)], precision: 'EXACT', problem: null, observedAt: now }],
  );
  const knownIds = new Set(known.map(({ system }) => system.id));
  const systemIds = systems.flatMap(({ system }) => (knownIds.has(system.id) ? [] : [system.id]));
  const counts = systemIds.length > 0 ? [...known, ...(await jobs.countJobs({ ...filter, systemIds }, new Set()))] : known;
  return { ...toTotal(counts), observedAt: oldestOf(counts) };
};

export const jobCountsResolvers: JobCountsResolvers<Context> = {
  total: ({ counts, observedAt }) => ({ ...toTotal(counts), observedAt }),
  complete: ({ counts }) => counts.every(({ precision }) => precision === 'EXACT'),
  systems: ({ counts }) => [...counts],
};

export const jobCountBucketResolvers: JobCountBucketResolvers<Context> = { problem: problemOf };
export const jobCountResolvers: JobCountResolvers<Context> = { problem: problemOf };

export const systemJobCountResolvers: SystemJobCountResolvers<Context> = {
  count: (counted) => toTotal([counted]).count,
  problem: ({ problem, system }) => problem && { ...problem, systemId: system.id },
};

function problemOf({ problem }: Count<{ id: string }>) {
  return problem && { ...problem.problem, systemId: problem.system.id };
}

function oldestOf(counts: readonly { observedAt: Date }[]): Date {
  return counts.reduce((oldest, { observedAt }) => (observedAt < oldest ? observedAt : oldest), new Date());
}
