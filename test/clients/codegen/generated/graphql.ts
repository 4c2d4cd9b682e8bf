/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** The jobs to cancel, and the options of the request. */
export type CancelJobsInput = {
  /** Whether to check everything but send nothing. */
  dryRun?: boolean;
  /**
   * A key that makes the mutation safe to retry for 24 hours: with the same input, Jobyard returns the stored results and sends nothing; with
   * a different input, each job returns IdempotencyConflict. In stored results, `retryable` is false. If the first request changed nothing,
   * and a result was SystemUnavailable or NotAttempted, you can use the key again. waitSeconds isn't part of the input. Keys are scoped to the
   * caller. 1 to 200 characters, no control characters.
   */
  idempotencyKey?: string | null | undefined;
  /**
   * The IDs of the jobs (1 to 2,000). Results are in this order; a repeated ID is sent once. An invalid ID, such as one of more than 1,000
   * characters, returns JobNotFound. If another request is performing the same action on a job, this request shares its result.
   */
  ids: Array<string | number>;
  /** The reason, stored with the events of the jobs. At most 1,000 characters; the only control characters allowed are line breaks and tabs. */
  reason?: string | null | undefined;
  /** The maximum wait for accepted cancellations, in seconds (0 to 25). Results show the jobs' state at the end of the wait. */
  waitSeconds?: number;
};

/** An action on a job. Not every system supports every action. */
export type JobAction =
  /** Stops the job for good. */
  | 'CANCEL'
  /** Stops the job so that it can be resumed. */
  | 'PAUSE'
  /** Runs the job again from the beginning. */
  | 'RESTART'
  /** Continues a paused job or, if the vendor allows it, a failed one. */
  | 'RESUME'
  /** Runs a scheduled job now. On systems where it creates a job (`JobCapability.createsJob`), runs a copy of a job that has ended. */
  | 'START';

/** Conditions for jobs; a job must meet all of them. Names and texts have at most 1,000 characters. */
export type JobFilter = {
  /** Jobs that allow this action now (AVAILABLE or MAYBE). */
  availableAction?: JobAction | null | undefined;
  /** Jobs created at this time or later. */
  createdFrom?: string | null | undefined;
  /** Jobs created at this time or earlier. */
  createdTo?: string | null | undefined;
  /** Jobs that ended at this time or later. */
  finishedFrom?: string | null | undefined;
  /** Jobs that ended at this time or earlier. */
  finishedTo?: string | null | undefined;
  /**
   * Jobs with these IDs (1 to 500). Jobyard reads them by ID and searches no list. An ID without a job matches nothing. An invalid ID, or one of an
   * unknown system, is an error.
   */
  ids?: Array<string | number> | null | undefined;
  /** Jobs of one of these owners, as in Job.owner. Case-sensitive; accents can be composed or decomposed (Unicode NFC). */
  owners?: Array<string> | null | undefined;
  /** Jobs in one of these vendor scopes, as in Job.scope. Systems without vendor scopes have no matching jobs. */
  scopes?: Array<string> | null | undefined;
  /** Jobs in one of these statuses. */
  statuses?: Array<JobStatus> | null | undefined;
  /** Jobs of these systems. An unknown ID is an error. */
  systemIds?: Array<string | number> | null | undefined;
  /** Jobs whose name or vendor ID contains this text. Not case-sensitive; accents can be composed or decomposed (Unicode NFC). */
  text?: string | null | undefined;
  /** Jobs of one of these types, as in Job.type. Case-sensitive; accents can be composed or decomposed (Unicode NFC). */
  types?: Array<string> | null | undefined;
  /** Jobs of systems of these vendors, as in JobSystem.vendor. A vendor without a configured system is an error. */
  vendors?: Array<string> | null | undefined;
};

/** The common status of a job. Job.vendorStatus is the vendor's own. */
export type JobStatus =
  /** Canceled before it finished. */
  | 'CANCELLED'
  /** Stopping after a cancellation. */
  | 'CANCELLING'
  /** Ended with an error. */
  | 'FAILED'
  /** Paused; can be resumed. */
  | 'PAUSED'
  /** Waiting to run. */
  | 'QUEUED'
  /** Running. */
  | 'RUNNING'
  /** Planned for later. */
  | 'SCHEDULED'
  /** Finished successfully. */
  | 'SUCCEEDED'
  /** The vendor's status can't be mapped, or the job couldn't be read. */
  | 'UNKNOWN';

/** The kind of a failure. */
export type ProblemCode =
  /** Jobyard or the vendor denied access. */
  | 'ACCESS_DENIED'
  /** The vendor doesn't support the action. */
  | 'ACTION_NOT_SUPPORTED'
  /** The bulk operation doesn't exist, or the caller can't see it. */
  | 'BULK_OPERATION_NOT_FOUND'
  /** The matching jobs have changed since the preview, and `ifChanged` is REJECT. */
  | 'CHANGED_SINCE_PREVIEW'
  /** The idempotency key was used with a different input, or its first request is in progress or was interrupted. */
  | 'IDEMPOTENCY_CONFLICT'
  /** Jobyard can't prove that it listed all jobs of the system: rows are missing or can't be read. The message gives the cause. */
  | 'INCOMPLETE_LIST'
  /** The vendor returns only a part of the log, or has deleted the rest. The message names the missing lines. */
  | 'INCOMPLETE_LOG'
  /** Jobyard couldn't list all matching jobs of a system. */
  | 'INCOMPLETE_SELECTION'
  /** The ID isn't of the form systemId:vendorId, or the vendor can't have such an ID. */
  | 'INVALID_ID'
  /** The response isn't in the documented format. */
  | 'INVALID_VENDOR_RESPONSE'
  /** The system has no such job. */
  | 'JOB_NOT_FOUND'
  /** Jobyard didn't send the request. */
  | 'NOT_ATTEMPTED'
  /** The job's status allows the action, but the job's type or the vendor doesn't. */
  | 'NOT_ELIGIBLE'
  /** No job matches. */
  | 'NO_JOBS_MATCHED'
  /** The request may have reached the vendor, and its effect is unknown. */
  | 'OUTCOME_UNKNOWN'
  /** The preview doesn't exist, has expired, or belongs to another caller, action, or filter. */
  | 'PREVIEW_NOT_FOUND'
  /** The vendor, or a limit of Jobyard, throttles requests. */
  | 'RATE_LIMITED'
  /** The system can't sort or filter as requested, and has more jobs than `scanLimit` allows for one page, count, or selection. */
  | 'SCAN_LIMIT_REACHED'
  /** Jobyard's store can't be reached now. */
  | 'STORE_UNAVAILABLE'
  /** No system with this name is configured, or the caller has no scope for it. */
  | 'SYSTEM_NOT_FOUND'
  /** The system can't be reached, or can't serve requests. */
  | 'SYSTEM_UNAVAILABLE'
  /** The system didn't respond in time. */
  | 'TIMED_OUT'
  /** More jobs match than allowed. */
  | 'TOO_MANY_JOBS'
  /** The vendor rejected the credentials that Jobyard uses. */
  | 'VENDOR_AUTHENTICATION_FAILED'
  /** The vendor rejected the request, or accepted it without an effect. */
  | 'VENDOR_REJECTED'
  /** The status of the job or bulk operation rules out the action. */
  | 'WRONG_STATUS';

/** The outcome of a successful action. See ActionOutcome for failures. */
export type SuccessOutcome =
  /** The system accepted the action. The job is not in the target status yet. */
  | 'ACCEPTED'
  /** Nothing to change: the job was already in the target status. Jobyard sent nothing, or the system changed nothing. */
  | 'ALREADY_DONE'
  /** The job's state shows the effect, or the job that the action creates exists. */
  | 'CONFIRMED'
  /** A dry run passed all checks; Jobyard sent nothing. If only the system can decide whether it accepts the action, `availability` is MAYBE. */
  | 'DRY_RUN_PASSED'
  /** The system accepted the cancellation and no longer lists the job. It was canceled, or ended before the cancellation. */
  | 'JOB_GONE';

/** Whether a system returned the requested rows. */
export type SystemPageStatus =
  /** The system denied access or rejected the credentials. */
  | 'ACCESS_DENIED'
  /** The system returned its last rows. */
  | 'END_REACHED'
  /** The system returned rows and may have more. If `problem` is set, rows are missing. */
  | 'OK'
  /** The system is throttled: by the vendor, or by a limit of Jobyard. */
  | 'RATE_LIMITED'
  /** The system didn't respond in time. */
  | 'TIMED_OUT'
  /** The system couldn't be reached, or its response was invalid. */
  | 'UNAVAILABLE';

export type ListJobsQueryVariables = Exact<{
  filter?: JobFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ListJobsQuery = { jobs: { complete: boolean, edges: Array<{ cursor: string, node: { id: string, name: string, status: JobStatus, createdAt: string | null, actions: Array<{ action: JobAction, available: boolean, reason: string | null }> } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null }, systems: Array<{ status: SystemPageStatus, returnedCount: number, system: { id: string }, problem: { code: ProblemCode, message: string } | null }> } };

export type ReadJobQueryVariables = Exact<{
  id: string | number;
}>;


export type ReadJobQuery = { job:
    | { __typename: 'AccessDenied', jobId: string, code: ProblemCode, message: string }
    | { __typename: 'Job', id: string, status: JobStatus, isTerminal: boolean }
    | { __typename: 'JobNotFound', jobId: string, code: ProblemCode, message: string }
    | { __typename: 'SystemUnavailable', jobId: string, code: ProblemCode, message: string }
   };

export type CancelJobsMutationVariables = Exact<{
  input: CancelJobsInput;
}>;


export type CancelJobsMutation = { cancelJobs: { results: Array<
      | { __typename: 'AccessDenied', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'ActionNotAllowed', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, action: JobAction, job: { id: string, status: JobStatus } }
      | { __typename: 'CancelSuccess', jobId: string, outcome: SuccessOutcome, job: { id: string, status: JobStatus } }
      | { __typename: 'IdempotencyConflict', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'JobNotFound', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'NotAttempted', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'OutcomeUnknown', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, attemptedAt: string, safeToRetry: boolean, job: { id: string, status: JobStatus } }
      | { __typename: 'SystemUnavailable', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, system: { id: string } }
      | { __typename: 'VendorRejected', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, vendorCode: string | null, job: { id: string, status: JobStatus } }
    >, summary: { requested: number, succeeded: number, failed: number, unknown: number } } };

export type RefetchJobQueryVariables = Exact<{
  id: string | number;
}>;


export type RefetchJobQuery = { node:
    | { id: string }
    | { status: JobStatus, id: string }
    | { id: string }
   | null };

export type JobsChangedSubscriptionVariables = Exact<{
  ids: Array<string | number> | string | number;
}>;


export type JobsChangedSubscription = { jobsChanged: { id: string, status: JobStatus, problem: { code: ProblemCode, message: string } | null } };


export const ListJobsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ListJobs"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"JobFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"jobs"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"actions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"available"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"complete"}},{"kind":"Field","name":{"kind":"Name","value":"systems"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"system"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"returnedCount"}},{"kind":"Field","name":{"kind":"Name","value":"problem"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]}}]} as unknown as DocumentNode<ListJobsQuery, ListJobsQueryVariables>;
export const ReadJobDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ReadJob"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"job"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Job"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"isTerminal"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"JobError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"jobId"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<ReadJobQuery, ReadJobQueryVariables>;
export const CancelJobsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CancelJobs"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CancelJobsInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cancelJobs"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"results"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CancelSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"jobId"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"job"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"JobError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"jobId"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}},{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ActionNotAllowed"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"job"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SystemUnavailable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"system"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VendorRejected"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"vendorCode"}},{"kind":"Field","name":{"kind":"Name","value":"job"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OutcomeUnknown"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"attemptedAt"}},{"kind":"Field","name":{"kind":"Name","value":"safeToRetry"}},{"kind":"Field","name":{"kind":"Name","value":"job"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"summary"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"requested"}},{"kind":"Field","name":{"kind":"Name","value":"succeeded"}},{"kind":"Field","name":{"kind":"Name","value":"failed"}},{"kind":"Field","name":{"kind":"Name","value":"unknown"}}]}}]}}]}}]} as unknown as DocumentNode<CancelJobsMutation, CancelJobsMutationVariables>;
export const RefetchJobDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"RefetchJob"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Job"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}}]}}]} as unknown as DocumentNode<RefetchJobQuery, RefetchJobQueryVariables>;
export const JobsChangedDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"JobsChanged"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"ids"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"jobsChanged"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"ids"},"value":{"kind":"Variable","name":{"kind":"Name","value":"ids"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"problem"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<JobsChangedSubscription, JobsChangedSubscriptionVariables>;