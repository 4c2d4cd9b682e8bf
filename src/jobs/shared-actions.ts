import { setTimeout as delay } from 'node:timers/promises';
import { createTurns, untilAborted } from './concurrency.ts';
import type { JobAction } from './job.ts';
import type { ActionResult } from './settle-action.ts';

/** Lets callers that ask for the same action on the same job of one system at the same time share one execution. */
export interface SharedActions {
  /**
   * One result per job, by vendor ID. A job on which the action is in progress joins it; the others are performed by `performAlone`.
   * Resolves by the end of the request's time, with what is known of each job by then. Rejects with what `performAlone` rejects with.
   */
  perform(request: SharedRequest, performAlone: PerformAlone): Promise<Map<string, PerformedAction>>;
}

export interface SharedRequest {
  /** Names the execution that this request begins, in the audit of those that join it. */
  batchId: string;
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

/**
 * Performs the action on jobs on which it isn't in progress, and records in `progress` what becomes of each.
 * `isCutShort`: jobs were not attempted for a reason of this request (its time, its audit), not of the system.
 */
export type PerformAlone = (vendorIds: readonly string[], progress: ActionProgress) => Promise<{ isCutShort: boolean }>;

/** How far an execution has come. */
export interface ActionProgress {
  /** Aborted when the time of all requests that share the execution is over. */
  signal: AbortSignal;
  /** By vendor ID: when the last request that names the job was sent. */
  sentAt: Map<string, Date>;
  /** By vendor ID. */
  results: Map<string, ActionResult>;
}

export interface PerformedAction {
  result: ActionResult;
  /** When this request sent it; null: it didn't. */
  sentAt: Date | null;
  /** The batch of the execution that the job joined; null: this request's own. */
  sharedWith: string | null;
}

/** An execution: from before its first read until all its results are known. */
interface Execution {
  batchId: string;
  progress: ActionProgress;
  /** Those that wait for it. */
  requests: Set<SharedRequest>;
  stop: AbortController;
  ended: Promise<{ isCutShort: boolean }>;
}

/** How long the last request waits for an execution that was stopped, so that its results say what stopped it. */
const maxStoppingMs = 500;

export function createSharedActions(): SharedActions {
  /** By action and credential, then by vendor ID. */
  const inProgress = new Map<string, Map<string, Execution>>();

  const begin = (request: SharedRequest, vendorIds: readonly string[], performAlone: PerformAlone): Execution => {
    const key = toKey(request);
    const executions = inProgress.get(key) ?? new Map<string, Execution>();
    inProgress.set(key, executions);
    // Not the signal of the request that begins it: its end must not cut short those that join. The last one's ends it.
    const stop = new AbortController();
    const progress: ActionProgress = { signal: stop.signal, sentAt: new Map(), results: new Map() };
    const execution: Execution = { batchId: request.batchId, progress, requests: new Set(), stop, ended: Promise.resolve(notCutShort) };
    for (const id of vendorIds) executions.set(id, execution);
    execution.ended = performAlone(vendorIds, progress).finally(() => {
      for (const id of vendorIds) executions.delete(id);
      if (executions.size === 0 && inProgress.get(key) === executions) inProgress.delete(key);
    });
    return execution;
  };

  // Requests that end together make thousands of results each.
  const takeTurn = createTurns();

  /** Waits for the execution's end, or for that of the request's time: then null. */
  const waitForEnd = async (execution: Execution, request: SharedRequest): Promise<{ isCutShort: boolean } | null> => {
    const { requests } = execution;
    requests.add(request);
    let end: { isCutShort: boolean } | null;
    try {
      end = await untilAborted(execution.ended, request.signal);
    } finally {
      // At once, so that the last of several is known.
      requests.delete(request);
    }
    if (requests.size > 0) await takeTurn();
    if (end || requests.size > 0) return end;
    execution.stop.abort(request.signal.reason);
    return Promise.race([execution.ended, delay(maxStoppingMs, null, { ref: false })]);
  };

  return {
    async perform(request, performAlone) {
      const performed = new Map<string, PerformedAction>();
      const performOn = async (vendorIds: readonly string[]): Promise<void> => {
        const executions = inProgress.get(toKey(request));
        const byExecution = Map.groupBy(vendorIds, (id) => executions?.get(id) ?? null);
        await Promise.all(
          Array.from(byExecution, ([other, ids]) =>
            other ? take(other, ids, other.batchId) : take(begin(request, ids, performAlone), ids, null),
          ),
        );
      };
      const take = async (execution: Execution, vendorIds: readonly string[], sharedWith: string | null): Promise<void> => {
        const end = await waitForEnd(execution, request);
        const { results, sentAt } = execution.progress;
        const left: string[] = [];
        for (const id of vendorIds) {
          const sent = sentAt.get(id) ?? null;
          const result = results.get(id) ?? request.describeUnfinished(sent);
          // The request that began it had no more time; this one has.
          if (sharedWith !== null && end?.isCutShort && result.kind === 'notAttempted' && !request.sendSignal.aborted) left.push(id);
          else performed.set(id, { result, sentAt: sharedWith === null ? sent : null, sharedWith });
        }
        if (left.length > 0) await performOn(left);
      };
      await performOn(request.vendorIds);
      return performed;
    },
  };
}

const notCutShort = { isCutShort: false };

function toKey({ action, credential }: SharedRequest): string {
  return credential === null ? action : `${action} ${credential}`;
}
