import type { ProblemCode } from './problem.ts';

/** The outcome of an action that succeeded. The schema's `SuccessOutcome` has the same values and describes them. */
export const successOutcomes = ['CONFIRMED', 'ACCEPTED', 'ALREADY_DONE', 'JOB_GONE', 'DRY_RUN_PASSED'] as const;
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

/** The schema's `ActionOutcome`. */
export const outcomes = [...successOutcomes, ...failureOutcomes] as const;
export type Outcome = (typeof outcomes)[number];

/** CONTRADICTED: a later verdict disproves the success that was recorded. Follow-ups only. */
export type FollowUpOutcome = Outcome | 'CONTRADICTED';

export const followUpOutcomes: readonly FollowUpOutcome[] = [...outcomes, 'CONTRADICTED'];

/** The classes that counts and items of bulk operations use. */
export type OutcomeClass = 'SUCCEEDED' | 'FAILED' | 'UNKNOWN';

/** How an outcome is shown, counted, and stored. The word itself is the same everywhere. */
export interface OutcomeProjection {
  /** Used by `ActionSummary`, `BulkCounts`, and `BulkItem.status`. */
  class: OutcomeClass;
  /** The member of the result unions. `SUCCESS`: `CancelSuccess` for a cancel, `JobActionSuccess` for other actions. */
  member:
    | 'SUCCESS'
    | 'JobNotFound'
    | 'ActionNotAllowed'
    | 'AccessDenied'
    | 'SystemUnavailable'
    | 'VendorRejected'
    | 'NotAttempted'
    | 'OutcomeUnknown';
  /** Whether an event records it. False for a dry run, which performs no action. */
  hasEvent: boolean;
  /** Whether Jobyard tracks the action: reads the job again until its outcome is known. */
  isUnresolved: boolean;
  /** Whether the vendor certainly changed nothing. */
  changedNothing: boolean;
  /** Whether the action may have taken effect: the vendor accepted it, or may have. */
  possiblyEffective: boolean;
  /** Whether the same request may succeed later, at once or after an operator has fixed the system. */
  isObstacle: boolean;
  /** The problem codes that it occurs with; empty: it has no problem. Metrics have a series for each. */
  codes: readonly ProblemCode[];
}

const success = { class: 'SUCCEEDED', member: 'SUCCESS', hasEvent: true, isUnresolved: false, isObstacle: false, codes: [] } as const;
const failure = { class: 'FAILED', hasEvent: true, isUnresolved: false, isObstacle: false } as const;
const withEffect = { changedNothing: false, possiblyEffective: true } as const;
const withoutEffect = { changedNothing: true, possiblyEffective: false } as const;

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
  // The vendor may have accepted the action without a visible effect.
  VENDOR_REJECTED: { ...failure, member: 'VendorRejected', changedNothing: false, possiblyEffective: false, codes: ['VENDOR_REJECTED'] },
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

/** The outcomes of actions that may have taken effect. */
export const effectiveOutcomes: readonly Outcome[] = outcomes.filter((outcome) => outcomeProjections[outcome].possiblyEffective);

export function isSuccess(outcome: FollowUpOutcome): outcome is SuccessOutcome {
  return outcome !== 'CONTRADICTED' && outcomeProjections[outcome].class === 'SUCCEEDED';
}
