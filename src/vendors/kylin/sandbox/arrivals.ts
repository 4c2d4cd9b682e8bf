import type { Timeline } from '../../../sandbox-kit/clock.ts';
import type { Random } from '../../../sandbox-kit/random.ts';
import type { Catalog } from './catalog.ts';
import { isUnderway } from './job.ts';
import { drawMishap } from './mishap.ts';
import type { KylinState } from './state.ts';
import type { KylinSwitches } from './switches.ts';

const betweenArrivalsMs: readonly [number, number] = [20_000, 60_000];
/** From this number of jobs on, each arrival removes the oldest job that is not running or waiting. */
const keptJobs = 2_000;

/** Adds a new job every 20 to 60 seconds while the switch `arrivals` is on. */
export function startArrivals(
  state: KylinState,
  catalog: Catalog,
  random: Random,
  timeline: Timeline,
  switches: KylinSwitches,
  seededJobs: number,
): void {
  function planNext(): void {
    timeline.at(timeline.now() + random.integer(...betweenArrivalsMs), () => {
      if (switches.arrivals) arrive();
      planNext();
    });
  }
  function arrive(): void {
    const about = catalog.draw(timeline.now());
    state.addJob({ ...about, createTime: timeline.now(), mishap: drawMishap(about.runMs, 0.1, random) });
    if (state.jobCount() > Math.max(keptJobs, seededJobs)) removeOldest();
  }
  function removeOldest(): void {
    for (const job of state.jobs()) {
      if (isUnderway(job.state)) continue;
      state.removeJob(job.id);
      return;
    }
  }
  planNext();
}
