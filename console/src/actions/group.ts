import type { ActionOutcome, ActionResultsFragment, CancelJobsMutation, JobRowFragment } from '../api/generated/graphql.ts';

/** The result of an action on one job. */
export type ActionResult = CancelJobsMutation['payload']['results'][number] | ActionResultsFragment['results'][number];

/**
 * Results with the same meaning and the same next step: those of an outcome. `NOT_ATTEMPTED` has those of `SYSTEM_UNAVAILABLE`, too. ENDED: accepted,
 * and the job has ended; what that means for the action, the API doesn't tell this caller.
 */
export type Group = Exclude<ActionOutcome, 'SYSTEM_UNAVAILABLE'> | 'IDEMPOTENCY_CONFLICT' | 'ENDED';

/** In the order in which they are shown: what needs attention first. */
export const groups = [
  'OUTCOME_UNKNOWN',
  'CONTRADICTED',
  'NOT_ATTEMPTED',
  'VENDOR_REJECTED',
  'ACCESS_DENIED',
  'IDEMPOTENCY_CONFLICT',
  'ACTION_NOT_ALLOWED',
  'JOB_NOT_FOUND',
  'ACCEPTED',
  'ENDED',
  'JOB_GONE',
  'ALREADY_DONE',
  'CONFIRMED',
  'DRY_RUN_PASSED',
] as const satisfies readonly Group[];

/** Groups of which the caller has nothing to do. */
export const calmGroups: ReadonlySet<Group> = new Set<Group>([
  'ACCEPTED',
  'ENDED',
  'JOB_GONE',
  'ALREADY_DONE',
  'CONFIRMED',
  'DRY_RUN_PASSED',
]);

/** A job that was read after its result. */
export type LaterJob = Pick<JobRowFragment, 'status' | 'isTerminal' | 'cancellation'>;

/** The group of a result. `job`: null if it wasn't read after the result. */
export function groupOf(result: ActionResult, job: LaterJob | null = null): Group {
  switch (result.__typename) {
    case 'CancelSuccess':
      return result.outcome === 'ACCEPTED' && job ? groupOfAccepted(job) : result.outcome;
    case 'JobActionSuccess':
      return result.outcome;
    case 'OutcomeUnknown':
      return 'OUTCOME_UNKNOWN';
    case 'NotAttempted':
    case 'SystemUnavailable':
      return 'NOT_ATTEMPTED';
    case 'VendorRejected':
      return 'VENDOR_REJECTED';
    case 'AccessDenied':
      return 'ACCESS_DENIED';
    case 'IdempotencyConflict':
      return 'IDEMPOTENCY_CONFLICT';
    case 'ActionNotAllowed':
      return 'ACTION_NOT_ALLOWED';
    case 'JobNotFound':
      return 'JOB_NOT_FOUND';
    default:
      return result satisfies never;
  }
}

/** What the API says has become of an accepted cancellation. It tells callers with audit:read only. */
function groupOfAccepted({ isTerminal, cancellation }: LaterJob): Group {
  if (cancellation?.state === 'CONTRADICTED') return 'CONTRADICTED';
  if (cancellation?.state === null && cancellation.resolvedAt !== null) return 'CONFIRMED';
  return isTerminal ? 'ENDED' : 'ACCEPTED';
}
