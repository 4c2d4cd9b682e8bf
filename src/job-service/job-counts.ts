import DataLoader from 'dataloader';
import type { CountedFact } from '../counting/cell.ts';
import { type CountOfSystem, countJobs } from '../counting/count-jobs.ts';
import type { SharedCounts } from '../counting/shared-counts.ts';
import type { CallContext } from '../jobs/adapter.ts';
import type { JobFilter } from '../jobs/filter.ts';
import { entryOf } from '../jobs/pair-results.ts';
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
      const together = new Map<string, Wanted>();
      for (const { filter, by } of wanted) {
        const key = keyOfFilter(filter);
        together.set(key, { filter, by: by.union(together.get(key)?.by ?? new Set()) });
      }
      const counts = new Map(Array.from(together, ([key, request]) => [key, countJobs(systems, { ...request, shared }, callTo)]));
      return Promise.all(wanted.map(({ filter }) => entryOf(counts, keyOfFilter(filter))));
    },
    // Shared counts are the cache: a mutation of this operation may change the numbers.
    { cache: false },
  );
  return { load: (filter, by) => loader.load({ filter, by }) };
}

function keyOfFilter(filter: JobFilter): string {
  return JSON.stringify(filter);
}
