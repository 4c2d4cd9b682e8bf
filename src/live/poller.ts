import type { Clock } from '../concurrency/clock.ts';
import type { ServedSystem } from '../job-service/served-system.ts';
import { isTerminal, type Job } from '../jobs/job.ts';
import type { JobRead } from '../reading/job-read.ts';
import { type Alarm, createAlarm } from './alarm.ts';
import { readBatch } from './batch-reads.ts';
import { fingerprintOf } from './fingerprint.ts';
import { minIntervalMs, type ReadBounds, scheduleSoon } from './read-schedule.ts';
import type { ReceivedJob } from './replica-channel.ts';
import {
  type Batch,
  createWatchedJob,
  deliver,
  freshCopyOf,
  statusOf,
  takeCopy,
  takeStatus,
  type WatchedJob,
  type Watching,
} from './watched-job.ts';

/** Polls the watched jobs of one system, all that are due together, and delivers each change to the job's watchers. */
export interface Poller {
  add(vendorId: string, watching: Watching): void;
  remove(vendorId: string, watching: Watching): void;
  /** A read by another request. `byId` false: only its status is reliable (a row of a list, a confirmed action). */
  note(vendorId: string, read: JobRead, byId: boolean): void;
  /**
   * A read by another replica's poller. That replica continues to poll the job, unless both just polled it: then the one that comes first does.
   */
  receive(vendorId: string, job: ReceivedJob, fingerprint: string, comesFirst: boolean): void;
  /** The newest copy of the job, for other replicas; null: there is none, or it is stale. */
  find(vendorId: string): Job | null;
  /** Another replica's response to a request for the job. */
  receiveKnown(vendorId: string, job: Job): void;
  watchedJobs(): number;
  stop(): void;
}

export interface PollerOptions {
  system: ServedSystem;
  /** The watchers' own credential; null: the system's configured one. */
  credential: string | null;
  clock: Clock;
  /** Called for each batch of reads, and then with each job's read. */
  onPoll(): void;
  onPolled(read: JobRead, fingerprint: string, changed: boolean): void;
  /** Requests the other replicas' copy of a job. False, or null: there are none. */
  requestFromReplicas: ((vendorId: string) => boolean) | null;
  /** Called when no job is watched any more. */
  onIdle(): void;
  onBug(error: unknown): void;
}

/** For a job that another replica polls: this replica takes over if that one misses a poll. */
const standbyFactor = 1.7;
/** The wait for other replicas' responses before a read that the vendor may reject as too early. */
const replicaResponseMs = 250;

/** The watched jobs of one system, and the state of the poller. */
interface Polling {
  options: PollerOptions;
  jobs: Map<string, WatchedJob>;
  alarm: Alarm;
}

export function createPoller(options: PollerOptions): Poller {
  const polling: Polling = { options, jobs: new Map(), alarm: createAlarm(options.clock, () => poll(polling)) };
  const { jobs, alarm } = polling;
  return {
    add: (vendorId, watching) => add(polling, vendorId, watching),
    remove: (vendorId, watching) => remove(polling, vendorId, watching),
    note(vendorId, read, byId) {
      const job = jobs.get(vendorId);
      if (!job) return;
      if (!byId) noteStatus(polling, job, read);
      else if (job.batch) takePolled(polling, job, read);
      else takeCopy(job, read, fingerprintOf(read), 1, boundsOf(options));
    },
    receive(vendorId, received, fingerprint, comesFirst) {
      const job = jobs.get(vendorId);
      if (job && !job.batch) receive(polling, job, received, { fingerprint, comesFirst });
    },
    find: (vendorId) => freshCopyOf(jobs.get(vendorId)),
    receiveKnown(vendorId, known) {
      const job = jobs.get(vendorId);
      if (!job?.awaitsReplicas) return;
      job.batch = null;
      const read = { kind: 'job', job: known } as const;
      takeCopy(job, read, fingerprintOf(read), standbyFactor, boundsOf(options));
      wakeFor(polling, job);
    },
    watchedJobs: () => jobs.size,
    stop() {
      alarm.cancel();
      for (const { batch } of jobs.values()) batch?.stop.abort();
      jobs.clear();
    },
  };
}

function boundsOf({ system, clock }: PollerOptions): ReadBounds {
  return { nowMs: clock.nowMs(), minMs: Math.max(minIntervalMs, system.adapter.reads.minIntervalMs) };
}

/** False if every replica may read at any time: reading is then faster. */
function requestFromReplicas({ system, requestFromReplicas: request }: PollerOptions, vendorId: string): boolean {
  return system.adapter.reads.minIntervalMs > 0 && (request?.(vendorId) ?? false);
}

/** Sets the alarm for a job, unless it is no longer watched. */
function wakeFor({ jobs, alarm }: Polling, job: WatchedJob): void {
  if (jobs.get(job.vendorId) === job) alarm.setFor(job.schedule.dueAtMs);
}

function wakeForNext({ jobs, alarm }: Polling): void {
  let earliestMs = Number.POSITIVE_INFINITY;
  for (const { batch, schedule } of jobs.values()) if (!batch && schedule.dueAtMs < earliestMs) earliestMs = schedule.dueAtMs;
  if (earliestMs < Number.POSITIVE_INFINITY) alarm.setFor(earliestMs);
}

/** Reads all jobs that are due. */
function poll(polling: Polling): void {
  const { options, jobs } = polling;
  const nowMs = options.clock.nowMs();
  const due = Array.from(jobs.values()).filter(({ batch, schedule }) => !batch && schedule.dueAtMs <= nowMs);
  const batch: Batch = { jobs: due, stop: new AbortController() };
  for (const job of due) job.batch = batch;
  wakeForNext(polling);
  if (due.length === 0) return;
  options.onPoll();
  readBatch(batch, {
    ...options,
    isWatched: (job) => jobs.get(job.vendorId) === job,
    onResult: (job, read) => takePolled(polling, job, read),
    onRead: () => wakeForNext(polling),
  });
}

/** Takes the read of a job, before the rest of its batch has been read. */
function takePolled(polling: Polling, job: WatchedJob, read: JobRead): void {
  const { options } = polling;
  job.batch = null;
  const changed = takeCopy(job, read, fingerprintOf(read), 1, boundsOf(options));
  job.polledAtMs = job.schedule.readAtMs;
  options.onPolled(read, job.fingerprint, changed);
  // This read may have been the last that its watchers needed.
  wakeFor(polling, job);
}

function readSoon({ options, alarm }: Polling, job: WatchedJob): void {
  job.schedule = scheduleSoon(job.schedule, boundsOf(options));
  alarm.setFor(job.schedule.dueAtMs);
}

function add({ options, jobs, alarm }: Polling, vendorId: string, watching: Watching): void {
  const bounds = boundsOf(options);
  const { nowMs, minMs } = bounds;
  let job = jobs.get(vendorId);
  if (!job) {
    // Another replica may poll the job, and the vendor would reject a second poll.
    const awaitsReplicas = requestFromReplicas(options, vendorId);
    job = createWatchedJob(vendorId, awaitsReplicas, awaitsReplicas ? replicaResponseMs : 0, bounds);
    jobs.set(vendorId, job);
  }
  job.watchings.add(watching);
  const { latest, batch, schedule } = job;
  if (latest && nowMs - schedule.readAtMs < minMs) {
    deliver(job, latest);
    return;
  }
  if (batch) return;
  // The known copy of a job that is polled less often may be old.
  if (latest || !job.awaitsReplicas) job.schedule = { ...schedule, dueAtMs: Math.min(schedule.dueAtMs, nowMs) };
  alarm.setFor(job.schedule.dueAtMs);
}

function remove({ options, jobs, alarm }: Polling, vendorId: string, watching: Watching): void {
  const job = jobs.get(vendorId);
  if (!job?.watchings.delete(watching) || job.watchings.size > 0) return;
  jobs.delete(vendorId);
  const { batch } = job;
  if (batch?.jobs.every((other) => other.batch !== batch || other.watchings.size === 0)) batch.stop.abort();
  if (jobs.size > 0) return;
  alarm.cancel();
  options.onIdle();
}

/** Takes a read of which only the status is reliable. */
function noteStatus(polling: Polling, job: WatchedJob, read: JobRead): void {
  const { batch, latest } = job;
  // The read in progress will be newer.
  if (batch || !latest || statusOf(latest) === statusOf(read)) return;
  const isDoubtful = latest.kind === 'job' && isTerminal(latest.job.status);
  if (!isDoubtful) takeStatus(job, read, fingerprintOf(read));
  readSoon(polling, job);
}

/** Takes a read by another replica's poller; see Poller. */
function receive(
  polling: Polling,
  job: WatchedJob,
  received: ReceivedJob,
  { fingerprint, comesFirst }: { fingerprint: string; comesFirst: boolean },
): void {
  const { options } = polling;
  const isSame = job.fingerprint === fingerprint;
  const copy = typeof received === 'object' ? ({ kind: 'job', job: received } as const) : isSame ? job.latest : null;
  if (!copy) {
    if (received === 'tooLarge') readSoon(polling, job);
    job.awaitsReplicas = requestFromReplicas(options, job.vendorId);
    return;
  }
  const bounds = boundsOf(options);
  const bothPolled = bounds.nowMs - job.polledAtMs < bounds.minMs / 2;
  if (!bothPolled || comesFirst) takeCopy(job, copy, fingerprint, standbyFactor, bounds);
  else if (!isSame) takeCopy(job, copy, fingerprint, 1, bounds);
}
