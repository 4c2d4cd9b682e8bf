import type { Clock } from '../concurrency/clock.ts';
import type { ServedSystem } from '../job-service/served-system.ts';
import { isTerminal, type Job } from '../jobs/job.ts';
import type { JobRead } from '../reading/job-read.ts';
import { type Alarm, createAlarm } from './alarm.ts';
import { readBatch } from './batch-reads.ts';
import { fingerprintOf } from './fingerprint.ts';
import { minIntervalMs, type ReadBounds, scheduleSoon } from './read-schedule.ts';
import type { HeardJob } from './replica-channel.ts';
import {
  type Batch,
  createWatchedJob,
  deliver,
  goodCopyOf,
  statusOf,
  takeCopy,
  takeStatus,
  type WatchedJob,
  type Watching,
} from './watched-job.ts';

/** Reads the watched jobs of one system again and again, all that are due together, and tells each change to all who watch. */
export interface Poller {
  add(vendorId: string, watching: Watching): void;
  remove(vendorId: string, watching: Watching): void;
  /** What somebody else's request showed. `byId` false: only the status is to be trusted (a row of a list, a confirmed action). */
  note(vendorId: string, read: JobRead, byId: boolean): void;
  /**
   * What another replica polled. That one goes on polling it, except where both have just done so: then the one that comes first does.
   */
  hear(vendorId: string, job: HeardJob, fingerprint: string, comesFirst: boolean): void;
  /** The newest copy of the job, for other replicas; null: there is none that is worth telling. */
  find(vendorId: string): Job | null;
  /** What another replica knew when it was asked. */
  learn(vendorId: string, job: Job): void;
  watchedJobs(): number;
  stop(): void;
}

export interface PollerOptions {
  system: ServedSystem;
  /** The watchers' own; null where the system's configured one is used. */
  credential: string | null;
  clock: Clock;
  /** Told of each batch of reads and, for each job in it, of what came. */
  onPoll(): void;
  onPolled(read: JobRead, fingerprint: string, changed: boolean): void;
  /** Asks the other replicas for what they know of a job. False, or null: there are none. */
  askOthers: ((vendorId: string) => boolean) | null;
  /** Nobody watches any more. */
  onIdle(): void;
  onBug(error: unknown): void;
}

/** A job that another replica polls: this one takes over where that one has missed a turn. */
const followerFactor = 1.7;
/** How long other replicas have to answer before a job is read that its vendor may refuse to show so soon again. */
const answerMs = 250;

/** The watched jobs of one system, and what the poller works with. */
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
      else if (job.batch) takeAnswer(polling, job, read);
      else takeCopy(job, read, fingerprintOf(read), 1, boundsOf(options));
    },
    hear(vendorId, heard, fingerprint, comesFirst) {
      const job = jobs.get(vendorId);
      if (job && !job.batch) hear(polling, job, heard, { fingerprint, comesFirst });
    },
    find: (vendorId) => goodCopyOf(jobs.get(vendorId)),
    learn(vendorId, known) {
      const job = jobs.get(vendorId);
      if (!job?.hasAsked) return;
      job.batch = null;
      const read = { kind: 'job', job: known } as const;
      takeCopy(job, read, fingerprintOf(read), followerFactor, boundsOf(options));
      wakeFor(polling, job);
    },
    watchedJobs: () => jobs.size,
    stop() {
      alarm.callOff();
      for (const { batch } of jobs.values()) batch?.stop.abort();
      jobs.clear();
    },
  };
}

function boundsOf({ system, clock }: PollerOptions): ReadBounds {
  return { nowMs: clock.nowMs(), minMs: Math.max(minIntervalMs, system.adapter.reads.minIntervalMs) };
}

/** Where every replica may read at any time, that is the shortest way. */
function askOthers({ system, askOthers: ask }: PollerOptions, vendorId: string): boolean {
  return system.adapter.reads.minIntervalMs > 0 && (ask?.(vendorId) ?? false);
}

/** Wakes for a job, unless nobody watches it any more. */
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
    onAnswer: (job, read) => takeAnswer(polling, job, read),
    onRead: () => wakeForNext(polling),
  });
}

/** Of a job that is being read: it waits for no other of its batch. */
function takeAnswer(polling: Polling, job: WatchedJob, read: JobRead): void {
  const { options } = polling;
  job.batch = null;
  const changed = takeCopy(job, read, fingerprintOf(read), 1, boundsOf(options));
  job.polledAtMs = job.schedule.readAtMs;
  options.onPolled(read, job.fingerprint, changed);
  // The last who watched it may have been satisfied by that.
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
    // Another replica may poll it, and the vendor would refuse a second one.
    const hasAsked = askOthers(options, vendorId);
    job = createWatchedJob(vendorId, hasAsked, hasAsked ? answerMs : 0, bounds);
    jobs.set(vendorId, job);
  }
  job.watchings.add(watching);
  const { latest, batch, schedule } = job;
  if (latest && nowMs - schedule.readAtMs < minMs) {
    deliver(job, latest);
    return;
  }
  if (batch) return;
  // What is known of a job that is read less often may be old.
  if (latest || !job.hasAsked) job.schedule = { ...schedule, dueAtMs: Math.min(schedule.dueAtMs, nowMs) };
  alarm.setFor(job.schedule.dueAtMs);
}

function remove({ options, jobs, alarm }: Polling, vendorId: string, watching: Watching): void {
  const job = jobs.get(vendorId);
  if (!job?.watchings.delete(watching) || job.watchings.size > 0) return;
  jobs.delete(vendorId);
  const { batch } = job;
  if (batch?.jobs.every((other) => other.batch !== batch || other.watchings.size === 0)) batch.stop.abort();
  if (jobs.size > 0) return;
  alarm.callOff();
  options.onIdle();
}

/** A copy of which only the status is to be trusted. */
function noteStatus(polling: Polling, job: WatchedJob, read: JobRead): void {
  const { batch, latest } = job;
  // A read of its own that is under way will tell, and be the newer one.
  if (batch || !latest || statusOf(latest) === statusOf(read)) return;
  const isDoubtful = latest.kind === 'job' && isTerminal(latest.job.status);
  if (!isDoubtful) takeStatus(job, read, fingerprintOf(read));
  readSoon(polling, job);
}

/** What another replica polled; see Poller. */
function hear(
  polling: Polling,
  job: WatchedJob,
  heard: HeardJob,
  { fingerprint, comesFirst }: { fingerprint: string; comesFirst: boolean },
): void {
  const { options } = polling;
  const isSame = job.fingerprint === fingerprint;
  const copy = typeof heard === 'object' ? ({ kind: 'job', job: heard } as const) : isSame ? job.latest : null;
  if (!copy) {
    if (heard === 'tooLarge') readSoon(polling, job);
    job.hasAsked = askOthers(options, job.vendorId);
    return;
  }
  const bounds = boundsOf(options);
  const bothPolled = bounds.nowMs - job.polledAtMs < bounds.minMs / 2;
  if (!bothPolled || comesFirst) takeCopy(job, copy, fingerprint, followerFactor, bounds);
  else if (!isSame) takeCopy(job, copy, fingerprint, 1, bounds);
}
