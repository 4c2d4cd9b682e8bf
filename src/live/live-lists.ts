import type { JobService } from '../job-service/job-service.ts';
import { selectSystems } from '../jobs/filter.ts';
import { type Result, succeed } from '../jobs/problem.ts';
import type { JobListEvent } from './list-events.ts';
import type { ListWatcher, SubscribeOptions } from './list-watcher.ts';
import { type LiveJobs, releaseAtReturn } from './live-jobs.ts';

/** Live lists of one caller's operation. */
export interface LiveLists {
  /**
   * The first page, then its changes, until `return`. The list counts as `first` watched jobs, but at least 50. A problem: the caller watches the
   * maximum number.
   */
  subscribe(options: Omit<SubscribeOptions, 'caller'>): Result<AsyncIterableIterator<JobListEvent, undefined, undefined>>;
}

export interface LiveListsOptions {
  watcher: ListWatcher;
  jobs: JobService;
  live: Pick<LiveJobs, 'reserve'>;
  /** The caller that vendor requests count toward; see CallContext. */
  caller: string;
  credentialFor(systemId: string): string | null;
}

/** A short list may need as many requests as a long one. */
const minCountedJobs = 50;

export function createLiveLists({ watcher, jobs, live, caller, credentialFor }: LiveListsOptions): LiveLists {
  return {
    subscribe({ filter, order, first }) {
      const reserved = live.reserve(Math.max(first, minCountedJobs));
      if (!reserved.ok) return reserved;
      const lists = selectSystems(jobs.readableSystems, filter).map((system) => ({
        system,
        filter,
        order,
        credential: credentialFor(system.id),
      }));
      return succeed(releaseAtReturn(watcher.subscribe(lists, { filter, order, first, caller }), reserved.value));
    },
  };
}
