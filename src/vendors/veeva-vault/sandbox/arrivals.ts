import type { Timeline } from '../../../sandbox-kit/clock.ts';
import type { Random } from '../../../sandbox-kit/random.ts';
import { pickOutcome, requestedJob } from './catalog.ts';
import type { VaultJobs } from './jobs.ts';
import type { VaultSwitches } from './switches.ts';

/** Adds a new job every 20 to 60 seconds while the switch `arrivals` is on. */
export function startArrivals(parts: { jobs: VaultJobs; timeline: Timeline; random: Random; switches: VaultSwitches }): void {
  const { jobs, timeline, random, switches } = parts;
  const scheduleNext = (): void =>
    timeline.at(timeline.now() + random.integer(20_000, 60_000), () => {
      if (switches.arrivals) jobs.addJob({ ...requestedJob(random), status: 'QUEUEING', outcome: pickOutcome(random) });
      scheduleNext();
    });
  scheduleNext();
}
