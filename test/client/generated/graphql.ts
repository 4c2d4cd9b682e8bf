/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** Which jobs to cancel. */
export type CancelJobsInput = {
  /** Check everything, send nothing. */
  dryRun?: boolean;
  /**
   * The same key with the same input within 24 hours gives the stored answer and sends nothing; with another input each job is an
   * IdempotencyConflict. A key is free again if the request changed nothing and a result is SystemUnavailable or NotAttempted; in a stored
   * answer no result is retryable.
   * Keys of different callers have nothing to do with each other. 1 to 200 characters, none of them a control character.
   */
  idempotencyKey?: string | null | undefined;
  /**
   * 1 to 2,000 ids. Each id gets one result, in this order; a repeated id is sent to the vendor once. An id that can't be one (more than 1,000
   * characters, say) is a JobNotFound. If the same action on a job is in progress for another request, this one shares it: the vendor is asked once.
   */
  ids: Array<string | number>;
  /** Why, in at most 1,000 characters; kept with the events of the jobs (JobEvent.reason). No control characters but line breaks and tabs. */
  reason?: string | null | undefined;
  /** Wait so long at most, 0 to 25, for jobs whose cancel was accepted to stop; their results say what the jobs show then. */
  waitSeconds?: number;
};

/** What can be done to a job. Not every system offers every action. */
export type JobAction =
  /** Stop it for good. */
  | 'CANCEL'
  /** Hold it. */
  | 'PAUSE'
  /** Begin it anew. */
  | 'RESTART'
  /** Let it go on after a pause or, where the vendor allows, a failure. */
  | 'RESUME'
  /** Run it now instead of at its planned time. */
  | 'START';

/** Conditions on jobs; a job must meet all that are given. Names and texts have at most 1,000 characters. */
export type JobFilter = {
  /** Only jobs on which this action is available now (AVAILABLE or MAYBE). */
  availableAction?: JobAction | null | undefined;
  /** Jobs created at this time or later. */
  createdFrom?: string | null | undefined;
  /** Jobs created at this time or earlier. */
  createdTo?: string | null | undefined;
  /** Jobs of one of these owners, spelled as in Job.owner. Composed and decomposed accents are the same (Unicode NFC), upper and lower case are not. */
  owners?: Array<string> | null | undefined;
  /** Jobs in one of these scopes, spelled as in Job.scope: Kylin projects or IDs of AODocs libraries. Systems without scopes have no matching jobs. */
  scopes?: Array<string> | null | undefined;
  /** Jobs in one of these statuses. */
  statuses?: Array<JobStatus> | null | undefined;
  /** Jobs of these systems. An unknown id is refused. */
  systemIds?: Array<string | number> | null | undefined;
  /** Substring of the name or of the vendor id, ignoring case. Composed and decomposed accents are the same (Unicode NFC). */
  text?: string | null | undefined;
  /** Jobs of one of these types, spelled as in Job.type. Composed and decomposed accents are the same (Unicode NFC), upper and lower case are not. */
  types?: Array<string> | null | undefined;
  /** Jobs of systems of these vendors, spelled as in JobSystem.vendor. Jobyard rejects a vendor of which no system is configured. */
  vendors?: Array<string> | null | undefined;
};

/** The common words for how a job stands. Job.vendorStatus has the vendor's own. */
export type JobStatus =
  /** Stopped before its end. */
  | 'CANCELLED'
  /** Asked to stop, still stopping. */
  | 'CANCELLING'
  /** Ended badly. */
  | 'FAILED'
  /** Held; can be resumed. */
  | 'PAUSED'
  /** Waiting to run. */
  | 'QUEUED'
  /** Running. */
  | 'RUNNING'
  /** Planned for later. */
  | 'SCHEDULED'
  /** Ended well. */
  | 'SUCCEEDED'
  /** The vendor's word is none we know, or the job could not be read. */
  | 'UNKNOWN';

/** What kinds of trouble there are. */
export type ProblemCode =
  /** Denied here, or by the vendor. */
  | 'ACCESS_DENIED'
  /** The vendor does not offer the action. */
  | 'ACTION_NOT_SUPPORTED'
  /** There is no such bulk operation. */
  | 'BULK_OPERATION_NOT_FOUND'
  /** Other jobs match now than the preview saw, and the start was to be refused then. */
  | 'CHANGED_SINCE_PREVIEW'
  /** The key was used before with another input, or what it was used for has not ended. */
  | 'IDEMPOTENCY_CONFLICT'
  /** Jobyard can't prove that it listed all jobs of the system: rows are missing, or can't be read. The message names the cause. */
  | 'INCOMPLETE_LIST'
  /** Not every system could tell its jobs, so the selection would not be whole. */
  | 'INCOMPLETE_SELECTION'
  /** The id is not of the form systemId:vendorId, or the vendor can have no such id. */
  | 'INVALID_ID'
  /** The answer could not be understood. */
  | 'INVALID_VENDOR_RESPONSE'
  /** The system has no such job. */
  | 'JOB_NOT_FOUND'
  /** Certainly never sent. */
  | 'NOT_ATTEMPTED'
  /** The status is right, the kind of job is not. */
  | 'NOT_ELIGIBLE'
  /** No job matches. */
  | 'NO_JOBS_MATCHED'
  /** The request may have reached the vendor, and what came of it can't be told. */
  | 'OUTCOME_UNKNOWN'
  /** There is no such preview, it has expired, or it was made by somebody else or for another action or filter. */
  | 'PREVIEW_NOT_FOUND'
  /** The vendor takes no more requests for now. */
  | 'RATE_LIMITED'
  /** The system can't sort or filter by itself and has more jobs than may be looked at for one page. */
  | 'SCAN_LIMIT_REACHED'
  /** Jobyard's own store can't be reached now. */
  | 'STORE_UNAVAILABLE'
  /** No system of that name is configured. */
  | 'SYSTEM_NOT_FOUND'
  /** The system can't be reached or can't serve requests. */
  | 'SYSTEM_UNAVAILABLE'
  /** No answer came in time. */
  | 'TIMED_OUT'
  /** More jobs match than were allowed. */
  | 'TOO_MANY_JOBS'
  /** The vendor refused the credentials that Jobyard uses. */
  | 'VENDOR_AUTHENTICATION_FAILED'
  /** The vendor said no in words of its own. */
  | 'VENDOR_REJECTED'
  /** The action is not possible in the job's status. */
  | 'WRONG_STATUS';

/** How an action succeeded: the outcomes of ActionOutcome that are a success. */
export type SuccessOutcome =
  /** The system accepted the action. The job is not in the target status yet. */
  | 'ACCEPTED'
  /** Nothing to change: the job was in the target status before. Jobyard sent nothing, or the system changed nothing. */
  | 'ALREADY_DONE'
  /** The job's state shows the effect. */
  | 'CONFIRMED'
  /** A dry run passed all checks; nothing was sent. `availability` says if only the system knows whether it accepts the action. */
  | 'DRY_RUN_PASSED'
  /** The system accepted the cancel and no longer lists the job: it was canceled, or ended first. */
  | 'JOB_GONE';

/** Whether a system gave what it was asked for. */
export type SystemPageStatus =
  /** It refused access. */
  | 'ACCESS_DENIED'
  /** It did, and has no more. */
  | 'END_REACHED'
  /** It did, and has more. */
  | 'OK'
  /** It takes no more requests for now. */
  | 'RATE_LIMITED'
  /** It did not answer in time. */
  | 'TIMED_OUT'
  /** It could not be reached, or its answer could not be read. */
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
      | { __typename: 'ActionNotAllowed', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, action: JobAction }
      | { __typename: 'CancelSuccess', jobId: string, outcome: SuccessOutcome, job: { id: string, status: JobStatus } }
      | { __typename: 'IdempotencyConflict', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'JobNotFound', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'NotAttempted', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'OutcomeUnknown', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, attemptedAt: string, safeToRetry: boolean }
      | { __typename: 'SystemUnavailable', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, system: { id: string } }
      | { __typename: 'VendorRejected', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, vendorCode: string | null }
    >, summary: { requested: number, succeeded: number, failed: number, unknown: number } } };


export const ListJobsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ListJobs"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"JobFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"jobs"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"actions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"available"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"complete"}},{"kind":"Field","name":{"kind":"Name","value":"systems"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"system"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"returnedCount"}},{"kind":"Field","name":{"kind":"Name","value":"problem"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]}}]} as unknown as DocumentNode<ListJobsQuery, ListJobsQueryVariables>;
export const ReadJobDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ReadJob"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"job"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Job"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"isTerminal"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"JobError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"jobId"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<ReadJobQuery, ReadJobQueryVariables>;
export const CancelJobsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CancelJobs"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CancelJobsInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cancelJobs"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"results"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CancelSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"jobId"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"job"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"JobError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"jobId"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}},{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ActionNotAllowed"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SystemUnavailable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"system"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VendorRejected"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"vendorCode"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OutcomeUnknown"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"attemptedAt"}},{"kind":"Field","name":{"kind":"Name","value":"safeToRetry"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"summary"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"requested"}},{"kind":"Field","name":{"kind":"Name","value":"succeeded"}},{"kind":"Field","name":{"kind":"Name","value":"failed"}},{"kind":"Field","name":{"kind":"Name","value":"unknown"}}]}}]}}]}}]} as unknown as DocumentNode<CancelJobsMutation, CancelJobsMutationVariables>;