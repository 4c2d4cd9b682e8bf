import type { Timeline } from '../../../sandbox-kit/clock.ts';
import { canBeCancelled, type KineticaJob, progressOf } from './job.ts';
import type { KineticaSwitches } from './switches.ts';

/** What happens to a job over time. */
export interface LifeCycle {
  /** Schedules the start of a job that was just added, if it waits, and its end. */
  arrange(job: KineticaJob, plan: { waitsMs?: number | undefined; runsMs?: number | undefined }): void;
  /** Schedules the end of a running job. */
  arrangeEnd(job: KineticaJob): void;
  /** Asks the job to stop, as /admin/alter/jobs does. False if it can't be canceled now. */
  cancel(job: KineticaJob): boolean;
}

export function createLifeCycle({ timeline, switches }: { timeline: Timeline; switches: KineticaSwitches }): LifeCycle {
  function arrangeEnd(job: KineticaJob): void {
    const { endsAtMs } = job;
    if (job.status !== 'RUNNING' || endsAtMs === undefined) return;
    timeline.at(endsAtMs, () => {
      // The job may have been canceled, or changed behind the API's back, in the meantime.
      if (job.status === 'RUNNING' && job.endsAtMs === endsAtMs) end(job);
    });
  }

  return {
    arrange(job, { waitsMs, runsMs }) {
      if (job.status === 'WAITING' && waitsMs !== undefined) {
        timeline.at(timeline.now() + waitsMs, () => {
          if (job.status !== 'WAITING') return;
          start(job, runsMs, timeline.now());
          arrangeEnd(job);
        });
      }
      arrangeEnd(job);
    },
    arrangeEnd,
    cancel(job) {
      if (job.status === 'CANCELLED') return switches.repeatedCancel === 'accepted';
      if (!canBeCancelled(job)) return false;
      if (job.ignoresCancel) return true;
      const stopMs = job.status === 'WAITING' ? 0 : switches.stopMs;
      requestStop(job, stopMs > 0, timeline.now());
      if (stopMs > 0) {
        timeline.at(timeline.now() + stopMs, () => {
          if (job.status === 'CANCELLED') job.running = false;
        });
      }
      return true;
    },
  };
}

function start(job: KineticaJob, runsMs: number | undefined, nowMs: number): void {
  job.status = 'RUNNING';
  job.startedAtMs = nowMs;
  if (runsMs !== undefined) job.endsAtMs = nowMs + runsMs;
}

function end(job: KineticaJob): void {
  job.progress = job.outcome === 'ERROR' ? 72 : 100;
  job.status = job.outcome;
  job.running = false;
}

function requestStop(job: KineticaJob, stillRuns: boolean, nowMs: number): void {
  job.progress = progressOf(job, nowMs);
  job.status = 'CANCELLED';
  job.running = stillRuns;
}
