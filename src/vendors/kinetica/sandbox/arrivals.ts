import type { Timeline } from '../../../sandbox-kit/clock.ts';
import type { JobInput } from './complete-job.ts';
import { drawWork, type JobSource, randomOf } from './job-source.ts';
import type { KineticaState } from './state.ts';
import type { KineticaSwitches } from './switches.ts';

const secondMs = 1000;

interface ArrivalParts {
  state: KineticaState;
  timeline: Timeline;
  switches: KineticaSwitches;
  source: JobSource;
  /** How many jobs were seeded. */
  count: number;
}

/** Adds a new job every 20 to 60 seconds while the switch `arrivals` is on, and drops old ended ones. */
export function startArrivals({ state, timeline, switches, source, count }: ArrivalParts): void {
  let nextIndex = source.isBackup ? count - 1 : count;

  function scheduleNext(afterMs: number): void {
    const atMs = afterMs + randomOf(source, nextIndex, 'shared').integer(20, 60) * secondMs;
    timeline.at(atMs, () => {
      if (switches.arrivals) {
        state.addJob(toArrivingJob(source, nextIndex));
        state.dropEndedJobs(switches.endedJobsKept);
      }
      nextIndex += 1;
      scheduleNext(atMs);
    });
  }

  scheduleNext(timeline.now());
}

function toArrivingJob(source: JobSource, index: number): JobInput {
  const random = randomOf(source, index, 'times');
  const kind = random.chance(0.6) ? 'async' : 'sync';
  const runsMs = kind === 'async' ? random.integer(60, 900) * secondMs : random.integer(5, 120) * secondMs;
  if (random.chance(0.2)) return { ...drawWork(source, index, kind), status: 'WAITING', waitsMs: random.integer(5, 40) * secondMs, runsMs };
  return { ...drawWork(source, index, kind), runsMs };
}
