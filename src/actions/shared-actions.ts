import { setTimeout as delay } from 'node:timers/promises';
import { untilAborted } from '../concurrency/map-concurrently.ts';
import { turns } from '../concurrency/turns.ts';
import type { JobAction } from '../jobs/job.ts';
import type { ActionResult } from './action-result.ts';

/** Lets callers that ask for the same action on the same job of one system at the same time share one execution. */
export interface SharedActions {
  /**
   * One result per job, by vendor ID. A job on which the action is in progress joins it; the others are performed by `performAlone`.
   * Resolves by the end of the request's time, with what is known of each job by then. Rejects with what `performAlone` rejects with.
   */
  perform(request: SharedRequest, performAlone: PerformAlone): Promise<Map<string, PerformedAction>>;
}

export interface SharedRequest {
  /** Whom it counts for. */
  caller: string;
  /** Names the execution that this request begins, in the audit of those that join it. */
  actionId: string;
  action: JobAction;
  /** Each once. */
  vendorIds: readonly string[];
  /** Executions with different credentials are never shared. */
  credential: string | null;
  /** Aborted at the end of the request's time. */
  signal: AbortSignal;
  /** Aborted when the request may send nothing more, before or with `signal`. */
  sendSignal: AbortSignal;
  /** The result, at the end of the request's time, of a job without one. `sentAt`: when it was sent; null: it was not. */
  describeUnfinished(sentAt: Date | null): ActionResult;
}

/** Performs the action on jobs on which it isn't in progress, and tells `progress` what becomes of each. */
export type PerformAlone = (vendorIds: readonly string[], progress: ActionProgress) => Promise<void>;

/** Where an execution tells how far it has come. */
export interface ActionProgress {
  /** Aborted when the time of all requests that share the execution is over. */
  signal: AbortSignal;
  /** Jobs are named in a request to the vendor. */
  send(vendorIds: readonly string[]): void;
  /** The result of a job is known. From now on, who asks for the action on it asks for another one. */
  settle(vendorId: string, result: ActionResult): void;
  /** Jobs are not attempted for a reason of this request alone: the others that share the execution perform the action on them. */
  leaveToOthers(): void;
}

export interface PerformedAction {
  result: ActionResult;
  /** When a vendor request that names the job went out, of this request or of the one that it joined; null: none did. */
  sentAt: Date | null;
  /** The batch of the execution that the job joined; null: this request's own. */
  sharedWith: string | null;
}

/** An execution of an action: for each job from before its first read until its result is known. */
interface Execution {
  /** The request that began it. */
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
  /** Wakes it: all results are there, or one that it may have to replace. */
  wake(): void;
}

/** How long the last request waits for an execution that was stopped, so that its results say what stopped it. */
const maxStoppingMs = 500;

export function createSharedActions(): SharedActions {
  /** By action and credential, then by vendor ID. */
  const inProgress = new Map<string, Map<string, Execution>>();

  const begin = (owner: SharedRequest, vendorIds: readonly string[], performAlone: PerformAlone): Execution => {
    const key = toKey(owner);
    const executions = inProgress.get(key) ?? new Map<string, Execution>();
    inProgress.set(key, executions);
    const forget = (vendorId: string): void => {
      if (executions.get(vendorId) === execution) executions.delete(vendorId);
      if (executions.size === 0 && inProgress.get(key) === executions) inProgress.delete(key);
    };
    const execution: Execution = {
      owner,
      results: new Map(),
      sentAt: new Map(),
      waiters: new Set(),
      isLeftToOthers: false,
      isOver: false,
      // Not the signal of the request that begins it: its end must not cut short those that join. The last one's ends it.
      stop: new AbortController(),
      ended: Promise.resolve(),
    };
    const { results, sentAt, waiters } = execution;
    for (const id of vendorIds) executions.set(id, execution);
    const progress: ActionProgress = {
      signal: execution.stop.signal,
      send(named) {
        const now = new Date();
        for (const id of named) sentAt.set(id, now);
      },
      settle(vendorId, result) {
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
    execution.ended = performAlone(vendorIds, progress).finally(() => {
      execution.isOver = true;
      for (const id of vendorIds) forget(id);
    });
    return execution;
  };

  return {
    async perform(request, performAlone) {
      const performed = new Map<string, PerformedAction>();
      const performOn = async (vendorIds: readonly string[]): Promise<void> => {
        const executions = inProgress.get(toKey(request));
        const byExecution = Map.groupBy(vendorIds, (id) => executions?.get(id) ?? null);
        await Promise.all(Array.from(byExecution, ([other, ids]) => takeResults(other ?? begin(request, ids, performAlone), ids)));
      };
      /** Takes the results of an execution as they come. What it leaves to others is performed once more, without it. */
      const takeResults = async (execution: Execution, vendorIds: readonly string[]): Promise<void> => {
        const { owner, results, sentAt, waiters } = execution;
        const sharedWith = owner === request ? null : owner.actionId;
        const open = new Set(vendorIds);
        const again: Promise<void>[] = [];
        const take = (ids: readonly string[]): void => {
          const left: string[] = [];
          for (const id of ids) {
            open.delete(id);
            const sent = sentAt.get(id) ?? null;
            const result = results.get(id) ?? request.describeUnfinished(sent);
            const isLeft = sharedWith !== null && isLeftToOthers(execution) && result.outcome === 'NOT_ATTEMPTED';
            if (isLeft && !request.sendSignal.aborted) left.push(id);
            else performed.set(id, { result, sentAt: sent, sharedWith });
          }
          if (left.length === 0) return;
          const performing = performOn(left);
          // It is awaited later.
          performing.catch(() => {});
          again.push(performing);
        };
        const waiter: Waiter = { missing: new Set(vendorIds.filter((id) => !results.has(id))), wake() {} };
        waiters.add(waiter);
        try {
          for (let isOver = false; !isOver; ) {
            const isInTime = await waitForResults(execution, waiter, request.signal);
            if (!isInTime) await leave(execution, waiter, request);
            else if (waiters.size > 1) await turns.take(request.caller);
            isOver = !isInTime || waiter.missing.size === 0 || execution.isOver;
            take(Array.from(open).filter((id) => isOver || results.has(id)));
          }
        } finally {
          waiters.delete(waiter);
        }
        await Promise.all(again);
      };
      await performOn(request.vendorIds);
      return performed;
    },
  };

  /** Leaves at the end of the request's time. The last one to leave stops the execution. */
  async function leave({ waiters, stop, ended }: Execution, waiter: Waiter, { caller, signal }: SharedRequest): Promise<void> {
    waiters.delete(waiter);
    if (waiters.size > 0) {
      await turns.take(caller);
      return;
    }
    stop.abort(signal.reason);
    await Promise.race([ended, delay(maxStoppingMs, null, { ref: false })]);
  }
}

/** Waits until the waiter is woken or the execution ends. False: the request's time ended first. */
async function waitForResults(execution: Execution, waiter: Waiter, signal: AbortSignal): Promise<boolean> {
  if (waiter.missing.size === 0 || execution.isOver) return true;
  const { promise: woken, resolve } = Promise.withResolvers<void>();
  waiter.wake = resolve;
  const isInTime = await untilAborted(
    Promise.race([woken, execution.ended]).then(() => true),
    signal,
  );
  return isInTime === true;
}

/** Whether what the execution didn't attempt is for the others that share it to perform: its owner had no more time, or said so. */
function isLeftToOthers({ owner, isLeftToOthers: isSaid }: Execution): boolean {
  return isSaid || owner.sendSignal.aborted;
}

function toKey({ action, credential }: SharedRequest): string {
  return credential === null ? action : `${action} ${credential}`;
}
