import { addActionableJob, countCreated, isCarriedOut, renewJob } from '../faults/actionable-jobs.ts';
import { namedJobs } from '../faults/named-jobs.ts';
import { onArrival } from '../faults/on-arrival.ts';
import { forEachSystem, type Sandboxes, type SystemName, systemNames } from '../start.ts';
import type { Action } from '../vendors/contract.ts';
import { splitId, subjects } from '../vendors/subjects.ts';

/** Jobs to act on, each lent to one operation at a time, so that every vendor request about it belongs to that operation. */
export interface JobPool {
  /** A job that allows the action, or null if all are lent. */
  lend(system: SystemName, action: Action): string | null;
  giveBack(id: string): void;
  /** How often an action on the job has reached its vendor since it was lent. */
  countSends(id: string): number;
  /** Whether an action on the job has truly been carried out since it was lent. */
  isDone(id: string, action: Action): boolean;
  /** Jobs on which no authorized caller performs an action. */
  forbidden: Record<SystemName, string[]>;
}

const size = 60;

/** `onStraySend`: an action has reached a vendor about a job that is not lent. */
export function createJobPool(sandboxes: Sandboxes, onStraySend: (id: string, isForbidden: boolean) => void): JobPool {
  const addMany = (system: SystemName, count: number) =>
    Array.from({ length: count }, () => `${system}:${addActionableJob(sandboxes, system, 'cancel')}`);
  const forbidden = forEachSystem((system) => addMany(system, 5));
  const free = forEachSystem((system) => addMany(system, size));
  const sends = new Map<string, number>();
  const createdBefore = new Map<string, number>();
  for (const system of systemNames) {
    const { sessions } = subjects[system];
    const ours = new Set(free[system]);
    onArrival(sandboxes[system], (request) => {
      // Without a session the vendor rejects every request, and Jobyard may send it once more.
      if (sessions?.count(sandboxes[system]) === 0) return;
      for (const id of namedJobs(system, request)) {
        const count = sends.get(id);
        if (count !== undefined) sends.set(id, count + 1);
        else if (ours.has(id) || forbidden[system].includes(id)) onStraySend(id, !ours.has(id));
      }
    });
  }

  return {
    lend(system, action) {
      // The one that has rested longest: what may still be on its way to another has time to arrive.
      const id = free[system].shift();
      if (id === undefined) return null;
      renewJob(sandboxes, system, id.slice(system.length + 1), action);
      sends.set(id, 0);
      createdBefore.set(id, countCreated(sandboxes, id));
      return id;
    },
    giveBack(id) {
      sends.delete(id);
      free[splitId(id).system].push(id);
    },
    countSends: (id) => sends.get(id) ?? 0,
    isDone: (id, action) => isCarriedOut(sandboxes, id, action, createdBefore.get(id)),
    forbidden,
  };
}
