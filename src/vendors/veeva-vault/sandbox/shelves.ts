import { isEndedStatus, type VaultJob } from './job.ts';
import type { VaultSwitches } from './switches.ts';

/** The jobs that have not ended, and those that have, in the order they ended. */
export interface Shelves {
  find(id: number): VaultJob | undefined;
  /** Adds a job, or moves it after its status has changed. Drops the oldest ended jobs beyond the switch `endedJobsKept`. */
  place(job: VaultJob): void;
  remove(id: number): void;
  /** By ID. */
  unfinished(): readonly VaultJob[];
  /** By ID. */
  ended(): readonly VaultJob[];
}

export function createShelves(switches: VaultSwitches): Shelves {
  const unfinished = new Map<number, VaultJob>();
  const ended = new Map<number, VaultJob>();
  let sortedUnfinished: VaultJob[] | undefined;
  let sortedEnded: VaultJob[] | undefined;

  const forgetOrder = (): void => {
    sortedUnfinished = undefined;
    sortedEnded = undefined;
  };

  return {
    find: (id) => unfinished.get(id) ?? ended.get(id),
    place(job) {
      forgetOrder();
      if (!isEndedStatus(job.status)) {
        ended.delete(job.id);
        unfinished.set(job.id, job);
        return;
      }
      unfinished.delete(job.id);
      ended.set(job.id, job);
      for (const id of ended.keys()) {
        if (ended.size <= switches.endedJobsKept) break;
        ended.delete(id);
      }
    },
    remove(id) {
      unfinished.delete(id);
      ended.delete(id);
      forgetOrder();
    },
    unfinished() {
      sortedUnfinished ??= byId(unfinished);
      return sortedUnfinished;
    },
    ended() {
      sortedEnded ??= byId(ended);
      return sortedEnded;
    },
  };
}

function byId(jobs: Map<number, VaultJob>): VaultJob[] {
  return [...jobs.values()].sort((one, other) => one.id - other.id);
}
