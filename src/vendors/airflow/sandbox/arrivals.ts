import type { Timeline } from '../../../sandbox-kit/clock.ts';
import type { Random } from '../../../sandbox-kit/random.ts';
import { drawRun } from './catalog.ts';
import { idOf, isEnded } from './job.ts';
import type { AirflowState } from './state.ts';
import type { AirflowSwitches } from './switches.ts';

const betweenArrivalsMs: readonly [number, number] = [20_000, 60_000];
/** From this number of runs on, each arrival removes the oldest run that has ended. */
const keptRuns = 2_000;

/** Adds a new run every 20 to 60 seconds while the switch `arrivals` is on. */
export function startArrivals(
  state: AirflowState,
  random: Random,
  timeline: Timeline,
  switches: AirflowSwitches,
  seededRuns: number,
): void {
  function planNext(): void {
    timeline.at(timeline.now() + random.integer(...betweenArrivalsMs), () => {
      if (switches.arrivals) arrive();
      planNext();
    });
  }
  function arrive(): void {
    const dags = [...state.dags()].filter(({ isPaused, isStale }) => !isPaused && !isStale);
    state.addJob({ ...drawRun(dags, random), runAfterMs: timeline.now() });
    if (state.jobCount() > Math.max(keptRuns, seededRuns)) removeOldest();
  }
  function removeOldest(): void {
    for (const run of state.jobs()) {
      if (!isEnded(run.state)) continue;
      state.removeJob(idOf(run));
      return;
    }
  }
  planNext();
}
