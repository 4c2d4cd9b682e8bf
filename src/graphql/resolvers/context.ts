import type { Caller } from '../../access/caller.ts';
import type { Bulk } from '../../bulk/bulk.ts';
import type { EventService } from '../../history/event-service.ts';
import type { OnceForCaller } from '../../idempotency/perform-idempotently.ts';
import type { JobService } from '../../job-service/job-service.ts';
import type { ServedSystem } from '../../job-service/served-system.ts';
import type { Result } from '../../jobs/problem.ts';
import type { LiveJobs } from '../../live/live-jobs.ts';
import type { LiveLists } from '../../live/live-lists.ts';
import type { SystemChange } from '../../live/system-watcher.ts';

/** What every resolver gets: the caller, and the services for jobs. Those that few operations need are created when they are first used. */
export interface Context {
  caller: Caller;
  jobs: JobService;
  bulk(): Bulk;
  events(): EventService;
  /** Performs a mutation with an idempotency key of this caller once. */
  once: OnceForCaller;
  live(): LiveJobs;
  lists(): LiveLists;
  /** The state of each of these systems, then its changes. A problem: the caller watches the maximum number of jobs. */
  systemChanges(systems: readonly ServedSystem[]): Result<AsyncIterableIterator<SystemChange, undefined, undefined>>;
}
