import type { Timeline } from '../../../sandbox-kit/clock.ts';
import type { Random } from '../../../sandbox-kit/random.ts';
import { type EndedStatus, isEndedStatus, type JobStatus, neverRuns } from './job.ts';
import type { JobFields, VaultJobs } from './state.ts';
import type { VaultSwitches } from './switches.ts';
import { integrationUserId } from './users.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

interface RecurringJob {
  title: string;
  everyMs: number;
  taskIds?: readonly string[];
}

/** What the Vault, or a customer's SDK code, runs by itself again and again. */
const recurringJobs: readonly RecurringJob[] = [
  { title: 'Task Reminder Notification', everyMs: dayMs },
  { title: 'User Account Activation', everyMs: dayMs },
  { title: 'Clean up temp file handle metadata', everyMs: dayMs },
  { title: 'Cleanup User Exceptions', everyMs: dayMs },
  { title: 'Synchronize Portal Assets', everyMs: dayMs },
  { title: 'Document Expiration Check', everyMs: dayMs },
  { title: 'Periodic Review Reminder', everyMs: dayMs },
  { title: 'Update CrossLink Documents', everyMs: hourMs },
  { title: 'Refresh Training Assignments', everyMs: hourMs },
  { title: 'Process Expired Envelopes', everyMs: 12 * hourMs },
  { title: 'Rebuild Recent Documents Index', everyMs: 6 * hourMs },
  { title: 'Send Daily Digest', everyMs: dayMs },
  { title: 'Sync Batch Records from SAP', everyMs: 15 * minuteMs, taskIds: ['FetchBatches', 'UpsertBatches', 'CloseOutBatches'] },
  { title: 'Recalculate CAPA Due Dates', everyMs: 4 * hourMs, taskIds: ['CollectOpenCapas', 'RecalculateDueDates'] },
];

/** What people and integrations ask for. */
const requestedJobs: readonly { title: string; cancellable?: boolean; taskIds?: readonly string[] }[] = [
  { title: 'Export Documents', cancellable: true },
  { title: 'Binder Export', cancellable: true },
  { title: 'Import Submission' },
  { title: 'Export Submission', cancellable: true },
  { title: 'Create EDL' },
  { title: 'Deploy Package' },
  { title: 'Deep Copy Object Record' },
  { title: 'Cascade Delete Object Record' },
  { title: 'Bulk Document Update', cancellable: true },
  { title: 'Vault Loader Extract', cancellable: true },
  { title: 'Reassign Open Deviations', cancellable: true, taskIds: ['Batch-1', 'Batch-2', 'Batch-3', 'Batch-4', 'Batch-5'] },
  { title: 'Archive Superseded SOPs', taskIds: ['FindSuperseded', 'MoveToArchive', 'NotifyOwners'] },
];

/** The users whose jobs one sees; 1 is the Vault itself. */
const ownerIds = [integrationUserId, integrationUserId, 20_398, 20_423, 20_431, 20_460];

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

/** Lets a new job arrive every 20 to 60 seconds for as long as the switch `arrivals` is on. */
export function startArrivals(parts: { jobs: VaultJobs; timeline: Timeline; random: Random; switches: VaultSwitches }): void {
  const { jobs, timeline, random, switches } = parts;
  const arriveLater = (): void =>
    timeline.at(timeline.now() + random.integer(20_000, 60_000), () => {
      if (switches.arrivals) jobs.addJob({ ...requestedJob(random), status: 'QUEUEING', outcome: pickOutcome(random) });
      arriveLater();
    });
  arriveLater();
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

function requestedJob(random: Random) {
  const { title, cancellable, taskIds } = random.pick(requestedJobs);
  return {
    title,
    method: 'POST',
    createdBy: random.pick(ownerIds),
    cancellableWhileRunning: cancellable ?? false,
    taskIds: taskIds ?? [],
    ...timesOf(random),
  };
}

function timesOf(random: Random): { waitMs: number; durationMs: number } {
  return { waitMs: random.integer(4_000, 40_000), durationMs: random.integer(20_000, 8 * minuteMs) };
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

function pickOutcome(random: Random): EndedStatus {
  const fraction = random.fraction();
  if (fraction < 0.86) return 'SUCCESS';
  if (fraction < 0.95) return 'ERRORS_ENCOUNTERED';
  return fraction < 0.98 ? 'TIMEOUT' : 'COMPLETED_DUE_TO_INACTIVITY';
}
