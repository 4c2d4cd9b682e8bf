import type { ProblemCode } from './problem.ts';

/** What came of an action, in one word. The schema's `ActionOutcome` holds the same words and says what each means to callers. */
export const successOutcomes = ['CONFIRMED', 'ACCEPTED', 'ALREADY_DONE', 'JOB_GONE', 'DRY_RUN_PASSED'] as const;
/** The schema's `SuccessOutcome`. */
export type SuccessOutcome = (typeof successOutcomes)[number];

export const failureOutcomes = [
  'JOB_NOT_FOUND',
  'ACTION_NOT_ALLOWED',
  'ACCESS_DENIED',
  'SYSTEM_UNAVAILABLE',
  'VENDOR_REJECTED',
  'NOT_ATTEMPTED',
  'OUTCOME_UNKNOWN',
] as const;
export type FailureOutcome = (typeof failureOutcomes)[number];

export const outcomes = [...successOutcomes, ...failureOutcomes] as const;
export type Outcome = (typeof outcomes)[number];

/** Of a follow-up only: a later verdict disproves the success that was recorded. */
export type FollowUpOutcome = Outcome | 'CONTRADICTED';

export const followUpOutcomes: readonly FollowUpOutcome[] = [...outcomes, 'CONTRADICTED'];

/** Counts and items of bulk operations tell these three apart. */
export type OutcomeClass = 'SUCCEEDED' | 'FAILED' | 'UNKNOWN';

/** What an outcome is where it is shown, counted or kept. The word itself is the same everywhere. */
export interface OutcomeProjection {
  /** `ActionSummary`, `BulkCounts` and `BulkItem.status`. */
  class: OutcomeClass;
  /** The member of the result unions. `SUCCESS`: `CancelSuccess` of a cancel, `JobActionSuccess` of the other actions. */
  member:
    | 'SUCCESS'
    | 'JobNotFound'
    | 'ActionNotAllowed'
    | 'AccessDenied'
    | 'SystemUnavailable'
    | 'VendorRejected'
    | 'NotAttempted'
    | 'OutcomeUnknown';
  /** Whether it leaves an event: a dry run did nothing that could be kept. */
  hasEvent: boolean;
  /** Whether Jobyard reads the job again later, until it is known what came of the action. */
  isUnresolved: boolean;
  /** Whether the vendor certainly changed nothing. */
  changedNothing: boolean;
  /** Whether it may have taken effect: the vendor accepted it, or perhaps did. */
  mayHaveTakenEffect: boolean;
  /** Whether the same request may do better later, at once or when an operator has corrected the system. */
  isObstacle: boolean;
  /** The problem codes that it comes with; none: it has no problem. Series of metrics are made for them. */
  codes: readonly ProblemCode[];
}

const success = { class: 'SUCCEEDED', member: 'SUCCESS', hasEvent: true, isUnresolved: false, isObstacle: false, codes: [] } as const;
const failure = { class: 'FAILED', hasEvent: true, isUnresolved: false, isObstacle: false } as const;
const withEffect = { changedNothing: false, mayHaveTakenEffect: true } as const;
const withoutEffect = { changedNothing: true, mayHaveTakenEffect: false } as const;

export const outcomeProjections = {
  CONFIRMED: { ...success, ...withEffect },
  ACCEPTED: { ...success, ...withEffect, isUnresolved: true },
  ALREADY_DONE: { ...success, ...withoutEffect },
  JOB_GONE: { ...success, ...withEffect, isUnresolved: true },
  DRY_RUN_PASSED: { ...success, ...withoutEffect, hasEvent: false },
  JOB_NOT_FOUND: { ...failure, ...withoutEffect, member: 'JobNotFound', codes: ['JOB_NOT_FOUND'] },
  ACTION_NOT_ALLOWED: { ...failure, ...withoutEffect, member: 'ActionNotAllowed', codes: ['WRONG_STATUS', 'NOT_ELIGIBLE'] },
  ACCESS_DENIED: { ...failure, ...withoutEffect, member: 'AccessDenied', codes: ['ACCESS_DENIED'] },
  SYSTEM_UNAVAILABLE: {
    ...failure,
    ...withoutEffect,
    member: 'SystemUnavailable',
    isObstacle: true,
    codes: ['SYSTEM_UNAVAILABLE', 'TIMED_OUT', 'RATE_LIMITED', 'VENDOR_AUTHENTICATION_FAILED', 'INVALID_VENDOR_RESPONSE'],
  },
  // The vendor may have accepted it without an effect that can be seen.
  VENDOR_REJECTED: { ...failure, member: 'VendorRejected', changedNothing: false, mayHaveTakenEffect: false, codes: ['VENDOR_REJECTED'] },
  NOT_ATTEMPTED: { ...failure, ...withoutEffect, member: 'NotAttempted', isObstacle: true, codes: ['NOT_ATTEMPTED'] },
  OUTCOME_UNKNOWN: {
    class: 'UNKNOWN',
    member: 'OutcomeUnknown',
    hasEvent: true,
    isUnresolved: true,
    ...withEffect,
    isObstacle: false,
    codes: ['OUTCOME_UNKNOWN'],
  },
} as const satisfies Record<Outcome, OutcomeProjection>;

type UnresolvedKeys = { [Each in Outcome]: (typeof outcomeProjections)[Each]['isUnresolved'] extends true ? Each : never };
/** An outcome that a follow-up may resolve. */
export type UnresolvedOutcome = UnresolvedKeys[Outcome];

export function isUnresolved(outcome: Outcome): outcome is UnresolvedOutcome {
  return outcomeProjections[outcome].isUnresolved;
}

export const unresolvedOutcomes: readonly UnresolvedOutcome[] = outcomes.filter(isUnresolved);

/** Of an action that may have reached its job. */
export const effectiveOutcomes: readonly Outcome[] = outcomes.filter((outcome) => outcomeProjections[outcome].mayHaveTakenEffect);

export function isSuccess(outcome: FollowUpOutcome): outcome is SuccessOutcome {
  return outcome !== 'CONTRADICTED' && outcomeProjections[outcome].class === 'SUCCEEDED';
}
