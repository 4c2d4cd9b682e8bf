import { LRUCache } from 'lru-cache';
import { atMost } from '../concurrency/at-most.ts';
import type { CallContext } from '../jobs/adapter.ts';
import { addKnownFacts, createJob } from '../jobs/create-job.ts';
import type { Job, JobFields, JobStatus } from '../jobs/job.ts';
import type { JobRead } from './job-read.ts';

/** Called for each read without a caller's own credential. `byId` false: a row of a list or a confirmed action, whose status is reliable. */
export type ReadListener = (vendorId: string, read: JobRead, byId: boolean) => void;

/**
 * One system's jobs as they were last read. No other caller may see what a caller's own credential can read, so a call with one neither stores nor
 * gets a copy.
 */
export interface CachedCopies {
  /** Creates the job of a read, adds the facts of its cached copy, and caches it, unless it is a placeholder. `byId` false: a row of a list. */
  cache(fields: JobFields, observedAt: Date, byId: boolean, call: CallContext): Job;
  /** The cached copy; undefined: there is none, or the call has its own credential. */
  find(vendorId: string, call: CallContext): Job | undefined;
  /** Removes a job that the vendor no longer has, so that a copy never replaces it later. */
  drop(vendorId: string, call: CallContext): void;
  /** Whether the last read by ID completed less than `intervalMs` ago. */
  wasReadWithin(intervalMs: number, vendorId: string): boolean;
  /** Adds facts to the cached copy, if there is one. */
  addFacts(job: Job, call: CallContext): void;
  /** Applies a state that the vendor confirmed to the cached copy. */
  setState(vendorId: string, state: { status: JobStatus; vendorStatus: string }, call: CallContext): void;
}

interface LastCopy {
  job: Job;
  /** When the last read by ID completed. The vendor's minimum interval applies to these reads only, and starts earlier. */
  readAtMs: number;
}

const defaultMaxCopies = 10_000;

export interface CachedCopiesOptions {
  systemId: string;
  /** The maximum number of cached copies. Default: 10,000. */
  maxCopies?: number;
  nowMs: () => number;
  onRead?: ReadListener;
}

export function createCachedCopies({ systemId, maxCopies = defaultMaxCopies, nowMs, onRead }: CachedCopiesOptions): CachedCopies {
  const copies = new LRUCache<string, LastCopy>(atMost(maxCopies));

  const cacheShared = (job: Job, observedAt: Date, byId: boolean): void => {
    const last = copies.get(job.vendorId);
    if (last) {
      // A read by ID may lack facts that a list has (Vault's title), and vice versa.
      addKnownFacts(job, last.job);
      // A list's rows are cached when its page is created: a read in between is newer.
      if (!byId && last.job.observedAt > observedAt) return;
      last.job = job;
      if (byId) last.readAtMs = nowMs();
    } else copies.set(job.vendorId, { job, readAtMs: byId ? nowMs() : 0 });
    onRead?.(job.vendorId, { kind: 'job', job }, byId);
  };

  return {
    cache(fields, observedAt, byId, call) {
      const job = createJob(systemId, fields, observedAt);
      if (!isPrivate(call) && job.problem === null) cacheShared(job, observedAt, byId);
      return job;
    },
    find: (vendorId, call) => (isPrivate(call) ? undefined : copies.get(vendorId)?.job),
    drop(vendorId, call) {
      if (isPrivate(call)) return;
      copies.delete(vendorId);
      onRead?.(vendorId, { kind: 'notFound' }, true);
    },
    wasReadWithin(intervalMs, vendorId) {
      const last = copies.peek(vendorId);
      return last !== undefined && nowMs() - last.readAtMs < intervalMs;
    },
    addFacts(job, call) {
      const last = isPrivate(call) ? undefined : copies.peek(job.vendorId);
      if (last) addKnownFacts(last.job, job);
    },
    setState(vendorId, state, call) {
      const last = copies.peek(vendorId);
      if (!last || isPrivate(call)) return;
      last.job = { ...last.job, ...state };
      onRead?.(vendorId, { kind: 'job', job: last.job }, false);
    },
  };
}

/** Whether a call is made with a caller's own credential. */
export function isPrivate(call: CallContext): boolean {
  return call.credential !== null;
}
