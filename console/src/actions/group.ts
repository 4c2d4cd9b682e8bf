import type { ActionResultsFragment, CancelJobsMutation, JobStatus, SuccessOutcome } from '../api/generated/graphql.ts';

/** The result of an action on one job. */
export type ActionResult = CancelJobsMutation['payload']['results'][number] | ActionResultsFragment['results'][number];

/** Results with the same meaning and the same next step, in the order in which they are shown: what needs attention first. */
export const groups = [
  'unknown',
  'contradicted',
  'not-sent',
  'rejected',
  'denied',
  'key-used',
  'not-allowed',
  'not-found',
  'accepted',
  'gone',
  'already',
  'done',
  'would-do',
] as const;
export type Group = (typeof groups)[number];

/** Groups of which the caller has nothing to do. */
export const calmGroups: ReadonlySet<Group> = new Set<Group>(['accepted', 'gone', 'already', 'done', 'would-do']);

/** The group of a result. `status`: the job's later status, if it is known. */
export function groupOf(result: ActionResult, status: JobStatus | null = null): Group {
  switch (result.__typename) {
    case 'CancelSuccess':
      return groupOfSuccess(result.outcome, result.outcome === 'ACCEPTED' ? status : null);
    case 'JobActionSuccess':
      return groupOfSuccess(result.outcome, null);
    case 'OutcomeUnknown':
      return 'unknown';
    case 'NotAttempted':
    case 'SystemUnavailable':
      return 'not-sent';
    case 'VendorRejected':
      return 'rejected';
    case 'AccessDenied':
      return 'denied';
    case 'IdempotencyConflict':
      return 'key-used';
    case 'ActionNotAllowed':
      return 'not-allowed';
    case 'JobNotFound':
      return 'not-found';
    default:
      return result satisfies never;
  }
}

function groupOfSuccess(outcome: SuccessOutcome, laterStatus: JobStatus | null): Group {
  switch (outcome) {
    case 'CONFIRMED':
      return 'done';
    case 'ACCEPTED':
      if (laterStatus === 'CANCELLED') return 'done';
      return laterStatus === 'SUCCEEDED' || laterStatus === 'FAILED' ? 'contradicted' : 'accepted';
    case 'ALREADY_DONE':
      return 'already';
    case 'JOB_GONE':
      return 'gone';
    case 'DRY_RUN_PASSED':
      return 'would-do';
    default:
      return outcome satisfies never;
  }
}
