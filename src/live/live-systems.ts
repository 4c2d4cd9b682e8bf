import type { ServedSystem } from '../job-service/served-system.ts';
import { type Result, succeed } from '../jobs/problem.ts';
import { type LiveJobs, releaseAtReturn } from './live-jobs.ts';
import type { SystemChange, SystemWatcher } from './system-watcher.ts';

/** Subscribes to systems for one caller's operation. Each counts as a watched job. A problem: the caller watches the maximum number. */
export function subscribeToSystems(
  systems: readonly ServedSystem[],
  watcher: SystemWatcher,
  live: Pick<LiveJobs, 'reserve'>,
): Result<AsyncIterableIterator<SystemChange, undefined, undefined>> {
  const reserved = live.reserve(systems.length);
  return reserved.ok ? succeed(releaseAtReturn(watcher.subscribe(systems), reserved.value)) : reserved;
}
