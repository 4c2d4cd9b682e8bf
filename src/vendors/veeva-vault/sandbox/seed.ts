import type { Timeline } from '../../../sandbox-kit/clock.ts';
import type { Random } from '../../../sandbox-kit/random.ts';
import { ownerIds, pickOutcome, type RecurringJob, recurringJobs, requestedJob, timesOf } from './catalog.ts';
import type { JobFields } from './complete-job.ts';
import { type EndedStatus, isEndedStatus, type JobStatus, neverRuns } from './job.ts';
import type { VaultJobs } from './jobs.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Every status once, so that even a small Vault shows them all. */
const oneOfEach: readonly JobStatus[] = [
  'RUNNING',
  'SCHEDULED',
  'SUCCESS',
  'QUEUED',
  'ERRORS_ENCOUNTERED',
  'CANCELLED',
  'CANCELLING',
  'QUEUEING',
  'MISSED_SCHEDULE',
  'TIMEOUT',
  'FAILED_TO_RUN',
  'COMPLETED_DUE_TO_INACTIVITY',
];

type Seed = JobFields & { createdAtMs: number };

/** Fills a Vault with `count` jobs of the last ten days, in every status. */
export function seedJobs(count: number, parts: { jobs: VaultJobs; timeline: Timeline; random: Random }): void {
  const { jobs, timeline, random } = parts;
  const nowMs = timeline.now();
  let scheduled = 0;
  const seeds = Array.from({ length: count }, (_, index): Seed => {
    const status = oneOfEach[index] ?? pickStatus(random);
    // A Vault has one planned instance of each recurring job.
    const recurring = status === 'SCHEDULED' ? recurringJobs[scheduled++] : undefined;
    if (recurring) return scheduledJob(recurring, nowMs, random);
    if (status === 'SCHEDULED') return endedJob('SUCCESS', nowMs, random);
    return isEndedStatus(status) ? endedJob(status, nowMs, random) : activeJob(status, nowMs, random);
  });
  seeds.sort((one, other) => one.createdAtMs - other.createdAtMs);
  for (const seed of seeds) jobs.addJob(seed);
}

function activeJob(status: JobStatus, nowMs: number, random: Random): Seed {
  const job = requestedJob(random);
  const queuedForMs = random.integer(0, job.waitMs);
  const runningForMs = status === 'RUNNING' ? random.integer(0, job.durationMs) : 0;
  return {
    ...job,
    status,
    outcome: pickOutcome(random),
    createdAtMs: nowMs - queuedForMs - runningForMs - 3_000,
    startedAtMs: status === 'RUNNING' ? nowMs - runningForMs : undefined,
    modifiedBy: status === 'CANCELLING' ? random.pick(ownerIds) : 1,
    modifiedAtMs: nowMs - runningForMs,
  };
}

function scheduledJob({ title, everyMs, taskIds }: RecurringJob, nowMs: number, random: Random): Seed {
  const plannedStartMs = nowMs + random.integer(1, everyMs);
  // An instance is made when the one before it has ended.
  const createdAtMs = Math.min(nowMs, plannedStartMs - everyMs + random.integer(0, minuteMs));
  return {
    title,
    status: 'SCHEDULED',
    method: undefined,
    createdBy: 1,
    createdAtMs,
    modifiedAtMs: createdAtMs,
    plannedStartMs,
    slotMs: plannedStartMs,
    repeatEveryMs: everyMs,
    taskIds: taskIds ?? [],
    outcome: random.chance(0.05) ? 'MISSED_SCHEDULE' : pickOutcome(random),
    ...timesOf(random),
  };
}

function endedJob(status: EndedStatus, nowMs: number, random: Random): Seed {
  // More of the recent past than of the far one.
  const endedAtMs = nowMs - 1_000 - Math.floor(random.fraction() ** 2 * 10 * dayMs);
  const neverRan = neverRuns(status);
  const { waitMs, durationMs } = timesOf(random);
  const plannedStartMs = neverRan ? endedAtMs : endedAtMs - durationMs - waitMs;
  const times = {
    status,
    outcome: status,
    plannedStartMs,
    startedAtMs: neverRan ? undefined : endedAtMs - durationMs,
    endedAtMs,
    modifiedAtMs: endedAtMs,
    modifiedBy: status === 'CANCELLED' ? random.pick(ownerIds) : 1,
  };
  if (!neverRan && random.chance(0.45)) return { ...requestedJob(random), ...times, createdAtMs: plannedStartMs - 3_000 };
  const { title, everyMs, taskIds } = random.pick(recurringJobs);
  const createdAtMs = plannedStartMs - everyMs + random.integer(0, minuteMs);
  return { ...times, title, method: undefined, createdBy: 1, createdAtMs, repeatEveryMs: everyMs, taskIds: taskIds ?? [] };
}

function pickStatus(random: Random): JobStatus {
  const fraction = random.fraction();
  if (fraction < 0.07) return 'RUNNING';
  if (fraction < 0.1) return 'QUEUED';
  if (fraction < 0.2) return 'SCHEDULED';
  if (fraction < 0.25) return 'CANCELLED';
  if (fraction < 0.27) return 'MISSED_SCHEDULE';
  return pickOutcome(random);
}
