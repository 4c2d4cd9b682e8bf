import { vendors } from '../../src/vendors/index.ts';
import { type Sandboxes, type SystemName, systemNames } from '../start.ts';
import type { Action, ActionFacts } from '../vendors/contract.ts';
import { splitId, subjects } from '../vendors/subjects.ts';

/** What is true of a system's action. Throws if the vendor doesn't have it. */
export function factsOf(system: SystemName, action: Action): ActionFacts {
  const facts = subjects[system].actions[action];
  if (!facts) throw new Error(`${system} has no ${action}`);
  return facts;
}

/** The systems whose vendors have the action. */
export function systemsWith(action: Action): SystemName[] {
  return systemNames.filter((system) => subjects[system].actions[action]);
}

/** How many requests for reads by ID a system gets at one time, where its jobs are read one by one if possible. */
export function countAtOneTime(system: SystemName): number {
  if (subjects[system].reads.jobsPerRequest > 1) return 1;
  const vendor = vendors.find(({ name }) => name === system);
  return vendor?.defaults.concurrency ?? 0;
}

const longAgoMs = Date.now() - 3_600_000;

/** Adds a job that allows the action and doesn't change by itself, and returns its vendor ID. `elsewhere`: in another part of the vendor. */
export function addActionableJob(sandboxes: Sandboxes, system: SystemName, action: Action, elsewhere = false): string {
  return subjects[system].jobs.addFor(sandboxes[system], action, { createdAtMs: longAgoMs, elsewhere });
}

/** Back to what `addActionableJob` added. */
export function renewJob(sandboxes: Sandboxes, system: SystemName, vendorId: string, action: Action): void {
  subjects[system].jobs.renew(sandboxes[system], vendorId, action, longAgoMs);
}

/** The vendor's current status of the job; undefined if the job doesn't exist. */
export function trueStatus(sandboxes: Sandboxes, id: string): string | undefined {
  const { system, vendorId } = splitId(id);
  return subjects[system].jobs.find(sandboxes[system], vendorId)?.status;
}

/** How many jobs the actions on a job have created. */
export function countCreated(sandboxes: Sandboxes, id: string): number {
  const { system, vendorId } = splitId(id);
  return subjects[system].jobs.createdFor?.(sandboxes[system], vendorId).length ?? 0;
}

/**
 * Whether the action on a job from `addActionableJob` was performed once, according to the vendor's state. `createdBefore`: the jobs that earlier
 * actions on it have created.
 */
export function isCarriedOut(sandboxes: Sandboxes, id: string, action: Action, createdBefore = 0): boolean {
  const { system, vendorId } = splitId(id);
  const { find, shows } = subjects[system].jobs;
  if (factsOf(system, action).creates) return countCreated(sandboxes, id) === createdBefore + 1;
  const job = find(sandboxes[system], vendorId);
  return job !== undefined && shows(action, job.status) && (action !== 'restart' || job.requestedAtMs > longAgoMs);
}
