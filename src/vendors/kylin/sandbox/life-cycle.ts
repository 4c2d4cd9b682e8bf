import type { Timeline } from '../../../sandbox-kit/clock.ts';
import { type InternalState, isWaiting, type Job, moveJob } from './job.ts';

/** What happens to a job over time: a scheduler starts waiting jobs every ten seconds, and running jobs end. */
export interface LifeCycle {
  /** Puts a job into another state and schedules what follows. The caller has checked `canMove`. */
  move(job: Job, to: InternalState): void;
  /** Schedules what follows from a job's state. */
  arrange(job: Job): void;
  /** Nothing more happens to this job. */
  remove(job: Job): void;
}

const tickMs = 10_000;
/** How many jobs one tick starts, and how many run at the same time. */
const maxJobsPerTick = 20;
const maxRunningJobs = 20;

export function createLifeCycle(timeline: Timeline): LifeCycle {
  const waitingJobs = new Set<Job>();
  const runningJobs = new Set<Job>();
  const scheduleTick = createTicks(timeline, () => {
    startWaitingJobs();
    return waitingJobs.size > 0;
  });

  /** READY becomes PENDING, and PENDING becomes RUNNING if there is room, which may be the same job. The oldest first. */
  function startWaitingJobs(): void {
    const queue = [...waitingJobs].sort((a, b) => a.createTime - b.createTime || a.row - b.row);
    for (const job of inState(queue, 'READY').slice(0, maxJobsPerTick)) move(job, 'PENDING');
    const room = Math.max(0, Math.min(maxJobsPerTick, maxRunningJobs - runningJobs.size));
    for (const job of inState(queue, 'PENDING').slice(0, room)) move(job, 'RUNNING');
  }

  function move(job: Job, to: InternalState): void {
    moveJob(job, to, timeline.now());
    arrange(job);
  }

  function arrange(job: Job): void {
    remove(job);
    if (isWaiting(job.state)) {
      waitingJobs.add(job);
      if (job.state === 'READY') job.node = null;
      scheduleTick();
    }
    if (job.state === 'RUNNING') {
      runningJobs.add(job);
      job.node ??= job.row % 2 === 0 ? 'node1' : 'node2';
      scheduleEnd(job);
    }
  }

  function scheduleEnd(job: Job): void {
    const endsAtMs = endOf(job);
    timeline.at(endsAtMs, () => {
      // Paused, discarded, restarted, changed, or removed in the meantime: another end is scheduled, or none.
      if (job.state !== 'RUNNING' || endOf(job) !== endsAtMs || !runningJobs.has(job)) return;
      const end = job.mishap?.state ?? 'SUCCEED';
      job.mishap = null;
      move(job, end);
    });
  }

  function remove(job: Job): void {
    waitingJobs.delete(job);
    runningJobs.delete(job);
  }

  return { move, arrange, remove };
}

/** Returns a function that schedules the next tick, unless one is scheduled. `tick` returns whether to schedule another. */
function createTicks(timeline: Timeline, tick: () => boolean): () => void {
  const firstAtMs = timeline.now();
  let isScheduled = false;
  return function schedule() {
    if (isScheduled) return;
    isScheduled = true;
    const count = Math.floor((timeline.now() - firstAtMs) / tickMs) + 1;
    timeline.at(firstAtMs + count * tickMs, () => {
      isScheduled = false;
      if (tick()) schedule();
    });
  };
}

function inState(jobs: readonly Job[], state: InternalState): Job[] {
  return jobs.filter((job) => job.state === state);
}

/** When a running job ends if nothing happens to it before. */
function endOf(job: Job): number {
  return job.runningSince + Math.max(1, (job.mishap?.afterMs ?? job.runMs) - job.ranMs);
}
