import { setTimeout as delay } from 'node:timers/promises';
import { untilAborted } from '../concurrency/map-concurrently.ts';
import { turns } from '../concurrency/turns.ts';
import type { JobAction } from '../jobs/job.ts';
import type { ActionResult } from './action-result.ts';

/** One caller's request for an action on jobs of one system. */
export interface SharedRequest {
  /** The caller that the request counts toward. */
  caller: string;
  /** Identifies the execution that this request starts, in the audit log entries of the requests that join it. */
  actionId: string;
  action: JobAction;
  /** Each ID once. */
  vendorIds: readonly string[];
  /** Executions with different credentials are never shared. */
  credential: string | null;
  /** Aborted at the request's deadline. */
  signal: AbortSignal;
  /** Aborted when the request may send nothing more, before or with `signal`. */
  sendSignal: AbortSignal;
  /** The result, at the request's deadline, of a job without one. `sentAt`: when it was sent; null: it was not. */
  describeUnfinished(sentAt: Date | null): ActionResult;
}

/** Performs the action on jobs on which it isn't in progress, and reports each result to `progress`. */
export type PerformAlone = (vendorIds: readonly string[], progress: ActionProgress) => Promise<void>;

/** Where an execution reports its progress. */
export interface ActionProgress {
  /** Aborted at the latest deadline of the requests that share the execution. */
  signal: AbortSignal;
  /** A vendor request names these jobs. */
  send(vendorIds: readonly string[]): void;
  /** The result of a job is known. A later request for the action on this job starts a new execution. */
  resolve(vendorId: string, result: ActionResult): void;
  /** Jobs are not attempted for a reason of this request alone: the others that share the execution perform the action on them. */
  leaveToOthers(): void;
}

/** An execution of an action: for each job from before its first read until its result is known. */
export interface Execution {
  /** The request that started it. */
  owner: SharedRequest;
  results: Map<string, ActionResult>;
  sentAt: Map<string, Date>;
  /** One for each request that waits for it. */
  waiters: Set<Waiter>;
  isLeftToOthers: boolean;
  isOver: boolean;
  stop: AbortController;
  ended: Promise<void>;
}

/** A request that waits for the results of jobs. */
interface Waiter {
  missing: Set<string>;
  /** Called when all results are known, or when one is that the request may have to replace. */
  wake(): void;
}

/** The executions in progress on one system. */
export interface Executions {
  /** The execution that performs the request's action on this job with the same credential, if any. */
  find(request: SharedRequest, vendorId: string): Execution | null;
  start(owner: SharedRequest, vendorIds: readonly string[], performAlone: PerformAlone): Execution;
}

export function createExecutions(): Executions {
  /** By action and credential, then by vendor ID. */
  const inProgress = new Map<string, Map<string, Execution>>();

  return {
    find: (request, vendorId) => inProgress.get(toKey(request))?.get(vendorId) ?? null,
    start(owner, vendorIds, performAlone) {
      const key = toKey(owner);
      const executions = inProgress.get(key) ?? new Map<string, Execution>();
      inProgress.set(key, executions);
      const execution = createExecution(owner);
      const forget = (vendorId: string): void => {
        if (executions.get(vendorId) === execution) executions.delete(vendorId);
        if (executions.size === 0 && inProgress.get(key) === executions) inProgress.delete(key);
      };
      for (const id of vendorIds) executions.set(id, execution);
      execution.ended = performAlone(vendorIds, createProgress(execution, forget)).finally(() => {
        execution.isOver = true;
        for (const id of vendorIds) forget(id);
      });
      return execution;
    },
  };
}

function createExecution(owner: SharedRequest): Execution {
  return {
    owner,
    results: new Map(),
    sentAt: new Map(),
    waiters: new Set(),
    isLeftToOthers: false,
    isOver: false,
    // Not the owner's signal: its deadline must not cut short the requests that join. The last one to leave aborts this one.
    stop: new AbortController(),
    ended: Promise.resolve(),
  };
}

function createProgress(execution: Execution, forget: (vendorId: string) => void): ActionProgress {
  const { results, sentAt, waiters, stop } = execution;
  return {
    signal: stop.signal,
    send(vendorIds) {
      const now = new Date();
      for (const id of vendorIds) sentAt.set(id, now);
    },
    resolve(vendorId, result) {
      results.set(vendorId, result);
      forget(vendorId);
      for (const { missing, wake } of waiters) {
        if (missing.delete(vendorId) && (missing.size === 0 || result.outcome === 'NOT_ATTEMPTED')) wake();
      }
    },
    leaveToOthers() {
      execution.isLeftToOthers = true;
    },
  };
}

/**
 * Waits for the results of these jobs, and calls `take` with the IDs of those that are known, each once: by the request's deadline with all.
 */
export async function awaitResults(
  execution: Execution,
  vendorIds: readonly string[],
  { caller, signal }: Pick<SharedRequest, 'caller' | 'signal'>,
  take: (vendorIds: readonly string[]) => void,
): Promise<void> {
  const { results, waiters } = execution;
  const open = new Set(vendorIds);
  const waiter: Waiter = { missing: new Set(vendorIds.filter((id) => !results.has(id))), wake() {} };
  waiters.add(waiter);
  try {
    for (let isOver = false; !isOver; ) {
      const isInTime = await waitForWake(execution, waiter, signal);
      if (!isInTime) await leave(execution, waiter, { caller, signal });
      else if (waiters.size > 1) await turns.take(caller);
      isOver = !isInTime || waiter.missing.size === 0 || execution.isOver;
      const known = Array.from(open).filter((id) => isOver || results.has(id));
      for (const id of known) open.delete(id);
      take(known);
    }
  } finally {
    waiters.delete(waiter);
  }
}

/** Waits until the waiter is woken or the execution ends. False: the request's deadline came first. */
async function waitForWake(execution: Execution, waiter: Waiter, signal: AbortSignal): Promise<boolean> {
  if (waiter.missing.size === 0 || execution.isOver) return true;
  const { promise: woken, resolve } = Promise.withResolvers<void>();
  waiter.wake = resolve;
  const isInTime = await untilAborted(
    Promise.race([woken, execution.ended]).then(() => true),
    signal,
  );
  return isInTime === true;
}

/** How long the last request waits for an execution that was stopped, so that its results give the reason. */
const maxStoppingMs = 500;

/** Leaves at the request's deadline. The last request to leave stops the execution. */
async function leave(
  { waiters, stop, ended }: Execution,
  waiter: Waiter,
  { caller, signal }: Pick<SharedRequest, 'caller' | 'signal'>,
): Promise<void> {
  waiters.delete(waiter);
  if (waiters.size > 0) {
    await turns.take(caller);
    return;
  }
  stop.abort(signal.reason);
  await Promise.race([ended, delay(maxStoppingMs, null, { ref: false })]);
}

/** Whether the other requests that share the execution perform what it didn't attempt: its owner may send nothing more, or left it to them. */
export function isLeftToOthers({ owner, isLeftToOthers: isLeft }: Execution): boolean {
  return isLeft || owner.sendSignal.aborted;
}

function toKey({ action, credential }: SharedRequest): string {
  return credential === null ? action : `${action} ${credential}`;
}
