import type { ActionState, ActionSupport, ByState, PriorState } from './adapter.ts';
import type { JobStatus } from './job.ts';

/** The value for a job whose state before the action was this; null: unknown. */
export function valueFor<Value extends boolean | string | ActionState | null>(value: ByState<Value>, before: PriorState | null): Value {
  // A value is never a function, which the compiler can't conclude for a type parameter.
  return typeof value === 'function' ? (value as (before: PriorState | null) => Value)(before) : (value as Value);
}

/** Whether a caller's own second request for the action can do no harm. A created job's ID is that of one request, so the second one creates another. */
export function isSafeForCallers({ safeToRetry, creates }: ActionSupport, before: PriorState | null): boolean {
  return creates !== true && valueFor(safeToRetry, before);
}

/** Whether the vendor only accepts the action for jobs in at least one of the allowed statuses. */
export function isAsynchronous({ asynchronous, allowedStatuses }: ActionSupport): boolean {
  return typeof asynchronous === 'boolean' ? asynchronous : allowedStatuses.some((status) => asynchronous(inStatus(status)));
}

function inStatus(status: JobStatus): PriorState {
  return { status, createdAt: null, startedAt: null, finishedAt: null };
}
