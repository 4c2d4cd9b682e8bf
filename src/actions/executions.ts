import type { CallContext } from '../jobs/adapter.ts';
import type { JobAction } from '../jobs/job.ts';
import type { ActionResult } from './action-result.ts';

/** One caller's request for an action on jobs of one system. */
export interface SharedRequest {
  /** Identifies the execution that this request starts, in the audit log entries of the requests that join it. */
  actionId: string;
  action: JobAction;
  /** Each ID once. */
  vendorIds: readonly string[];
  /** `signal`: aborted at the request's deadline. Executions with different credentials are never shared. */
  call: CallContext;
  /** Aborted when the request may send nothing more, before or with the call's signal. */
  sendSignal: AbortSignal;
  /** The result, at the request's deadline, of a job without one. `sentAt`: when it was sent; null: it was not. */
  describeUnfinished(sentAt: Date | null): ActionResult;
}

/** Performs the action on jobs on which it isn't in progress, and reports each result to `progress`. */
export type PerformAlone = (vendorIds: readonly string[], progress: ActionProgress) => Promise<void>;

/** Reads jobs to which the action was sent, with another request's call, and reports the results that the reads prove. */
export type ReadOutcomes = (vendorIds: readonly string[], call: CallContext) => Promise<void>;

/** Where an execution reports its progress. */
export interface ActionProgress {
  /** Aborted at the latest deadline of the requests that share the execution. */
  signal: AbortSignal;
  /** Whether no other execution sends the job so far. */
  isFree(vendorId: string): boolean;
  /** Returns the jobs that no other execution sends, and sees to it that none does. */
  claim(vendorIds: readonly string[]): readonly string[];
  /** A vendor request names these jobs, which were claimed. */
  send(vendorIds: readonly string[]): void;
  /** The vendor responded for these jobs. The execution reads their outcomes after the last request; `readOutcomes` reads some earlier. */
  awaitReads(vendorIds: readonly string[], readOutcomes: ReadOutcomes): void;
  /** The vendor rejected requests that name these jobs because of other jobs. They have to be sent again, by any execution: none claims them now. */
  release(vendorIds: readonly string[]): void;
  /** The result of a job is known. A later request for the action on this job starts a new execution. */
  resolve(vendorId: string, result: ActionResult): void;
  /** Jobs are not attempted for a reason of this request alone: the others that share the execution perform the action on them. */
  leaveToOthers(): void;
}

/**
 * An execution of an action: for each job from before its first read until its result is known.
 * Several executions can have the same job until one of them claims it, to send it. The others have lost it then, and get its result from that one.
 * If the vendor rejected the request because of other jobs, the claim ends.
 */
export interface Execution {
  /** The request that started it. */
  owner: SharedRequest;
  /** The number of jobs that it started with. */
  size: number;
  claimed: Set<string>;
  /** Jobs that must be sent again, and that no execution has claimed again. */
  released: Set<string>;
  /** By vendor ID: the execution that claimed the job. */
  lost: Map<string, Execution>;
  results: Map<string, ActionResult>;
  sentAt: Map<string, Date>;
  /** Jobs to which the vendor responded, and whose outcomes were not read. */
  unread: Map<string, ReadOutcomes>;
  /** One for each request that waits for it. */
  waiters: Set<Waiter>;
  isLeftToOthers: boolean;
  isOver: boolean;
  stop: AbortController;
  ended: Promise<void>;
}

/** A request that waits for the results of jobs. */
export interface Waiter {
  missing: Set<string>;
  /** Whether the execution has many more jobs. The request then doesn't wait for these: it reads outcomes, and sends released jobs, itself. */
  isMuchSmaller: boolean;
  /** Whether it has read outcomes: what one read doesn't prove is left to the execution. */
  hasRead: boolean;
  /** Called when all results are known, when all others can be read, or when the request may have to replace one or get it elsewhere. */
  wake(): void;
}

/** The executions in progress on one system. */
export interface Executions {
  /** The execution of the request's action on this job, with the same credential, that the request joins, if any. */
  find(request: SharedRequest, vendorId: string): Execution | null;
  start(owner: SharedRequest, vendorIds: readonly string[], performAlone: PerformAlone): Execution;
}

/** The executions in progress, by vendor ID: one if it claimed the job. */
type ExecutionsByJob = Map<string, readonly Execution[]>;

export function createExecutions(): Executions {
  /** By action and credential. */
  const inProgress = new Map<string, ExecutionsByJob>();

  return {
    find(request, vendorId) {
      const executions = inProgress.get(toKey(request))?.get(vendorId) ?? [];
      return executions.findLast((execution) => execution.claimed.has(vendorId) || !isMuchLarger(execution, request)) ?? null;
    },
    start(owner, vendorIds, performAlone) {
      const key = toKey(owner);
      const byJob: ExecutionsByJob = inProgress.get(key) ?? new Map();
      inProgress.set(key, byJob);
      const execution = createExecution(owner, vendorIds.length);
      const forget = (vendorId: string): void => {
        removeFrom(byJob, vendorId, execution);
        if (byJob.size === 0 && inProgress.get(key) === byJob) inProgress.delete(key);
      };
      const alone = [execution];
      for (const id of vendorIds) byJob.set(id, byJob.get(id)?.concat(alone) ?? alone);
      execution.ended = performAlone(vendorIds, createProgress(execution, byJob, forget)).finally(() => {
        execution.isOver = true;
        for (const id of vendorIds) forget(id);
      });
      return execution;
    },
  };
}

/**
 * Whether the execution has so many more jobs that the request doesn't wait for it: a caller's request for a few jobs must not take as long as
 * another's for thousands. A few times as many is no reason: callers that request the same jobs would read each of them again.
 */
export function isMuchLarger({ size }: Execution, { vendorIds }: SharedRequest): boolean {
  return size >= 4 * vendorIds.length;
}

function createExecution(owner: SharedRequest, size: number): Execution {
  return {
    owner,
    size,
    claimed: new Set(),
    released: new Set(),
    lost: new Map(),
    results: new Map(),
    sentAt: new Map(),
    unread: new Map(),
    waiters: new Set(),
    isLeftToOthers: false,
    isOver: false,
    // Not the owner's signal: its deadline must not cut short the requests that join. The last one to leave aborts this one.
    stop: new AbortController(),
    ended: Promise.resolve(),
  };
}

function createProgress(execution: Execution, byJob: ExecutionsByJob, forget: (vendorId: string) => void): ActionProgress {
  const { claimed, released, lost, results, sentAt, unread, waiters, stop } = execution;
  const isFree = (vendorId: string): boolean => !lost.has(vendorId);
  return {
    signal: stop.signal,
    isFree,
    claim(vendorIds) {
      const free = vendorIds.filter(isFree);
      for (const id of free) claim(execution, byJob, id);
      return free;
    },
    send(vendorIds) {
      const now = new Date();
      for (const id of vendorIds) sentAt.set(id, now);
    },
    awaitReads(vendorIds, readOutcomes) {
      for (const id of vendorIds) unread.set(id, readOutcomes);
      for (const waiter of waiters) if (canRead(execution, waiter)) waiter.wake();
    },
    release(vendorIds) {
      for (const id of vendorIds.filter((each) => claimed.delete(each))) {
        released.add(id);
        unread.delete(id);
        for (const { isMuchSmaller, missing, wake } of waiters) if (isMuchSmaller && missing.has(id)) wake();
      }
    },
    resolve(vendorId, result) {
      results.set(vendorId, result);
      unread.delete(vendorId);
      claimed.delete(vendorId);
      forget(vendorId);
      for (const waiter of waiters) {
        const { missing } = waiter;
        if (missing.delete(vendorId) && (missing.size === 0 || result.outcome === 'NOT_ATTEMPTED' || canRead(execution, waiter)))
          waiter.wake();
      }
    },
    leaveToOthers() {
      execution.isLeftToOthers = true;
    },
  };
}

function claim(execution: Execution, byJob: ExecutionsByJob, vendorId: string): void {
  execution.claimed.add(vendorId);
  execution.released.delete(vendorId);
  const executions = byJob.get(vendorId) ?? [];
  if (executions.length < 2) return;
  byJob.set(vendorId, [execution]);
  for (const { lost, waiters } of executions.filter((other) => other !== execution)) {
    lost.set(vendorId, execution);
    for (const { missing, wake } of waiters) if (missing.delete(vendorId)) wake();
  }
}

function removeFrom(byJob: ExecutionsByJob, vendorId: string, execution: Execution): void {
  const executions = byJob.get(vendorId) ?? [];
  if (!executions.includes(execution)) return;
  if (executions.length === 1) byJob.delete(vendorId);
  else
    byJob.set(
      vendorId,
      executions.filter((other) => other !== execution),
    );
}

/** Whether the waiter can read all results that it misses. It doesn't read some of them before: each read is a vendor request. */
export function canRead({ unread }: Execution, { isMuchSmaller, hasRead, missing }: Waiter): boolean {
  return isMuchSmaller && !hasRead && missing.values().every((id) => unread.has(id));
}

/** Whether the request gets the job's result from another execution: one that claimed it, or one of its own. */
export function isElsewhere(execution: Execution, request: SharedRequest, vendorId: string): boolean {
  const { lost, released, results } = execution;
  if (lost.has(vendorId)) return true;
  return released.has(vendorId) && !results.has(vendorId) && isMuchLarger(execution, request) && !request.sendSignal.aborted;
}

/** Whether the other requests that share the execution perform what it didn't attempt: its owner may send nothing more, or left it to them. */
export function isLeftToOthers({ owner, isLeftToOthers: isLeft }: Execution): boolean {
  return isLeft || owner.sendSignal.aborted;
}

function toKey({ action, call: { credential } }: SharedRequest): string {
  return credential === null ? action : `${action} ${credential}`;
}
