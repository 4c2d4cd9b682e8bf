import DataLoader from 'dataloader';
import type { CountedFact } from '../counting/cell.ts';
import { type CountOfSystem, countJobs } from '../counting/count-jobs.ts';
import type { SharedCounts } from '../counting/shared-counts.ts';
import type { CallContext } from '../jobs/adapter.ts';
import type { JobFilter } from '../jobs/filter.ts';
import type { JobSystem } from '../jobs/system.ts';
import type { ServedSystem } from './served-system.ts';

export type CountedSystem = CountOfSystem<ServedSystem>;

/** The counts of one operation. Those of one tick with the same filter are made together, by all their facts. */
export interface JobCounts {
  /** Counts by these facts, and perhaps by more. */
  load(filter: JobFilter, by: ReadonlySet<CountedFact>): Promise<readonly CountedSystem[]>;
}

interface Wanted {
  filter: JobFilter;
  by: ReadonlySet<CountedFact>;
}

export function createJobCounts(
  systems: readonly ServedSystem[],
  callTo: (system: JobSystem) => CallContext,
  shared: SharedCounts,
): JobCounts {
  const loader = new DataLoader<Wanted, readonly CountedSystem[]>(
    async (wanted) => {
      const counts = new Map<string, Promise<readonly CountedSystem[]>>();
      for (const [key, same] of Map.groupBy(wanted, keyOfFilter)) {
        const by = new Set(same.flatMap((each) => [...each.by]));
        counts.set(key, countJobs(systems, { filter: (same[0] as Wanted).filter, by, shared }, callTo));
      }
      return Promise.all(wanted.map((each) => counts.get(keyOfFilter(each)) ?? []));
    },
    // Shared counts are the cache: a mutation of this operation may change the numbers.
    { cache: false },
  );
  return { load: (filter, by) => loader.load({ filter, by }) };
}

function keyOfFilter({ filter }: Wanted): string {
  return JSON.stringify(filter);
}
