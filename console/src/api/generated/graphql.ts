/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Whether a job in its current status allows an action. */
export type ActionAvailability =
  /** The system accepts the action. */
  | 'AVAILABLE'
  /**
   * The system accepts the action on some jobs in this status, and no read shows on which. A mutation sends the action; if the vendor rejects
   * it, the result is ActionNotAllowed.
   */
  | 'MAYBE'
  /**
   * The job's status or type rules out the action, or the system doesn't support it. A mutation returns ActionNotAllowed without a vendor
   * request.
   */
  | 'UNAVAILABLE';

/** The outcome of an action, used in results, events, bulk items, metrics, and the audit log. Failures are named like their result type. */
export type ActionOutcome =
  /** The system accepted the action. The job is not in the target status yet. */
  | 'ACCEPTED'
  /** Jobyard or the vendor denied the action. */
  | 'ACCESS_DENIED'
  /** The job's status or type, or the system, rules out the action. */
  | 'ACTION_NOT_ALLOWED'
  /** Nothing to change: the job was already in the target status. */
  | 'ALREADY_DONE'
  /** The job's state shows the effect, or the job that the action creates exists. */
  | 'CONFIRMED'
  /** Follow-ups only: the recorded success was later disproved by the job's status. */
  | 'CONTRADICTED'
  /** A dry run passed all checks; Jobyard sent nothing and records no event. */
  | 'DRY_RUN_PASSED'
  /** The system accepted the cancellation and no longer lists the job. */
  | 'JOB_GONE'
  /** The job doesn't exist. */
  | 'JOB_NOT_FOUND'
  /** Jobyard didn't send the action. */
  | 'NOT_ATTEMPTED'
  /** The vendor may have performed the action; the job doesn't show it. */
  | 'OUTCOME_UNKNOWN'
  /** The system can't be used. Nothing changed. */
  | 'SYSTEM_UNAVAILABLE'
  /** The vendor rejected the action, or accepted it without an effect. */
  | 'VENDOR_REJECTED';

/** How a vendor supports an action. */
export type ActionSupport =
  /** On several jobs per vendor request. */
  | 'NATIVE_BATCH'
  /** On one job per vendor request. */
  | 'ONE_BY_ONE'
  /** Not supported: returns ActionNotAllowed without a vendor request. */
  | 'UNSUPPORTED';

/** Why Jobyard didn't send a request to a system. */
export type BlockReason =
  /** The caller had too many requests waiting: the limit maxQueuedRequestsPerCaller. */
  | 'CALLER_LIMIT'
  /** The circuit breaker was open. */
  | 'CIRCUIT_BREAKER'
  /** The vendor rejected the configured credentials in the last 5 minutes. */
  | 'CREDENTIALS_REJECTED'
  /** The vendor requested a pause, or has almost no requests left. */
  | 'VENDOR_THROTTLING';

/** A command for a bulk operation. */
export type BulkCommand =
  /** Given by cancelBulkOperation. */
  | 'CANCEL'
  /** Given by resumeBulkOperation. */
  | 'RESUME'
  /** Given by retryFailedBulkItems. */
  | 'RETRY_FAILED'
  /** Given by suspendBulkOperation. */
  | 'SUSPEND';

/** The status of an item. */
export type BulkItemStatus =
  /** Failed, or never sent. */
  | 'FAILED'
  /** Not processed yet. */
  | 'PENDING'
  /** Succeeded. */
  | 'SUCCEEDED'
  /** Unknown: the vendor may have performed the action. */
  | 'UNKNOWN';

/** The status of a bulk operation. */
export type BulkOperationStatus =
  /** Canceled by a caller. Items that weren't sent become NotAttempted; only retryFailedBulkItems sends them. */
  | 'CANCELLED'
  /** Finished, and every item failed; or it couldn't start: see `problem`. */
  | 'FAILED'
  /** Finished; some items failed or are unknown. */
  | 'PARTIALLY_SUCCEEDED'
  /** Sending items. */
  | 'RUNNING'
  /** Selecting the jobs. Nothing is sent yet. */
  | 'SELECTING'
  /** Finished; every item succeeded. */
  | 'SUCCEEDED'
  /** Suspended by a caller. Sends nothing until resumed. */
  | 'SUSPENDED';

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

/** The state of a cancellation that isn't resolved, or that a later status of its job contradicts. */
export type CancellationState =
  /** JobCancellation.contradictingStatus is set. */
  | 'CONTRADICTED'
  /**
   * Accepted or unknown, and not resolved: when Jobyard last read the job, it hadn't ended, its system no longer had it, or it had ended in a status
   * that can still be canceled. Not overdue, and nothing contradicts it.
   */
  | 'OPEN'
  /** JobCancellation.overdue is true, and nothing contradicts the cancellation. */
  | 'OVERDUE';

/** The state of a circuit breaker. */
export type CircuitBreakerState =
  /** Requests are sent. */
  | 'CLOSED'
  /** One request is testing the system. Others are blocked. */
  | 'HALF_OPEN'
  /** Requests are blocked. The first request after nextAttemptAt tests the system. */
  | 'OPEN';

/** Whether a number of jobs is exact. */
export type CountPrecision =
  /** At least this number: a system has more jobs than `scanLimit`, returned only some of its jobs, or can't be read. */
  | 'AT_LEAST'
  /** The number of jobs at the time of the count. */
  | 'EXACT'
  /** Unknown: no system in this count can be read. */
  | 'UNKNOWN';

/** Whether a vendor accepts credentials. */
export type CredentialsStatus =
  /** The vendor accepted them before, and rejects them now: they expired, or were changed or revoked. */
  | 'EXPIRED'
  /** The vendor accepts them. */
  | 'OK'
  /** The vendor rejects them, and hasn't accepted them since Jobyard connected the system. */
  | 'REJECTED'
  /** No response has shown whether the vendor accepts them, or the system needs each caller's own credential. */
  | 'UNKNOWN';

/** The health of a system. */
export type HealthStatus =
  /** The system takes 2 seconds or more to respond, or is throttled. */
  | 'DEGRADED'
  /** The system doesn't respond, or rejects Jobyard's requests. */
  | 'DOWN'
  /** Not checked: the system needs your own credential, and the request has none. */
  | 'UNKNOWN'
  /** The system responds. */
  | 'UP';

/** What startBulkAction does if the matching jobs have changed since the preview. */
export type IfChanged =
  /** Acts on exactly the previewed jobs. If a job no longer allows the action, its item fails. New jobs aren't affected. */
  | 'ACT_ON_PREVIEWED'
  /** Lists the matching jobs again, and starts only if they are the same. Otherwise, the result is ChangedSincePreview. */
  | 'REJECT';

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

/** The jobs to pause, resume, restart, or start, and the options of the request. */
export type JobActionInput = {
  /** Whether to check everything but send nothing. */
  dryRun?: boolean;
  /**
   * A key that makes the mutation safe to retry for 24 hours: with the same input, Jobyard returns the stored results and sends nothing; with
   * a different input, each job returns IdempotencyConflict. In stored results, `retryable` is false. If the first request changed nothing,
   * and a result was SystemUnavailable or NotAttempted, you can use the key again. Keys are scoped to the caller. 1 to 200 characters, no
   * control characters.
   */
  idempotencyKey?: string | null | undefined;
  /**
   * The IDs of the jobs (1 to 2,000). Results are in this order; a repeated ID is sent once. An invalid ID, such as one of more than 1,000
   * characters, returns JobNotFound. If another request is performing the same action on a job, this request shares its result.
   */
  ids: Array<string | number>;
  /** The reason, stored with the events of the jobs. At most 1,000 characters; the only control characters allowed are line breaks and tabs. */
  reason?: string | null | undefined;
};

/** A property that jobs are counted by. */
export type JobCountDimension =
  /** Job.owner. */
  | 'OWNER'
  /** Job.scope. */
  | 'SCOPE'
  /** Job.status. */
  | 'STATUS'
  /** Job.system. */
  | 'SYSTEM'
  /** Job.type. */
  | 'TYPE';

/** Conditions for events; an event must meet all of them. IDs and names have at most 1,000 characters. */
export type JobEventFilter = {
  /** Events of these actions. */
  actions?: Array<JobAction> | null | undefined;
  /** Events of this bulk operation. */
  bulkOperationId?: string | number | null | undefined;
  /** Events of these callers, in the format of JobEvent.caller. */
  callers?: Array<string> | null | undefined;
  /** Events of these jobs (at most 2,000). */
  jobIds?: Array<string | number> | null | undefined;
  /** Events of this kind. */
  kind?: JobEventKind | null | undefined;
  /** Events with one of these outcomes. */
  outcomes?: Array<ActionOutcome> | null | undefined;
  /** Events recorded at this time or later. */
  recordedFrom?: string | null | undefined;
  /** Events recorded at this time or earlier. */
  recordedTo?: string | null | undefined;
  /** Events of this request. */
  requestId?: string | number | null | undefined;
  /** Events of jobs of these systems. An unknown ID is an error. */
  systemIds?: Array<string | number> | null | undefined;
};

/** The kind of an event. */
export type JobEventKind =
  /** A caller's action. */
  | 'ACTION'
  /** A later observation of the job that resolves or contradicts an earlier action. */
  | 'FOLLOW_UP';

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

/** Why a job left the page of a live list. */
export type JobLeftReason =
  /** The system no longer has the job. */
  | 'GONE'
  /** The job no longer matches the filter, or the system can't return it. */
  | 'NO_LONGER_MATCHES'
  /** Other jobs come before it now, and the page is full. */
  | 'PUSHED_OUT';

/**
 * The order of a list of jobs. In both directions, jobs for which the value is null come last. Jobs with the same value are ordered by system, as in
 * the configuration, by the system's list, and by vendor ID.
 */
export type JobOrder = {
  /** The direction of the order. */
  direction?: SortDirection;
  /** The property to sort by. */
  field?: JobOrderField;
};

/**
 * A property that jobs can be sorted by. Some vendors sort by creation or start. Otherwise, Jobyard reads all matching jobs of the system, at most
 * `scanLimit`; if there are more, the page isn't complete, and `systems` gives the reason. If the value of a job changes while you read the pages,
 * the job can be returned twice or, unless the value is a time, be missing.
 */
export type JobOrderField =
  /** Job.createdAt. */
  | 'CREATED_AT'
  /** Job.durationSeconds. For a running job: its duration when Jobyard reads it. */
  | 'DURATION'
  /** Job.finishedAt. */
  | 'FINISHED_AT'
  /** The first 100 characters of Job.name. Not case-sensitive; sorted by Unicode code units, not by the alphabet of a language. */
  | 'NAME'
  /** Job.startedAt. */
  | 'STARTED_AT'
  /** Job.status, in the order of JobStatus. */
  | 'STATUS'
  /** Job.updatedAt. */
  | 'UPDATED_AT';

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

/** The severity of a log line, from the least to the most severe. */
export type LogSeverity =
  /** Details for developers. */
  | 'DEBUG'
  /** A failure, or the cause of one. */
  | 'ERROR'
  /** An expected event. */
  | 'INFO'
  /** Something unexpected; the job continues. */
  | 'WARNING';

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

/** The direction of an order. */
export type SortDirection =
  /** Oldest, shortest, or alphabetically first job first. */
  | 'ASC'
  /** Newest, longest, or alphabetically last job first. */
  | 'DESC';

/** The action to start, the jobs to select, and the limits of the bulk operation. */
export type StartBulkActionInput = {
  /** The action to perform. */
  action: JobAction;
  /**
   * Whether to start if Jobyard couldn't list all matching jobs of a system, now or for the preview. The bulk operation then acts on the jobs
   * of the other systems and, if the problem is INCOMPLETE_LIST, on the listed jobs of that system.
   */
  allowIncomplete?: boolean;
  /**
   * The filter that selects the jobs. Required without a previewToken: Jobyard selects the jobs that match now, not jobs that are created
   * later. With a previewToken, leave it out or repeat the preview's filter.
   */
  filter?: JobFilter | null | undefined;
  /**
   * A key that makes the start safe to retry for 24 hours: with the same input, Jobyard returns the bulk operation that it started; with a
   * different input, IDEMPOTENCY_CONFLICT. Keys are scoped to the caller. 1 to 200 characters, no control characters.
   */
  idempotencyKey?: string | null | undefined;
  /** What to do if the matching jobs have changed since the preview. REJECT requires a previewToken. */
  ifChanged?: IfChanged;
  /** The maximum number of jobs. The start fails if more match. Default and maximum: 100,000. */
  maxJobs?: number | null | undefined;
  /** The maximum number of jobs sent per second (0.01 to 10,000). Default: as fast as the systems allow. */
  maxPerSecond?: number | null | undefined;
  /** The token of a preview. The bulk operation acts on exactly the previewed jobs; Jobyard doesn't list them again. */
  previewToken?: string | null | undefined;
  /**
   * The reason, stored with the bulk operation and the events of its jobs. 1 to 1,000 characters; the only control characters allowed are line
   * breaks and tabs.
   */
  reason: string;
};

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

export type SuccessTextFragment = { jobId: string, outcome: SuccessOutcome, availability: { availability: ActionAvailability, reason: string | null } | null, job: { id: string, systemId: string, name: string, status: JobStatus } };

export type ActionSuccessTextFragment = { jobId: string, action: JobAction, outcome: SuccessOutcome, availability: { availability: ActionAvailability, reason: string | null } | null, createdJob: { id: string } | null, job: { id: string, systemId: string, name: string, status: JobStatus } };

type ErrorText_AccessDenied_Fragment = { jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null };

type ErrorText_ActionNotAllowed_Fragment = { jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null };

type ErrorText_IdempotencyConflict_Fragment = { jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null };

type ErrorText_JobNotFound_Fragment = { jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null };

type ErrorText_NotAttempted_Fragment = { jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null };

type ErrorText_OutcomeUnknown_Fragment = { jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null };

type ErrorText_SystemUnavailable_Fragment = { jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null };

type ErrorText_VendorRejected_Fragment = { jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null };

export type ErrorTextFragment =
  | ErrorText_AccessDenied_Fragment
  | ErrorText_ActionNotAllowed_Fragment
  | ErrorText_IdempotencyConflict_Fragment
  | ErrorText_JobNotFound_Fragment
  | ErrorText_NotAttempted_Fragment
  | ErrorText_OutcomeUnknown_Fragment
  | ErrorText_SystemUnavailable_Fragment
  | ErrorText_VendorRejected_Fragment
;

export type CancelJobsMutationVariables = Exact<{
  input: CancelJobsInput;
}>;


export type CancelJobsMutation = { payload: { results: Array<
      | { __typename: 'AccessDenied', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'ActionNotAllowed', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'CancelSuccess', jobId: string, outcome: SuccessOutcome, availability: { availability: ActionAvailability, reason: string | null } | null, job: { id: string, systemId: string, name: string, status: JobStatus } }
      | { __typename: 'IdempotencyConflict', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'JobNotFound', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'NotAttempted', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'OutcomeUnknown', attemptedAt: string, safeToRetry: boolean, jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'SystemUnavailable', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'VendorRejected', vendorCode: string | null, jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
    > } };

export type ActionResultsFragment = { results: Array<
    | { __typename: 'AccessDenied', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
    | { __typename: 'ActionNotAllowed', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
    | { __typename: 'IdempotencyConflict', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
    | { __typename: 'JobActionSuccess', jobId: string, action: JobAction, outcome: SuccessOutcome, availability: { availability: ActionAvailability, reason: string | null } | null, createdJob: { id: string } | null, job: { id: string, systemId: string, name: string, status: JobStatus } }
    | { __typename: 'JobNotFound', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
    | { __typename: 'NotAttempted', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
    | { __typename: 'OutcomeUnknown', attemptedAt: string, safeToRetry: boolean, jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
    | { __typename: 'SystemUnavailable', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
    | { __typename: 'VendorRejected', vendorCode: string | null, jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
  > };

export type PauseJobsMutationVariables = Exact<{
  input: JobActionInput;
}>;


export type PauseJobsMutation = { payload: { results: Array<
      | { __typename: 'AccessDenied', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'ActionNotAllowed', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'IdempotencyConflict', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'JobActionSuccess', jobId: string, action: JobAction, outcome: SuccessOutcome, availability: { availability: ActionAvailability, reason: string | null } | null, createdJob: { id: string } | null, job: { id: string, systemId: string, name: string, status: JobStatus } }
      | { __typename: 'JobNotFound', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'NotAttempted', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'OutcomeUnknown', attemptedAt: string, safeToRetry: boolean, jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'SystemUnavailable', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'VendorRejected', vendorCode: string | null, jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
    > } };

export type ResumeJobsMutationVariables = Exact<{
  input: JobActionInput;
}>;


export type ResumeJobsMutation = { payload: { results: Array<
      | { __typename: 'AccessDenied', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'ActionNotAllowed', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'IdempotencyConflict', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'JobActionSuccess', jobId: string, action: JobAction, outcome: SuccessOutcome, availability: { availability: ActionAvailability, reason: string | null } | null, createdJob: { id: string } | null, job: { id: string, systemId: string, name: string, status: JobStatus } }
      | { __typename: 'JobNotFound', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'NotAttempted', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'OutcomeUnknown', attemptedAt: string, safeToRetry: boolean, jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'SystemUnavailable', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'VendorRejected', vendorCode: string | null, jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
    > } };

export type RestartJobsMutationVariables = Exact<{
  input: JobActionInput;
}>;


export type RestartJobsMutation = { payload: { results: Array<
      | { __typename: 'AccessDenied', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'ActionNotAllowed', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'IdempotencyConflict', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'JobActionSuccess', jobId: string, action: JobAction, outcome: SuccessOutcome, availability: { availability: ActionAvailability, reason: string | null } | null, createdJob: { id: string } | null, job: { id: string, systemId: string, name: string, status: JobStatus } }
      | { __typename: 'JobNotFound', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'NotAttempted', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'OutcomeUnknown', attemptedAt: string, safeToRetry: boolean, jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'SystemUnavailable', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'VendorRejected', vendorCode: string | null, jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
    > } };

export type StartJobsMutationVariables = Exact<{
  input: JobActionInput;
}>;


export type StartJobsMutation = { payload: { results: Array<
      | { __typename: 'AccessDenied', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'ActionNotAllowed', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'IdempotencyConflict', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'JobActionSuccess', jobId: string, action: JobAction, outcome: SuccessOutcome, availability: { availability: ActionAvailability, reason: string | null } | null, createdJob: { id: string } | null, job: { id: string, systemId: string, name: string, status: JobStatus } }
      | { __typename: 'JobNotFound', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'NotAttempted', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'OutcomeUnknown', attemptedAt: string, safeToRetry: boolean, jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'SystemUnavailable', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
      | { __typename: 'VendorRejected', vendorCode: string | null, jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
    > } };

export type EventTextFragment = { id: string, kind: JobEventKind, recordedAt: string, jobId: string, jobName: string | null, caller: string, action: JobAction, reason: string | null, requestId: string | null, operationName: string | null, bulkOperationId: string | null, sent: boolean, vendorStatus: string | null, vendorCode: string | null, outcome: ActionOutcome, code: ProblemCode | null, message: string | null };

export type EventsQueryVariables = Exact<{
  filter?: JobEventFilter | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type EventsQuery = { jobEvents: { nodes: Array<{ id: string, kind: JobEventKind, recordedAt: string, jobId: string, jobName: string | null, caller: string, action: JobAction, reason: string | null, requestId: string | null, operationName: string | null, bulkOperationId: string | null, sent: boolean, vendorStatus: string | null, vendorCode: string | null, outcome: ActionOutcome, code: ProblemCode | null, message: string | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type CountsFragment = { selected: number, pending: number, succeeded: number, failed: number, unknown: number };

export type BulkErrorTextFragment = { code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemProblems: Array<{ code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemId: string }> };

export type BulkRowFragment = { id: string, action: JobAction, reason: string, startedBy: string, status: BulkOperationStatus, createdAt: string, finishedAt: string | null, counts: { selected: number, pending: number, succeeded: number, failed: number, unknown: number } };

export type BulkDetailsFragment = { filter: unknown, maxPerSecond: number | null, id: string, action: JobAction, reason: string, startedBy: string, status: BulkOperationStatus, createdAt: string, finishedAt: string | null, commands: Array<{ command: BulkCommand, caller: string, recordedAt: string }>, systems: Array<{ system: { id: string, title: string }, counts: { selected: number, pending: number, succeeded: number, failed: number, unknown: number }, problem: { code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemId: string } | null }>, problem: { code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemProblems: Array<{ code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemId: string }> } | null, counts: { selected: number, pending: number, succeeded: number, failed: number, unknown: number } };

export type BulkListQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;


export type BulkListQuery = { bulkOperations: { nodes: Array<{ id: string, action: JobAction, reason: string, startedBy: string, status: BulkOperationStatus, createdAt: string, finishedAt: string | null, counts: { selected: number, pending: number, succeeded: number, failed: number, unknown: number } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type BulkListChangedSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type BulkListChangedSubscription = { bulkOperationsChanged: { id: string, action: JobAction, reason: string, startedBy: string, status: BulkOperationStatus, createdAt: string, finishedAt: string | null, counts: { selected: number, pending: number, succeeded: number, failed: number, unknown: number } } };

export type BulkOperationQueryVariables = Exact<{
  id: string | number;
}>;


export type BulkOperationQuery = { bulkOperation: { filter: unknown, maxPerSecond: number | null, id: string, action: JobAction, reason: string, startedBy: string, status: BulkOperationStatus, createdAt: string, finishedAt: string | null, commands: Array<{ command: BulkCommand, caller: string, recordedAt: string }>, systems: Array<{ system: { id: string, title: string }, counts: { selected: number, pending: number, succeeded: number, failed: number, unknown: number }, problem: { code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemId: string } | null }>, problem: { code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemProblems: Array<{ code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemId: string }> } | null, counts: { selected: number, pending: number, succeeded: number, failed: number, unknown: number } } | null };

export type BulkChangedSubscriptionVariables = Exact<{
  id: string | number;
}>;


export type BulkChangedSubscription = { bulkOperationChanged: { filter: unknown, maxPerSecond: number | null, id: string, action: JobAction, reason: string, startedBy: string, status: BulkOperationStatus, createdAt: string, finishedAt: string | null, commands: Array<{ command: BulkCommand, caller: string, recordedAt: string }>, systems: Array<{ system: { id: string, title: string }, counts: { selected: number, pending: number, succeeded: number, failed: number, unknown: number }, problem: { code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemId: string } | null }>, problem: { code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemProblems: Array<{ code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemId: string }> } | null, counts: { selected: number, pending: number, succeeded: number, failed: number, unknown: number } } };

export type BulkItemsQueryVariables = Exact<{
  id: string | number;
  status?: BulkItemStatus | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type BulkItemsQuery = { bulkOperation: { id: string, items: { nodes: Array<{ jobId: string, status: BulkItemStatus, outcome: ActionOutcome | null, attempts: number, finishedAt: string | null, job: { id: string, systemId: string, name: string }, result:
          | { __typename: 'AccessDenied', code: ProblemCode, message: string }
          | { __typename: 'ActionNotAllowed', code: ProblemCode, message: string }
          | { __typename: 'CancelSuccess' }
          | { __typename: 'JobActionSuccess' }
          | { __typename: 'JobNotFound', code: ProblemCode, message: string }
          | { __typename: 'NotAttempted', code: ProblemCode, message: string }
          | { __typename: 'OutcomeUnknown', code: ProblemCode, message: string, safeToRetry: boolean }
          | { __typename: 'SystemUnavailable', code: ProblemCode, message: string }
          | { __typename: 'VendorRejected', code: ProblemCode, message: string, vendorCode: string | null }
         | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type BulkPreviewQueryVariables = Exact<{
  action: JobAction;
  filter: JobFilter;
}>;


export type BulkPreviewQuery = { previewBulkAction: { token: string, expiresAt: string, action: JobAction, matchedCount: number, availableCount: number, uncertain: number, complete: boolean, sample: Array<{ id: string, systemId: string, name: string, type: string | null, status: JobStatus, createdAt: string | null }>, predictedFailures: Array<{ code: ProblemCode, count: number, message: string }>, systems: Array<{ matchedCount: number, status: SystemPageStatus, system: { id: string, title: string }, problem: { code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemId: string } | null }> } };

export type StartBulkMutationVariables = Exact<{
  input: StartBulkActionInput;
}>;


export type StartBulkMutation = { startBulkAction:
    | { __typename: 'BulkOperation', id: string, action: JobAction, reason: string, startedBy: string, status: BulkOperationStatus, createdAt: string, finishedAt: string | null, counts: { selected: number, pending: number, succeeded: number, failed: number, unknown: number } }
    | { __typename: 'BulkOperationError', code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemProblems: Array<{ code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemId: string }> }
    | { __typename: 'ChangedSincePreview', code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, addedCount: number, removedCount: number }
    | { __typename: 'NoJobsMatched', code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
    | { __typename: 'TooManyJobs', code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
   };

type CommandResult_BulkOperation_Fragment = { __typename: 'BulkOperation', filter: unknown, maxPerSecond: number | null, id: string, action: JobAction, reason: string, startedBy: string, status: BulkOperationStatus, createdAt: string, finishedAt: string | null, commands: Array<{ command: BulkCommand, caller: string, recordedAt: string }>, systems: Array<{ system: { id: string, title: string }, counts: { selected: number, pending: number, succeeded: number, failed: number, unknown: number }, problem: { code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemId: string } | null }>, problem: { code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemProblems: Array<{ code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemId: string }> } | null, counts: { selected: number, pending: number, succeeded: number, failed: number, unknown: number } };

type CommandResult_BulkOperationError_Fragment = { __typename: 'BulkOperationError', code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemProblems: Array<{ code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemId: string }> };

export type CommandResultFragment =
  | CommandResult_BulkOperation_Fragment
  | CommandResult_BulkOperationError_Fragment
;

export type SuspendBulkMutationVariables = Exact<{
  id: string | number;
}>;


export type SuspendBulkMutation = { result:
    | { __typename: 'BulkOperation', filter: unknown, maxPerSecond: number | null, id: string, action: JobAction, reason: string, startedBy: string, status: BulkOperationStatus, createdAt: string, finishedAt: string | null, commands: Array<{ command: BulkCommand, caller: string, recordedAt: string }>, systems: Array<{ system: { id: string, title: string }, counts: { selected: number, pending: number, succeeded: number, failed: number, unknown: number }, problem: { code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemId: string } | null }>, problem: { code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemProblems: Array<{ code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemId: string }> } | null, counts: { selected: number, pending: number, succeeded: number, failed: number, unknown: number } }
    | { __typename: 'BulkOperationError', code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemProblems: Array<{ code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemId: string }> }
   };

export type ResumeBulkMutationVariables = Exact<{
  id: string | number;
}>;


export type ResumeBulkMutation = { result:
    | { __typename: 'BulkOperation', filter: unknown, maxPerSecond: number | null, id: string, action: JobAction, reason: string, startedBy: string, status: BulkOperationStatus, createdAt: string, finishedAt: string | null, commands: Array<{ command: BulkCommand, caller: string, recordedAt: string }>, systems: Array<{ system: { id: string, title: string }, counts: { selected: number, pending: number, succeeded: number, failed: number, unknown: number }, problem: { code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemId: string } | null }>, problem: { code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemProblems: Array<{ code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemId: string }> } | null, counts: { selected: number, pending: number, succeeded: number, failed: number, unknown: number } }
    | { __typename: 'BulkOperationError', code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemProblems: Array<{ code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemId: string }> }
   };

export type EndBulkMutationVariables = Exact<{
  id: string | number;
}>;


export type EndBulkMutation = { result:
    | { __typename: 'BulkOperation', filter: unknown, maxPerSecond: number | null, id: string, action: JobAction, reason: string, startedBy: string, status: BulkOperationStatus, createdAt: string, finishedAt: string | null, commands: Array<{ command: BulkCommand, caller: string, recordedAt: string }>, systems: Array<{ system: { id: string, title: string }, counts: { selected: number, pending: number, succeeded: number, failed: number, unknown: number }, problem: { code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemId: string } | null }>, problem: { code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemProblems: Array<{ code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemId: string }> } | null, counts: { selected: number, pending: number, succeeded: number, failed: number, unknown: number } }
    | { __typename: 'BulkOperationError', code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemProblems: Array<{ code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemId: string }> }
   };

export type RetryFailedBulkMutationVariables = Exact<{
  id: string | number;
}>;


export type RetryFailedBulkMutation = { result:
    | { __typename: 'BulkOperation', filter: unknown, maxPerSecond: number | null, id: string, action: JobAction, reason: string, startedBy: string, status: BulkOperationStatus, createdAt: string, finishedAt: string | null, commands: Array<{ command: BulkCommand, caller: string, recordedAt: string }>, systems: Array<{ system: { id: string, title: string }, counts: { selected: number, pending: number, succeeded: number, failed: number, unknown: number }, problem: { code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemId: string } | null }>, problem: { code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemProblems: Array<{ code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemId: string }> } | null, counts: { selected: number, pending: number, succeeded: number, failed: number, unknown: number } }
    | { __typename: 'BulkOperationError', code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemProblems: Array<{ code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemId: string }> }
   };

export type LiveBulkQueryVariables = Exact<{ [key: string]: never; }>;


export type LiveBulkQuery = { bulkOperations: { nodes: Array<{ id: string }> } };

export type StepTextFragment = { id: string, name: string, status: JobStatus, vendorStatus: string | null, startedAt: string | null, finishedAt: string | null, durationSeconds: number | null, waitSeconds: number | null, message: string | null, failureCode: string | null, advice: string | null, links: Array<{ title: string, url: string }> };

export type JobDetailsQueryVariables = Exact<{
  id: string | number;
}>;


export type JobDetailsQuery = { job:
    | { __typename: 'AccessDenied', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
    | { __typename: 'Job', tags: Array<string> | null, id: string, systemId: string, vendorId: string, name: string, type: string | null, status: JobStatus, vendorStatus: string | null, isTerminal: boolean, scope: string | null, owner: string | null, createdAt: string | null, startedAt: string | null, finishedAt: string | null, durationSeconds: number | null, waitSeconds: number | null, observedAt: string, stale: boolean, cancellation: { outcome: ActionOutcome, state: CancellationState | null, requestedAt: string, requestedBy: string, reason: string | null, resolvedAt: string | null, overdue: boolean, contradictingStatus: JobStatus | null } | null, links: Array<{ title: string, url: string }>, dataRange: { from: string | null, to: string | null } | null, progress: { fraction: number | null, succeededTasks: number | null, failedTasks: number | null, remainingTasks: number | null } | null, failure: { message: string, code: string | null, advice: string | null, step: { id: string, name: string } | null } | null, steps: Array<{ id: string, name: string, status: JobStatus, vendorStatus: string | null, startedAt: string | null, finishedAt: string | null, durationSeconds: number | null, waitSeconds: number | null, message: string | null, failureCode: string | null, advice: string | null, substeps: Array<{ id: string, name: string, status: JobStatus, vendorStatus: string | null, startedAt: string | null, finishedAt: string | null, durationSeconds: number | null, waitSeconds: number | null, message: string | null, failureCode: string | null, advice: string | null, links: Array<{ title: string, url: string }> }>, links: Array<{ title: string, url: string }> }> | null, system: { id: string, title: string, vendor: string }, problem: { code: ProblemCode, message: string } | null, actions: Array<{ action: JobAction, availability: ActionAvailability, available: boolean, reason: string | null }> }
    | { __typename: 'JobNotFound', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
    | { __typename: 'SystemUnavailable', jobId: string, code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
   };

export type JobHistoryQueryVariables = Exact<{
  id: string | number;
  first: number;
}>;


export type JobHistoryQuery = { jobEvents: { nodes: Array<{ id: string, kind: JobEventKind, recordedAt: string, jobId: string, jobName: string | null, caller: string, action: JobAction, reason: string | null, requestId: string | null, operationName: string | null, bulkOperationId: string | null, sent: boolean, vendorStatus: string | null, vendorCode: string | null, outcome: ActionOutcome, code: ProblemCode | null, message: string | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type JobRawQueryVariables = Exact<{
  id: string | number;
}>;


export type JobRawQuery = { job:
    | { __typename: 'AccessDenied', message: string }
    | { __typename: 'Job', id: string, raw: unknown }
    | { __typename: 'JobNotFound', message: string }
    | { __typename: 'SystemUnavailable', message: string }
   };

export type LogLineTextFragment = { loggedAt: string | null, severity: LogSeverity | null, message: string, truncated: boolean, source: string | null, stepId: string | null };

export type JobLogQueryVariables = Exact<{
  id: string | number;
  first: number;
  after?: string | null | undefined;
  minSeverity?: LogSeverity | null | undefined;
}>;


export type JobLogQuery = { job:
    | { __typename: 'AccessDenied', message: string }
    | { __typename: 'Job', id: string, log: { edges: Array<{ cursor: string, node: { loggedAt: string | null, severity: LogSeverity | null, message: string, truncated: boolean, source: string | null, stepId: string | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null }, problem: { code: ProblemCode, message: string } | null } | null }
    | { __typename: 'JobNotFound', message: string }
    | { __typename: 'SystemUnavailable', message: string }
   };

export type ListCountsQueryVariables = Exact<{
  filter?: JobFilter | null | undefined;
}>;


export type ListCountsQuery = { jobCounts: { observedAt: string, buckets: Array<{ status: JobStatus | null, count: number | null, precision: CountPrecision, system: { id: string, title: string } | null, problem: { code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemId: string } | null }> } };

export type FacetCountsQueryVariables = Exact<{
  filter?: JobFilter | null | undefined;
  by: JobCountDimension;
}>;


export type FacetCountsQuery = { jobCounts: { buckets: Array<{ type: string | null, owner: string | null, scope: string | null, count: number | null, precision: CountPrecision }> } };

export type JobRowFragment = { id: string, systemId: string, vendorId: string, name: string, type: string | null, status: JobStatus, vendorStatus: string | null, isTerminal: boolean, scope: string | null, owner: string | null, createdAt: string | null, startedAt: string | null, finishedAt: string | null, durationSeconds: number | null, waitSeconds: number | null, observedAt: string, stale: boolean, system: { id: string, title: string, vendor: string }, problem: { code: ProblemCode, message: string } | null, cancellation: { state: CancellationState | null, requestedAt: string, requestedBy: string, reason: string | null, resolvedAt: string | null, overdue: boolean, contradictingStatus: JobStatus | null } | null, actions: Array<{ action: JobAction, availability: ActionAvailability, available: boolean, reason: string | null }> };

export type SystemProblemTextFragment = { code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemId: string };

export type SystemOfPageFragment = { status: SystemPageStatus, returnedCount: number, totalCount: number | null, system: { id: string, title: string, vendor: string }, problem: { code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemId: string } | null };

export type ListPageFragment = { complete: boolean, nodes: Array<{ id: string, systemId: string, vendorId: string, name: string, type: string | null, status: JobStatus, vendorStatus: string | null, isTerminal: boolean, scope: string | null, owner: string | null, createdAt: string | null, startedAt: string | null, finishedAt: string | null, durationSeconds: number | null, waitSeconds: number | null, observedAt: string, stale: boolean, system: { id: string, title: string, vendor: string }, problem: { code: ProblemCode, message: string } | null, cancellation: { state: CancellationState | null, requestedAt: string, requestedBy: string, reason: string | null, resolvedAt: string | null, overdue: boolean, contradictingStatus: JobStatus | null } | null, actions: Array<{ action: JobAction, availability: ActionAvailability, available: boolean, reason: string | null }> }>, pageInfo: { hasNextPage: boolean, endCursor: string | null }, systems: Array<{ status: SystemPageStatus, returnedCount: number, totalCount: number | null, system: { id: string, title: string, vendor: string }, problem: { code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemId: string } | null }> };

export type JobsPageQueryVariables = Exact<{
  filter?: JobFilter | null | undefined;
  orderBy?: JobOrder | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type JobsPageQuery = { jobs: { complete: boolean, nodes: Array<{ id: string, systemId: string, vendorId: string, name: string, type: string | null, status: JobStatus, vendorStatus: string | null, isTerminal: boolean, scope: string | null, owner: string | null, createdAt: string | null, startedAt: string | null, finishedAt: string | null, durationSeconds: number | null, waitSeconds: number | null, observedAt: string, stale: boolean, system: { id: string, title: string, vendor: string }, problem: { code: ProblemCode, message: string } | null, cancellation: { state: CancellationState | null, requestedAt: string, requestedBy: string, reason: string | null, resolvedAt: string | null, overdue: boolean, contradictingStatus: JobStatus | null } | null, actions: Array<{ action: JobAction, availability: ActionAvailability, available: boolean, reason: string | null }> }>, pageInfo: { hasNextPage: boolean, endCursor: string | null }, systems: Array<{ status: SystemPageStatus, returnedCount: number, totalCount: number | null, system: { id: string, title: string, vendor: string }, problem: { code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemId: string } | null }> } };

export type JobListChangedSubscriptionVariables = Exact<{
  filter?: JobFilter | null | undefined;
  orderBy?: JobOrder | null | undefined;
  first: number;
}>;


export type JobListChangedSubscription = { jobListChanged:
    | { __typename: 'JobChanged', afterId: string | null, job: { id: string, systemId: string, vendorId: string, name: string, type: string | null, status: JobStatus, vendorStatus: string | null, isTerminal: boolean, scope: string | null, owner: string | null, createdAt: string | null, startedAt: string | null, finishedAt: string | null, durationSeconds: number | null, waitSeconds: number | null, observedAt: string, stale: boolean, system: { id: string, title: string, vendor: string }, problem: { code: ProblemCode, message: string } | null, cancellation: { state: CancellationState | null, requestedAt: string, requestedBy: string, reason: string | null, resolvedAt: string | null, overdue: boolean, contradictingStatus: JobStatus | null } | null, actions: Array<{ action: JobAction, availability: ActionAvailability, available: boolean, reason: string | null }> } }
    | { __typename: 'JobEntered', afterId: string | null, job: { id: string, systemId: string, vendorId: string, name: string, type: string | null, status: JobStatus, vendorStatus: string | null, isTerminal: boolean, scope: string | null, owner: string | null, createdAt: string | null, startedAt: string | null, finishedAt: string | null, durationSeconds: number | null, waitSeconds: number | null, observedAt: string, stale: boolean, system: { id: string, title: string, vendor: string }, problem: { code: ProblemCode, message: string } | null, cancellation: { state: CancellationState | null, requestedAt: string, requestedBy: string, reason: string | null, resolvedAt: string | null, overdue: boolean, contradictingStatus: JobStatus | null } | null, actions: Array<{ action: JobAction, availability: ActionAvailability, available: boolean, reason: string | null }> } }
    | { __typename: 'JobLeft', jobId: string, reason: JobLeftReason }
    | { __typename: 'JobListPage', page: { complete: boolean, nodes: Array<{ id: string, systemId: string, vendorId: string, name: string, type: string | null, status: JobStatus, vendorStatus: string | null, isTerminal: boolean, scope: string | null, owner: string | null, createdAt: string | null, startedAt: string | null, finishedAt: string | null, durationSeconds: number | null, waitSeconds: number | null, observedAt: string, stale: boolean, system: { id: string, title: string, vendor: string }, problem: { code: ProblemCode, message: string } | null, cancellation: { state: CancellationState | null, requestedAt: string, requestedBy: string, reason: string | null, resolvedAt: string | null, overdue: boolean, contradictingStatus: JobStatus | null } | null, actions: Array<{ action: JobAction, availability: ActionAvailability, available: boolean, reason: string | null }> }>, pageInfo: { hasNextPage: boolean, endCursor: string | null }, systems: Array<{ status: SystemPageStatus, returnedCount: number, totalCount: number | null, system: { id: string, title: string, vendor: string }, problem: { code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemId: string } | null }> } }
    | { __typename: 'JobListSystems', complete: boolean, systems: Array<{ status: SystemPageStatus, returnedCount: number, totalCount: number | null, system: { id: string, title: string, vendor: string }, problem: { code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemId: string } | null }> }
   };

export type ProgressTextFragment = { fraction: number | null, succeededTasks: number | null, failedTasks: number | null, remainingTasks: number | null };

export type RunningDetailsQueryVariables = Exact<{
  ids: Array<string | number> | string | number;
}>;


export type RunningDetailsQuery = { jobsByIds: Array<
    | { __typename: 'AccessDenied' }
    | { __typename: 'Job', id: string, progress: { fraction: number | null, succeededTasks: number | null, failedTasks: number | null, remainingTasks: number | null } | null }
    | { __typename: 'JobNotFound' }
    | { __typename: 'SystemUnavailable' }
  > };

export type FailedDetailsQueryVariables = Exact<{
  ids: Array<string | number> | string | number;
}>;


export type FailedDetailsQuery = { jobsByIds: Array<
    | { __typename: 'AccessDenied' }
    | { __typename: 'Job', id: string, failureMessage: string | null }
    | { __typename: 'JobNotFound' }
    | { __typename: 'SystemUnavailable' }
  > };

export type ReadJobsQueryVariables = Exact<{
  ids: Array<string | number> | string | number;
}>;


export type ReadJobsQuery = { jobsByIds: Array<
    | { __typename: 'AccessDenied', jobId: string, code: ProblemCode, message: string }
    | { __typename: 'Job', id: string, systemId: string, vendorId: string, name: string, type: string | null, status: JobStatus, vendorStatus: string | null, isTerminal: boolean, scope: string | null, owner: string | null, createdAt: string | null, startedAt: string | null, finishedAt: string | null, durationSeconds: number | null, waitSeconds: number | null, observedAt: string, stale: boolean, system: { id: string, title: string, vendor: string }, problem: { code: ProblemCode, message: string } | null, cancellation: { state: CancellationState | null, requestedAt: string, requestedBy: string, reason: string | null, resolvedAt: string | null, overdue: boolean, contradictingStatus: JobStatus | null } | null, actions: Array<{ action: JobAction, availability: ActionAvailability, available: boolean, reason: string | null }> }
    | { __typename: 'JobNotFound', jobId: string, code: ProblemCode, message: string }
    | { __typename: 'SystemUnavailable', jobId: string, code: ProblemCode, message: string }
  > };

export type JobsChangedSubscriptionVariables = Exact<{
  ids: Array<string | number> | string | number;
}>;


export type JobsChangedSubscription = { jobsChanged: { id: string, systemId: string, vendorId: string, name: string, type: string | null, status: JobStatus, vendorStatus: string | null, isTerminal: boolean, scope: string | null, owner: string | null, createdAt: string | null, startedAt: string | null, finishedAt: string | null, durationSeconds: number | null, waitSeconds: number | null, observedAt: string, stale: boolean, system: { id: string, title: string, vendor: string }, problem: { code: ProblemCode, message: string } | null, cancellation: { state: CancellationState | null, requestedAt: string, requestedBy: string, reason: string | null, resolvedAt: string | null, overdue: boolean, contradictingStatus: JobStatus | null } | null, actions: Array<{ action: JobAction, availability: ActionAvailability, available: boolean, reason: string | null }> } };

export type OldestRunningQueryVariables = Exact<{
  first: number;
}>;


export type OldestRunningQuery = { jobs: { nodes: Array<{ id: string, systemId: string, name: string, type: string | null, createdAt: string | null, startedAt: string | null }> } };

export type RecentFailuresQueryVariables = Exact<{
  since: string;
  createdFrom: string;
  first: number;
}>;


export type RecentFailuresQuery = { byEnd: { complete: boolean, nodes: Array<{ id: string, systemId: string, name: string, createdAt: string | null, finishedAt: string | null, failureMessage: string | null }> }, byCreation: { complete: boolean, nodes: Array<{ id: string, systemId: string, name: string, createdAt: string | null, finishedAt: string | null, failureMessage: string | null }> } };

export type FailedJobFragment = { id: string, systemId: string, name: string, createdAt: string | null, finishedAt: string | null, failureMessage: string | null };

export type CancellationsQueryVariables = Exact<{
  first: number;
}>;


export type CancellationsQuery = { worst: { nodes: Array<{ jobId: string, jobName: string | null, state: CancellationState | null, outcome: ActionOutcome, requestedAt: string, requestedBy: string, overdue: boolean, contradictingStatus: JobStatus | null }> }, open: { totalCount: number, nodes: Array<{ jobId: string, jobName: string | null, state: CancellationState | null, outcome: ActionOutcome, requestedAt: string, requestedBy: string, overdue: boolean, contradictingStatus: JobStatus | null }> }, overdue: { totalCount: number }, contradicted: { totalCount: number } };

export type CancellationTextFragment = { jobId: string, jobName: string | null, state: CancellationState | null, outcome: ActionOutcome, requestedAt: string, requestedBy: string, overdue: boolean, contradictingStatus: JobStatus | null };

export type RecentActionsQueryVariables = Exact<{
  from: string;
  first: number;
}>;


export type RecentActionsQuery = { jobEvents: { nodes: Array<{ id: string, kind: JobEventKind, recordedAt: string, jobId: string, jobName: string | null, caller: string, action: JobAction, reason: string | null, requestId: string | null, operationName: string | null, bulkOperationId: string | null, sent: boolean, vendorStatus: string | null, vendorCode: string | null, outcome: ActionOutcome, code: ProblemCode | null, message: string | null, job: { id: string, name: string } }> } };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { name: string, expiresAt: string | null, scopes: Array<{ name: string, systemIds: Array<string> | null }> } };

export type SystemsQueryVariables = Exact<{ [key: string]: never; }>;


export type SystemsQuery = { jobSystems: Array<{ id: string, vendor: string, title: string, capabilities: Array<{ action: JobAction, support: ActionSupport, allowedStatuses: Array<JobStatus>, maxBatchSize: number | null, asynchronous: boolean }>, health: { status: HealthStatus, checkedAt: string | null, latencyMs: number | null, problem: { code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemId: string } | null }, breaker: { state: CircuitBreakerState, changedAt: string, nextAttemptAt: string | null }, traffic: { inFlight: number, concurrency: number, waiting: number, pauseEndsAt: string | null, requestsLastMinute: number, latencyP50Ms: number | null, latencyP95Ms: number | null, blockedLastMinute: Array<{ reason: BlockReason, count: number }> }, credentials: { status: CredentialsStatus, provenAt: string | null, rejectedAt: string | null, nextAttemptAt: string | null } }> };

export type SystemTrafficTextFragment = { breaker: { state: CircuitBreakerState, changedAt: string, nextAttemptAt: string | null }, traffic: { inFlight: number, concurrency: number, waiting: number, pauseEndsAt: string | null, requestsLastMinute: number, latencyP50Ms: number | null, latencyP95Ms: number | null, blockedLastMinute: Array<{ reason: BlockReason, count: number }> }, credentials: { status: CredentialsStatus, provenAt: string | null, rejectedAt: string | null, nextAttemptAt: string | null } };

export type SystemsChangedSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type SystemsChangedSubscription = { jobSystemsChanged: { id: string, health: { status: HealthStatus, checkedAt: string | null, latencyMs: number | null, problem: { code: ProblemCode, message: string, retryable: boolean, retryAfterSeconds: number | null, systemId: string } | null }, breaker: { state: CircuitBreakerState, changedAt: string, nextAttemptAt: string | null }, traffic: { inFlight: number, concurrency: number, waiting: number, pauseEndsAt: string | null, requestsLastMinute: number, latencyP50Ms: number | null, latencyP95Ms: number | null, blockedLastMinute: Array<{ reason: BlockReason, count: number }> }, credentials: { status: CredentialsStatus, provenAt: string | null, rejectedAt: string | null, nextAttemptAt: string | null } } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const SuccessTextFragmentDoc = new TypedDocumentString(`
    fragment SuccessText on CancelSuccess {
  jobId
  outcome
  availability {
    availability
    reason
  }
  job {
    id
    systemId
    name
    status
  }
}
    `, {"fragmentName":"SuccessText"}) as unknown as TypedDocumentString<SuccessTextFragment, unknown>;
export const ActionSuccessTextFragmentDoc = new TypedDocumentString(`
    fragment ActionSuccessText on JobActionSuccess {
  jobId
  action
  outcome
  availability {
    availability
    reason
  }
  createdJob {
    id
  }
  job {
    id
    systemId
    name
    status
  }
}
    `, {"fragmentName":"ActionSuccessText"}) as unknown as TypedDocumentString<ActionSuccessTextFragment, unknown>;
export const ErrorTextFragmentDoc = new TypedDocumentString(`
    fragment ErrorText on JobError {
  jobId
  code
  message
  retryable
  retryAfterSeconds
}
    `, {"fragmentName":"ErrorText"}) as unknown as TypedDocumentString<ErrorTextFragment, unknown>;
export const ActionResultsFragmentDoc = new TypedDocumentString(`
    fragment ActionResults on JobActionPayload {
  results {
    __typename
    ...ActionSuccessText
    ...ErrorText
    ... on VendorRejected {
      vendorCode
    }
    ... on OutcomeUnknown {
      attemptedAt
      safeToRetry
    }
  }
}
    fragment ActionSuccessText on JobActionSuccess {
  jobId
  action
  outcome
  availability {
    availability
    reason
  }
  createdJob {
    id
  }
  job {
    id
    systemId
    name
    status
  }
}
fragment ErrorText on JobError {
  jobId
  code
  message
  retryable
  retryAfterSeconds
}`, {"fragmentName":"ActionResults"}) as unknown as TypedDocumentString<ActionResultsFragment, unknown>;
export const EventTextFragmentDoc = new TypedDocumentString(`
    fragment EventText on JobEvent {
  id
  kind
  recordedAt
  jobId
  jobName
  caller
  action
  reason
  requestId
  operationName
  bulkOperationId
  sent
  vendorStatus
  vendorCode
  outcome
  code
  message
}
    `, {"fragmentName":"EventText"}) as unknown as TypedDocumentString<EventTextFragment, unknown>;
export const CountsFragmentDoc = new TypedDocumentString(`
    fragment Counts on BulkCounts {
  selected
  pending
  succeeded
  failed
  unknown
}
    `, {"fragmentName":"Counts"}) as unknown as TypedDocumentString<CountsFragment, unknown>;
export const BulkRowFragmentDoc = new TypedDocumentString(`
    fragment BulkRow on BulkOperation {
  id
  action
  reason
  startedBy
  status
  createdAt
  finishedAt
  counts {
    ...Counts
  }
}
    fragment Counts on BulkCounts {
  selected
  pending
  succeeded
  failed
  unknown
}`, {"fragmentName":"BulkRow"}) as unknown as TypedDocumentString<BulkRowFragment, unknown>;
export const SystemProblemTextFragmentDoc = new TypedDocumentString(`
    fragment SystemProblemText on SystemProblem {
  code
  message
  retryable
  retryAfterSeconds
  systemId
}
    `, {"fragmentName":"SystemProblemText"}) as unknown as TypedDocumentString<SystemProblemTextFragment, unknown>;
export const BulkErrorTextFragmentDoc = new TypedDocumentString(`
    fragment BulkErrorText on BulkOperationError {
  code
  message
  retryable
  retryAfterSeconds
  systemProblems {
    ...SystemProblemText
  }
}
    fragment SystemProblemText on SystemProblem {
  code
  message
  retryable
  retryAfterSeconds
  systemId
}`, {"fragmentName":"BulkErrorText"}) as unknown as TypedDocumentString<BulkErrorTextFragment, unknown>;
export const BulkDetailsFragmentDoc = new TypedDocumentString(`
    fragment BulkDetails on BulkOperation {
  ...BulkRow
  filter
  maxPerSecond
  commands {
    command
    caller
    recordedAt
  }
  systems {
    system {
      id
      title
    }
    counts {
      ...Counts
    }
    problem {
      ...SystemProblemText
    }
  }
  problem {
    ...BulkErrorText
  }
}
    fragment Counts on BulkCounts {
  selected
  pending
  succeeded
  failed
  unknown
}
fragment BulkErrorText on BulkOperationError {
  code
  message
  retryable
  retryAfterSeconds
  systemProblems {
    ...SystemProblemText
  }
}
fragment BulkRow on BulkOperation {
  id
  action
  reason
  startedBy
  status
  createdAt
  finishedAt
  counts {
    ...Counts
  }
}
fragment SystemProblemText on SystemProblem {
  code
  message
  retryable
  retryAfterSeconds
  systemId
}`, {"fragmentName":"BulkDetails"}) as unknown as TypedDocumentString<BulkDetailsFragment, unknown>;
export const CommandResultFragmentDoc = new TypedDocumentString(`
    fragment CommandResult on BulkOperationResult {
  __typename
  ... on BulkOperation {
    ...BulkDetails
  }
  ... on BulkOperationError {
    ...BulkErrorText
  }
}
    fragment Counts on BulkCounts {
  selected
  pending
  succeeded
  failed
  unknown
}
fragment BulkErrorText on BulkOperationError {
  code
  message
  retryable
  retryAfterSeconds
  systemProblems {
    ...SystemProblemText
  }
}
fragment BulkRow on BulkOperation {
  id
  action
  reason
  startedBy
  status
  createdAt
  finishedAt
  counts {
    ...Counts
  }
}
fragment BulkDetails on BulkOperation {
  ...BulkRow
  filter
  maxPerSecond
  commands {
    command
    caller
    recordedAt
  }
  systems {
    system {
      id
      title
    }
    counts {
      ...Counts
    }
    problem {
      ...SystemProblemText
    }
  }
  problem {
    ...BulkErrorText
  }
}
fragment SystemProblemText on SystemProblem {
  code
  message
  retryable
  retryAfterSeconds
  systemId
}`, {"fragmentName":"CommandResult"}) as unknown as TypedDocumentString<CommandResultFragment, unknown>;
export const StepTextFragmentDoc = new TypedDocumentString(`
    fragment StepText on JobStep {
  id
  name
  status
  vendorStatus
  startedAt
  finishedAt
  durationSeconds
  waitSeconds
  message
  failureCode
  advice
  links {
    title
    url
  }
}
    `, {"fragmentName":"StepText"}) as unknown as TypedDocumentString<StepTextFragment, unknown>;
export const LogLineTextFragmentDoc = new TypedDocumentString(`
    fragment LogLineText on JobLogLine {
  loggedAt
  severity
  message
  truncated
  source
  stepId
}
    `, {"fragmentName":"LogLineText"}) as unknown as TypedDocumentString<LogLineTextFragment, unknown>;
export const JobRowFragmentDoc = new TypedDocumentString(`
    fragment JobRow on Job {
  id
  systemId
  vendorId
  system {
    id
    title
    vendor
  }
  name
  type
  status
  vendorStatus
  isTerminal
  scope
  owner
  createdAt
  startedAt
  finishedAt
  durationSeconds
  waitSeconds
  observedAt
  stale
  problem {
    code
    message
  }
  cancellation {
    state
    requestedAt
    requestedBy
    reason
    resolvedAt
    overdue
    contradictingStatus
  }
  actions {
    action
    availability
    available
    reason
  }
}
    `, {"fragmentName":"JobRow"}) as unknown as TypedDocumentString<JobRowFragment, unknown>;
export const SystemOfPageFragmentDoc = new TypedDocumentString(`
    fragment SystemOfPage on SystemPage {
  system {
    id
    title
    vendor
  }
  status
  returnedCount
  totalCount
  problem {
    ...SystemProblemText
  }
}
    fragment SystemProblemText on SystemProblem {
  code
  message
  retryable
  retryAfterSeconds
  systemId
}`, {"fragmentName":"SystemOfPage"}) as unknown as TypedDocumentString<SystemOfPageFragment, unknown>;
export const ListPageFragmentDoc = new TypedDocumentString(`
    fragment ListPage on JobConnection {
  nodes {
    ...JobRow
  }
  pageInfo {
    hasNextPage
    endCursor
  }
  complete
  systems {
    ...SystemOfPage
  }
}
    fragment JobRow on Job {
  id
  systemId
  vendorId
  system {
    id
    title
    vendor
  }
  name
  type
  status
  vendorStatus
  isTerminal
  scope
  owner
  createdAt
  startedAt
  finishedAt
  durationSeconds
  waitSeconds
  observedAt
  stale
  problem {
    code
    message
  }
  cancellation {
    state
    requestedAt
    requestedBy
    reason
    resolvedAt
    overdue
    contradictingStatus
  }
  actions {
    action
    availability
    available
    reason
  }
}
fragment SystemProblemText on SystemProblem {
  code
  message
  retryable
  retryAfterSeconds
  systemId
}
fragment SystemOfPage on SystemPage {
  system {
    id
    title
    vendor
  }
  status
  returnedCount
  totalCount
  problem {
    ...SystemProblemText
  }
}`, {"fragmentName":"ListPage"}) as unknown as TypedDocumentString<ListPageFragment, unknown>;
export const ProgressTextFragmentDoc = new TypedDocumentString(`
    fragment ProgressText on JobProgress {
  fraction
  succeededTasks
  failedTasks
  remainingTasks
}
    `, {"fragmentName":"ProgressText"}) as unknown as TypedDocumentString<ProgressTextFragment, unknown>;
export const FailedJobFragmentDoc = new TypedDocumentString(`
    fragment FailedJob on Job {
  id
  systemId
  name
  createdAt
  finishedAt
  failureMessage
}
    `, {"fragmentName":"FailedJob"}) as unknown as TypedDocumentString<FailedJobFragment, unknown>;
export const CancellationTextFragmentDoc = new TypedDocumentString(`
    fragment CancellationText on JobCancellation {
  jobId
  jobName
  state
  outcome
  requestedAt
  requestedBy
  overdue
  contradictingStatus
}
    `, {"fragmentName":"CancellationText"}) as unknown as TypedDocumentString<CancellationTextFragment, unknown>;
export const SystemTrafficTextFragmentDoc = new TypedDocumentString(`
    fragment SystemTrafficText on JobSystem {
  breaker {
    state
    changedAt
    nextAttemptAt
  }
  traffic {
    inFlight
    concurrency
    waiting
    pauseEndsAt
    requestsLastMinute
    latencyP50Ms
    latencyP95Ms
    blockedLastMinute {
      reason
      count
    }
  }
  credentials {
    status
    provenAt
    rejectedAt
    nextAttemptAt
  }
}
    `, {"fragmentName":"SystemTrafficText"}) as unknown as TypedDocumentString<SystemTrafficTextFragment, unknown>;
export const CancelJobsDocument = new TypedDocumentString(`
    mutation CancelJobs($input: CancelJobsInput!) {
  payload: cancelJobs(input: $input) {
    results {
      __typename
      ...SuccessText
      ...ErrorText
      ... on VendorRejected {
        vendorCode
      }
      ... on OutcomeUnknown {
        attemptedAt
        safeToRetry
      }
    }
  }
}
    fragment SuccessText on CancelSuccess {
  jobId
  outcome
  availability {
    availability
    reason
  }
  job {
    id
    systemId
    name
    status
  }
}
fragment ErrorText on JobError {
  jobId
  code
  message
  retryable
  retryAfterSeconds
}`, {"hash":"sha256:cc17ee7f31413ea9e622a9dd3268172ee7b27f9f87b3ae146f09627ba6fa05f6"}) as unknown as TypedDocumentString<CancelJobsMutation, CancelJobsMutationVariables>;
export const PauseJobsDocument = new TypedDocumentString(`
    mutation PauseJobs($input: JobActionInput!) {
  payload: pauseJobs(input: $input) {
    ...ActionResults
  }
}
    fragment ActionSuccessText on JobActionSuccess {
  jobId
  action
  outcome
  availability {
    availability
    reason
  }
  createdJob {
    id
  }
  job {
    id
    systemId
    name
    status
  }
}
fragment ErrorText on JobError {
  jobId
  code
  message
  retryable
  retryAfterSeconds
}
fragment ActionResults on JobActionPayload {
  results {
    __typename
    ...ActionSuccessText
    ...ErrorText
    ... on VendorRejected {
      vendorCode
    }
    ... on OutcomeUnknown {
      attemptedAt
      safeToRetry
    }
  }
}`, {"hash":"sha256:f564f2fc485ad1254e6e7531b774c4f0f3c390b5afb3fe65fa82c169aec9ebe8"}) as unknown as TypedDocumentString<PauseJobsMutation, PauseJobsMutationVariables>;
export const ResumeJobsDocument = new TypedDocumentString(`
    mutation ResumeJobs($input: JobActionInput!) {
  payload: resumeJobs(input: $input) {
    ...ActionResults
  }
}
    fragment ActionSuccessText on JobActionSuccess {
  jobId
  action
  outcome
  availability {
    availability
    reason
  }
  createdJob {
    id
  }
  job {
    id
    systemId
    name
    status
  }
}
fragment ErrorText on JobError {
  jobId
  code
  message
  retryable
  retryAfterSeconds
}
fragment ActionResults on JobActionPayload {
  results {
    __typename
    ...ActionSuccessText
    ...ErrorText
    ... on VendorRejected {
      vendorCode
    }
    ... on OutcomeUnknown {
      attemptedAt
      safeToRetry
    }
  }
}`, {"hash":"sha256:52a6250399179dd4f82945223c69753dfb8621c6d271d59d5690b58a875b93c5"}) as unknown as TypedDocumentString<ResumeJobsMutation, ResumeJobsMutationVariables>;
export const RestartJobsDocument = new TypedDocumentString(`
    mutation RestartJobs($input: JobActionInput!) {
  payload: restartJobs(input: $input) {
    ...ActionResults
  }
}
    fragment ActionSuccessText on JobActionSuccess {
  jobId
  action
  outcome
  availability {
    availability
    reason
  }
  createdJob {
    id
  }
  job {
    id
    systemId
    name
    status
  }
}
fragment ErrorText on JobError {
  jobId
  code
  message
  retryable
  retryAfterSeconds
}
fragment ActionResults on JobActionPayload {
  results {
    __typename
    ...ActionSuccessText
    ...ErrorText
    ... on VendorRejected {
      vendorCode
    }
    ... on OutcomeUnknown {
      attemptedAt
      safeToRetry
    }
  }
}`, {"hash":"sha256:c5decc9f24f500e03db47c05067260edc51466e51c87757b2f4ca20c045527a9"}) as unknown as TypedDocumentString<RestartJobsMutation, RestartJobsMutationVariables>;
export const StartJobsDocument = new TypedDocumentString(`
    mutation StartJobs($input: JobActionInput!) {
  payload: startJobs(input: $input) {
    ...ActionResults
  }
}
    fragment ActionSuccessText on JobActionSuccess {
  jobId
  action
  outcome
  availability {
    availability
    reason
  }
  createdJob {
    id
  }
  job {
    id
    systemId
    name
    status
  }
}
fragment ErrorText on JobError {
  jobId
  code
  message
  retryable
  retryAfterSeconds
}
fragment ActionResults on JobActionPayload {
  results {
    __typename
    ...ActionSuccessText
    ...ErrorText
    ... on VendorRejected {
      vendorCode
    }
    ... on OutcomeUnknown {
      attemptedAt
      safeToRetry
    }
  }
}`, {"hash":"sha256:29fb8a54ef08930007559cc159049137e7c096b0bf23ba4d511fa8b44b8f8212"}) as unknown as TypedDocumentString<StartJobsMutation, StartJobsMutationVariables>;
export const EventsDocument = new TypedDocumentString(`
    query Events($filter: JobEventFilter, $first: Int!, $after: String) {
  jobEvents(filter: $filter, first: $first, after: $after) {
    nodes {
      ...EventText
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment EventText on JobEvent {
  id
  kind
  recordedAt
  jobId
  jobName
  caller
  action
  reason
  requestId
  operationName
  bulkOperationId
  sent
  vendorStatus
  vendorCode
  outcome
  code
  message
}`, {"hash":"sha256:ebdf9bca71b336c43cb9318280bb8df6d747ad1428111e5bb22bb841739bf09e"}) as unknown as TypedDocumentString<EventsQuery, EventsQueryVariables>;
export const BulkListDocument = new TypedDocumentString(`
    query BulkList($first: Int!, $after: String) {
  bulkOperations(first: $first, after: $after) {
    nodes {
      ...BulkRow
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment Counts on BulkCounts {
  selected
  pending
  succeeded
  failed
  unknown
}
fragment BulkRow on BulkOperation {
  id
  action
  reason
  startedBy
  status
  createdAt
  finishedAt
  counts {
    ...Counts
  }
}`, {"hash":"sha256:c667827bc3bf23824ab5caa47e502aa858ceeaff78d66009408fb9d2ff91ab87"}) as unknown as TypedDocumentString<BulkListQuery, BulkListQueryVariables>;
export const BulkListChangedDocument = new TypedDocumentString(`
    subscription BulkListChanged {
  bulkOperationsChanged {
    ...BulkRow
  }
}
    fragment Counts on BulkCounts {
  selected
  pending
  succeeded
  failed
  unknown
}
fragment BulkRow on BulkOperation {
  id
  action
  reason
  startedBy
  status
  createdAt
  finishedAt
  counts {
    ...Counts
  }
}`, {"hash":"sha256:ca88f440f578fb55a71dbf8e90e1dd660f21aae3c3ba38733e221dd5b52ed317"}) as unknown as TypedDocumentString<BulkListChangedSubscription, BulkListChangedSubscriptionVariables>;
export const BulkOperationDocument = new TypedDocumentString(`
    query BulkOperation($id: ID!) {
  bulkOperation(id: $id) {
    ...BulkDetails
  }
}
    fragment Counts on BulkCounts {
  selected
  pending
  succeeded
  failed
  unknown
}
fragment BulkErrorText on BulkOperationError {
  code
  message
  retryable
  retryAfterSeconds
  systemProblems {
    ...SystemProblemText
  }
}
fragment BulkRow on BulkOperation {
  id
  action
  reason
  startedBy
  status
  createdAt
  finishedAt
  counts {
    ...Counts
  }
}
fragment BulkDetails on BulkOperation {
  ...BulkRow
  filter
  maxPerSecond
  commands {
    command
    caller
    recordedAt
  }
  systems {
    system {
      id
      title
    }
    counts {
      ...Counts
    }
    problem {
      ...SystemProblemText
    }
  }
  problem {
    ...BulkErrorText
  }
}
fragment SystemProblemText on SystemProblem {
  code
  message
  retryable
  retryAfterSeconds
  systemId
}`, {"hash":"sha256:80461f64addac064a06fa88b4af5a73474df3beffe5ba42fabf70a9d18406738"}) as unknown as TypedDocumentString<BulkOperationQuery, BulkOperationQueryVariables>;
export const BulkChangedDocument = new TypedDocumentString(`
    subscription BulkChanged($id: ID!) {
  bulkOperationChanged(id: $id) {
    ...BulkDetails
  }
}
    fragment Counts on BulkCounts {
  selected
  pending
  succeeded
  failed
  unknown
}
fragment BulkErrorText on BulkOperationError {
  code
  message
  retryable
  retryAfterSeconds
  systemProblems {
    ...SystemProblemText
  }
}
fragment BulkRow on BulkOperation {
  id
  action
  reason
  startedBy
  status
  createdAt
  finishedAt
  counts {
    ...Counts
  }
}
fragment BulkDetails on BulkOperation {
  ...BulkRow
  filter
  maxPerSecond
  commands {
    command
    caller
    recordedAt
  }
  systems {
    system {
      id
      title
    }
    counts {
      ...Counts
    }
    problem {
      ...SystemProblemText
    }
  }
  problem {
    ...BulkErrorText
  }
}
fragment SystemProblemText on SystemProblem {
  code
  message
  retryable
  retryAfterSeconds
  systemId
}`, {"hash":"sha256:1decb8044310d7c1469d983762792b03f432bbf038d90280a511210094f78d5c"}) as unknown as TypedDocumentString<BulkChangedSubscription, BulkChangedSubscriptionVariables>;
export const BulkItemsDocument = new TypedDocumentString(`
    query BulkItems($id: ID!, $status: BulkItemStatus, $first: Int!, $after: String) {
  bulkOperation(id: $id) {
    id
    items(status: $status, first: $first, after: $after) {
      nodes {
        jobId
        job {
          id
          systemId
          name
        }
        status
        outcome
        attempts
        finishedAt
        result {
          __typename
          ... on JobError {
            code
            message
          }
          ... on VendorRejected {
            vendorCode
          }
          ... on OutcomeUnknown {
            safeToRetry
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `, {"hash":"sha256:660fba16fec16abfa166db35d1065577c896edfff9c8d44b96d3bc97786d2dee"}) as unknown as TypedDocumentString<BulkItemsQuery, BulkItemsQueryVariables>;
export const BulkPreviewDocument = new TypedDocumentString(`
    query BulkPreview($action: JobAction!, $filter: JobFilter!) {
  previewBulkAction(action: $action, filter: $filter) {
    token
    expiresAt
    action
    matchedCount
    availableCount
    uncertain
    sample {
      id
      systemId
      name
      type
      status
      createdAt
    }
    predictedFailures {
      code
      count
      message
    }
    complete
    systems {
      system {
        id
        title
      }
      matchedCount
      status
      problem {
        ...SystemProblemText
      }
    }
  }
}
    fragment SystemProblemText on SystemProblem {
  code
  message
  retryable
  retryAfterSeconds
  systemId
}`, {"hash":"sha256:6ceafa233ddd1b6c26a42fa6afd689371a64cd4ed70885138001f760dbb2e437"}) as unknown as TypedDocumentString<BulkPreviewQuery, BulkPreviewQueryVariables>;
export const StartBulkDocument = new TypedDocumentString(`
    mutation StartBulk($input: StartBulkActionInput!) {
  startBulkAction(input: $input) {
    __typename
    ... on BulkOperation {
      ...BulkRow
    }
    ... on Problem {
      code
      message
      retryable
      retryAfterSeconds
    }
    ... on ChangedSincePreview {
      addedCount
      removedCount
    }
    ... on BulkOperationError {
      systemProblems {
        ...SystemProblemText
      }
    }
  }
}
    fragment Counts on BulkCounts {
  selected
  pending
  succeeded
  failed
  unknown
}
fragment BulkRow on BulkOperation {
  id
  action
  reason
  startedBy
  status
  createdAt
  finishedAt
  counts {
    ...Counts
  }
}
fragment SystemProblemText on SystemProblem {
  code
  message
  retryable
  retryAfterSeconds
  systemId
}`, {"hash":"sha256:f858067f0f171aec9b3432443d8b693116b8216d832f0e42b4dca408f60aeedc"}) as unknown as TypedDocumentString<StartBulkMutation, StartBulkMutationVariables>;
export const SuspendBulkDocument = new TypedDocumentString(`
    mutation SuspendBulk($id: ID!) {
  result: suspendBulkOperation(id: $id) {
    ...CommandResult
  }
}
    fragment Counts on BulkCounts {
  selected
  pending
  succeeded
  failed
  unknown
}
fragment BulkErrorText on BulkOperationError {
  code
  message
  retryable
  retryAfterSeconds
  systemProblems {
    ...SystemProblemText
  }
}
fragment BulkRow on BulkOperation {
  id
  action
  reason
  startedBy
  status
  createdAt
  finishedAt
  counts {
    ...Counts
  }
}
fragment BulkDetails on BulkOperation {
  ...BulkRow
  filter
  maxPerSecond
  commands {
    command
    caller
    recordedAt
  }
  systems {
    system {
      id
      title
    }
    counts {
      ...Counts
    }
    problem {
      ...SystemProblemText
    }
  }
  problem {
    ...BulkErrorText
  }
}
fragment CommandResult on BulkOperationResult {
  __typename
  ... on BulkOperation {
    ...BulkDetails
  }
  ... on BulkOperationError {
    ...BulkErrorText
  }
}
fragment SystemProblemText on SystemProblem {
  code
  message
  retryable
  retryAfterSeconds
  systemId
}`, {"hash":"sha256:93d8245bfc8bb0c6e2e51ca264eb7b6827467c9a634e2c22a43f16d046155514"}) as unknown as TypedDocumentString<SuspendBulkMutation, SuspendBulkMutationVariables>;
export const ResumeBulkDocument = new TypedDocumentString(`
    mutation ResumeBulk($id: ID!) {
  result: resumeBulkOperation(id: $id) {
    ...CommandResult
  }
}
    fragment Counts on BulkCounts {
  selected
  pending
  succeeded
  failed
  unknown
}
fragment BulkErrorText on BulkOperationError {
  code
  message
  retryable
  retryAfterSeconds
  systemProblems {
    ...SystemProblemText
  }
}
fragment BulkRow on BulkOperation {
  id
  action
  reason
  startedBy
  status
  createdAt
  finishedAt
  counts {
    ...Counts
  }
}
fragment BulkDetails on BulkOperation {
  ...BulkRow
  filter
  maxPerSecond
  commands {
    command
    caller
    recordedAt
  }
  systems {
    system {
      id
      title
    }
    counts {
      ...Counts
    }
    problem {
      ...SystemProblemText
    }
  }
  problem {
    ...BulkErrorText
  }
}
fragment CommandResult on BulkOperationResult {
  __typename
  ... on BulkOperation {
    ...BulkDetails
  }
  ... on BulkOperationError {
    ...BulkErrorText
  }
}
fragment SystemProblemText on SystemProblem {
  code
  message
  retryable
  retryAfterSeconds
  systemId
}`, {"hash":"sha256:5c33925db09952511ddcdf86b92420e8e84b3766118fd4e633e70126096c2c83"}) as unknown as TypedDocumentString<ResumeBulkMutation, ResumeBulkMutationVariables>;
export const EndBulkDocument = new TypedDocumentString(`
    mutation EndBulk($id: ID!) {
  result: cancelBulkOperation(id: $id) {
    ...CommandResult
  }
}
    fragment Counts on BulkCounts {
  selected
  pending
  succeeded
  failed
  unknown
}
fragment BulkErrorText on BulkOperationError {
  code
  message
  retryable
  retryAfterSeconds
  systemProblems {
    ...SystemProblemText
  }
}
fragment BulkRow on BulkOperation {
  id
  action
  reason
  startedBy
  status
  createdAt
  finishedAt
  counts {
    ...Counts
  }
}
fragment BulkDetails on BulkOperation {
  ...BulkRow
  filter
  maxPerSecond
  commands {
    command
    caller
    recordedAt
  }
  systems {
    system {
      id
      title
    }
    counts {
      ...Counts
    }
    problem {
      ...SystemProblemText
    }
  }
  problem {
    ...BulkErrorText
  }
}
fragment CommandResult on BulkOperationResult {
  __typename
  ... on BulkOperation {
    ...BulkDetails
  }
  ... on BulkOperationError {
    ...BulkErrorText
  }
}
fragment SystemProblemText on SystemProblem {
  code
  message
  retryable
  retryAfterSeconds
  systemId
}`, {"hash":"sha256:af7816962964b6aad16f51fefbe3203ddeb675ba03838b06a2db92ae5b222977"}) as unknown as TypedDocumentString<EndBulkMutation, EndBulkMutationVariables>;
export const RetryFailedBulkDocument = new TypedDocumentString(`
    mutation RetryFailedBulk($id: ID!) {
  result: retryFailedBulkItems(id: $id) {
    ...CommandResult
  }
}
    fragment Counts on BulkCounts {
  selected
  pending
  succeeded
  failed
  unknown
}
fragment BulkErrorText on BulkOperationError {
  code
  message
  retryable
  retryAfterSeconds
  systemProblems {
    ...SystemProblemText
  }
}
fragment BulkRow on BulkOperation {
  id
  action
  reason
  startedBy
  status
  createdAt
  finishedAt
  counts {
    ...Counts
  }
}
fragment BulkDetails on BulkOperation {
  ...BulkRow
  filter
  maxPerSecond
  commands {
    command
    caller
    recordedAt
  }
  systems {
    system {
      id
      title
    }
    counts {
      ...Counts
    }
    problem {
      ...SystemProblemText
    }
  }
  problem {
    ...BulkErrorText
  }
}
fragment CommandResult on BulkOperationResult {
  __typename
  ... on BulkOperation {
    ...BulkDetails
  }
  ... on BulkOperationError {
    ...BulkErrorText
  }
}
fragment SystemProblemText on SystemProblem {
  code
  message
  retryable
  retryAfterSeconds
  systemId
}`, {"hash":"sha256:7267794b2f3e30ab8475c71cc125a56e293b2176d34da9585a759053862cdd89"}) as unknown as TypedDocumentString<RetryFailedBulkMutation, RetryFailedBulkMutationVariables>;
export const LiveBulkDocument = new TypedDocumentString(`
    query LiveBulk {
  bulkOperations(statuses: [SELECTING, RUNNING], first: 99) {
    nodes {
      id
    }
  }
}
    `, {"hash":"sha256:e92583a35a27a5c7130aa2224eb09d624a2765df9f89c8119220f2ddb5fc7796"}) as unknown as TypedDocumentString<LiveBulkQuery, LiveBulkQueryVariables>;
export const JobDetailsDocument = new TypedDocumentString(`
    query JobDetails($id: ID!) {
  job(id: $id) {
    __typename
    ... on Job {
      ...JobRow
      cancellation {
        outcome
      }
      tags
      links {
        title
        url
      }
      dataRange {
        from
        to
      }
      progress {
        ...ProgressText
      }
      failure {
        message
        code
        advice
        step {
          id
          name
        }
      }
      steps {
        ...StepText
        substeps {
          ...StepText
        }
      }
    }
    ... on JobError {
      jobId
      code
      message
      retryable
      retryAfterSeconds
    }
  }
}
    fragment StepText on JobStep {
  id
  name
  status
  vendorStatus
  startedAt
  finishedAt
  durationSeconds
  waitSeconds
  message
  failureCode
  advice
  links {
    title
    url
  }
}
fragment JobRow on Job {
  id
  systemId
  vendorId
  system {
    id
    title
    vendor
  }
  name
  type
  status
  vendorStatus
  isTerminal
  scope
  owner
  createdAt
  startedAt
  finishedAt
  durationSeconds
  waitSeconds
  observedAt
  stale
  problem {
    code
    message
  }
  cancellation {
    state
    requestedAt
    requestedBy
    reason
    resolvedAt
    overdue
    contradictingStatus
  }
  actions {
    action
    availability
    available
    reason
  }
}
fragment ProgressText on JobProgress {
  fraction
  succeededTasks
  failedTasks
  remainingTasks
}`, {"hash":"sha256:aeb36eb6078244e492325e886761b49ec624e8c722460467ad1924b4ad9108a8"}) as unknown as TypedDocumentString<JobDetailsQuery, JobDetailsQueryVariables>;
export const JobHistoryDocument = new TypedDocumentString(`
    query JobHistory($id: ID!, $first: Int!) {
  jobEvents(filter: {jobIds: [$id]}, first: $first) {
    nodes {
      ...EventText
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment EventText on JobEvent {
  id
  kind
  recordedAt
  jobId
  jobName
  caller
  action
  reason
  requestId
  operationName
  bulkOperationId
  sent
  vendorStatus
  vendorCode
  outcome
  code
  message
}`, {"hash":"sha256:40d1b580d656b7afd45e37946922407597a3c017c1e4c2836e1bdca86a792f7a"}) as unknown as TypedDocumentString<JobHistoryQuery, JobHistoryQueryVariables>;
export const JobRawDocument = new TypedDocumentString(`
    query JobRaw($id: ID!) {
  job(id: $id) {
    __typename
    ... on Job {
      id
      raw
    }
    ... on JobError {
      message
    }
  }
}
    `, {"hash":"sha256:beaee69aaf3b390d32c44d9c0bb2d4c6c3de20d49b538a770e134ed9c1a337c7"}) as unknown as TypedDocumentString<JobRawQuery, JobRawQueryVariables>;
export const JobLogDocument = new TypedDocumentString(`
    query JobLog($id: ID!, $first: Int!, $after: String, $minSeverity: LogSeverity) {
  job(id: $id) {
    __typename
    ... on Job {
      id
      log(first: $first, after: $after, minSeverity: $minSeverity) {
        edges {
          cursor
          node {
            ...LogLineText
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
        problem {
          code
          message
        }
      }
    }
    ... on JobError {
      message
    }
  }
}
    fragment LogLineText on JobLogLine {
  loggedAt
  severity
  message
  truncated
  source
  stepId
}`, {"hash":"sha256:9055eb0ef3ca90f1a13d86c84610da8a6c93ba74f0ee70220a4690adf9709409"}) as unknown as TypedDocumentString<JobLogQuery, JobLogQueryVariables>;
export const ListCountsDocument = new TypedDocumentString(`
    query ListCounts($filter: JobFilter) {
  jobCounts(filter: $filter, by: [STATUS, SYSTEM], top: 500) {
    buckets {
      status
      system {
        id
        title
      }
      count
      precision
      problem {
        ...SystemProblemText
      }
    }
    observedAt
  }
}
    fragment SystemProblemText on SystemProblem {
  code
  message
  retryable
  retryAfterSeconds
  systemId
}`, {"hash":"sha256:2dd6bcf95d51685585734886615d657db961b559fd7cd9706d18674311d6b1d0"}) as unknown as TypedDocumentString<ListCountsQuery, ListCountsQueryVariables>;
export const FacetCountsDocument = new TypedDocumentString(`
    query FacetCounts($filter: JobFilter, $by: JobCountDimension!) {
  jobCounts(filter: $filter, by: [$by], top: 100) {
    buckets {
      type
      owner
      scope
      count
      precision
    }
  }
}
    `, {"hash":"sha256:766eb76efc64f1e25acc757d963e6aa1e23c6bbee8e8973e6ceb6ba04a5600e9"}) as unknown as TypedDocumentString<FacetCountsQuery, FacetCountsQueryVariables>;
export const JobsPageDocument = new TypedDocumentString(`
    query JobsPage($filter: JobFilter, $orderBy: JobOrder, $first: Int, $after: String) {
  jobs(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    ...ListPage
  }
}
    fragment JobRow on Job {
  id
  systemId
  vendorId
  system {
    id
    title
    vendor
  }
  name
  type
  status
  vendorStatus
  isTerminal
  scope
  owner
  createdAt
  startedAt
  finishedAt
  durationSeconds
  waitSeconds
  observedAt
  stale
  problem {
    code
    message
  }
  cancellation {
    state
    requestedAt
    requestedBy
    reason
    resolvedAt
    overdue
    contradictingStatus
  }
  actions {
    action
    availability
    available
    reason
  }
}
fragment SystemProblemText on SystemProblem {
  code
  message
  retryable
  retryAfterSeconds
  systemId
}
fragment SystemOfPage on SystemPage {
  system {
    id
    title
    vendor
  }
  status
  returnedCount
  totalCount
  problem {
    ...SystemProblemText
  }
}
fragment ListPage on JobConnection {
  nodes {
    ...JobRow
  }
  pageInfo {
    hasNextPage
    endCursor
  }
  complete
  systems {
    ...SystemOfPage
  }
}`, {"hash":"sha256:5353b8eb440daeec1a63e8567c2de435df1349b7a365256b7a98c19053615ef3"}) as unknown as TypedDocumentString<JobsPageQuery, JobsPageQueryVariables>;
export const JobListChangedDocument = new TypedDocumentString(`
    subscription JobListChanged($filter: JobFilter, $orderBy: JobOrder, $first: Int!) {
  jobListChanged(filter: $filter, orderBy: $orderBy, first: $first) {
    __typename
    ... on JobListPage {
      page {
        ...ListPage
      }
    }
    ... on JobEntered {
      job {
        ...JobRow
      }
      afterId
    }
    ... on JobChanged {
      job {
        ...JobRow
      }
      afterId
    }
    ... on JobLeft {
      jobId
      reason
    }
    ... on JobListSystems {
      complete
      systems {
        ...SystemOfPage
      }
    }
  }
}
    fragment JobRow on Job {
  id
  systemId
  vendorId
  system {
    id
    title
    vendor
  }
  name
  type
  status
  vendorStatus
  isTerminal
  scope
  owner
  createdAt
  startedAt
  finishedAt
  durationSeconds
  waitSeconds
  observedAt
  stale
  problem {
    code
    message
  }
  cancellation {
    state
    requestedAt
    requestedBy
    reason
    resolvedAt
    overdue
    contradictingStatus
  }
  actions {
    action
    availability
    available
    reason
  }
}
fragment SystemProblemText on SystemProblem {
  code
  message
  retryable
  retryAfterSeconds
  systemId
}
fragment SystemOfPage on SystemPage {
  system {
    id
    title
    vendor
  }
  status
  returnedCount
  totalCount
  problem {
    ...SystemProblemText
  }
}
fragment ListPage on JobConnection {
  nodes {
    ...JobRow
  }
  pageInfo {
    hasNextPage
    endCursor
  }
  complete
  systems {
    ...SystemOfPage
  }
}`, {"hash":"sha256:d93628ab031493e629af6469cbd5e7dd4a0aae810466eec5f7cfd796fdccf9a4"}) as unknown as TypedDocumentString<JobListChangedSubscription, JobListChangedSubscriptionVariables>;
export const RunningDetailsDocument = new TypedDocumentString(`
    query RunningDetails($ids: [ID!]!) {
  jobsByIds(ids: $ids) {
    __typename
    ... on Job {
      id
      progress {
        ...ProgressText
      }
    }
  }
}
    fragment ProgressText on JobProgress {
  fraction
  succeededTasks
  failedTasks
  remainingTasks
}`, {"hash":"sha256:99fb186bcd36e915999342cfba4979ae6370e686f8d1b6f665de7f4a8a0a5764"}) as unknown as TypedDocumentString<RunningDetailsQuery, RunningDetailsQueryVariables>;
export const FailedDetailsDocument = new TypedDocumentString(`
    query FailedDetails($ids: [ID!]!) {
  jobsByIds(ids: $ids) {
    __typename
    ... on Job {
      id
      failureMessage
    }
  }
}
    `, {"hash":"sha256:2ebec2a5af659a3ff9e7b5423eab226c543f157a25de70bde1a2247f9043f3bc"}) as unknown as TypedDocumentString<FailedDetailsQuery, FailedDetailsQueryVariables>;
export const ReadJobsDocument = new TypedDocumentString(`
    query ReadJobs($ids: [ID!]!) {
  jobsByIds(ids: $ids) {
    __typename
    ... on Job {
      ...JobRow
    }
    ... on JobError {
      jobId
      code
      message
    }
  }
}
    fragment JobRow on Job {
  id
  systemId
  vendorId
  system {
    id
    title
    vendor
  }
  name
  type
  status
  vendorStatus
  isTerminal
  scope
  owner
  createdAt
  startedAt
  finishedAt
  durationSeconds
  waitSeconds
  observedAt
  stale
  problem {
    code
    message
  }
  cancellation {
    state
    requestedAt
    requestedBy
    reason
    resolvedAt
    overdue
    contradictingStatus
  }
  actions {
    action
    availability
    available
    reason
  }
}`, {"hash":"sha256:26aea2226e8c6d6e99530daf2e312570402d8e22c422d7342a4a11a3878fdd6c"}) as unknown as TypedDocumentString<ReadJobsQuery, ReadJobsQueryVariables>;
export const JobsChangedDocument = new TypedDocumentString(`
    subscription JobsChanged($ids: [ID!]!) {
  jobsChanged(ids: $ids) {
    ...JobRow
  }
}
    fragment JobRow on Job {
  id
  systemId
  vendorId
  system {
    id
    title
    vendor
  }
  name
  type
  status
  vendorStatus
  isTerminal
  scope
  owner
  createdAt
  startedAt
  finishedAt
  durationSeconds
  waitSeconds
  observedAt
  stale
  problem {
    code
    message
  }
  cancellation {
    state
    requestedAt
    requestedBy
    reason
    resolvedAt
    overdue
    contradictingStatus
  }
  actions {
    action
    availability
    available
    reason
  }
}`, {"hash":"sha256:bee7cf43c9abd48901a9f300c72015180c47ef5ded5cf125a68ea88894e8a887"}) as unknown as TypedDocumentString<JobsChangedSubscription, JobsChangedSubscriptionVariables>;
export const OldestRunningDocument = new TypedDocumentString(`
    query OldestRunning($first: Int!) {
  jobs(
    filter: {statuses: [RUNNING]}
    orderBy: {field: CREATED_AT, direction: ASC}
    first: $first
  ) {
    nodes {
      id
      systemId
      name
      type
      createdAt
      startedAt
    }
  }
}
    `, {"hash":"sha256:bdc669be0f5aee8bdd84112d1b6185f8ee8649b5599122f56364847c22100576"}) as unknown as TypedDocumentString<OldestRunningQuery, OldestRunningQueryVariables>;
export const RecentFailuresDocument = new TypedDocumentString(`
    query RecentFailures($since: DateTime!, $createdFrom: DateTime!, $first: Int!) {
  byEnd: jobs(
    filter: {statuses: [FAILED], finishedFrom: $since, createdFrom: $createdFrom}
    orderBy: {field: FINISHED_AT, direction: DESC}
    first: $first
  ) {
    complete
    nodes {
      ...FailedJob
    }
  }
  byCreation: jobs(
    filter: {statuses: [FAILED], createdFrom: $since}
    first: $first
  ) {
    complete
    nodes {
      ...FailedJob
    }
  }
}
    fragment FailedJob on Job {
  id
  systemId
  name
  createdAt
  finishedAt
  failureMessage
}`, {"hash":"sha256:5c7a0f7b1ba23afa4d0e73536276d912e59467f07abd238023d317010cf983b9"}) as unknown as TypedDocumentString<RecentFailuresQuery, RecentFailuresQueryVariables>;
export const CancellationsDocument = new TypedDocumentString(`
    query Cancellations($first: Int!) {
  worst: cancellations(states: [CONTRADICTED, OVERDUE], first: $first) {
    nodes {
      ...CancellationText
    }
  }
  open: cancellations(states: [OPEN], first: $first) {
    totalCount
    nodes {
      ...CancellationText
    }
  }
  overdue: cancellations(states: [OVERDUE], first: 0) {
    totalCount
  }
  contradicted: cancellations(states: [CONTRADICTED], first: 0) {
    totalCount
  }
}
    fragment CancellationText on JobCancellation {
  jobId
  jobName
  state
  outcome
  requestedAt
  requestedBy
  overdue
  contradictingStatus
}`, {"hash":"sha256:d5cb4c16bbe4ccac9910d0c4cf79356721017ade4433b04be7ccb303ec01818c"}) as unknown as TypedDocumentString<CancellationsQuery, CancellationsQueryVariables>;
export const RecentActionsDocument = new TypedDocumentString(`
    query RecentActions($from: DateTime!, $first: Int!) {
  jobEvents(filter: {kind: ACTION, recordedFrom: $from}, first: $first) {
    nodes {
      ...EventText
      job {
        id
        name
      }
    }
  }
}
    fragment EventText on JobEvent {
  id
  kind
  recordedAt
  jobId
  jobName
  caller
  action
  reason
  requestId
  operationName
  bulkOperationId
  sent
  vendorStatus
  vendorCode
  outcome
  code
  message
}`, {"hash":"sha256:feb2e0110f5e23abd9f780eb85bb5cfbeab4c8eb71d239ebb29634637d7cce9f"}) as unknown as TypedDocumentString<RecentActionsQuery, RecentActionsQueryVariables>;
export const ViewerDocument = new TypedDocumentString(`
    query Viewer {
  viewer {
    name
    expiresAt
    scopes {
      name
      systemIds
    }
  }
}
    `, {"hash":"sha256:f8d3a659c2ded8200340bff345535f9e887e662dc133715eb19c7b50ed21359b"}) as unknown as TypedDocumentString<ViewerQuery, ViewerQueryVariables>;
export const SystemsDocument = new TypedDocumentString(`
    query Systems {
  jobSystems {
    id
    vendor
    title
    capabilities {
      action
      support
      allowedStatuses
      maxBatchSize
      asynchronous
    }
    health {
      status
      checkedAt
      latencyMs
      problem {
        ...SystemProblemText
      }
    }
    ...SystemTrafficText
  }
}
    fragment SystemProblemText on SystemProblem {
  code
  message
  retryable
  retryAfterSeconds
  systemId
}
fragment SystemTrafficText on JobSystem {
  breaker {
    state
    changedAt
    nextAttemptAt
  }
  traffic {
    inFlight
    concurrency
    waiting
    pauseEndsAt
    requestsLastMinute
    latencyP50Ms
    latencyP95Ms
    blockedLastMinute {
      reason
      count
    }
  }
  credentials {
    status
    provenAt
    rejectedAt
    nextAttemptAt
  }
}`, {"hash":"sha256:3e946f3b02fb79d8ca70c6ca1e3344c031277d9e35996bb8a62b1d232097c898"}) as unknown as TypedDocumentString<SystemsQuery, SystemsQueryVariables>;
export const SystemsChangedDocument = new TypedDocumentString(`
    subscription SystemsChanged {
  jobSystemsChanged {
    id
    health {
      status
      checkedAt
      latencyMs
      problem {
        ...SystemProblemText
      }
    }
    ...SystemTrafficText
  }
}
    fragment SystemProblemText on SystemProblem {
  code
  message
  retryable
  retryAfterSeconds
  systemId
}
fragment SystemTrafficText on JobSystem {
  breaker {
    state
    changedAt
    nextAttemptAt
  }
  traffic {
    inFlight
    concurrency
    waiting
    pauseEndsAt
    requestsLastMinute
    latencyP50Ms
    latencyP95Ms
    blockedLastMinute {
      reason
      count
    }
  }
  credentials {
    status
    provenAt
    rejectedAt
    nextAttemptAt
  }
}`, {"hash":"sha256:1e64f18c6f6874b7e944d147a945796810401c29d9b8827fdfd8ed1899e4df9a"}) as unknown as TypedDocumentString<SystemsChangedSubscription, SystemsChangedSubscriptionVariables>;