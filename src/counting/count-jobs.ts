// Counting: how many jobs match a filter, by their properties. By the vendors' own counts, or by one scan that all counts share.

import type { CallContext } from '../jobs/adapter.ts';
import { type JobFilter, selectSystems } from '../jobs/filter.ts';
import type { ReadableSystem } from '../reading/readable-system.ts';
import type { CountedFact } from './cell.ts';
import type { SharedCounts } from './shared-counts.ts';
import type { SystemCount } from './system-count.ts';

export type CountOfSystem<System> = SystemCount & { system: System };

/** Counts the matching jobs of all selected systems. A system that fails affects only its own count. */
export function countJobs<System extends ReadableSystem>(
  systems: readonly System[],
  { filter, by, shared }: { filter: JobFilter; by: ReadonlySet<CountedFact>; shared: SharedCounts },
  callTo: (system: System) => CallContext,
): Promise<CountOfSystem<System>[]> {
  return Promise.all(
    selectSystems(systems, filter).map(async (system) => ({
      ...(await shared.count({ system, filter, by, call: callTo(system) })),
      system,
    })),
  );
}
