import { addKnownFacts } from '../jobs/create-job.ts';
import type { Job } from '../jobs/job.ts';
import type { JobRead } from '../reading/job-read.ts';
import { firstSchedule, type ReadBounds, type ReadSchedule, scheduleAfterRead } from './read-schedule.ts';

/** One watcher of one job. */
export interface Watching {
  /** The caller that reads of the job count toward if no other caller watches it. */
  caller: string;
  deliver(read: JobRead): void;
  /** The version of the job that was delivered last. Set by the watched job. */
  version?: number;
}

/** Jobs that were due at the same time and are read together. */
export interface Batch {
  jobs: readonly WatchedJob[];
  stop: AbortController;
}

/** A watched job: its newest copy, its watchers, and when it is read again. */
export interface WatchedJob {
  vendorId: string;
  watchings: Set<Watching>;
  latest: JobRead | null;
  fingerprint: string;
  /** Counts the changes. */
  version: number;
  schedule: ReadSchedule;
  /** When this replica's poller last read the job. */
  polledAtMs: number;
  /** The batch in which the job is being read; null again as soon as its own read is done. */
  batch: Batch | null;
  /** Whether a copy was requested from other replicas, and no fresh copy is known yet. */
  awaitsReplicas: boolean;
}

/** A job that is first read after `waitMs`. */
export function createWatchedJob(vendorId: string, awaitsReplicas: boolean, waitMs: number, bounds: ReadBounds): WatchedJob {
  return {
    vendorId,
    watchings: new Set(),
    latest: null,
    fingerprint: '',
    version: 0,
    schedule: firstSchedule(waitMs, bounds),
    polledAtMs: Number.NEGATIVE_INFINITY,
    batch: null,
    awaitsReplicas,
  };
}

/** Takes a copy that was read by ID. `factor`: see ReadOutcome. Returns whether it differs from the previous one. */
export function takeCopy(job: WatchedJob, observed: JobRead, fingerprint: string, factor: number, bounds: ReadBounds): boolean {
  const read = withKnownFacts(observed, job.latest);
  const changed = fingerprint !== job.fingerprint || nameOf(read) !== nameOf(job.latest);
  job.awaitsReplicas &&= read.kind === 'problem' || (read.kind === 'job' && read.job.stale);
  const retryAfterMs = (problemOf(read)?.retryAfterSeconds ?? 0) * 1000;
  job.schedule = scheduleAfterRead(job.schedule, { changed, factor, retryAfterMs }, bounds);
  job.latest = read;
  job.fingerprint = fingerprint;
  if (changed) job.version += 1;
  deliver(job, read);
  return changed;
}

/** Takes a copy of which only the status is reliable, and has changed. */
export function takeStatus(job: WatchedJob, observed: JobRead, fingerprint: string): void {
  const read = withKnownFacts(observed, job.latest);
  job.latest = read;
  job.fingerprint = fingerprint;
  job.version += 1;
  deliver(job, read);
}

/** Delivers a copy to the watchers that don't have it. */
export function deliver(job: WatchedJob, read: JobRead): void {
  for (const watching of job.watchings) {
    if (watching.version === job.version) continue;
    watching.version = job.version;
    watching.deliver(read);
  }
}

/** The only caller that watches the job; null: there are several. */
export function onlyCallerOf({ watchings }: WatchedJob): string | null {
  const [first, ...others] = new Set(Array.from(watchings, ({ caller }) => caller));
  return first !== undefined && others.length === 0 ? first : null;
}

/** The copy, if it is fresh enough for other replicas. */
export function freshCopyOf(job: WatchedJob | undefined): Job | null {
  const latest = job?.latest;
  return latest?.kind === 'job' && !latest.job.stale && !latest.job.problem ? latest.job : null;
}

/** The job's status and the vendor's word for it. */
export function statusOf(read: JobRead): string {
  return read.kind === 'job' ? `${read.job.status} ${read.job.vendorStatus}` : read.kind;
}

/** A read by ID may lack facts that a list or another replica has (Vault's title). */
function withKnownFacts(read: JobRead, latest: JobRead | null): JobRead {
  if (read.kind === 'notFound') {
    const known = latest?.kind === 'job' ? { name: latest.job.name, type: latest.job.type } : latest?.kind === 'notFound' && latest.known;
    return known ? { ...read, known } : read;
  }
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
