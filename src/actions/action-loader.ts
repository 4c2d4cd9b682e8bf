import { randomUUID } from 'node:crypto';
import DataLoader from 'dataloader';
import type { CallContext } from '../jobs/adapter.ts';
import type { Job, JobAction } from '../jobs/job.ts';
import { formatJobId, vendorIdOf } from '../jobs/job-id.ts';
import { entryOf } from '../jobs/pair-results.ts';
import type { Permissions } from '../jobs/permissions.ts';
import { accessDenied, scopeOf } from '../jobs/permissions.ts';
import { createProblem, type Result } from '../jobs/problem.ts';
import { toStoredName } from '../jobs/stored-name.ts';
import { type ActionResult, isFailure, type JobResult, withoutCopy } from './action-result.ts';
import type { ActionableSystem } from './actionable-system.ts';
import type { ActionAudit, JobActionRecord } from './audit.ts';
import type { SharedRequest } from './executions.ts';
import { describeUnfinished } from './not-attempted.ts';
import { performAction } from './perform-action.ts';
import type { PerformedAction } from './shared-actions.ts';

export interface ActionOptions {
  /** True: runs all checks and sends nothing. */
  dryRun: boolean;
  /** For the audit log and the events. */
  reason: string | null;
  /** See CallContext: of an action that is attempted again later. Default: one of its own. */
  actionKey?: string;
}

/** One mutation field's request: one action on jobs of any systems. */
export interface ActionRequest extends ActionOptions {
  action: JobAction;
  /** Any number. May contain an ID more than once. */
  ids: readonly string[];
}

export interface ActionLoaderOptions {
  /** Parses an ID and finds its system. */
  locate(id: string): Result<{ system: ActionableSystem; vendorId: string }>;
  permissions: Permissions;
  audit: ActionAudit;
  callTo(system: ActionableSystem): CallContext;
  /** Who requests the actions: a vendor may keep it with the job. */
  requestedBy: string;
  /** Aborted when nothing more may be sent: the rest of the time is for reading the outcome. */
  sendSignal: AbortSignal;
  /** Called for each job whose result has a job, with a copy that shows the outcome; null: no copy was read, or the caller can't read jobs. */
  onPerformed(id: string, job: Job | null): void;
  /** Called with the results of each system, for metrics. */
  onResults(systemId: string, action: JobAction, jobs: readonly JobActionRecord[]): void;
}

/** The jobs of one system in requests for the same action. */
interface SystemRequest extends ActionOptions {
  actionId: string;
  system: ActionableSystem;
  action: JobAction;
  /** Each job once, by the vendor's ID. */
  jobIdByVendorId: Map<string, string>;
}

/**
 * Gathers the actions of one tick, so that all IDs of a system are sent together, and a repeated ID once. One result per ID, in order.
 * Caches nothing: a repeated action is meant to be performed again.
 */
export function createActionLoader(options: ActionLoaderOptions): DataLoader<ActionRequest, JobResult[]> {
  return new DataLoader(
    (requests) => {
      const groups = Map.groupBy(requests, keyOf);
      const performed = new Map(Array.from(groups, ([key, group]) => [key, performGroup(group, options)]));
      return Promise.all(
        requests.map(async (request) => {
          const results = await entryOf(performed, keyOf(request));
          return request.ids.map((jobId) => ({ jobId, result: entryOf(results, jobId) }));
        }),
      );
    },
    { cache: false },
  );
}

/** Equal for requests for the same action with the same options, which are performed together. */
function keyOf({ action, dryRun, reason, actionKey }: ActionRequest): string {
  return JSON.stringify([action, dryRun, reason, actionKey]);
}

/** Performs requests for the same action with the same options; results by job ID. */
async function performGroup(requests: readonly ActionRequest[], options: ActionLoaderOptions): Promise<Map<string, ActionResult>> {
  const results = new Map<string, ActionResult>();
  const bySystem = new Map<ActionableSystem, SystemRequest>();
  for (const { ids, ...common } of requests) {
    for (const id of ids) {
      const located = options.locate(id);
      if (!located.ok) {
        results.set(id, { outcome: 'JOB_NOT_FOUND', problem: located.problem });
        continue;
      }
      const { system, vendorId } = located.value;
      const request = bySystem.get(system) ?? { ...common, actionId: randomUUID(), system, jobIdByVendorId: new Map() };
      bySystem.set(system, request);
      request.jobIdByVendorId.set(vendorId, id);
    }
  }
  // All intents before any action: if one can't be recorded, nothing is done.
  for (const { actionId, system, action, dryRun, reason, jobIdByVendorId } of bySystem.values()) {
    const jobIds = [...jobIdByVendorId.values()];
    options.audit.recordIntent({ actionId, systemId: system.id, action, jobIds, dryRun, reason });
  }
  const records = await Promise.all(Array.from(bySystem.values(), (request) => performOnSystem(request, options)));
  for (const ofSystem of records) for (const { jobId, result } of ofSystem) results.set(jobId, result);
  return results;
}

/** One record per job, in the order of the request. */
async function performOnSystem(request: SystemRequest, options: ActionLoaderOptions): Promise<JobActionRecord[]> {
  const { actionId, system, action, jobIdByVendorId } = request;
  const { permissions, audit, onPerformed, onResults } = options;
  let records: JobActionRecord[];
  if (permissions.mayAct(system.id, action)) {
    const performed = await (request.dryRun ? performDryRun(request, options) : performShared(request, options));
    records = Array.from(jobIdByVendorId, ([vendorId, jobId]) => ({ jobId, ...entryOf(performed, vendorId) }));
  } else {
    const result: ActionResult = { outcome: 'ACCESS_DENIED', problem: accessDenied(scopeOf(action), system.id) };
    records = Array.from(jobIdByVendorId.values(), (jobId) => ({ jobId, result, sentAt: null, sharedWith: null }));
  }
  const call = options.callTo(system);
  audit.recordOutcomes(
    actionId,
    records.map((record) => ({ ...record, jobName: nameOf(record, system, call) })),
  );
  onResults(system.id, action, records);
  const mayRead = permissions.mayRead(system.id);
  for (const { jobId, result } of records) if ('job' in result) onPerformed(jobId, mayRead ? result.job : null);
  return mayRead ? records : records.map(({ result, ...job }) => ({ ...job, result: 'job' in result ? withoutJob(result) : result }));
}

/** The job's name, as far as it is known without another read. */
function nameOf({ jobId, result }: JobActionRecord, { reader }: ActionableSystem, call: CallContext): string | null {
  const copy = 'job' in result && result.job ? result.job : reader.findCopy(vendorIdOf(jobId), call);
  return copy && toStoredName(copy);
}

/** A dry run is never shared: its results are no action. */
async function performDryRun(
  { system, action, jobIdByVendorId }: SystemRequest,
  { callTo }: ActionLoaderOptions,
): Promise<Map<string, PerformedAction>> {
  const results = await performAction(system, action, [...jobIdByVendorId.keys()], { dryRun: true }, callTo(system));
  return new Map(Array.from(results, ([vendorId, result]) => [vendorId, { result, sentAt: null, sharedWith: null }]));
}

/** Performs the action, or joins requests that perform it on the same jobs right now. */
async function performShared(
  { actionId, actionKey = actionId, system, action, reason, jobIdByVendorId }: SystemRequest,
  { audit, callTo, requestedBy, ...options }: ActionLoaderOptions,
): Promise<Map<string, PerformedAction>> {
  const call = callTo(system);
  const sendSignal = AbortSignal.any([call.signal, options.sendSignal]);
  const request: SharedRequest = {
    actionId,
    action,
    vendorIds: [...jobIdByVendorId.keys()],
    call,
    sendSignal,
    describeUnfinished: (sentAt) => describeUnfinished(system, action, sentAt),
  };
  return system.sharedActions.perform(request, async (ownVendorIds, progress) => {
    const onSend = (sentIds: readonly string[]): void => {
      try {
        audit.recordSent(
          actionId,
          sentIds.map((vendorId) => formatJobId({ systemId: system.id, vendorId })),
        );
      } catch (error) {
        progress.leaveToOthers();
        throw error;
      }
      progress.send(sentIds);
    };
    const { isFree, claim, awaitReads: onResponse, release: onRejected, resolve: onResult } = progress;
    const options = { dryRun: false, isFree, claim, onSend, sendSignal, onResponse, onRejected, onResult };
    await performAction(system, action, ownVendorIds, options, { ...call, requestedBy, reason, actionKey, signal: progress.signal });
  });
}

/** The result without the state of the job: for callers that can perform actions but not read jobs. */
function withoutJob(result: Extract<ActionResult, { job: unknown }>): ActionResult {
  const { job } = result;
  if (!isFailure(result)) {
    if (result.doubt == null) return withoutCopy(result);
    return { ...result, job: null, doubt: 'Only the system can determine whether the job allows the action.' };
  }
  const { code, message } = result.problem;
  if (code === 'WRONG_STATUS') {
    const problem = createProblem(code, "The job's status doesn't allow the action.");
    return { ...result, job: null, problem, ...('status' in result && { status: null }) };
  }
  if (job === null || !message.includes(job.status)) return withoutCopy(result);
  return { ...result, job: null, problem: createProblem(code, "The job's status doesn't show that the action was performed.") };
}
