import { LRUCache } from 'lru-cache';
import { atMost } from '../concurrency/at-most.ts';
import type { CallContext } from '../jobs/adapter.ts';
import { addKnownFacts, createJob } from '../jobs/create-job.ts';
import type { Job, JobFields, JobStatus } from '../jobs/job.ts';
import type { JobRead } from './job-read.ts';

/** Told of what each read shows that may be shown to everybody. `byId` false: a row of a list or a confirmed action, which tell the status. */
export type SeenListener = (vendorId: string, read: JobRead, byId: boolean) => void;

/**
 * One system's jobs as they were last read. What a caller's own credential may see is nobody else's to see: a call with one neither leaves a
 * copy nor is shown one.
 */
export interface CachedCopies {
  /** Makes the job of what was read, with the facts that its cached copy knows, and keeps it as the copy. `byId` false: a row of a list. */
  keep(fields: JobFields, observedAt: Date, byId: boolean, call: CallContext): Job;
  /** The last copy; undefined: none that this call may be shown. */
  find(vendorId: string, call: CallContext): Job | undefined;
  /** Forgets a job that the vendor no longer has: a copy must not stand in for it later. */
  drop(vendorId: string, call: CallContext): void;
  /** Whether the last read by ID was answered less than so long ago. */
  wasReadWithin(intervalMs: number, vendorId: string): boolean;
  /** Adds facts to the last copy, if there is one. */
  addFacts(job: Job, call: CallContext): void;
  /** Puts a state that the vendor confirmed into the last copy. */
  setState(vendorId: string, state: { status: JobStatus; vendorStatus: string }, call: CallContext): void;
}

interface LastCopy {
  job: Job;
  /** When the last read by id was answered, which is after the vendor counted it: its limit is about those reads only. */
  readAtMs: number;
}

const defaultMaxCopies = 10_000;

export interface CachedCopiesOptions {
  systemId: string;
  /** The most cached copies of jobs. Default: 10,000. */
  maxCopies?: number;
  nowMs: () => number;
  onSeen?: SeenListener;
}

export function createCachedCopies({ systemId, maxCopies = defaultMaxCopies, nowMs, onSeen }: CachedCopiesOptions): CachedCopies {
  const copies = new LRUCache<string, LastCopy>(atMost(maxCopies));

  const keepShared = (job: Job, observedAt: Date, byId: boolean): void => {
    const last = copies.get(job.vendorId);
    if (last) {
      // A read by id may lack what a list has (Vault's title), and the other way round.
      addKnownFacts(job, last.job);
      // The rows of a list are taken when its page is put together: a read in between knows better.
      if (!byId && last.job.observedAt > observedAt) return;
      last.job = job;
      if (byId) last.readAtMs = nowMs();
    } else copies.set(job.vendorId, { job, readAtMs: byId ? nowMs() : 0 });
    onSeen?.(job.vendorId, { kind: 'job', job }, byId);
  };

  return {
    keep(fields, observedAt, byId, call) {
      const job = createJob(systemId, fields, observedAt);
      if (!isPrivate(call)) keepShared(job, observedAt, byId);
      return job;
    },
    find: (vendorId, call) => (isPrivate(call) ? undefined : copies.get(vendorId)?.job),
    drop(vendorId, call) {
      if (isPrivate(call)) return;
      copies.delete(vendorId);
      onSeen?.(vendorId, { kind: 'notFound' }, true);
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
      onSeen?.(vendorId, { kind: 'job', job: last.job }, false);
    },
  };
}

/** Whether a call is made with a caller's own credential. */
export function isPrivate(call: CallContext): boolean {
  return call.credential !== null;
}
