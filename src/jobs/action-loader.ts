import { randomUUID } from 'node:crypto';
import DataLoader from 'dataloader';
import type { Call } from './adapter.ts';
import type { ActionAudit } from './audit.ts';
import type { Job, JobAction } from './job.ts';
import { formatJobId } from './job-id.ts';
import { performAction } from './perform-action.ts';
import type { Permissions } from './permissions.ts';
import { accessDenied, createProblem, type Outcome } from './problem.ts';
import type { ActionResult } from './settle-action.ts';
import type { JobSystem } from './system.ts';

export interface ActOptions {
  /** Check everything, send nothing. */
  dryRun: boolean;
  /** For the audit. */
  reason: string | null;
}

/** One action on one job. */
export interface ActionKey extends ActOptions {
  action: JobAction;
  id: string;
}

export interface ActionLoaderOptions {
  /** Takes an id apart and finds its system. */
  locate(id: string): Outcome<{ system: JobSystem; vendorId: string }>;
  permissions: Permissions;
  audit: ActionAudit;
  callTo(system: JobSystem): Call;
  /** Told of each job that was acted on, with a copy that shows what came of it where one was read. */
  onSettled(id: string, job: Job | null): void;
  /** Told of what came of it, for metrics. */
  onResult(systemId: string, action: JobAction, result: ActionResult): void;
}

/** What one mutation field asks of one system. */
interface Batch extends ActOptions {
  batchId: string;
  system: JobSystem;
  action: JobAction;
  vendorIds: Set<string>;
}

/**
 * Gathers the actions of one tick, so that all ids of a system reach it together and a repeated id once.
 * Caches nothing: an action asked for again is meant again.
 */
export function createActionLoader(options: ActionLoaderOptions): DataLoader<ActionKey, ActionResult> {
  return new DataLoader(
    async (keys) => {
      // The mutation fields of a request run one after the other, but nothing here relies on it.
      const fieldOf = ({ action, dryRun, reason }: ActionKey): string => JSON.stringify([action, dryRun, reason]);
      const results = new Map<string, Map<string, ActionResult>>();
      const fields = Array.from(Map.groupBy(keys, fieldOf));
      await Promise.all(
        fields.map(async ([field, ofField]) => {
          results.set(field, await actOnAll(ofField, options));
        }),
      );
      return keys.map((key) => results.get(fieldOf(key))?.get(key.id) as ActionResult);
    },
    { cache: false },
  );
}

/** One action with one set of options, on jobs of all systems; results by job id. */
async function actOnAll(keys: readonly ActionKey[], options: ActionLoaderOptions): Promise<Map<string, ActionResult>> {
  const results = new Map<string, ActionResult>();
  const batches = new Map<string, Batch>();
  for (const { id, action, dryRun, reason } of keys) {
    const located = options.locate(id);
    if (!located.ok) {
      results.set(id, { kind: 'notFound', problem: located.problem });
      continue;
    }
    const { system, vendorId } = located.value;
    const batch = batches.get(system.id) ?? { batchId: randomUUID(), system, action, dryRun, reason, vendorIds: new Set() };
    batches.set(system.id, batch);
    batch.vendorIds.add(vendorId);
  }
  // All of them before any is carried out: where one can't be kept, nothing is done.
  for (const { batchId, system, action, dryRun, reason, vendorIds } of batches.values()) {
    const jobIds = Array.from(vendorIds, (vendorId) => formatJobId({ systemId: system.id, vendorId }));
    options.audit.intend({ batchId, systemId: system.id, action, jobIds, dryRun, reason });
  }
  const settled = await Promise.all(Array.from(batches.values(), (batch) => actOnSystem(batch, options)));
  for (const ofSystem of settled) for (const [id, result] of ofSystem) results.set(id, result);
  return results;
}

/** One batch of one system; results by job id. */
async function actOnSystem(
  { batchId, system, action, dryRun, vendorIds }: Batch,
  { permissions, audit, callTo, onSettled, onResult }: ActionLoaderOptions,
): Promise<Map<string, ActionResult>> {
  const idOf = (vendorId: string): string => formatJobId({ systemId: system.id, vendorId });
  const results = new Map<string, ActionResult>();
  const sent = new Set<string>();
  if (permissions.mayAct(system.id, action)) {
    const onSend = (named: readonly string[]): void => {
      const ids = named.map(idOf);
      audit.send(batchId, ids);
      for (const id of ids) sent.add(id);
    };
    const settled = await performAction(system, action, [...vendorIds], { dryRun, onSend }, callTo(system));
    for (const [vendorId, result] of settled) results.set(idOf(vendorId), result);
  } else {
    const problem = accessDenied(action.toLowerCase(), system.id);
    for (const vendorId of vendorIds) results.set(idOf(vendorId), { kind: 'denied', problem });
  }
  audit.settle(batchId, results, sent);
  for (const result of results.values()) onResult(system.id, action, result);
  const mayRead = permissions.mayRead(system.id);
  for (const [id, result] of results) {
    if (!('job' in result)) continue;
    if (!mayRead) results.set(id, withoutJob(result));
    onSettled(id, mayRead ? result.job : null);
  }
  return results;
}

/** The result without what it tells of the job: for callers who may act on jobs but not read them. */
function withoutJob(result: Extract<ActionResult, { job: unknown }>): ActionResult {
  if (result.kind !== 'notAllowed' || result.problem.code !== 'WRONG_STATUS') return { ...result, job: null };
  return { ...result, job: null, problem: createProblem('WRONG_STATUS', "The action is not possible in the job's status.") };
}
