import type { Timeline } from '../../../sandbox-kit/clock.ts';
import type { JobFields } from './complete-job.ts';
import { isEndedStatus, nextStep, type VaultJob } from './job.ts';
import type { Shelves } from './shelves.ts';
import type { VaultSwitches } from './switches.ts';

/** What happens to a job over time. */
export interface LifeCycle {
  /** Puts a job into a status, on behalf of a user (default: the Vault itself), and schedules what follows. */
  enter(job: VaultJob, status: VaultJob['status'], userId?: number): void;
  /** Schedules what happens next to a job that is left alone. */
  arrange(job: VaultJob): void;
}

interface LifeCycleParts {
  timeline: Timeline;
  switches: VaultSwitches;
  shelves: Shelves;
  /** Adds the next instance of a recurring job. */
  addNext(fields: JobFields): void;
}

const systemUserId = 1;

export function createLifeCycle({ timeline, switches, shelves, addNext }: LifeCycleParts): LifeCycle {
  /** How often a job has entered a status: what was scheduled in an earlier status no longer happens. */
  const turns = new WeakMap<VaultJob, number>();

  function enter(job: VaultJob, status: VaultJob['status'], userId = systemUserId): void {
    setStatus(job, status, userId, timeline.now());
    shelves.place(job);
    if (isEndedStatus(job.status) && job.repeatEveryMs !== undefined) addNext(nextInstance(job, job.repeatEveryMs, timeline.now()));
    arrange(job);
  }

  function arrange(job: VaultJob): void {
    const turn = (turns.get(job) ?? 0) + 1;
    turns.set(job, turn);
    const next = nextStep(job, timeline.now(), switches);
    if (!next) return;
    timeline.at(next.atMs, () => {
      if (turns.get(job) === turn && shelves.find(job.id) === job) enter(job, next.status);
    });
  }

  return { enter, arrange };
}

function setStatus(job: VaultJob, status: VaultJob['status'], userId: number, nowMs: number): void {
  job.status = status;
  job.modifiedBy = userId;
  job.modifiedAtMs = nowMs;
  if (status === 'RUNNING') job.startedAtMs = nowMs;
  if (status === 'QUEUEING' || status === 'QUEUED') job.queuedAtMs ??= nowMs;
  job.endedAtMs = isEndedStatus(job.status) ? nowMs : undefined;
}

/** The next instance of a recurring job that has ended. */
function nextInstance(job: VaultJob, everyMs: number, nowMs: number): JobFields {
  const missed = Math.max(1, Math.floor((nowMs - job.slotMs) / everyMs) + 1);
  const slotMs = job.slotMs + missed * everyMs;
  const { title, type, waitMs, durationMs, cancellableWhileRunning, taskIds, createdBy, frozen } = job;
  const same = { title, type, waitMs, durationMs, cancellableWhileRunning, taskIds, createdBy, frozen };
  return { ...same, status: 'SCHEDULED', method: undefined, plannedStartMs: slotMs, slotMs, repeatEveryMs: everyMs };
}
