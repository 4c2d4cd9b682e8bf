import type { JobAction, JobRowFragment } from '../api/generated/graphql.ts';
import { may, type ScopeName, type Viewer } from '../session/viewer.ts';
import { actionWords } from '../ui/status.ts';
import type { Target } from './run.ts';

/** What an action would reach. */
export interface Plan {
  action: JobAction;
  targets: readonly Target[];
  leftOut: readonly { target: Target; reason: string }[];
}

export function scopeFor(action: JobAction): ScopeName {
  return action === 'CANCEL' ? 'jobs:cancel' : 'jobs:operate';
}

/** Why the caller can't perform the action on the job. Null: the caller can. */
export function whyNot(action: JobAction, job: JobRowFragment, caller: Viewer | null): string | null {
  const scope = scopeFor(action);
  if (!may(caller, scope, job.systemId)) {
    return `You can’t ${actionWords[action].verb.toLowerCase()} on ${job.system.title} (needs ${scope}@${job.systemId})`;
  }
  const availability = job.actions.find((one) => one.action === action);
  if (!availability || availability.available) return null;
  return availability.reason ?? `${job.system.title} does not support ${actionWords[action].verb}`;
}

/** Sorts the jobs into those that the action is sent to, and those that it isn't. */
export function planAction(action: JobAction, jobs: readonly JobRowFragment[], caller: Viewer | null): Plan {
  const targets: Target[] = [];
  const leftOut: { target: Target; reason: string }[] = [];
  for (const job of jobs) {
    const target = { id: job.id, name: job.name, systemId: job.systemId, systemTitle: job.system.title };
    const reason = whyNot(action, job, caller);
    if (reason === null) targets.push(target);
    else leftOut.push({ target, reason });
  }
  return { action, targets, leftOut };
}

/** `12 of 14`, or `12` if that is all. */
export function countOf({ targets, leftOut }: Plan): string {
  const all = targets.length + leftOut.length;
  return targets.length === all ? String(all) : `${targets.length} of ${all}`;
}

/** `1 job`, `12 jobs`; with the attribute `new`: `1 new job`. */
export const countJobs = (count: number, attribute = ''): string =>
  [count.toLocaleString('en-US'), attribute, count === 1 ? 'job' : 'jobs'].filter((word) => word !== '').join(' ');
