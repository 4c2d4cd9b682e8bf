import { randomUUID } from 'node:crypto';
import DataLoader from 'dataloader';
import type { CallContext } from '../jobs/adapter.ts';
import type { Job, JobAction } from '../jobs/job.ts';
import { formatJobId } from '../jobs/job-id.ts';
import type { Permissions } from '../jobs/permissions.ts';
import { accessDenied, scopeOf } from '../jobs/permissions.ts';
import { createProblem, type Result } from '../jobs/problem.ts';
import { type ActionResult, isFailure, withoutCopy } from './action-result.ts';
import type { ActionableSystem } from './actionable-system.ts';
import type { ActionAudit, JobActionRecord } from './audit.ts';
import type { SharedRequest } from './executions.ts';
import { describeUnfinished } from './not-attempted.ts';
import { performAction } from './perform-action.ts';
import type { PerformedAction } from './shared-actions.ts';

export interface ActionOptions {
  /** Check everything, send nothing. */
  dryRun: boolean;
  /** For the audit. */
  reason: string | null;
}

/** What one mutation field asks for: one action on jobs of all systems. */
export interface ActionRequest extends ActionOptions {
  action: JobAction;
  /** Any number of them, of which some may be repeated. */
  ids: readonly string[];
}

export interface ActionLoaderOptions {
  /** Takes an id apart and finds its system. */
  locate(id: string): Result<{ system: ActionableSystem; vendorId: string }>;
  permissions: Permissions;
  audit: ActionAudit;
  callTo(system: ActionableSystem): CallContext;
  /** Aborted when nothing more may be sent: the time that is left is for reading what came of it. */
  sendSignal: AbortSignal;
  /** Told of each job that was acted on, with a copy that shows what came of it where one was read. */
  onPerformed(id: string, job: Job | null): void;
  /** Told of what came of it, system by system, for metrics. */
  onResults(systemId: string, action: JobAction, jobs: readonly JobActionRecord[]): void;
}

/** What one mutation field asks of one system. */
interface Batch extends ActionOptions {
  actionId: string;
  system: ActionableSystem;
  action: JobAction;
  /** Each once. */
  jobIds: string[];
  /** Of the same jobs, in the same order. */
  vendorIds: string[];
}

/**
 * Gathers the actions of one tick, so that all ids of a system reach it together and a repeated id once. One result per id, in order.
 * Caches nothing: an action asked for again is meant again.
 */
export function createActionLoader(options: ActionLoaderOptions): DataLoader<ActionRequest, ActionResult[]> {
  return new DataLoader(
    async (requests) => {
      // The mutation fields of a request run one after the other, but nothing here relies on it.
      const together = Map.groupBy(requests, ({ action, dryRun, reason }) => JSON.stringify([action, dryRun, reason]));
      const results = new Map<ActionRequest, ActionResult[]>();
      await Promise.all(
        Array.from(together.values(), async (group) => {
          const byId = await actOnAll(group, options);
          for (const request of group)
            results.set(
              request,
              request.ids.map((id) => byId.get(id) as ActionResult),
            );
        }),
      );
      return requests.map((request) => results.get(request) as ActionResult[]);
    },
    { cache: false },
  );
}

/** Requests for the same action with the same options; results by job id. */
async function actOnAll(requests: readonly ActionRequest[], options: ActionLoaderOptions): Promise<Map<string, ActionResult>> {
  const { action, dryRun, reason } = requests[0] as ActionRequest;
  const results = new Map<string, ActionResult>();
  const batches = new Map<ActionableSystem, Batch>();
  for (const id of new Set(requests.flatMap(({ ids }) => ids))) {
    const located = options.locate(id);
    if (!located.ok) {
      results.set(id, { outcome: 'JOB_NOT_FOUND', problem: located.problem });
      continue;
    }
    const { system, vendorId } = located.value;
    let batch = batches.get(system);
    if (!batch) {
      batch = { actionId: randomUUID(), system, action, dryRun, reason, jobIds: [], vendorIds: [] };
      batches.set(system, batch);
    }
    batch.jobIds.push(id);
    batch.vendorIds.push(vendorId);
  }
  // All of them before any is carried out: where one can't be kept, nothing is done.
  for (const { actionId, system, jobIds } of batches.values()) {
    options.audit.recordIntent({ actionId: actionId, systemId: system.id, action, jobIds, dryRun, reason });
  }
  const settled = await Promise.all(Array.from(batches.values(), (batch) => actOnSystem(batch, options)));
  for (const ofSystem of settled) for (const { jobId, result } of ofSystem) results.set(jobId, result);
  return results;
}

/** One batch of one system, in its order. */
async function actOnSystem(batch: Batch, options: ActionLoaderOptions): Promise<JobActionRecord[]> {
  const { actionId, system, action, jobIds, vendorIds } = batch;
  const { permissions, audit, onPerformed, onResults } = options;
  let settled: JobActionRecord[];
  if (permissions.mayAct(system.id, action)) {
    const performed = await (batch.dryRun ? tryOut(batch, options) : performShared(batch, options));
    settled = vendorIds.map((vendorId, index) => ({ jobId: jobIds[index] as string, ...(performed.get(vendorId) as PerformedAction) }));
  } else {
    const result: ActionResult = { outcome: 'ACCESS_DENIED', problem: accessDenied(scopeOf(action), system.id) };
    settled = jobIds.map((jobId) => ({ jobId, result, sentAt: null, sharedWith: null }));
  }
  audit.recordOutcomes(actionId, settled);
  onResults(system.id, action, settled);
  const mayRead = permissions.mayRead(system.id);
  for (const { jobId, result } of settled) if ('job' in result) onPerformed(jobId, mayRead ? result.job : null);
  return mayRead ? settled : settled.map(({ result, ...job }) => ({ ...job, result: 'job' in result ? withoutJob(result) : result }));
}

/** A dry run is never shared: what it finds is no action. */
async function tryOut({ system, action, vendorIds }: Batch, { callTo }: ActionLoaderOptions): Promise<Map<string, PerformedAction>> {
  const results = await performAction(system, action, vendorIds, { dryRun: true }, callTo(system));
  return new Map(Array.from(results, ([vendorId, result]) => [vendorId, { result, sentAt: null, sharedWith: null }]));
}

/** Performs the action, or joins those who perform it on the same jobs right now. */
async function performShared(
  { actionId, system, action, vendorIds }: Batch,
  { audit, callTo, ...options }: ActionLoaderOptions,
): Promise<Map<string, PerformedAction>> {
  const call = callTo(system);
  const sendSignal = AbortSignal.any([call.signal, options.sendSignal]);
  const request: SharedRequest = {
    caller: call.caller,
    actionId,
    action,
    vendorIds,
    credential: call.credential,
    signal: call.signal,
    sendSignal,
    describeUnfinished: (sentAt) => describeUnfinished(system, action, sentAt),
  };
  return system.sharedActions.perform(request, async (ownVendorIds, progress) => {
    const onSend = (named: readonly string[]): void => {
      try {
        audit.recordSent(
          actionId,
          named.map((vendorId) => formatJobId({ systemId: system.id, vendorId })),
        );
      } catch (error) {
        progress.leaveToOthers();
        throw error;
      }
      progress.send(named);
    };
    const options = { dryRun: false, onSend, sendSignal, onResult: progress.resolve };
    await performAction(system, action, ownVendorIds, options, { ...call, signal: progress.signal });
  });
}

/** The result without what it tells of the job: for callers who may act on jobs but not read them. */
function withoutJob(result: Extract<ActionResult, { job: unknown }>): ActionResult {
  const { job } = result;
  if (!isFailure(result)) {
    if (result.doubt == null) return withoutCopy(result);
    return { ...result, job: null, doubt: 'Only the system knows whether the job allows the action.' };
  }
  const { code, message } = result.problem;
  if (code === 'WRONG_STATUS') {
    return { ...result, job: null, problem: createProblem(code, "The action is not possible in the job's status.") };
  }
  if (job === null || !message.includes(job.status)) return withoutCopy(result);
  return { ...result, job: null, problem: createProblem(code, "The job's status doesn't show that the action was performed.") };
}
