import { everydayTypes } from './job-types.ts';
import { addRunningJob, type SeedParts } from './seed.ts';

/** Most jobs that the sandbox keeps beyond the number it started with. */
const keptArrivals = 500;

/**
 * Adds a new job every 20 to 60 seconds while the switch `arrivals` is on. The requestor cancels 8% of them.
 * Beyond the maximum, each new job removes the oldest ended one of `ownJobs`. Jobs that tests added remain.
 */
export function startArrivals(parts: SeedParts, ownJobs: string[]): void {
  const { count, jobs, lifeCycle, randomOf, timeline, switches } = parts;
  const chance = randomOf(-2);
  let arrived = 0;

  const arrive = () => {
    const random = randomOf(count + arrived);
    arrived += 1;
    const jobId = addRunningJob(parts, random.pick(everydayTypes), 0, random);
    ownJobs.push(jobId);
    if (random.chance(0.08)) timeline.at(timeline.now() + random.integer(10_000, 120_000), () => cancelByRequestor(jobId));
    if (ownJobs.length > count + keptArrivals) forgetOldest();
  };
  const cancelByRequestor = (jobId: string) => {
    const job = jobs.get(jobId);
    if (job?.status === 'IN_PROGRESS') lifeCycle.cancel(job, job.requestor);
  };
  const forgetOldest = () => {
    const index = ownJobs.findIndex((jobId) => jobs.get(jobId)?.status !== 'IN_PROGRESS');
    const [jobId] = index < 0 ? [] : ownJobs.splice(index, 1);
    if (jobId !== undefined) jobs.remove(jobId);
  };
  const scheduleNext = () => {
    timeline.at(timeline.now() + chance.integer(20_000, 60_000), () => {
      if (switches.arrivals) arrive();
      scheduleNext();
    });
  };
  scheduleNext();
}
