import { addKnownFacts } from '../jobs/create-job.ts';
import type { Job } from '../jobs/job.ts';
import type { JobRead } from '../reading/job-read.ts';
import { firstSchedule, type ReadBounds, type ReadSchedule, scheduleAfterRead } from './read-schedule.ts';

/** One watcher of one job. */
export interface Watching {
  /** Whom reads of the job count for if no other caller watches it. */
  caller: string;
  deliver(read: JobRead): void;
  /** The watched job's own: the version of it that was delivered last. */
  version?: number;
}

/** Reads of jobs that fell due together. */
export interface Batch {
  jobs: readonly WatchedJob[];
  stop: AbortController;
}

/** One job that is watched: its newest copy, who watches it, and when it is read again. */
export interface WatchedJob {
  vendorId: string;
  watchings: Set<Watching>;
  latest: JobRead | null;
  fingerprint: string;
  /** Counts the changes. */
  version: number;
  schedule: ReadSchedule;
  /** When it was last read by the poller itself. */
  polledAtMs: number;
  /** The batch in which it is being read; null again as soon as its own answer is there. */
  batch: Batch | null;
  /** The other replicas were asked, and nothing good is known of it yet. */
  hasAsked: boolean;
}

/** A job that is first read after `waitMs`. */
export function createWatchedJob(vendorId: string, hasAsked: boolean, waitMs: number, bounds: ReadBounds): WatchedJob {
  return {
    vendorId,
    watchings: new Set(),
    latest: null,
    fingerprint: '',
    version: 0,
    schedule: firstSchedule(waitMs, bounds),
    polledAtMs: Number.NEGATIVE_INFINITY,
    batch: null,
    hasAsked,
  };
}

/** Takes a copy that was read by id. `patience`: see scheduleAfterRead. Whether it differs from the one before. */
export function takeCopy(job: WatchedJob, seen: JobRead, fingerprint: string, patience: number, bounds: ReadBounds): boolean {
  const read = withKnownFacts(seen, job.latest);
  const changed = fingerprint !== job.fingerprint || nameOf(read) !== nameOf(job.latest);
  job.hasAsked &&= read.kind === 'problem' || (read.kind === 'job' && read.job.stale);
  const retryAfterMs = (problemOf(read)?.retryAfterSeconds ?? 0) * 1000;
  job.schedule = scheduleAfterRead(job.schedule, { changed, patience, retryAfterMs }, bounds);
  job.latest = read;
  job.fingerprint = fingerprint;
  if (changed) job.version += 1;
  deliver(job, read);
  return changed;
}

/** Takes a copy of which only the status is to be trusted, and which differs in it. */
export function takeStatus(job: WatchedJob, seen: JobRead, fingerprint: string): void {
  const read = withKnownFacts(seen, job.latest);
  job.latest = read;
  job.fingerprint = fingerprint;
  job.version += 1;
  deliver(job, read);
}

/** Delivers a copy to those who watch the job and have not had it. */
export function deliver(job: WatchedJob, read: JobRead): void {
  for (const watching of job.watchings) {
    if (watching.version === job.version) continue;
    watching.version = job.version;
    watching.deliver(read);
  }
}

/** Whom reads of the job count for; null: several callers. */
export function onlyCallerOf({ watchings }: WatchedJob): string | null {
  const [first, ...others] = new Set(Array.from(watchings, ({ caller }) => caller));
  return first !== undefined && others.length === 0 ? first : null;
}

/** The copy where other replicas may have it. */
export function goodCopyOf(job: WatchedJob | undefined): Job | null {
  const latest = job?.latest;
  return latest?.kind === 'job' && !latest.job.stale && !latest.job.problem ? latest.job : null;
}

/** What a copy says of the job's status. */
export function statusOf(read: JobRead): string {
  return read.kind === 'job' ? `${read.job.status} ${read.job.vendorStatus}` : read.kind;
}

/** A read by id may lack what a list or another replica has (Vault's title). */
function withKnownFacts(read: JobRead, latest: JobRead | null): JobRead {
  if (read.kind !== 'job' || latest?.kind !== 'job' || (read.job.name !== null && !read.job.leftOut)) return read;
  const job = { ...read.job };
  addKnownFacts(job, latest.job);
  return { kind: 'job', job };
}

function nameOf(read: JobRead | null): string | null {
  return read?.kind === 'job' ? read.job.name : null;
}

function problemOf(read: JobRead) {
  if (read.kind === 'notFound') return null;
  return read.kind === 'problem' ? read.problem : read.job.problem;
}
