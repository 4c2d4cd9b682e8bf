import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { JobParent, CancellationPage, JobFailureParent, JobStepParent, JobLogParent, JobEdgeParent, JobLogEdgeParent, PageInfoParent, JobCountsParent, BucketParent, CountParent, ListEventParent, BulkItemParent, HealthParent, SuccessParent } from '../resolvers/parents.ts';
import type { Cancellation } from '../../history/cancellation.ts';
import type { ServedSystem as JobSystemParent } from '../../job-service/served-system.ts';
import type { JobPage } from '../../listing/list-jobs.ts';
import type { SystemPage as SystemPageParent } from '../../listing/system-page.ts';
import type { CountedSystem } from '../../job-service/job-counts.ts';
import type { BulkPreview as BulkPreviewParent, SystemPreview } from '../../bulk/preview.ts';
import type { BulkOperation as BulkOperationParent } from '../../bulk/operation.ts';
import type { Context } from '../resolvers/context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A point in time in RFC 3339 format, in UTC with milliseconds. Example: 2026-03-02T18:14:42.000Z. */
  DateTime: { input: Date; output: Date; }
  /** Any JSON value. */
  JSON: { input: unknown; output: unknown; }
  _FieldSet: { input: unknown; output: unknown; }
};

/** Jobyard or the vendor denied access (ACCESS_DENIED). */
export type AccessDenied = JobError & Problem & {
  __typename?: 'AccessDenied';
  /** The problem code. */
  code: ProblemCode;
  /** The ID as the caller sent it. */
  jobId: Scalars['ID']['output'];
  /** What happened and, if known, what to do. */
  message: Scalars['String']['output'];
  /** The scope that the caller lacks, such as jobs:cancel@builds-prod. Null if the vendor denied access. */
  missingScope?: Maybe<Scalars['String']['output']>;
  /** The time to wait before you retry, in seconds. Null if unknown. */
  retryAfterSeconds?: Maybe<Scalars['Float']['output']>;
  /** Whether retrying the unchanged request can succeed. */
  retryable: Scalars['Boolean']['output'];
};

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

/** The job doesn't allow the action: ACTION_NOT_SUPPORTED by the vendor, WRONG_STATUS, or NOT_ELIGIBLE. */
export type ActionNotAllowed = JobError & Problem & {
  __typename?: 'ActionNotAllowed';
  /** The requested action. */
  action: JobAction;
  /** The problem code. */
  code: ProblemCode;
  /** The job, as a job reference. */
  job: Job;
  /** The ID as the caller sent it. */
  jobId: Scalars['ID']['output'];
  /** What happened and, if known, what to do. */
  message: Scalars['String']['output'];
  /** The time to wait before you retry, in seconds. Null if unknown. */
  retryAfterSeconds?: Maybe<Scalars['Float']['output']>;
  /** Whether retrying the unchanged request can succeed. */
  retryable: Scalars['Boolean']['output'];
  /** The status that rules out the action (WRONG_STATUS). Null if something else does, or if the caller can't read the job. */
  status?: Maybe<JobStatus>;
};

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

/** The number of results of each kind. A repeated ID counts each time. */
export type ActionSummary = {
  __typename?: 'ActionSummary';
  /** The number of failures. */
  failed: Scalars['Int']['output'];
  /** The number of IDs in the input: the sum of the other counts. */
  requested: Scalars['Int']['output'];
  /** The number of successes. */
  succeeded: Scalars['Int']['output'];
  /** The number of unknown outcomes. */
  unknown: Scalars['Int']['output'];
};

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

/** Requests to a system that Jobyard didn't send. */
export type BlockedRequests = {
  __typename?: 'BlockedRequests';
  /** The number of requests. */
  count: Scalars['Int']['output'];
  /** Why Jobyard didn't send the requests. */
  reason: BlockReason;
};

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

/** The number of items of each status. pending, succeeded, failed, and unknown add up to selected. */
export type BulkCounts = {
  __typename?: 'BulkCounts';
  /** Items that failed, or were never sent. */
  failed: Scalars['Int']['output'];
  /** Items that aren't processed yet. */
  pending: Scalars['Int']['output'];
  /** All items. */
  selected: Scalars['Int']['output'];
  /** Items that succeeded. */
  succeeded: Scalars['Int']['output'];
  /** Items whose outcome is unknown. */
  unknown: Scalars['Int']['output'];
};

/** One job of a bulk operation. */
export type BulkItem = {
  __typename?: 'BulkItem';
  /** The number of attempts. Before each further attempt, Jobyard reads the job again. */
  attempts: Scalars['Int']['output'];
  /** The time when the item was finished. Null while it is PENDING. */
  finishedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The job, as a job reference. */
  job: Job;
  /** The ID of the job. */
  jobId: Scalars['ID']['output'];
  /**
   * The name of the job, or else its type, as known when the job was selected. Costs no vendor request. Null if neither was known, or if the caller can't
   * read the job. At most 200 characters.
   */
  name?: Maybe<Scalars['String']['output']>;
  /** The outcome of the action on this job. Null while the item is PENDING. */
  outcome?: Maybe<ActionOutcome>;
  /** The result of the action on this job. Null while the item is PENDING. */
  result?: Maybe<BulkItemResult>;
  /** The status of the item. */
  status: BulkItemStatus;
};

/** A page of items. */
export type BulkItemConnection = {
  __typename?: 'BulkItemConnection';
  /** The rows, each with its cursor. */
  edges: Array<BulkItemEdge>;
  /** The rows without cursors. */
  nodes: Array<BulkItem>;
  /** Whether more pages exist, and the cursors for them. */
  pageInfo: PageInfo;
};

/** A row and its cursor. */
export type BulkItemEdge = {
  __typename?: 'BulkItemEdge';
  /** The cursor of this edge, for `after` and `before`. */
  cursor: Scalars['String']['output'];
  /** The item. */
  node: BulkItem;
};

/** The result of one item: CancelSuccess for a cancellation, JobActionSuccess for another action, or a failure. */
export type BulkItemResult = AccessDenied | ActionNotAllowed | CancelSuccess | JobActionSuccess | JobNotFound | NotAttempted | OutcomeUnknown | SystemUnavailable | VendorRejected;

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

/** A durable action on all matching jobs. It runs in the background, survives restarts, and keeps a result for each job. */
export type BulkOperation = Node & {
  __typename?: 'BulkOperation';
  /** The action. */
  action: JobAction;
  /** The commands that callers gave after the start. Newest first, at most 100. */
  commands: Array<BulkOperationCommand>;
  /** The number of items of each status. */
  counts: BulkCounts;
  /** The time when the bulk operation was started. */
  createdAt: Scalars['DateTime']['output'];
  /** The filter that selected the jobs. */
  filter: Scalars['JSON']['output'];
  /** The time when it ended. Null if it hasn't, or if that is unknown. */
  finishedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The ID of the bulk operation. */
  id: Scalars['ID']['output'];
  /** The items, in the order of selection. */
  items: BulkItemConnection;
  /** The maximum number of jobs sent per second. Null: as fast as the systems allow. */
  maxPerSecond?: Maybe<Scalars['Float']['output']>;
  /** The finished items, counted by outcome and problem code. Largest count first. */
  outcomes: Array<BulkOutcomeCount>;
  /** Why the bulk operation couldn't start (status FAILED). Null otherwise. */
  problem?: Maybe<BulkOperationError>;
  /** The caller's reason. */
  reason: Scalars['String']['output'];
  /** The caller that started the bulk operation: key:NAME, jwt:SUBJECT, or anonymous. */
  startedBy: Scalars['String']['output'];
  /** The status of the bulk operation. */
  status: BulkOperationStatus;
  /** The progress on each system. */
  systems: Array<BulkSystemProgress>;
};


/** A durable action on all matching jobs. It runs in the background, survives restarts, and keeps a result for each job. */
export type BulkOperationItemsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  codes?: InputMaybe<Array<ProblemCode>>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  outcomes?: InputMaybe<Array<ActionOutcome>>;
  status?: InputMaybe<BulkItemStatus>;
  systemIds?: InputMaybe<Array<Scalars['ID']['input']>>;
};

/** A command that a caller gave to a bulk operation. */
export type BulkOperationCommand = {
  __typename?: 'BulkOperationCommand';
  /**
   * The caller: key:NAME, jwt:SUBJECT, or anonymous. After RESUME or RETRY_FAILED, Jobyard sends actions in this caller's name, with its
   * scopes.
   */
  caller: Scalars['String']['output'];
  /** The command. */
  command: BulkCommand;
  /** The time of the command. */
  recordedAt: Scalars['DateTime']['output'];
  /** The ID of the request, as in the log and the audit log. */
  requestId: Scalars['ID']['output'];
};

/** A page of bulk operations. */
export type BulkOperationConnection = {
  __typename?: 'BulkOperationConnection';
  /** The rows, each with its cursor. */
  edges: Array<BulkOperationEdge>;
  /** The rows without cursors. */
  nodes: Array<BulkOperation>;
  /** Whether more pages exist, and the cursors for them. */
  pageInfo: PageInfo;
};

/** A row and its cursor. */
export type BulkOperationEdge = {
  __typename?: 'BulkOperationEdge';
  /** The cursor of this edge, for `after` and `before`. */
  cursor: Scalars['String']['output'];
  /** The bulk operation. */
  node: BulkOperation;
};

/**
 * Why a bulk operation wasn't started or changed: INCOMPLETE_SELECTION, PREVIEW_NOT_FOUND, IDEMPOTENCY_CONFLICT, ACTION_NOT_SUPPORTED,
 * ACCESS_DENIED, BULK_OPERATION_NOT_FOUND, WRONG_STATUS, or STORE_UNAVAILABLE.
 */
export type BulkOperationError = Problem & {
  __typename?: 'BulkOperationError';
  /** The problem code. */
  code: ProblemCode;
  /** What happened and, if known, what to do. */
  message: Scalars['String']['output'];
  /** The time to wait before you retry, in seconds. Null if unknown. */
  retryAfterSeconds?: Maybe<Scalars['Float']['output']>;
  /** Whether retrying the unchanged request can succeed. */
  retryable: Scalars['Boolean']['output'];
  /** The systems that caused the error, each with its problem. */
  systemProblems: Array<SystemProblem>;
};

/** The changed bulk operation, or why it wasn't changed. */
export type BulkOperationResult = BulkOperation | BulkOperationError;

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

/** The number of finished items with one outcome and problem code. */
export type BulkOutcomeCount = {
  __typename?: 'BulkOutcomeCount';
  /** The problem code. Null if the items succeeded. */
  code?: Maybe<ProblemCode>;
  /** The number of items. */
  count: Scalars['Int']['output'];
  /** The message of one of the items. Null if they succeeded. */
  message?: Maybe<Scalars['String']['output']>;
  /** The outcome of the action. */
  outcome: ActionOutcome;
  /** The status of the items. */
  status: BulkItemStatus;
};

/** The jobs that a bulk action would affect. Creating a preview changes nothing. */
export type BulkPreview = {
  __typename?: 'BulkPreview';
  /** The previewed action. */
  action: JobAction;
  /** The number of matching jobs that are already in the target status or on the way to it. Their items succeed, and nothing is sent. */
  alreadyDoneCount: Scalars['Int']['output'];
  /** The number of matching jobs that allow the action now (AVAILABLE or MAYBE). */
  availableCount: Scalars['Int']['output'];
  /** False if Jobyard couldn't list all matching jobs. The counts are then too low. */
  complete: Scalars['Boolean']['output'];
  /** The time when the token expires. */
  expiresAt: Scalars['DateTime']['output'];
  /** The number of matching jobs. */
  matchedCount: Scalars['Int']['output'];
  /** The predicted failures of jobs that don't allow the action, counted by code. If you start the action, it includes these jobs; their items fail. */
  predictedFailures: Array<PredictedFailure>;
  /** The newest matching jobs (at most 20), newest first. */
  sample: Array<Job>;
  /** Each selected system, with the number of its matching jobs. */
  systems: Array<BulkSystemPreview>;
  /**
   * The preview token. With it, startBulkAction acts on exactly the previewed jobs. Valid for one hour, for the same caller, action, and
   * filter.
   */
  token: Scalars['String']['output'];
  /** The number of jobs in availableCount that are MAYBE: the system can still reject the action. */
  uncertain: Scalars['Int']['output'];
};

/** One system in a preview. */
export type BulkSystemPreview = {
  __typename?: 'BulkSystemPreview';
  /** The number of matching jobs of the system. */
  matchedCount: Scalars['Int']['output'];
  /** Why jobs of the system are missing. Null if none are. */
  problem?: Maybe<SystemProblem>;
  /** Whether Jobyard listed all matching jobs of the system: END_REACHED if it did. */
  status: SystemPageStatus;
  /** The system. */
  system: JobSystem;
};

/** The progress of a bulk operation on one system. */
export type BulkSystemProgress = {
  __typename?: 'BulkSystemProgress';
  /** The number of items of each status. */
  counts: BulkCounts;
  /** Why the selection is incomplete, or why items aren't being sent now. Null if neither applies. */
  problem?: Maybe<SystemProblem>;
  /** The system. */
  system: JobSystem;
};

/** The jobs to cancel, and the options of the request. */
export type CancelJobsInput = {
  /** Whether to check everything but send nothing. */
  dryRun: Scalars['Boolean']['input'];
  /**
   * A key that makes the mutation safe to retry for 24 hours: with the same input, Jobyard returns the stored results and sends nothing; with
   * a different input, each job returns IdempotencyConflict. In stored results, `retryable` is false. If the first request changed nothing,
   * and a result was SystemUnavailable or NotAttempted, you can use the key again. waitSeconds isn't part of the input. Keys are scoped to the
   * caller. 1 to 200 characters, no control characters.
   */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /**
   * The IDs of the jobs (1 to 2,000). Results are in this order; a repeated ID is sent once. An invalid ID, such as one of more than 1,000
   * characters, returns JobNotFound. If another request is performing the same action on a job, this request shares its result.
   */
  ids: Array<Scalars['ID']['input']>;
  /** The reason, stored with the events of the jobs. At most 1,000 characters; the only control characters allowed are line breaks and tabs. */
  reason?: InputMaybe<Scalars['String']['input']>;
  /** The maximum wait for accepted cancellations, in seconds (0 to 25). Results show the jobs' state at the end of the wait. */
  waitSeconds: Scalars['Float']['input'];
};

/** The results of an action on several jobs. */
export type CancelJobsPayload = {
  __typename?: 'CancelJobsPayload';
  /** One result per ID, in request order. */
  results: Array<CancelResult>;
  /** The number of results of each kind. */
  summary: ActionSummary;
};

/** The result of canceling one job. */
export type CancelResult = AccessDenied | ActionNotAllowed | CancelSuccess | IdempotencyConflict | JobNotFound | NotAttempted | OutcomeUnknown | SystemUnavailable | VendorRejected;

/** A successful cancellation. If `outcome` is ACCEPTED, the job may still be stopping. */
export type CancelSuccess = {
  __typename?: 'CancelSuccess';
  /** For DRY_RUN_PASSED: whether the job allows the cancellation (AVAILABLE or MAYBE). Null for other outcomes. */
  availability?: Maybe<JobActionAvailability>;
  /** The job, as a job reference. */
  job: Job;
  /** The ID as the caller sent it. */
  jobId: Scalars['ID']['output'];
  /** Whether the system confirmed the cancellation. */
  outcome: SuccessOutcome;
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

/**
 * The matching jobs have changed since the preview (CHANGED_SINCE_PREVIEW), and `ifChanged` was REJECT. Nothing was sent. Create a new
 * preview.
 */
export type ChangedSincePreview = Problem & {
  __typename?: 'ChangedSincePreview';
  /** The number of jobs that match now but were not previewed. */
  addedCount: Scalars['Int']['output'];
  /** The problem code. */
  code: ProblemCode;
  /** The number of jobs that match now. */
  matchedCount: Scalars['Int']['output'];
  /** What happened and, if known, what to do. */
  message: Scalars['String']['output'];
  /** The number of previewed jobs. */
  previewedCount: Scalars['Int']['output'];
  /** The number of previewed jobs that no longer match. */
  removedCount: Scalars['Int']['output'];
  /** The time to wait before you retry, in seconds. Null if unknown. */
  retryAfterSeconds?: Maybe<Scalars['Float']['output']>;
  /** Whether retrying the unchanged request can succeed. */
  retryable: Scalars['Boolean']['output'];
};

/** The circuit breaker of a system. */
export type CircuitBreaker = {
  __typename?: 'CircuitBreaker';
  /** The time when this state began. If the state has never changed: when Jobyard connected the system. */
  changedAt: Scalars['DateTime']['output'];
  /** The earliest time for the request that tests the system. Null unless the state is OPEN. */
  nextAttemptAt?: Maybe<Scalars['DateTime']['output']>;
  /** The state of the circuit breaker. */
  state: CircuitBreakerState;
};

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

/**
 * The idempotency key was used with a different input, or its first request is still in progress or was interrupted (IDEMPOTENCY_CONFLICT).
 * Nothing was sent.
 */
export type IdempotencyConflict = JobError & Problem & {
  __typename?: 'IdempotencyConflict';
  /** The problem code. */
  code: ProblemCode;
  /** The ID as the caller sent it. */
  jobId: Scalars['ID']['output'];
  /** What happened and, if known, what to do. */
  message: Scalars['String']['output'];
  /** The time to wait before you retry, in seconds. Null if unknown. */
  retryAfterSeconds?: Maybe<Scalars['Float']['output']>;
  /** Whether retrying the unchanged request can succeed. */
  retryable: Scalars['Boolean']['output'];
};

/** What startBulkAction does if the matching jobs have changed since the preview. */
export type IfChanged =
  /** Acts on exactly the previewed jobs. If a job no longer allows the action, its item fails. New jobs aren't affected. */
  | 'ACT_ON_PREVIEWED'
  /** Lists the matching jobs again, and starts only if they are the same. Otherwise, the result is ChangedSincePreview. */
  | 'REJECT';

/**
 * A job of one system. In a result, it is a job reference: id, systemId, vendorId, and system cost no vendor request, and Jobyard reads the
 * other selected fields for all jobs together.
 */
export type Job = Node & {
  __typename?: 'Job';
  /** Whether the job allows each action now. Mutations use the same rules. */
  actions: Array<JobActionAvailability>;
  /** The last cancellation that Jobyard sent, and that the vendor accepted or may have accepted. Null if there was none. */
  cancellation?: Maybe<JobCancellation>;
  /**
   * The time when the vendor received or created the job. Null if unknown. Selecting it may cost vendor requests: see
   * docs/vendor-requests.md.
   */
  createdAt?: Maybe<Scalars['DateTime']['output']>;
  /** The range of data that the job processes. Null if the job has none, or if the vendor doesn't report it. */
  dataRange?: Maybe<JobDataRange>;
  /**
   * The time that the job ran, or has run so far, in seconds: as the vendor measures it, or else from startedAt to finishedAt. Null if
   * unknown.
   */
  durationSeconds?: Maybe<Scalars['Float']['output']>;
  /** Events of the job, newest first. Null, with an error, if the caller lacks `audit:read` or the events can't be read. */
  events?: Maybe<JobEventConnection>;
  /** Why a FAILED job failed, with code, advice, and step. Null if the vendor gives no reason. Needs the same vendor requests as failureMessage. */
  failure?: Maybe<JobFailure>;
  /**
   * Why a FAILED job failed, as the vendor reports it. Null if the vendor gives no reason. Selecting it may cost vendor requests: see
   * docs/vendor-requests.md.
   */
  failureMessage?: Maybe<Scalars['String']['output']>;
  /** The time when the job ended. Null if it hasn't, or if the vendor doesn't report it. */
  finishedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The Jobyard ID: systemId:vendorId, split at the first colon. Case-sensitive. */
  id: Scalars['ID']['output'];
  /** True for CANCELLED, SUCCEEDED, and FAILED: the job has ended. It runs again only if it is resumed or restarted. */
  isTerminal: Scalars['Boolean']['output'];
  /** Pages about the job: the vendor's own page, if it has one, then those of the system's setting `links`. At most 20. */
  links: Array<JobLink>;
  /**
   * A page of the log of the job. Null if the job has no log, or if the system has none: see JobSystem.logs. Pages go forward only, because vendors
   * return a log from its start.
   */
  log?: Maybe<JobLogConnection>;
  /** The name of the job. If the vendor has none, the type or else the vendor ID. */
  name: Scalars['String']['output'];
  /** The time when Jobyard read the job, or tried to. */
  observedAt: Scalars['DateTime']['output'];
  /**
   * Values that the job has produced, such as its return value or values of its tasks. At most 100. Null if the vendor has none. Like logs, they
   * contain whatever the job put there. Selecting it costs vendor requests: see docs/vendor-requests.md.
   */
  outputs?: Maybe<Array<JobOutput>>;
  /**
   * The owner, as the vendor identifies people: a username, a user ID, or an email address. Null if unknown. Selecting it may cost vendor
   * requests: see docs/vendor-requests.md.
   */
  owner?: Maybe<Scalars['String']['output']>;
  /** Why the job is stale or couldn't be read. Null if neither applies. */
  problem?: Maybe<SystemProblem>;
  /** The progress of the job. Null if the vendor doesn't report it. Selecting it may cost vendor requests: see docs/vendor-requests.md. */
  progress?: Maybe<JobProgress>;
  /** The vendor's own fields, without secrets. */
  raw?: Maybe<Scalars['JSON']['output']>;
  /**
   * The planned start: the vendor starts the job at this time or later. Null if the job isn't planned, or if the vendor doesn't report it. Some
   * vendors report it only until the job starts.
   */
  scheduledFor?: Maybe<Scalars['DateTime']['output']>;
  /**
   * The vendor scope: the group that the vendor puts the job in, such as a project or a queue: see docs/vendor-requests.md. Null if the vendor
   * has no groups. Not related to the scopes of callers.
   */
  scope?: Maybe<Scalars['String']['output']>;
  /** True if this is a cached copy because the system can't be read now. */
  stale: Scalars['Boolean']['output'];
  /** The time when the job started. Null if it hasn't, or if the vendor doesn't report it. */
  startedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The common status. UNKNOWN if it can't be mapped or read; if it can't be read, `problem` explains why. */
  status: JobStatus;
  /**
   * The steps or tasks that the vendor divides the job into. Null if the vendor has none. Selecting it may cost vendor requests: see
   * docs/vendor-requests.md.
   */
  steps?: Maybe<Array<JobStep>>;
  /** The job's system. */
  system: JobSystem;
  /** The ID of the job's system. */
  systemId: Scalars['ID']['output'];
  /**
   * Labels that people gave the job or its definition, in no particular order. At most 100. Null if the vendor reports none. Selecting it may cost
   * vendor requests: see docs/vendor-requests.md.
   */
  tags?: Maybe<Array<Scalars['String']['output']>>;
  /** The vendor's type of the job. Null if it has none. Selecting it may cost vendor requests: see docs/vendor-requests.md. */
  type?: Maybe<Scalars['String']['output']>;
  /** The time when the job last changed, as the vendor records it. Null if the vendor doesn't report it. Some vendors report it only in lists. */
  updatedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The vendor's ID of the job. Always a string, so that 64-bit IDs stay exact. */
  vendorId: Scalars['ID']['output'];
  /** The vendor's own status. Null if unknown. */
  vendorStatus?: Maybe<Scalars['String']['output']>;
  /** The time that the job waited to run, or has waited so far, in seconds. Null if the vendor doesn't report it. */
  waitSeconds?: Maybe<Scalars['Float']['output']>;
};


/**
 * A job of one system. In a result, it is a job reference: id, systemId, vendorId, and system cost no vendor request, and Jobyard reads the
 * other selected fields for all jobs together.
 */
export type JobEventsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};


/**
 * A job of one system. In a result, it is a job reference: id, systemId, vendorId, and system cost no vendor request, and Jobyard reads the
 * other selected fields for all jobs together.
 */
export type JobLogArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  minSeverity?: InputMaybe<LogSeverity>;
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

/** Whether a job allows an action now. */
export type JobActionAvailability = {
  __typename?: 'JobActionAvailability';
  /** The action. */
  action: JobAction;
  /** Whether the job allows the action. */
  availability: ActionAvailability;
  /** False only if availability is UNAVAILABLE. If true, a mutation sends the action. */
  available: Scalars['Boolean']['output'];
  /** Why availability is MAYBE or UNAVAILABLE. Null if it is AVAILABLE. */
  reason?: Maybe<Scalars['String']['output']>;
};

/** The jobs to pause, resume, restart, or start, and the options of the request. */
export type JobActionInput = {
  /** Whether to check everything but send nothing. */
  dryRun: Scalars['Boolean']['input'];
  /**
   * A key that makes the mutation safe to retry for 24 hours: with the same input, Jobyard returns the stored results and sends nothing; with
   * a different input, each job returns IdempotencyConflict. In stored results, `retryable` is false. If the first request changed nothing,
   * and a result was SystemUnavailable or NotAttempted, you can use the key again. Keys are scoped to the caller. 1 to 200 characters, no
   * control characters.
   */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /**
   * The IDs of the jobs (1 to 2,000). Results are in this order; a repeated ID is sent once. An invalid ID, such as one of more than 1,000
   * characters, returns JobNotFound. If another request is performing the same action on a job, this request shares its result.
   */
  ids: Array<Scalars['ID']['input']>;
  /** The reason, stored with the events of the jobs. At most 1,000 characters; the only control characters allowed are line breaks and tabs. */
  reason?: InputMaybe<Scalars['String']['input']>;
};

/** The results of an action on several jobs. */
export type JobActionPayload = {
  __typename?: 'JobActionPayload';
  /** One result per ID, in request order. */
  results: Array<JobActionResult>;
  /** The number of results of each kind. */
  summary: ActionSummary;
};

/** The result of pausing, resuming, restarting, or starting one job. */
export type JobActionResult = AccessDenied | ActionNotAllowed | IdempotencyConflict | JobActionSuccess | JobNotFound | NotAttempted | OutcomeUnknown | SystemUnavailable | VendorRejected;

/** A successful pause, resume, restart, or start. */
export type JobActionSuccess = {
  __typename?: 'JobActionSuccess';
  /** The performed action. */
  action: JobAction;
  /** For DRY_RUN_PASSED: whether the job allows the action (AVAILABLE or MAYBE). Null for other outcomes. */
  availability?: Maybe<JobActionAvailability>;
  /**
   * The job that the action created, as a job reference. On some systems (`JobCapability.createsJob`), START creates another job, and doesn't
   * change the named one. Null if the action created none.
   */
  createdJob?: Maybe<Job>;
  /** The named job, as a job reference. */
  job: Job;
  /** The ID as the caller sent it. */
  jobId: Scalars['ID']['output'];
  /** Whether the job's state shows the effect, or the system only accepted the action. */
  outcome: SuccessOutcome;
};

/**
 * The last cancellation of a job that Jobyard sent, and that the vendor accepted or may have accepted. Jobyard tracks it until the job ends, for
 * at most one week.
 */
export type JobCancellation = {
  __typename?: 'JobCancellation';
  /**
   * The status that disproves the cancellation: SUCCEEDED or FAILED if the job ended that way although the cancellation was accepted or
   * confirmed; another status, such as RUNNING, if the job continues. Null if nothing disproves the cancellation.
   */
  contradictingStatus?: Maybe<JobStatus>;
  /** The job, as a job reference. */
  job: Job;
  /** The ID of the job. */
  jobId: Scalars['ID']['output'];
  /**
   * The name of the job, or else its type, as known when it was canceled. Costs no vendor request. Null if neither was known, or if the caller can't read
   * the job. At most 200 characters.
   */
  jobName?: Maybe<Scalars['String']['output']>;
  /** The outcome that Jobyard recorded when it sent the cancellation: CONFIRMED, ACCEPTED, JOB_GONE, or OUTCOME_UNKNOWN. */
  outcome: ActionOutcome;
  /**
   * True if the cancellation was sent longer ago than audit.overdueAfterMs (default: 10 minutes), the vendor accepted it or the job is CANCELLING,
   * and the job hasn't ended.
   */
  overdue: Scalars['Boolean']['output'];
  /** The caller's reason. Null if the caller gave none. */
  reason?: Maybe<Scalars['String']['output']>;
  /** The time when Jobyard sent the cancellation. */
  requestedAt: Scalars['DateTime']['output'];
  /** The caller that requested the cancellation: key:NAME, jwt:SUBJECT, or anonymous. */
  requestedBy: Scalars['String']['output'];
  /**
   * The time when Jobyard observed that the job had ended. If its status can still be canceled, such as FAILED on some systems, Jobyard waits for
   * audit.overdueAfterMs first, because the cancellation may still arrive. Null if the job hasn't ended, or if that is unknown.
   */
  resolvedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The state of the cancellation. Null if it is resolved, and nothing contradicts it. */
  state?: Maybe<CancellationState>;
};

/** A page of cancellations. */
export type JobCancellationConnection = {
  __typename?: 'JobCancellationConnection';
  /** The rows, each with its cursor. */
  edges: Array<JobCancellationEdge>;
  /** The rows without cursors. */
  nodes: Array<JobCancellation>;
  /** Whether more pages exist, and the cursors for them. */
  pageInfo: PageInfo;
  /** The number of matching cancellations on all pages, at most 1,000: then there may be more. */
  totalCount: Scalars['Int']['output'];
};

/** A row and its cursor. */
export type JobCancellationEdge = {
  __typename?: 'JobCancellationEdge';
  /** The cursor of this edge, for `after` and `before`. */
  cursor: Scalars['String']['output'];
  /** The cancellation. */
  node: JobCancellation;
};

/** Whether and how a system supports an action. */
export type JobCapability = {
  __typename?: 'JobCapability';
  /** The action. */
  action: JobAction;
  /** The statuses in which the vendor accepts the action. */
  allowedStatuses: Array<JobStatus>;
  /** True if the vendor only accepts the action and performs it later, for jobs in at least one of these statuses. */
  asynchronous: Scalars['Boolean']['output'];
  /** True if the action creates another job, and doesn't change the named one. */
  createsJob: Scalars['Boolean']['output'];
  /** The maximum number of jobs per vendor request. Null if the vendor sets no limit. */
  maxBatchSize?: Maybe<Scalars['Int']['output']>;
  /** Whether the vendor supports the action, and on how many jobs per request. */
  support: ActionSupport;
};

/** A job on the page changed. */
export type JobChanged = {
  __typename?: 'JobChanged';
  /** The ID of the job before it on the page. Null if it is the first one. */
  afterId?: Maybe<Scalars['ID']['output']>;
  /** The job. */
  job: Job;
};

/** A page of jobs from all selected systems. A failed system removes only its own rows. */
export type JobConnection = {
  __typename?: 'JobConnection';
  /** True if no system's rows are missing from this page. Otherwise, `systems` gives the reasons. */
  complete: Scalars['Boolean']['output'];
  /** The rows, each with its cursor. */
  edges: Array<JobEdge>;
  /** The rows without cursors. */
  nodes: Array<Job>;
  /** Whether more pages exist, and the cursors for them. */
  pageInfo: PageInfo;
  /** Each selected system, with its status and the number of its rows. */
  systems: Array<SystemPage>;
  /** The number of all matching jobs, on all pages. Selecting it may cost vendor requests: see docs/vendor-requests.md. */
  totalCount: JobCount;
};

/** A number of jobs. */
export type JobCount = {
  __typename?: 'JobCount';
  /** The number of jobs. Null if `precision` is UNKNOWN. */
  count?: Maybe<Scalars['Int']['output']>;
  /** The time of the count. For several systems: the time of the oldest count. */
  observedAt: Scalars['DateTime']['output'];
  /** Whether the number is exact. */
  precision: CountPrecision;
  /** Why `precision` isn't EXACT. Null if it is. If several systems have problems, this is the first of them. */
  problem?: Maybe<SystemProblem>;
};

/** The number of matching jobs with the same values of the properties in `by`. */
export type JobCountBucket = {
  __typename?: 'JobCountBucket';
  /** The number of jobs. Null if `precision` is UNKNOWN. */
  count?: Maybe<Scalars['Int']['output']>;
  /** The owner, as in Job.owner. Null if `by` doesn't contain OWNER, or if the owner is unknown. */
  owner?: Maybe<Scalars['String']['output']>;
  /** Whether the number is exact. */
  precision: CountPrecision;
  /** Why `precision` isn't EXACT. Null if it is. If several systems have problems, this is the first of them. */
  problem?: Maybe<SystemProblem>;
  /** The vendor scope, as in Job.scope. Null if `by` doesn't contain SCOPE, or if the jobs have none. */
  scope?: Maybe<Scalars['String']['output']>;
  /** The status. Null if `by` doesn't contain STATUS. */
  status?: Maybe<JobStatus>;
  /** The system. Null if `by` doesn't contain SYSTEM. */
  system?: Maybe<JobSystem>;
  /** The type, as in Job.type. Null if `by` doesn't contain TYPE, or if the type is unknown. */
  type?: Maybe<Scalars['String']['output']>;
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

/** The numbers of matching jobs. */
export type JobCounts = {
  __typename?: 'JobCounts';
  /** The number of all buckets, including those that `top` leaves out. */
  bucketCount: Scalars['Int']['output'];
  /**
   * The buckets, largest count first. If `by` has no other dimension than STATUS and SYSTEM, each status that the filter allows has a bucket, even
   * without jobs. Otherwise, there are buckets only for combinations that occur.
   */
  buckets: Array<JobCountBucket>;
  /** True if all counts are EXACT. Otherwise, `systems` gives the reasons. */
  complete: Scalars['Boolean']['output'];
  /** The time of the oldest count in this result. Jobyard can return a count that began at most 3 seconds earlier. */
  observedAt: Scalars['DateTime']['output'];
  /** Each selected system, with the number of its matching jobs. */
  systems: Array<SystemJobCount>;
  /** The number of all matching jobs, including those of buckets that `top` leaves out. */
  total: JobCount;
};

/** A range of data, by time. */
export type JobDataRange = {
  __typename?: 'JobDataRange';
  /** The start, inclusive. Null if the range has no start. */
  from?: Maybe<Scalars['DateTime']['output']>;
  /** The end, exclusive. Null if the range has no end. */
  to?: Maybe<Scalars['DateTime']['output']>;
};

/** A job and its cursor. */
export type JobEdge = {
  __typename?: 'JobEdge';
  /** The cursor of this edge, for `after` and `before`. */
  cursor: Scalars['String']['output'];
  /** The job. */
  node: Job;
};

/** A job entered the page: it is new, it matches now, or another job left. */
export type JobEntered = {
  __typename?: 'JobEntered';
  /** The ID of the job before it on the page. Null if it is the first one. */
  afterId?: Maybe<Scalars['ID']['output']>;
  /** The job. */
  job: Job;
};

/** A failure for one requested job. Every failure in the result union of a job implements it. */
export type JobError = {
  /** The problem code. */
  code: ProblemCode;
  /** The ID as the caller sent it. */
  jobId: Scalars['ID']['output'];
  /** What happened and, if known, what to do. */
  message: Scalars['String']['output'];
  /** The time to wait before you retry, in seconds. Null if unknown. */
  retryAfterSeconds?: Maybe<Scalars['Float']['output']>;
  /** Whether retrying the unchanged request can succeed. */
  retryable: Scalars['Boolean']['output'];
};

/** An action on a job through Jobyard, or its follow-up. Events never change; Jobyard deletes them when their retention period ends. */
export type JobEvent = {
  __typename?: 'JobEvent';
  /** The requested action. */
  action: JobAction;
  /** The ID of the bulk operation. Null if the action isn't part of one. */
  bulkOperationId?: Maybe<Scalars['ID']['output']>;
  /** The caller that requested the action: key:NAME, jwt:SUBJECT, or anonymous. */
  caller: Scalars['String']['output'];
  /** The problem code. Null if the action succeeded. */
  code?: Maybe<ProblemCode>;
  /**
   * The ID of the job that the action created or, if the outcome is OUTCOME_UNKNOWN, may have created. Null if the action creates no jobs, or if
   * the ID is unknown.
   */
  createdJobId?: Maybe<Scalars['ID']['output']>;
  /** The ID of the event. Later events have greater IDs. */
  id: Scalars['ID']['output'];
  /** The job, as a job reference. */
  job: Job;
  /** The ID of the job. */
  jobId: Scalars['ID']['output'];
  /**
   * The name of the job, or else its type, as known when the event was recorded. Costs no vendor request. Null if neither was known, or if the caller can't
   * read the job. At most 200 characters.
   */
  jobName?: Maybe<Scalars['String']['output']>;
  /** Whether the event is an action or a follow-up. */
  kind: JobEventKind;
  /** What happened. Null if the action succeeded. */
  message?: Maybe<Scalars['String']['output']>;
  /** The name of the GraphQL operation. Null if it has none. */
  operationName?: Maybe<Scalars['String']['output']>;
  /** The outcome: of the action, or of its follow-up. */
  outcome: ActionOutcome;
  /** The caller's reason. Null if the caller gave none. At most 1,000 characters. */
  reason?: Maybe<Scalars['String']['output']>;
  /** The time when Jobyard recorded the event. */
  recordedAt: Scalars['DateTime']['output'];
  /** The ID of the request: the x-request-id of its response. On a WebSocket, the operation's number follows it. For a bulk operation, its ID. */
  requestId?: Maybe<Scalars['ID']['output']>;
  /** Whether the action was sent to the vendor, by this request or by another one whose action it shared. */
  sent: Scalars['Boolean']['output'];
  /** The vendor's error code. Null if the vendor gave none. */
  vendorCode?: Maybe<Scalars['String']['output']>;
  /** The vendor's own status of the job after the action. Null if unknown. */
  vendorStatus?: Maybe<Scalars['String']['output']>;
};

/** A page of events. */
export type JobEventConnection = {
  __typename?: 'JobEventConnection';
  /** The rows, each with its cursor. */
  edges: Array<JobEventEdge>;
  /** The rows without cursors. */
  nodes: Array<JobEvent>;
  /** Whether more pages exist, and the cursors for them. */
  pageInfo: PageInfo;
};

/** A row and its cursor. */
export type JobEventEdge = {
  __typename?: 'JobEventEdge';
  /** The cursor of this edge, for `after` and `before`. */
  cursor: Scalars['String']['output'];
  /** The event. */
  node: JobEvent;
};

/** Conditions for events; an event must meet all of them. IDs and names have at most 1,000 characters. */
export type JobEventFilter = {
  /** Events of these actions. */
  actions?: InputMaybe<Array<JobAction>>;
  /** Events of this bulk operation. */
  bulkOperationId?: InputMaybe<Scalars['ID']['input']>;
  /** Events of these callers, in the format of JobEvent.caller. */
  callers?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Events of these jobs (at most 2,000). */
  jobIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** Events of this kind. */
  kind?: InputMaybe<JobEventKind>;
  /** Events with one of these outcomes. */
  outcomes?: InputMaybe<Array<ActionOutcome>>;
  /** Events recorded at this time or later. */
  recordedFrom?: InputMaybe<Scalars['DateTime']['input']>;
  /** Events recorded at this time or earlier. */
  recordedTo?: InputMaybe<Scalars['DateTime']['input']>;
  /** Events of this request. */
  requestId?: InputMaybe<Scalars['ID']['input']>;
  /** Events of jobs of these systems. An unknown ID is an error. */
  systemIds?: InputMaybe<Array<Scalars['ID']['input']>>;
};

/** The kind of an event. */
export type JobEventKind =
  /** A caller's action. */
  | 'ACTION'
  /** A later observation of the job that resolves or contradicts an earlier action. */
  | 'FOLLOW_UP';

/** Why a job failed, as the vendor reports it. */
export type JobFailure = {
  __typename?: 'JobFailure';
  /** The vendor's advice. Null if it gives none. */
  advice?: Maybe<Scalars['String']['output']>;
  /** The vendor's code for the reason. Null if it has none. */
  code?: Maybe<Scalars['String']['output']>;
  /** The reason on one line, as in Job.failureMessage. At most 300 characters. */
  message: Scalars['String']['output'];
  /** The step that failed. Null if the vendor names none. */
  step?: Maybe<JobStep>;
};

/** Conditions for jobs; a job must meet all of them. Names and texts have at most 1,000 characters. */
export type JobFilter = {
  /** Jobs that allow this action now (AVAILABLE or MAYBE). */
  availableAction?: InputMaybe<JobAction>;
  /** Jobs created at this time or later. */
  createdFrom?: InputMaybe<Scalars['DateTime']['input']>;
  /** Jobs created at this time or earlier. */
  createdTo?: InputMaybe<Scalars['DateTime']['input']>;
  /** Jobs that ended at this time or later. */
  finishedFrom?: InputMaybe<Scalars['DateTime']['input']>;
  /** Jobs that ended at this time or earlier. */
  finishedTo?: InputMaybe<Scalars['DateTime']['input']>;
  /**
   * Jobs with these IDs (1 to 500). Jobyard reads them by ID and searches no list. An ID without a job matches nothing. An invalid ID, or one of an
   * unknown system, is an error.
   */
  ids?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** Jobs of one of these owners, as in Job.owner. Case-sensitive; accents can be composed or decomposed (Unicode NFC). */
  owners?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Jobs in one of these vendor scopes, as in Job.scope. Systems without vendor scopes have no matching jobs. */
  scopes?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Jobs in one of these statuses. */
  statuses?: InputMaybe<Array<JobStatus>>;
  /** Jobs of these systems. An unknown ID is an error. */
  systemIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** Jobs whose name or vendor ID contains this text. Not case-sensitive; accents can be composed or decomposed (Unicode NFC). */
  text?: InputMaybe<Scalars['String']['input']>;
  /** Jobs of one of these types, as in Job.type. Case-sensitive; accents can be composed or decomposed (Unicode NFC). */
  types?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Jobs of systems of these vendors, as in JobSystem.vendor. A vendor without a configured system is an error. */
  vendors?: InputMaybe<Array<Scalars['String']['input']>>;
};

/** A job left the page. */
export type JobLeft = {
  __typename?: 'JobLeft';
  /** The ID of the job. */
  jobId: Scalars['ID']['output'];
  /** Why the job left. */
  reason: JobLeftReason;
};

/** Why a job left the page of a live list. */
export type JobLeftReason =
  /** The system no longer has the job. */
  | 'GONE'
  /** The job no longer matches the filter, or the system can't return it. */
  | 'NO_LONGER_MATCHES'
  /** Other jobs come before it now, and the page is full. */
  | 'PUSHED_OUT';

/** A link to a web page about a job or step. */
export type JobLink = {
  __typename?: 'JobLink';
  /** The title of the page. */
  title: Scalars['String']['output'];
  /** The http or https URL of the page. */
  url: Scalars['String']['output'];
};

/** An event of a live list: first JobListPage, then the changes of the page. Apply the events in the order in which they arrive. */
export type JobListEvent = JobChanged | JobEntered | JobLeft | JobListPage | JobListSystems;

/** The first page of a live list, which is the first event. */
export type JobListPage = {
  __typename?: 'JobListPage';
  /** The page. To read the next page, use its `endCursor` in the query `jobs`, with the same filter and order. */
  page: JobConnection;
};

/** The state of a live list's systems, sent when one fails or responds again. While a system can't be read, its jobs stay on the page as they were. */
export type JobListSystems = {
  __typename?: 'JobListSystems';
  /** True if no system's rows are missing from the page. Otherwise, `systems` gives the reasons. */
  complete: Scalars['Boolean']['output'];
  /** Each selected system, with its status and the number of its rows. */
  systems: Array<SystemPage>;
};

/** A page of a log, in the vendor's order: usually oldest line first. If the system fails, only lines are missing; the job is returned. */
export type JobLogConnection = {
  __typename?: 'JobLogConnection';
  /** The lines, each with its cursor. */
  edges: Array<JobLogEdge>;
  /** The lines without cursors. */
  nodes: Array<JobLogLine>;
  /**
   * Whether more lines exist, and the cursors for them. A page can have fewer lines than requested, or none, although more exist. After the last
   * line, `endCursor` continues with lines that are written later.
   */
  pageInfo: PageInfo;
  /**
   * Why lines are missing. Null if Jobyard knows of none. INCOMPLETE_LOG: the vendor returns only a part of the log, or has deleted the rest.
   * Another code: the log, or the rest of the page, couldn't be read.
   */
  problem?: Maybe<SystemProblem>;
};

/** A line and its cursor. */
export type JobLogEdge = {
  __typename?: 'JobLogEdge';
  /** The cursor of this edge, for `after`. */
  cursor: Scalars['String']['output'];
  /** The line. */
  node: JobLogLine;
};

/** A line of a log. Lines have no IDs; the cursor identifies a line. */
export type JobLogLine = {
  __typename?: 'JobLogLine';
  /** The time when the line was logged. Null if the vendor doesn't report it. */
  loggedAt?: Maybe<Scalars['DateTime']['output']>;
  /**
   * The text as the job wrote it, without configured secrets and without control characters other than line breaks and tabs. At most 10,000
   * characters. Can contain line breaks and HTML: escape it.
   */
  message: Scalars['String']['output'];
  /** The severity of the line. Null if the vendor doesn't report it. */
  severity?: Maybe<LogSeverity>;
  /** The program part that wrote the line, such as a logger. Null if the vendor doesn't report it. */
  source?: Maybe<Scalars['String']['output']>;
  /** The ID of the step that wrote the line: JobStep.id. Null if unknown. */
  stepId?: Maybe<Scalars['ID']['output']>;
  /** True if the message was longer than 10,000 characters, so its end is missing. */
  truncated: Scalars['Boolean']['output'];
};

/** The job can't be found: INVALID_ID, SYSTEM_NOT_FOUND, or JOB_NOT_FOUND. */
export type JobNotFound = JobError & Problem & {
  __typename?: 'JobNotFound';
  /** The problem code. */
  code: ProblemCode;
  /** The ID as the caller sent it, cut to its first 1,000 characters. */
  jobId: Scalars['ID']['output'];
  /** What happened and, if known, what to do. */
  message: Scalars['String']['output'];
  /** The time to wait before you retry, in seconds. Null if unknown. */
  retryAfterSeconds?: Maybe<Scalars['Float']['output']>;
  /** Whether retrying the unchanged request can succeed. */
  retryable: Scalars['Boolean']['output'];
};

/**
 * The order of a list of jobs. In both directions, jobs for which the value is null come last. Jobs with the same value are ordered by system, as in
 * the configuration, by the system's list, and by vendor ID.
 */
export type JobOrder = {
  /** The direction of the order. */
  direction: SortDirection;
  /** The property to sort by. */
  field: JobOrderField;
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

/** A value that a job produced. */
export type JobOutput = {
  __typename?: 'JobOutput';
  /** The name of the value, such as return_value. */
  name: Scalars['String']['output'];
  /** The ID of the step that produced the value: JobStep.id. Null if the job did, or if that is unknown. */
  stepId?: Maybe<Scalars['ID']['output']>;
  /** True if the value is left out, because it isn't JSON or has more than 65,536 characters of JSON. */
  truncated: Scalars['Boolean']['output'];
  /** The value, without secrets. Null if the value is null, or if `truncated` is true. */
  value?: Maybe<Scalars['JSON']['output']>;
};

/** The progress of a job. */
export type JobProgress = {
  __typename?: 'JobProgress';
  /** The number of tasks that failed. Null if unknown. */
  failedTasks?: Maybe<Scalars['Int']['output']>;
  /** The completed fraction (0 to 1). Null if the vendor doesn't report it. */
  fraction?: Maybe<Scalars['Float']['output']>;
  /** The number of tasks still to run. Null if unknown. */
  remainingTasks?: Maybe<Scalars['Int']['output']>;
  /** The number of tasks that succeeded. Null if unknown. */
  succeededTasks?: Maybe<Scalars['Int']['output']>;
};

/** The job, or why it can't be returned. */
export type JobResult = AccessDenied | Job | JobNotFound | SystemUnavailable;

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

/** A step of a job. */
export type JobStep = {
  __typename?: 'JobStep';
  /** The vendor's advice about a failure of this step. Null if it gives none. */
  advice?: Maybe<Scalars['String']['output']>;
  /**
   * The time that the step ran, or has run so far, in seconds: as the vendor measures it, or else from startedAt to finishedAt. Null if
   * unknown.
   */
  durationSeconds?: Maybe<Scalars['Float']['output']>;
  /** The vendor's code for a failure of this step. Null if it has none. */
  failureCode?: Maybe<Scalars['String']['output']>;
  /** The time when the step ended. Null if it hasn't, or if the vendor doesn't report it. */
  finishedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The ID of the step, unique within the job. */
  id: Scalars['ID']['output'];
  /** Links that the vendor provides, such as the history of the step's execution. At most 20. */
  links: Array<JobLink>;
  /**
   * A page of the log of the step. Null if the step has no log, or if the steps of the system have none: see JobSystem.logs. Pages go forward only, as
   * in Job.log.
   */
  log?: Maybe<JobLogConnection>;
  /** The vendor's message about a failure of this step. Null if it gives none. */
  message?: Maybe<Scalars['String']['output']>;
  /** The vendor's name for the step. */
  name: Scalars['String']['output'];
  /** The time when the step started. Null if it hasn't, or if the vendor doesn't report it. */
  startedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The common status of the step. */
  status: JobStatus;
  /** The steps within this step, in the vendor's order. They have no substeps of their own. */
  substeps: Array<JobStep>;
  /** The vendor's own status. Null if unknown. */
  vendorStatus?: Maybe<Scalars['String']['output']>;
  /** The time that the step waited to run, in seconds. Null if the vendor doesn't report it. */
  waitSeconds?: Maybe<Scalars['Float']['output']>;
};


/** A step of a job. */
export type JobStepLogArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  minSeverity?: InputMaybe<LogSeverity>;
};

/** A configured connection to one vendor's job system. */
export type JobSystem = Node & {
  __typename?: 'JobSystem';
  /** The circuit breaker, which blocks requests after 10 failures in a row. Each replica has its own. */
  breaker: CircuitBreaker;
  /** What the system supports, one entry per action. */
  capabilities: Array<JobCapability>;
  /** Whether the vendor accepts the configured credentials, as far as this replica knows. Sends no vendor request. */
  credentials: SystemCredentials;
  /** Whether the system responds. Jobyard checks it with one vendor request if the last check is older than 10 seconds. */
  health: SystemHealth;
  /** The name of the system in the configuration ([a-z][a-z0-9-]*), such as builds-prod. */
  id: Scalars['ID']['output'];
  /** A page of this system's jobs. */
  jobs: JobConnection;
  /** The logs that the system has. */
  logs: LogCapability;
  /** The display name of the system. */
  title: Scalars['String']['output'];
  /** The requests to the system from this replica. */
  traffic: SystemTraffic;
  /** The name of the vendor, as in the configuration. A string, so that new vendors don't change the schema. */
  vendor: Scalars['String']['output'];
};


/** A configured connection to one vendor's job system. */
export type JobSystemJobsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<JobFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<JobOrder>;
};

/** The logs that a system has. */
export type LogCapability = {
  __typename?: 'LogCapability';
  /** Whether lines have a severity. If false, `minSeverity` has no effect. */
  hasSeverities: Scalars['Boolean']['output'];
  /** Whether jobs have logs: Job.log. */
  ofJobs: Scalars['Boolean']['output'];
  /** Whether steps have logs: JobStep.log. */
  ofSteps: Scalars['Boolean']['output'];
};

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

/** Performs actions on jobs, and starts and controls bulk operations. The mutations of a request run one after another. */
export type Mutation = {
  __typename?: 'Mutation';
  /**
   * Cancels a bulk operation: Jobyard finishes requests in progress, and items that weren't sent become NotAttempted. Only retryFailedBulkItems
   * sends them. Undoes nothing.
   */
  cancelBulkOperation: BulkOperationResult;
  /** Cancels jobs. An accepted cancellation may be in progress: see CancelSuccess.outcome. */
  cancelJobs: CancelJobsPayload;
  /** Pauses jobs so that they can be resumed. */
  pauseJobs: JobActionPayload;
  /** Restarts jobs from the beginning. Their work may be lost. If a restart returns OutcomeUnknown, a retry can restart the job twice. */
  restartJobs: JobActionPayload;
  /** Resumes a suspended bulk operation. */
  resumeBulkOperation: BulkOperationResult;
  /** Resumes paused jobs or, if the vendor allows it, failed ones. */
  resumeJobs: JobActionPayload;
  /** Retries the failed items of a finished bulk operation. Jobyard reads each job again before it sends the action. */
  retryFailedBulkItems: BulkOperationResult;
  /** Starts a bulk operation: a durable action on all matching jobs. */
  startBulkAction: StartBulkActionResult;
  /**
   * Starts scheduled jobs now. On systems where a start creates another job, starts a copy of each job that has ended, and returns it as
   * `createdJob`. If such a start returns OutcomeUnknown, a retry can create a second copy.
   */
  startJobs: JobActionPayload;
  /** Suspends a bulk operation: Jobyard finishes requests in progress and sends nothing more until it is resumed. */
  suspendBulkOperation: BulkOperationResult;
};


/** Performs actions on jobs, and starts and controls bulk operations. The mutations of a request run one after another. */
export type MutationCancelBulkOperationArgs = {
  id: Scalars['ID']['input'];
};


/** Performs actions on jobs, and starts and controls bulk operations. The mutations of a request run one after another. */
export type MutationCancelJobsArgs = {
  input: CancelJobsInput;
};


/** Performs actions on jobs, and starts and controls bulk operations. The mutations of a request run one after another. */
export type MutationPauseJobsArgs = {
  input: JobActionInput;
};


/** Performs actions on jobs, and starts and controls bulk operations. The mutations of a request run one after another. */
export type MutationRestartJobsArgs = {
  input: JobActionInput;
};


/** Performs actions on jobs, and starts and controls bulk operations. The mutations of a request run one after another. */
export type MutationResumeBulkOperationArgs = {
  id: Scalars['ID']['input'];
};


/** Performs actions on jobs, and starts and controls bulk operations. The mutations of a request run one after another. */
export type MutationResumeJobsArgs = {
  input: JobActionInput;
};


/** Performs actions on jobs, and starts and controls bulk operations. The mutations of a request run one after another. */
export type MutationRetryFailedBulkItemsArgs = {
  codes?: InputMaybe<Array<ProblemCode>>;
  id: Scalars['ID']['input'];
};


/** Performs actions on jobs, and starts and controls bulk operations. The mutations of a request run one after another. */
export type MutationStartBulkActionArgs = {
  input: StartBulkActionInput;
};


/** Performs actions on jobs, and starts and controls bulk operations. The mutations of a request run one after another. */
export type MutationStartJobsArgs = {
  input: JobActionInput;
};


/** Performs actions on jobs, and starts and controls bulk operations. The mutations of a request run one after another. */
export type MutationSuspendBulkOperationArgs = {
  id: Scalars['ID']['input'];
};

/** No job matches the filter (NO_JOBS_MATCHED). Nothing was sent. */
export type NoJobsMatched = Problem & {
  __typename?: 'NoJobsMatched';
  /** The problem code. */
  code: ProblemCode;
  /** What happened and, if known, what to do. */
  message: Scalars['String']['output'];
  /** The time to wait before you retry, in seconds. Null if unknown. */
  retryAfterSeconds?: Maybe<Scalars['Float']['output']>;
  /** Whether retrying the unchanged request can succeed. */
  retryable: Scalars['Boolean']['output'];
};

/** An object with an ID of its own: a job, a system, or a bulk operation. For clients that refetch by ID, such as Relay. */
export type Node = {
  /** The ID, unique among all types. */
  id: Scalars['ID']['output'];
};

/**
 * Jobyard didn't send the action: the deadline had passed, an earlier vendor request of the mutation failed, or Jobyard couldn't write to its
 * store or audit log.
 */
export type NotAttempted = JobError & Problem & {
  __typename?: 'NotAttempted';
  /** The problem code. */
  code: ProblemCode;
  /** The ID as the caller sent it. */
  jobId: Scalars['ID']['output'];
  /** What happened and, if known, what to do. */
  message: Scalars['String']['output'];
  /** The time to wait before you retry, in seconds. Null if unknown. */
  retryAfterSeconds?: Maybe<Scalars['Float']['output']>;
  /** Whether retrying the unchanged request can succeed. */
  retryable: Scalars['Boolean']['output'];
};

/** The vendor may have performed the action (OUTCOME_UNKNOWN). Read the job before you retry. */
export type OutcomeUnknown = JobError & Problem & {
  __typename?: 'OutcomeUnknown';
  /** The time when Jobyard sent the action. */
  attemptedAt: Scalars['DateTime']['output'];
  /** The problem code. */
  code: ProblemCode;
  /** The job, as a job reference. */
  job: Job;
  /** The ID as the caller sent it. */
  jobId: Scalars['ID']['output'];
  /** What happened and, if known, what to do. */
  message: Scalars['String']['output'];
  /** The time to wait before you retry, in seconds. Null if unknown. */
  retryAfterSeconds?: Maybe<Scalars['Float']['output']>;
  /** Whether retrying the unchanged request can succeed. */
  retryable: Scalars['Boolean']['output'];
  /** Whether a retry is safe even if the first attempt worked. */
  safeToRetry: Scalars['Boolean']['output'];
};

/** The position of a page in its list. */
export type PageInfo = {
  __typename?: 'PageInfo';
  /** The cursor of the last row, for `after`. Can be null if the page has no rows. */
  endCursor?: Maybe<Scalars['String']['output']>;
  /** Whether rows exist after this page, including those of failed systems. */
  hasNextPage: Scalars['Boolean']['output'];
  /** Whether rows exist before this page, including those of failed systems. */
  hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the first row, for `before`. Can be null if the page has no rows. */
  startCursor?: Maybe<Scalars['String']['output']>;
};

/** Jobs on which the action would fail with the same code. */
export type PredictedFailure = {
  __typename?: 'PredictedFailure';
  /** The problem code. */
  code: ProblemCode;
  /** The number of jobs. */
  count: Scalars['Int']['output'];
  /** The message for one of the jobs. */
  message: Scalars['String']['output'];
};

/** A failure. `code` is for programs, `message` for people. */
export type Problem = {
  /** The problem code. */
  code: ProblemCode;
  /** What happened and, if known, what to do. */
  message: Scalars['String']['output'];
  /** The time to wait before you retry, in seconds. Null if unknown. */
  retryAfterSeconds?: Maybe<Scalars['Float']['output']>;
  /** Whether retrying the unchanged request can succeed. */
  retryable: Scalars['Boolean']['output'];
};

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

/** Reads jobs, systems, bulk operations, and events. */
export type Query = {
  __typename?: 'Query';
  /** Returns a bulk operation by its ID. Null if it doesn't exist or the caller can't see it. */
  bulkOperation?: Maybe<BulkOperation>;
  /** Returns a page of bulk operations, newest first. */
  bulkOperations: BulkOperationConnection;
  /**
   * Returns a page of the cancellations that need attention: each job's last one, if it is in one of `states`. Newest first. Sends no vendor
   * request: the states are those of the last time that Jobyard read each job. OPEN and OVERDUE contain only cancellations that Jobyard tracks:
   * for at most one week, and not on systems that need each caller's own credential.
   */
  cancellations: JobCancellationConnection;
  /** Returns a job by its ID. An invalid ID is a result, not a GraphQL error. */
  job: JobResult;
  /**
   * Counts the matching jobs of all systems. Uses the vendors' own counts if that needs fewer requests than reading the jobs; otherwise, reads at
   * most `scanLimit` jobs per system. A failed system affects only its own counts: see JobCountBucket.precision.
   */
  jobCounts: JobCounts;
  /** Returns a page of actions that callers performed on jobs, with their follow-ups. Newest first. */
  jobEvents: JobEventConnection;
  /** Returns a system by its ID. Null if it doesn't exist. */
  jobSystem?: Maybe<JobSystem>;
  /** Returns all configured systems, in the order of the configuration. */
  jobSystems: Array<JobSystem>;
  /** Returns a page of jobs from all systems. A failed system removes only its own rows: see JobConnection.complete. */
  jobs: JobConnection;
  /** Returns jobs by their IDs: one result per ID, in request order. */
  jobsByIds: Array<JobResult>;
  /**
   * Returns a job, a system, or a bulk operation by its ID. Null if it doesn't exist or the caller can't read it. A job whose system is
   * unavailable has the status UNKNOWN and a problem. For clients such as Relay; `job` explains why a job can't be returned.
   */
  node?: Maybe<Node>;
  /** Returns objects by their IDs: one per ID, in request order. See `node`. */
  nodes: Array<Maybe<Node>>;
  /** Previews an action on all matching jobs. Changes nothing. With the preview's token, startBulkAction acts on exactly these jobs. */
  previewBulkAction: BulkPreview;
  /** Returns the caller and its scopes. Requires no scope. */
  viewer: Viewer;
  /** Waits until all jobs reach one of the statuses, or until the timeout, and returns their state. */
  waitForJobs: Array<WaitResult>;
};


/** Reads jobs, systems, bulk operations, and events. */
export type QueryBulkOperationArgs = {
  id: Scalars['ID']['input'];
};


/** Reads jobs, systems, bulk operations, and events. */
export type QueryBulkOperationsArgs = {
  actions?: InputMaybe<Array<JobAction>>;
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  startedBy?: InputMaybe<Array<Scalars['String']['input']>>;
  statuses?: InputMaybe<Array<BulkOperationStatus>>;
};


/** Reads jobs, systems, bulk operations, and events. */
export type QueryCancellationsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  requestedBy?: InputMaybe<Array<Scalars['String']['input']>>;
  requestedFrom?: InputMaybe<Scalars['DateTime']['input']>;
  requestedTo?: InputMaybe<Scalars['DateTime']['input']>;
  states: Array<CancellationState>;
  systemIds?: InputMaybe<Array<Scalars['ID']['input']>>;
};


/** Reads jobs, systems, bulk operations, and events. */
export type QueryJobArgs = {
  id: Scalars['ID']['input'];
};


/** Reads jobs, systems, bulk operations, and events. */
export type QueryJobCountsArgs = {
  by: Array<JobCountDimension>;
  filter?: InputMaybe<JobFilter>;
  top?: InputMaybe<Scalars['Int']['input']>;
};


/** Reads jobs, systems, bulk operations, and events. */
export type QueryJobEventsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<JobEventFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};


/** Reads jobs, systems, bulk operations, and events. */
export type QueryJobSystemArgs = {
  id: Scalars['ID']['input'];
};


/** Reads jobs, systems, bulk operations, and events. */
export type QueryJobsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<JobFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<JobOrder>;
};


/** Reads jobs, systems, bulk operations, and events. */
export type QueryJobsByIdsArgs = {
  ids: Array<Scalars['ID']['input']>;
};


/** Reads jobs, systems, bulk operations, and events. */
export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};


/** Reads jobs, systems, bulk operations, and events. */
export type QueryNodesArgs = {
  ids: Array<Scalars['ID']['input']>;
};


/** Reads jobs, systems, bulk operations, and events. */
export type QueryPreviewBulkActionArgs = {
  action: JobAction;
  filter: JobFilter;
};


/** Reads jobs, systems, bulk operations, and events. */
export type QueryWaitForJobsArgs = {
  ids: Array<Scalars['ID']['input']>;
  timeoutSeconds: Scalars['Float']['input'];
  until?: InputMaybe<Array<JobStatus>>;
};

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
  allowIncomplete: Scalars['Boolean']['input'];
  /**
   * The filter that selects the jobs. Required without a previewToken: Jobyard selects the jobs that match now, not jobs that are created
   * later. With a previewToken, leave it out or repeat the preview's filter.
   */
  filter?: InputMaybe<JobFilter>;
  /**
   * A key that makes the start safe to retry for 24 hours: with the same input, Jobyard returns the bulk operation that it started; with a
   * different input, IDEMPOTENCY_CONFLICT. Keys are scoped to the caller. 1 to 200 characters, no control characters.
   */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** What to do if the matching jobs have changed since the preview. REJECT requires a previewToken. */
  ifChanged: IfChanged;
  /** The maximum number of jobs. The start fails if more match. Default and maximum: 100,000. */
  maxJobs?: InputMaybe<Scalars['Int']['input']>;
  /** The maximum number of jobs sent per second (0.01 to 10,000). Default: as fast as the systems allow. */
  maxPerSecond?: InputMaybe<Scalars['Float']['input']>;
  /** The token of a preview. The bulk operation acts on exactly the previewed jobs; Jobyard doesn't list them again. */
  previewToken?: InputMaybe<Scalars['String']['input']>;
  /**
   * The reason, stored with the bulk operation and the events of its jobs. 1 to 1,000 characters; the only control characters allowed are line
   * breaks and tabs.
   */
  reason: Scalars['String']['input'];
};

/** The bulk operation, or why it wasn't started. */
export type StartBulkActionResult = BulkOperation | BulkOperationError | ChangedSincePreview | NoJobsMatched | TooManyJobs;

/** Sends changes over WebSocket (graphql-transport-ws) and server-sent events, at the same URL as queries. */
export type Subscription = {
  __typename?: 'Subscription';
  /** Sends a bulk operation's current state, then its progress (at most four times per second), until it ends. */
  bulkOperationChanged: BulkOperation;
  /**
   * Sends each unfinished bulk operation that the caller can see, then each one that starts or changes, at most four times per second. Never ends
   * by itself. Sends a new operation after its jobs are selected. The subscription counts as 10 jobs toward maxWatchedJobsPerCaller.
   */
  bulkOperationsChanged: BulkOperation;
  /**
   * Sends new events that meet all conditions, in lists of at most 100, in the order in which Jobyard recorded them. Includes events of other
   * replicas. Never ends by itself, unless the client is more than 10,000 events behind: then it ends with the error RATE_LIMITED, and `jobEvents`
   * has the missing events. The subscription counts as 10 jobs toward maxWatchedJobsPerCaller.
   */
  jobEventsRecorded: Array<JobEvent>;
  /**
   * Sends the first page of a list, then an event for each job that enters the page, changes, or leaves it, at most four times per second. Never
   * ends by itself. A failed system affects only its own rows: see JobListSystems.
   */
  jobListChanged: JobListEvent;
  /**
   * Sends each system's current state, then the system again when its circuit breaker or credentials change, and at most every 5 seconds when its
   * health or traffic changes. Never ends by itself. Each system counts as one job toward maxWatchedJobsPerCaller.
   */
  jobSystemsChanged: JobSystem;
  /**
   * Sends each job's current state, then its changes, until all jobs end. A job that can't be read has the status UNKNOWN and a problem;
   * Jobyard sends it again when it can be read. If the system no longer has the job, its problem is JOB_NOT_FOUND, and Jobyard doesn't send the
   * job again.
   */
  jobsChanged: Job;
};


/** Sends changes over WebSocket (graphql-transport-ws) and server-sent events, at the same URL as queries. */
export type SubscriptionBulkOperationChangedArgs = {
  id: Scalars['ID']['input'];
};


/** Sends changes over WebSocket (graphql-transport-ws) and server-sent events, at the same URL as queries. */
export type SubscriptionBulkOperationsChangedArgs = {
  actions?: InputMaybe<Array<JobAction>>;
  startedBy?: InputMaybe<Array<Scalars['String']['input']>>;
};


/** Sends changes over WebSocket (graphql-transport-ws) and server-sent events, at the same URL as queries. */
export type SubscriptionJobEventsRecordedArgs = {
  filter?: InputMaybe<JobEventFilter>;
};


/** Sends changes over WebSocket (graphql-transport-ws) and server-sent events, at the same URL as queries. */
export type SubscriptionJobListChangedArgs = {
  filter?: InputMaybe<JobFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<JobOrder>;
};


/** Sends changes over WebSocket (graphql-transport-ws) and server-sent events, at the same URL as queries. */
export type SubscriptionJobSystemsChangedArgs = {
  ids?: InputMaybe<Array<Scalars['ID']['input']>>;
};


/** Sends changes over WebSocket (graphql-transport-ws) and server-sent events, at the same URL as queries. */
export type SubscriptionJobsChangedArgs = {
  ids: Array<Scalars['ID']['input']>;
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

/** The state of a system's configured credentials. */
export type SystemCredentials = {
  __typename?: 'SystemCredentials';
  /** The time when Jobyard can try rejected credentials again. Null unless they are rejected. */
  nextAttemptAt?: Maybe<Scalars['DateTime']['output']>;
  /** The time when a response last showed that the vendor accepts them. Null if no response has. */
  provenAt?: Maybe<Scalars['DateTime']['output']>;
  /** The time when a response last showed that the vendor rejects them. Null if no response has since provenAt. */
  rejectedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Whether the vendor accepts the credentials. */
  status: CredentialsStatus;
};

/** The result of the last health check of a system. */
export type SystemHealth = {
  __typename?: 'SystemHealth';
  /** The time of the check. Null if there was none. */
  checkedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The duration of the check, in milliseconds. Null if there was none. */
  latencyMs?: Maybe<Scalars['Float']['output']>;
  /** Why the system isn't UP. Null if it is, or if it only responds slowly. */
  problem?: Maybe<SystemProblem>;
  /** The health of the system. */
  status: HealthStatus;
};

/** The number of matching jobs of one system. */
export type SystemJobCount = {
  __typename?: 'SystemJobCount';
  /** The number of jobs. Null if `precision` is UNKNOWN. */
  count?: Maybe<Scalars['Int']['output']>;
  /** The time of the count. */
  observedAt: Scalars['DateTime']['output'];
  /** Whether the number is exact. */
  precision: CountPrecision;
  /** Why `precision` isn't EXACT. Null if it is. */
  problem?: Maybe<SystemProblem>;
  /** The system. */
  system: JobSystem;
};

/** One system in a page of jobs. */
export type SystemPage = {
  __typename?: 'SystemPage';
  /** Why rows are missing. Null if none are. */
  problem?: Maybe<SystemProblem>;
  /** The number of rows of this page from this system. */
  returnedCount: Scalars['Int']['output'];
  /** Whether the system returned the requested rows. */
  status: SystemPageStatus;
  /** The system. */
  system: JobSystem;
  /** The number of all matching jobs of the system. Null if unknown. */
  totalCount?: Maybe<Scalars['Int']['output']>;
};

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

/** A failure of a whole system. */
export type SystemProblem = Problem & {
  __typename?: 'SystemProblem';
  /** The problem code. */
  code: ProblemCode;
  /** What happened and, if known, what to do. */
  message: Scalars['String']['output'];
  /** The time to wait before you retry, in seconds. Null if unknown. */
  retryAfterSeconds?: Maybe<Scalars['Float']['output']>;
  /** Whether retrying the unchanged request can succeed. */
  retryable: Scalars['Boolean']['output'];
  /** The system with the problem. */
  systemId: Scalars['ID']['output'];
};

/** The requests to a system. */
export type SystemTraffic = {
  __typename?: 'SystemTraffic';
  /** The number of requests that Jobyard blocked in the last 60 seconds, for each reason that occurred. */
  blockedLastMinute: Array<BlockedRequests>;
  /** The maximum number of requests in flight: the setting `concurrency`. */
  concurrency: Scalars['Int']['output'];
  /** The number of requests whose response hasn't arrived. */
  inFlight: Scalars['Int']['output'];
  /** The median duration of these requests, in milliseconds. Null if there were none. */
  latencyP50Ms?: Maybe<Scalars['Float']['output']>;
  /** The duration that 95% of these requests didn't exceed, in milliseconds. Null if there were none. */
  latencyP95Ms?: Maybe<Scalars['Float']['output']>;
  /** The end of the pause that the vendor requested. Until then, Jobyard sends nothing. Null if there is none. */
  pauseEndsAt?: Maybe<Scalars['DateTime']['output']>;
  /** The number of requests that were sent and ended in the last 60 seconds. */
  requestsLastMinute: Scalars['Int']['output'];
  /** The number of requests waiting to be sent. */
  waiting: Scalars['Int']['output'];
};

/**
 * The system can't be used; nothing changed. The code is SYSTEM_UNAVAILABLE, TIMED_OUT (reads only), RATE_LIMITED,
 * VENDOR_AUTHENTICATION_FAILED, or INVALID_VENDOR_RESPONSE.
 */
export type SystemUnavailable = JobError & Problem & {
  __typename?: 'SystemUnavailable';
  /** The problem code. */
  code: ProblemCode;
  /** The ID as the caller sent it. */
  jobId: Scalars['ID']['output'];
  /** What happened and, if known, what to do. */
  message: Scalars['String']['output'];
  /** The time to wait before you retry, in seconds. Null if unknown. */
  retryAfterSeconds?: Maybe<Scalars['Float']['output']>;
  /** Whether retrying the unchanged request can succeed. */
  retryable: Scalars['Boolean']['output'];
  /** The system with the problem. */
  system: JobSystem;
};

/** More jobs match than `maxJobs` allows (TOO_MANY_JOBS). Nothing was sent. */
export type TooManyJobs = Problem & {
  __typename?: 'TooManyJobs';
  /** The problem code. */
  code: ProblemCode;
  /** The number of matching jobs. */
  matchedCount: Scalars['Int']['output'];
  /** The maximum number of jobs. */
  maxJobs: Scalars['Int']['output'];
  /** What happened and, if known, what to do. */
  message: Scalars['String']['output'];
  /** The time to wait before you retry, in seconds. Null if unknown. */
  retryAfterSeconds?: Maybe<Scalars['Float']['output']>;
  /** Whether retrying the unchanged request can succeed. */
  retryable: Scalars['Boolean']['output'];
};

/** The vendor rejected the action, or accepted it without an effect (VENDOR_REJECTED). */
export type VendorRejected = JobError & Problem & {
  __typename?: 'VendorRejected';
  /** The problem code. */
  code: ProblemCode;
  /** The job, as a job reference. */
  job: Job;
  /** The ID as the caller sent it. */
  jobId: Scalars['ID']['output'];
  /** What happened and, if known, what to do. */
  message: Scalars['String']['output'];
  /** The time to wait before you retry, in seconds. Null if unknown. */
  retryAfterSeconds?: Maybe<Scalars['Float']['output']>;
  /** Whether retrying the unchanged request can succeed. */
  retryable: Scalars['Boolean']['output'];
  /** The vendor's error code. Null if the vendor gave none. */
  vendorCode?: Maybe<Scalars['String']['output']>;
};

/** The caller of the request, and what it may do. */
export type Viewer = {
  __typename?: 'Viewer';
  /** The time when the caller's token expires and Jobyard closes its connections. Null if the caller has no token. */
  expiresAt?: Maybe<Scalars['DateTime']['output']>;
  /** The caller, as in events: key:NAME, jwt:SUBJECT, or anonymous if access control is off. */
  name: Scalars['String']['output'];
  /** The caller's scopes, each once. */
  scopes: Array<ViewerScope>;
};

/** A scope of the caller. */
export type ViewerScope = {
  __typename?: 'ViewerScope';
  /** The name of the scope, such as jobs:cancel. A string, so that new scopes don't change the schema. */
  name: Scalars['String']['output'];
  /** The IDs of the systems for which the scope is granted. Null: all systems. */
  systemIds?: Maybe<Array<Scalars['ID']['output']>>;
};

/** The state of one job at the end of a wait. */
export type WaitResult = {
  __typename?: 'WaitResult';
  /** The ID as the caller sent it. */
  jobId: Scalars['ID']['output'];
  /** Whether the job reached one of the requested statuses. */
  reached: Scalars['Boolean']['output'];
  /** The job, or why it can't be returned. */
  result: JobResult;
};



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    

export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  Job: Job;
  JobSystem: JobSystem;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Job:
    ( { __typename: 'Job' }
    & ( GraphQLRecursivePick<FederationTypes['Job'], {"id":true}>
        | GraphQLRecursivePick<FederationTypes['Job'], {"systemId":true,"vendorId":true}> ) );
  JobSystem:
    ( { __typename: 'JobSystem' }
    & GraphQLRecursivePick<FederationTypes['JobSystem'], {"id":true}> );
};

/** Mapping of union types */
export type ResolversUnionTypes<_RefType extends Record<string, unknown>> = {
  BulkItemResult:
    | ( AccessDenied )
    | ( Omit<ActionNotAllowed, 'job'> & { job: _RefType['Job'] } )
    | ( SuccessParent )
    | ( SuccessParent )
    | ( JobNotFound )
    | ( NotAttempted )
    | ( Omit<OutcomeUnknown, 'job'> & { job: _RefType['Job'] } )
    | ( Omit<SystemUnavailable, 'system'> & { system: _RefType['JobSystem'] } )
    | ( Omit<VendorRejected, 'job'> & { job: _RefType['Job'] } )
  ;
  BulkOperationResult:
    | ( BulkOperationParent )
    | ( BulkOperationError )
  ;
  CancelResult:
    | ( AccessDenied )
    | ( Omit<ActionNotAllowed, 'job'> & { job: _RefType['Job'] } )
    | ( SuccessParent )
    | ( IdempotencyConflict )
    | ( JobNotFound )
    | ( NotAttempted )
    | ( Omit<OutcomeUnknown, 'job'> & { job: _RefType['Job'] } )
    | ( Omit<SystemUnavailable, 'system'> & { system: _RefType['JobSystem'] } )
    | ( Omit<VendorRejected, 'job'> & { job: _RefType['Job'] } )
  ;
  JobActionResult:
    | ( AccessDenied )
    | ( Omit<ActionNotAllowed, 'job'> & { job: _RefType['Job'] } )
    | ( IdempotencyConflict )
    | ( SuccessParent )
    | ( JobNotFound )
    | ( NotAttempted )
    | ( Omit<OutcomeUnknown, 'job'> & { job: _RefType['Job'] } )
    | ( Omit<SystemUnavailable, 'system'> & { system: _RefType['JobSystem'] } )
    | ( Omit<VendorRejected, 'job'> & { job: _RefType['Job'] } )
  ;
  JobListEvent:
    | ( ListEventParent<"changed"> )
    | ( ListEventParent<"entered"> )
    | ( ListEventParent<"left"> )
    | ( ListEventParent<"page"> )
    | ( ListEventParent<"systems"> )
  ;
  JobResult:
    | ( AccessDenied )
    | ( JobParent )
    | ( JobNotFound )
    | ( Omit<SystemUnavailable, 'system'> & { system: _RefType['JobSystem'] } )
  ;
  StartBulkActionResult:
    | ( BulkOperationParent )
    | ( BulkOperationError )
    | ( ChangedSincePreview )
    | ( NoJobsMatched )
    | ( TooManyJobs )
  ;
};

/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  JobError:
    | ( AccessDenied )
    | ( Omit<ActionNotAllowed, 'job'> & { job: _RefType['Job'] } )
    | ( IdempotencyConflict )
    | ( JobNotFound )
    | ( NotAttempted )
    | ( Omit<OutcomeUnknown, 'job'> & { job: _RefType['Job'] } )
    | ( Omit<SystemUnavailable, 'system'> & { system: _RefType['JobSystem'] } )
    | ( Omit<VendorRejected, 'job'> & { job: _RefType['Job'] } )
  ;
  Node:
    | ( BulkOperationParent )
    | ( JobParent )
    | ( JobSystemParent )
  ;
  Problem:
    | ( AccessDenied )
    | ( Omit<ActionNotAllowed, 'job'> & { job: _RefType['Job'] } )
    | ( BulkOperationError )
    | ( ChangedSincePreview )
    | ( IdempotencyConflict )
    | ( JobNotFound )
    | ( NoJobsMatched )
    | ( NotAttempted )
    | ( Omit<OutcomeUnknown, 'job'> & { job: _RefType['Job'] } )
    | ( SystemProblem )
    | ( Omit<SystemUnavailable, 'system'> & { system: _RefType['JobSystem'] } )
    | ( TooManyJobs )
    | ( Omit<VendorRejected, 'job'> & { job: _RefType['Job'] } )
  ;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  AccessDenied: ResolverTypeWrapper<AccessDenied>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  ActionAvailability: ActionAvailability;
  ActionNotAllowed: ResolverTypeWrapper<Omit<ActionNotAllowed, 'job'> & { job: ResolversTypes['Job'] }>;
  ActionOutcome: ActionOutcome;
  ActionSummary: ResolverTypeWrapper<ActionSummary>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  ActionSupport: ActionSupport;
  BlockReason: BlockReason;
  BlockedRequests: ResolverTypeWrapper<BlockedRequests>;
  BulkCommand: BulkCommand;
  BulkCounts: ResolverTypeWrapper<BulkCounts>;
  BulkItem: ResolverTypeWrapper<BulkItemParent>;
  BulkItemConnection: ResolverTypeWrapper<Omit<BulkItemConnection, 'edges' | 'nodes' | 'pageInfo'> & { edges: Array<ResolversTypes['BulkItemEdge']>, nodes: Array<ResolversTypes['BulkItem']>, pageInfo: ResolversTypes['PageInfo'] }>;
  BulkItemEdge: ResolverTypeWrapper<Omit<BulkItemEdge, 'node'> & { node: ResolversTypes['BulkItem'] }>;
  BulkItemResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['BulkItemResult']>;
  BulkItemStatus: BulkItemStatus;
  BulkOperation: ResolverTypeWrapper<BulkOperationParent>;
  BulkOperationCommand: ResolverTypeWrapper<BulkOperationCommand>;
  BulkOperationConnection: ResolverTypeWrapper<Omit<BulkOperationConnection, 'edges' | 'nodes' | 'pageInfo'> & { edges: Array<ResolversTypes['BulkOperationEdge']>, nodes: Array<ResolversTypes['BulkOperation']>, pageInfo: ResolversTypes['PageInfo'] }>;
  BulkOperationEdge: ResolverTypeWrapper<Omit<BulkOperationEdge, 'node'> & { node: ResolversTypes['BulkOperation'] }>;
  BulkOperationError: ResolverTypeWrapper<BulkOperationError>;
  BulkOperationResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['BulkOperationResult']>;
  BulkOperationStatus: BulkOperationStatus;
  BulkOutcomeCount: ResolverTypeWrapper<BulkOutcomeCount>;
  BulkPreview: ResolverTypeWrapper<BulkPreviewParent>;
  BulkSystemPreview: ResolverTypeWrapper<SystemPreview>;
  BulkSystemProgress: ResolverTypeWrapper<Omit<BulkSystemProgress, 'system'> & { system: ResolversTypes['JobSystem'] }>;
  CancelJobsInput: CancelJobsInput;
  CancelJobsPayload: ResolverTypeWrapper<Omit<CancelJobsPayload, 'results'> & { results: Array<ResolversTypes['CancelResult']> }>;
  CancelResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['CancelResult']>;
  CancelSuccess: ResolverTypeWrapper<SuccessParent>;
  CancellationState: CancellationState;
  ChangedSincePreview: ResolverTypeWrapper<ChangedSincePreview>;
  CircuitBreaker: ResolverTypeWrapper<CircuitBreaker>;
  CircuitBreakerState: CircuitBreakerState;
  CountPrecision: CountPrecision;
  CredentialsStatus: CredentialsStatus;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  HealthStatus: HealthStatus;
  IdempotencyConflict: ResolverTypeWrapper<IdempotencyConflict>;
  IfChanged: IfChanged;
  JSON: ResolverTypeWrapper<Scalars['JSON']['output']>;
  Job: ResolverTypeWrapper<JobParent>;
  JobAction: JobAction;
  JobActionAvailability: ResolverTypeWrapper<JobActionAvailability>;
  JobActionInput: JobActionInput;
  JobActionPayload: ResolverTypeWrapper<Omit<JobActionPayload, 'results'> & { results: Array<ResolversTypes['JobActionResult']> }>;
  JobActionResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['JobActionResult']>;
  JobActionSuccess: ResolverTypeWrapper<SuccessParent>;
  JobCancellation: ResolverTypeWrapper<Cancellation>;
  JobCancellationConnection: ResolverTypeWrapper<CancellationPage>;
  JobCancellationEdge: ResolverTypeWrapper<Omit<JobCancellationEdge, 'node'> & { node: ResolversTypes['JobCancellation'] }>;
  JobCapability: ResolverTypeWrapper<JobCapability>;
  JobChanged: ResolverTypeWrapper<ListEventParent<"changed">>;
  JobConnection: ResolverTypeWrapper<JobPage>;
  JobCount: ResolverTypeWrapper<CountParent>;
  JobCountBucket: ResolverTypeWrapper<BucketParent>;
  JobCountDimension: JobCountDimension;
  JobCounts: ResolverTypeWrapper<JobCountsParent>;
  JobDataRange: ResolverTypeWrapper<JobDataRange>;
  JobEdge: ResolverTypeWrapper<JobEdgeParent>;
  JobEntered: ResolverTypeWrapper<ListEventParent<"entered">>;
  JobError: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['JobError']>;
  JobEvent: ResolverTypeWrapper<Omit<JobEvent, 'job'> & { job: ResolversTypes['Job'] }>;
  JobEventConnection: ResolverTypeWrapper<Omit<JobEventConnection, 'edges' | 'nodes' | 'pageInfo'> & { edges: Array<ResolversTypes['JobEventEdge']>, nodes: Array<ResolversTypes['JobEvent']>, pageInfo: ResolversTypes['PageInfo'] }>;
  JobEventEdge: ResolverTypeWrapper<Omit<JobEventEdge, 'node'> & { node: ResolversTypes['JobEvent'] }>;
  JobEventFilter: JobEventFilter;
  JobEventKind: JobEventKind;
  JobFailure: ResolverTypeWrapper<JobFailureParent>;
  JobFilter: JobFilter;
  JobLeft: ResolverTypeWrapper<ListEventParent<"left">>;
  JobLeftReason: JobLeftReason;
  JobLink: ResolverTypeWrapper<JobLink>;
  JobListEvent: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['JobListEvent']>;
  JobListPage: ResolverTypeWrapper<ListEventParent<"page">>;
  JobListSystems: ResolverTypeWrapper<ListEventParent<"systems">>;
  JobLogConnection: ResolverTypeWrapper<JobLogParent>;
  JobLogEdge: ResolverTypeWrapper<JobLogEdgeParent>;
  JobLogLine: ResolverTypeWrapper<JobLogLine>;
  JobNotFound: ResolverTypeWrapper<JobNotFound>;
  JobOrder: JobOrder;
  JobOrderField: JobOrderField;
  JobOutput: ResolverTypeWrapper<JobOutput>;
  JobProgress: ResolverTypeWrapper<JobProgress>;
  JobResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['JobResult']>;
  JobStatus: JobStatus;
  JobStep: ResolverTypeWrapper<JobStepParent>;
  JobSystem: ResolverTypeWrapper<JobSystemParent>;
  LogCapability: ResolverTypeWrapper<LogCapability>;
  LogSeverity: LogSeverity;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  NoJobsMatched: ResolverTypeWrapper<NoJobsMatched>;
  Node: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Node']>;
  NotAttempted: ResolverTypeWrapper<NotAttempted>;
  OutcomeUnknown: ResolverTypeWrapper<Omit<OutcomeUnknown, 'job'> & { job: ResolversTypes['Job'] }>;
  PageInfo: ResolverTypeWrapper<PageInfoParent>;
  PredictedFailure: ResolverTypeWrapper<PredictedFailure>;
  Problem: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Problem']>;
  ProblemCode: ProblemCode;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  SortDirection: SortDirection;
  StartBulkActionInput: StartBulkActionInput;
  StartBulkActionResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['StartBulkActionResult']>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  SuccessOutcome: SuccessOutcome;
  SystemCredentials: ResolverTypeWrapper<SystemCredentials>;
  SystemHealth: ResolverTypeWrapper<HealthParent>;
  SystemJobCount: ResolverTypeWrapper<CountedSystem>;
  SystemPage: ResolverTypeWrapper<SystemPageParent>;
  SystemPageStatus: SystemPageStatus;
  SystemProblem: ResolverTypeWrapper<SystemProblem>;
  SystemTraffic: ResolverTypeWrapper<SystemTraffic>;
  SystemUnavailable: ResolverTypeWrapper<Omit<SystemUnavailable, 'system'> & { system: ResolversTypes['JobSystem'] }>;
  TooManyJobs: ResolverTypeWrapper<TooManyJobs>;
  VendorRejected: ResolverTypeWrapper<Omit<VendorRejected, 'job'> & { job: ResolversTypes['Job'] }>;
  Viewer: ResolverTypeWrapper<Viewer>;
  ViewerScope: ResolverTypeWrapper<ViewerScope>;
  WaitResult: ResolverTypeWrapper<Omit<WaitResult, 'result'> & { result: ResolversTypes['JobResult'] }>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  AccessDenied: AccessDenied;
  ID: Scalars['ID']['output'];
  String: Scalars['String']['output'];
  Float: Scalars['Float']['output'];
  Boolean: Scalars['Boolean']['output'];
  ActionNotAllowed: Omit<ActionNotAllowed, 'job'> & { job: ResolversParentTypes['Job'] };
  ActionSummary: ActionSummary;
  Int: Scalars['Int']['output'];
  BlockedRequests: BlockedRequests;
  BulkCounts: BulkCounts;
  BulkItem: BulkItemParent;
  BulkItemConnection: Omit<BulkItemConnection, 'edges' | 'nodes' | 'pageInfo'> & { edges: Array<ResolversParentTypes['BulkItemEdge']>, nodes: Array<ResolversParentTypes['BulkItem']>, pageInfo: ResolversParentTypes['PageInfo'] };
  BulkItemEdge: Omit<BulkItemEdge, 'node'> & { node: ResolversParentTypes['BulkItem'] };
  BulkItemResult: ResolversUnionTypes<ResolversParentTypes>['BulkItemResult'];
  BulkOperation: BulkOperationParent;
  BulkOperationCommand: BulkOperationCommand;
  BulkOperationConnection: Omit<BulkOperationConnection, 'edges' | 'nodes' | 'pageInfo'> & { edges: Array<ResolversParentTypes['BulkOperationEdge']>, nodes: Array<ResolversParentTypes['BulkOperation']>, pageInfo: ResolversParentTypes['PageInfo'] };
  BulkOperationEdge: Omit<BulkOperationEdge, 'node'> & { node: ResolversParentTypes['BulkOperation'] };
  BulkOperationError: BulkOperationError;
  BulkOperationResult: ResolversUnionTypes<ResolversParentTypes>['BulkOperationResult'];
  BulkOutcomeCount: BulkOutcomeCount;
  BulkPreview: BulkPreviewParent;
  BulkSystemPreview: SystemPreview;
  BulkSystemProgress: Omit<BulkSystemProgress, 'system'> & { system: ResolversParentTypes['JobSystem'] };
  CancelJobsInput: CancelJobsInput;
  CancelJobsPayload: Omit<CancelJobsPayload, 'results'> & { results: Array<ResolversParentTypes['CancelResult']> };
  CancelResult: ResolversUnionTypes<ResolversParentTypes>['CancelResult'];
  CancelSuccess: SuccessParent;
  ChangedSincePreview: ChangedSincePreview;
  CircuitBreaker: CircuitBreaker;
  DateTime: Scalars['DateTime']['output'];
  IdempotencyConflict: IdempotencyConflict;
  JSON: Scalars['JSON']['output'];
  Job: JobParent;
  JobActionAvailability: JobActionAvailability;
  JobActionInput: JobActionInput;
  JobActionPayload: Omit<JobActionPayload, 'results'> & { results: Array<ResolversParentTypes['JobActionResult']> };
  JobActionResult: ResolversUnionTypes<ResolversParentTypes>['JobActionResult'];
  JobActionSuccess: SuccessParent;
  JobCancellation: Cancellation;
  JobCancellationConnection: CancellationPage;
  JobCancellationEdge: Omit<JobCancellationEdge, 'node'> & { node: ResolversParentTypes['JobCancellation'] };
  JobCapability: JobCapability;
  JobChanged: ListEventParent<"changed">;
  JobConnection: JobPage;
  JobCount: CountParent;
  JobCountBucket: BucketParent;
  JobCounts: JobCountsParent;
  JobDataRange: JobDataRange;
  JobEdge: JobEdgeParent;
  JobEntered: ListEventParent<"entered">;
  JobError: ResolversInterfaceTypes<ResolversParentTypes>['JobError'];
  JobEvent: Omit<JobEvent, 'job'> & { job: ResolversParentTypes['Job'] };
  JobEventConnection: Omit<JobEventConnection, 'edges' | 'nodes' | 'pageInfo'> & { edges: Array<ResolversParentTypes['JobEventEdge']>, nodes: Array<ResolversParentTypes['JobEvent']>, pageInfo: ResolversParentTypes['PageInfo'] };
  JobEventEdge: Omit<JobEventEdge, 'node'> & { node: ResolversParentTypes['JobEvent'] };
  JobEventFilter: JobEventFilter;
  JobFailure: JobFailureParent;
  JobFilter: JobFilter;
  JobLeft: ListEventParent<"left">;
  JobLink: JobLink;
  JobListEvent: ResolversUnionTypes<ResolversParentTypes>['JobListEvent'];
  JobListPage: ListEventParent<"page">;
  JobListSystems: ListEventParent<"systems">;
  JobLogConnection: JobLogParent;
  JobLogEdge: JobLogEdgeParent;
  JobLogLine: JobLogLine;
  JobNotFound: JobNotFound;
  JobOrder: JobOrder;
  JobOutput: JobOutput;
  JobProgress: JobProgress;
  JobResult: ResolversUnionTypes<ResolversParentTypes>['JobResult'];
  JobStep: JobStepParent;
  JobSystem: JobSystemParent;
  LogCapability: LogCapability;
  Mutation: Record<PropertyKey, never>;
  NoJobsMatched: NoJobsMatched;
  Node: ResolversInterfaceTypes<ResolversParentTypes>['Node'];
  NotAttempted: NotAttempted;
  OutcomeUnknown: Omit<OutcomeUnknown, 'job'> & { job: ResolversParentTypes['Job'] };
  PageInfo: PageInfoParent;
  PredictedFailure: PredictedFailure;
  Problem: ResolversInterfaceTypes<ResolversParentTypes>['Problem'];
  Query: Record<PropertyKey, never>;
  StartBulkActionInput: StartBulkActionInput;
  StartBulkActionResult: ResolversUnionTypes<ResolversParentTypes>['StartBulkActionResult'];
  Subscription: Record<PropertyKey, never>;
  SystemCredentials: SystemCredentials;
  SystemHealth: HealthParent;
  SystemJobCount: CountedSystem;
  SystemPage: SystemPageParent;
  SystemProblem: SystemProblem;
  SystemTraffic: SystemTraffic;
  SystemUnavailable: Omit<SystemUnavailable, 'system'> & { system: ResolversParentTypes['JobSystem'] };
  TooManyJobs: TooManyJobs;
  VendorRejected: Omit<VendorRejected, 'job'> & { job: ResolversParentTypes['Job'] };
  Viewer: Viewer;
  ViewerScope: ViewerScope;
  WaitResult: Omit<WaitResult, 'result'> & { result: ResolversParentTypes['JobResult'] };
};

export type AccessDeniedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AccessDenied'] = ResolversParentTypes['AccessDenied']> = {
  code?: Resolver<ResolversTypes['ProblemCode'], ParentType, ContextType>;
  jobId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  missingScope?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  retryAfterSeconds?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  retryable?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ActionNotAllowedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ActionNotAllowed'] = ResolversParentTypes['ActionNotAllowed']> = {
  action?: Resolver<ResolversTypes['JobAction'], ParentType, ContextType>;
  code?: Resolver<ResolversTypes['ProblemCode'], ParentType, ContextType>;
  job?: Resolver<ResolversTypes['Job'], ParentType, ContextType>;
  jobId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  retryAfterSeconds?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  retryable?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  status?: Resolver<Maybe<ResolversTypes['JobStatus']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ActionSummaryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ActionSummary'] = ResolversParentTypes['ActionSummary']> = {
  failed?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  requested?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  succeeded?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  unknown?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type BlockedRequestsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BlockedRequests'] = ResolversParentTypes['BlockedRequests']> = {
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['BlockReason'], ParentType, ContextType>;
};

export type BulkCountsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BulkCounts'] = ResolversParentTypes['BulkCounts']> = {
  failed?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  pending?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  selected?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  succeeded?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  unknown?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type BulkItemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BulkItem'] = ResolversParentTypes['BulkItem']> = {
  attempts?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  finishedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  job?: Resolver<ResolversTypes['Job'], ParentType, ContextType>;
  jobId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  outcome?: Resolver<Maybe<ResolversTypes['ActionOutcome']>, ParentType, ContextType>;
  result?: Resolver<Maybe<ResolversTypes['BulkItemResult']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['BulkItemStatus'], ParentType, ContextType>;
};

export type BulkItemConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BulkItemConnection'] = ResolversParentTypes['BulkItemConnection']> = {
  edges?: Resolver<Array<ResolversTypes['BulkItemEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['BulkItem']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type BulkItemEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BulkItemEdge'] = ResolversParentTypes['BulkItemEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['BulkItem'], ParentType, ContextType>;
};

export type BulkItemResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BulkItemResult'] = ResolversParentTypes['BulkItemResult']> = {
  __resolveType: TypeResolveFn<'AccessDenied' | 'ActionNotAllowed' | 'CancelSuccess' | 'JobActionSuccess' | 'JobNotFound' | 'NotAttempted' | 'OutcomeUnknown' | 'SystemUnavailable' | 'VendorRejected', ParentType, ContextType>;
};

export type BulkOperationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BulkOperation'] = ResolversParentTypes['BulkOperation']> = {
  action?: Resolver<ResolversTypes['JobAction'], ParentType, ContextType>;
  commands?: Resolver<Array<ResolversTypes['BulkOperationCommand']>, ParentType, ContextType>;
  counts?: Resolver<ResolversTypes['BulkCounts'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  filter?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  finishedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  items?: Resolver<ResolversTypes['BulkItemConnection'], ParentType, ContextType, Partial<BulkOperationItemsArgs>>;
  maxPerSecond?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  outcomes?: Resolver<Array<ResolversTypes['BulkOutcomeCount']>, ParentType, ContextType>;
  problem?: Resolver<Maybe<ResolversTypes['BulkOperationError']>, ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  startedBy?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['BulkOperationStatus'], ParentType, ContextType>;
  systems?: Resolver<Array<ResolversTypes['BulkSystemProgress']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type BulkOperationCommandResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BulkOperationCommand'] = ResolversParentTypes['BulkOperationCommand']> = {
  caller?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  command?: Resolver<ResolversTypes['BulkCommand'], ParentType, ContextType>;
  recordedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  requestId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type BulkOperationConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BulkOperationConnection'] = ResolversParentTypes['BulkOperationConnection']> = {
  edges?: Resolver<Array<ResolversTypes['BulkOperationEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['BulkOperation']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type BulkOperationEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BulkOperationEdge'] = ResolversParentTypes['BulkOperationEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['BulkOperation'], ParentType, ContextType>;
};

export type BulkOperationErrorResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BulkOperationError'] = ResolversParentTypes['BulkOperationError']> = {
  code?: Resolver<ResolversTypes['ProblemCode'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  retryAfterSeconds?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  retryable?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  systemProblems?: Resolver<Array<ResolversTypes['SystemProblem']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type BulkOperationResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BulkOperationResult'] = ResolversParentTypes['BulkOperationResult']> = {
  __resolveType: TypeResolveFn<'BulkOperation' | 'BulkOperationError', ParentType, ContextType>;
};

export type BulkOutcomeCountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BulkOutcomeCount'] = ResolversParentTypes['BulkOutcomeCount']> = {
  code?: Resolver<Maybe<ResolversTypes['ProblemCode']>, ParentType, ContextType>;
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['ActionOutcome'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['BulkItemStatus'], ParentType, ContextType>;
};

export type BulkPreviewResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BulkPreview'] = ResolversParentTypes['BulkPreview']> = {
  action?: Resolver<ResolversTypes['JobAction'], ParentType, ContextType>;
  alreadyDoneCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  availableCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  matchedCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  predictedFailures?: Resolver<Array<ResolversTypes['PredictedFailure']>, ParentType, ContextType>;
  sample?: Resolver<Array<ResolversTypes['Job']>, ParentType, ContextType>;
  systems?: Resolver<Array<ResolversTypes['BulkSystemPreview']>, ParentType, ContextType>;
  token?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  uncertain?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type BulkSystemPreviewResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BulkSystemPreview'] = ResolversParentTypes['BulkSystemPreview']> = {
  matchedCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  problem?: Resolver<Maybe<ResolversTypes['SystemProblem']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['SystemPageStatus'], ParentType, ContextType>;
  system?: Resolver<ResolversTypes['JobSystem'], ParentType, ContextType>;
};

export type BulkSystemProgressResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BulkSystemProgress'] = ResolversParentTypes['BulkSystemProgress']> = {
  counts?: Resolver<ResolversTypes['BulkCounts'], ParentType, ContextType>;
  problem?: Resolver<Maybe<ResolversTypes['SystemProblem']>, ParentType, ContextType>;
  system?: Resolver<ResolversTypes['JobSystem'], ParentType, ContextType>;
};

export type CancelJobsPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CancelJobsPayload'] = ResolversParentTypes['CancelJobsPayload']> = {
  results?: Resolver<Array<ResolversTypes['CancelResult']>, ParentType, ContextType>;
  summary?: Resolver<ResolversTypes['ActionSummary'], ParentType, ContextType>;
};

export type CancelResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CancelResult'] = ResolversParentTypes['CancelResult']> = {
  __resolveType: TypeResolveFn<'AccessDenied' | 'ActionNotAllowed' | 'CancelSuccess' | 'IdempotencyConflict' | 'JobNotFound' | 'NotAttempted' | 'OutcomeUnknown' | 'SystemUnavailable' | 'VendorRejected', ParentType, ContextType>;
};

export type CancelSuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CancelSuccess'] = ResolversParentTypes['CancelSuccess']> = {
  availability?: Resolver<Maybe<ResolversTypes['JobActionAvailability']>, ParentType, ContextType>;
  job?: Resolver<ResolversTypes['Job'], ParentType, ContextType>;
  jobId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['SuccessOutcome'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ChangedSincePreviewResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ChangedSincePreview'] = ResolversParentTypes['ChangedSincePreview']> = {
  addedCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  code?: Resolver<ResolversTypes['ProblemCode'], ParentType, ContextType>;
  matchedCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  previewedCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  removedCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  retryAfterSeconds?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  retryable?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CircuitBreakerResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CircuitBreaker'] = ResolversParentTypes['CircuitBreaker']> = {
  changedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  nextAttemptAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  state?: Resolver<ResolversTypes['CircuitBreakerState'], ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type IdempotencyConflictResolvers<ContextType = Context, ParentType extends ResolversParentTypes['IdempotencyConflict'] = ResolversParentTypes['IdempotencyConflict']> = {
  code?: Resolver<ResolversTypes['ProblemCode'], ParentType, ContextType>;
  jobId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  retryAfterSeconds?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  retryable?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export interface JsonScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['JSON'], any> {
  name: 'JSON';
}

export type JobResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Job'] = ResolversParentTypes['Job'], FederationReferenceType extends FederationReferenceTypes['Job'] = FederationReferenceTypes['Job']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Job']> | FederationReferenceType, FederationReferenceType, ContextType>;
  actions?: Resolver<Array<ResolversTypes['JobActionAvailability']>, ParentType, ContextType>;
  cancellation?: Resolver<Maybe<ResolversTypes['JobCancellation']>, ParentType, ContextType>;
  createdAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  dataRange?: Resolver<Maybe<ResolversTypes['JobDataRange']>, ParentType, ContextType>;
  durationSeconds?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  events?: Resolver<Maybe<ResolversTypes['JobEventConnection']>, ParentType, ContextType, Partial<JobEventsArgs>>;
  failure?: Resolver<Maybe<ResolversTypes['JobFailure']>, ParentType, ContextType>;
  failureMessage?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  finishedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  isTerminal?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  links?: Resolver<Array<ResolversTypes['JobLink']>, ParentType, ContextType>;
  log?: Resolver<Maybe<ResolversTypes['JobLogConnection']>, ParentType, ContextType, RequireFields<JobLogArgs, 'first'>>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  observedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  outputs?: Resolver<Maybe<Array<ResolversTypes['JobOutput']>>, ParentType, ContextType>;
  owner?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  problem?: Resolver<Maybe<ResolversTypes['SystemProblem']>, ParentType, ContextType>;
  progress?: Resolver<Maybe<ResolversTypes['JobProgress']>, ParentType, ContextType>;
  raw?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  scheduledFor?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  scope?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  stale?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['JobStatus'], ParentType, ContextType>;
  steps?: Resolver<Maybe<Array<ResolversTypes['JobStep']>>, ParentType, ContextType>;
  system?: Resolver<ResolversTypes['JobSystem'], ParentType, ContextType>;
  systemId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  tags?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
  type?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  updatedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  vendorId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  vendorStatus?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  waitSeconds?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type JobActionAvailabilityResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobActionAvailability'] = ResolversParentTypes['JobActionAvailability']> = {
  action?: Resolver<ResolversTypes['JobAction'], ParentType, ContextType>;
  availability?: Resolver<ResolversTypes['ActionAvailability'], ParentType, ContextType>;
  available?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type JobActionPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobActionPayload'] = ResolversParentTypes['JobActionPayload']> = {
  results?: Resolver<Array<ResolversTypes['JobActionResult']>, ParentType, ContextType>;
  summary?: Resolver<ResolversTypes['ActionSummary'], ParentType, ContextType>;
};

export type JobActionResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobActionResult'] = ResolversParentTypes['JobActionResult']> = {
  __resolveType: TypeResolveFn<'AccessDenied' | 'ActionNotAllowed' | 'IdempotencyConflict' | 'JobActionSuccess' | 'JobNotFound' | 'NotAttempted' | 'OutcomeUnknown' | 'SystemUnavailable' | 'VendorRejected', ParentType, ContextType>;
};

export type JobActionSuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobActionSuccess'] = ResolversParentTypes['JobActionSuccess']> = {
  action?: Resolver<ResolversTypes['JobAction'], ParentType, ContextType>;
  availability?: Resolver<Maybe<ResolversTypes['JobActionAvailability']>, ParentType, ContextType>;
  createdJob?: Resolver<Maybe<ResolversTypes['Job']>, ParentType, ContextType>;
  job?: Resolver<ResolversTypes['Job'], ParentType, ContextType>;
  jobId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['SuccessOutcome'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type JobCancellationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobCancellation'] = ResolversParentTypes['JobCancellation']> = {
  contradictingStatus?: Resolver<Maybe<ResolversTypes['JobStatus']>, ParentType, ContextType>;
  job?: Resolver<ResolversTypes['Job'], ParentType, ContextType>;
  jobId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  jobName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['ActionOutcome'], ParentType, ContextType>;
  overdue?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  requestedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  requestedBy?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  resolvedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  state?: Resolver<Maybe<ResolversTypes['CancellationState']>, ParentType, ContextType>;
};

export type JobCancellationConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobCancellationConnection'] = ResolversParentTypes['JobCancellationConnection']> = {
  edges?: Resolver<Array<ResolversTypes['JobCancellationEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['JobCancellation']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type JobCancellationEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobCancellationEdge'] = ResolversParentTypes['JobCancellationEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['JobCancellation'], ParentType, ContextType>;
};

export type JobCapabilityResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobCapability'] = ResolversParentTypes['JobCapability']> = {
  action?: Resolver<ResolversTypes['JobAction'], ParentType, ContextType>;
  allowedStatuses?: Resolver<Array<ResolversTypes['JobStatus']>, ParentType, ContextType>;
  asynchronous?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  createsJob?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  maxBatchSize?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  support?: Resolver<ResolversTypes['ActionSupport'], ParentType, ContextType>;
};

export type JobChangedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobChanged'] = ResolversParentTypes['JobChanged']> = {
  afterId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  job?: Resolver<ResolversTypes['Job'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type JobConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobConnection'] = ResolversParentTypes['JobConnection']> = {
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  edges?: Resolver<Array<ResolversTypes['JobEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Job']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  systems?: Resolver<Array<ResolversTypes['SystemPage']>, ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['JobCount'], ParentType, ContextType>;
};

export type JobCountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobCount'] = ResolversParentTypes['JobCount']> = {
  count?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  observedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  precision?: Resolver<ResolversTypes['CountPrecision'], ParentType, ContextType>;
  problem?: Resolver<Maybe<ResolversTypes['SystemProblem']>, ParentType, ContextType>;
};

export type JobCountBucketResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobCountBucket'] = ResolversParentTypes['JobCountBucket']> = {
  count?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  owner?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  precision?: Resolver<ResolversTypes['CountPrecision'], ParentType, ContextType>;
  problem?: Resolver<Maybe<ResolversTypes['SystemProblem']>, ParentType, ContextType>;
  scope?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status?: Resolver<Maybe<ResolversTypes['JobStatus']>, ParentType, ContextType>;
  system?: Resolver<Maybe<ResolversTypes['JobSystem']>, ParentType, ContextType>;
  type?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type JobCountsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobCounts'] = ResolversParentTypes['JobCounts']> = {
  bucketCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  buckets?: Resolver<Array<ResolversTypes['JobCountBucket']>, ParentType, ContextType>;
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  observedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  systems?: Resolver<Array<ResolversTypes['SystemJobCount']>, ParentType, ContextType>;
  total?: Resolver<ResolversTypes['JobCount'], ParentType, ContextType>;
};

export type JobDataRangeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobDataRange'] = ResolversParentTypes['JobDataRange']> = {
  from?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  to?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type JobEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobEdge'] = ResolversParentTypes['JobEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Job'], ParentType, ContextType>;
};

export type JobEnteredResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobEntered'] = ResolversParentTypes['JobEntered']> = {
  afterId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  job?: Resolver<ResolversTypes['Job'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type JobErrorResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobError'] = ResolversParentTypes['JobError']> = {
  __resolveType: TypeResolveFn<'AccessDenied' | 'ActionNotAllowed' | 'IdempotencyConflict' | 'JobNotFound' | 'NotAttempted' | 'OutcomeUnknown' | 'SystemUnavailable' | 'VendorRejected', ParentType, ContextType>;
};

export type JobEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobEvent'] = ResolversParentTypes['JobEvent']> = {
  action?: Resolver<ResolversTypes['JobAction'], ParentType, ContextType>;
  bulkOperationId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  caller?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  code?: Resolver<Maybe<ResolversTypes['ProblemCode']>, ParentType, ContextType>;
  createdJobId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  job?: Resolver<ResolversTypes['Job'], ParentType, ContextType>;
  jobId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  jobName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['JobEventKind'], ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  operationName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['ActionOutcome'], ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  recordedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  requestId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  sent?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  vendorCode?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  vendorStatus?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type JobEventConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobEventConnection'] = ResolversParentTypes['JobEventConnection']> = {
  edges?: Resolver<Array<ResolversTypes['JobEventEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['JobEvent']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type JobEventEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobEventEdge'] = ResolversParentTypes['JobEventEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['JobEvent'], ParentType, ContextType>;
};

export type JobFailureResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobFailure'] = ResolversParentTypes['JobFailure']> = {
  advice?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  code?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  step?: Resolver<Maybe<ResolversTypes['JobStep']>, ParentType, ContextType>;
};

export type JobLeftResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobLeft'] = ResolversParentTypes['JobLeft']> = {
  jobId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['JobLeftReason'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type JobLinkResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobLink'] = ResolversParentTypes['JobLink']> = {
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  url?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type JobListEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobListEvent'] = ResolversParentTypes['JobListEvent']> = {
  __resolveType: TypeResolveFn<'JobChanged' | 'JobEntered' | 'JobLeft' | 'JobListPage' | 'JobListSystems', ParentType, ContextType>;
};

export type JobListPageResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobListPage'] = ResolversParentTypes['JobListPage']> = {
  page?: Resolver<ResolversTypes['JobConnection'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type JobListSystemsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobListSystems'] = ResolversParentTypes['JobListSystems']> = {
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  systems?: Resolver<Array<ResolversTypes['SystemPage']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type JobLogConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobLogConnection'] = ResolversParentTypes['JobLogConnection']> = {
  edges?: Resolver<Array<ResolversTypes['JobLogEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['JobLogLine']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  problem?: Resolver<Maybe<ResolversTypes['SystemProblem']>, ParentType, ContextType>;
};

export type JobLogEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobLogEdge'] = ResolversParentTypes['JobLogEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['JobLogLine'], ParentType, ContextType>;
};

export type JobLogLineResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobLogLine'] = ResolversParentTypes['JobLogLine']> = {
  loggedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  severity?: Resolver<Maybe<ResolversTypes['LogSeverity']>, ParentType, ContextType>;
  source?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  stepId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  truncated?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type JobNotFoundResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobNotFound'] = ResolversParentTypes['JobNotFound']> = {
  code?: Resolver<ResolversTypes['ProblemCode'], ParentType, ContextType>;
  jobId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  retryAfterSeconds?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  retryable?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type JobOutputResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobOutput'] = ResolversParentTypes['JobOutput']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  stepId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  truncated?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  value?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
};

export type JobProgressResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobProgress'] = ResolversParentTypes['JobProgress']> = {
  failedTasks?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  fraction?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  remainingTasks?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  succeededTasks?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type JobResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobResult'] = ResolversParentTypes['JobResult']> = {
  __resolveType: TypeResolveFn<'AccessDenied' | 'Job' | 'JobNotFound' | 'SystemUnavailable', ParentType, ContextType>;
};

export type JobStepResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobStep'] = ResolversParentTypes['JobStep']> = {
  advice?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  durationSeconds?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  failureCode?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  finishedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  links?: Resolver<Array<ResolversTypes['JobLink']>, ParentType, ContextType>;
  log?: Resolver<Maybe<ResolversTypes['JobLogConnection']>, ParentType, ContextType, RequireFields<JobStepLogArgs, 'first'>>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  startedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['JobStatus'], ParentType, ContextType>;
  substeps?: Resolver<Array<ResolversTypes['JobStep']>, ParentType, ContextType>;
  vendorStatus?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  waitSeconds?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
};

export type JobSystemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobSystem'] = ResolversParentTypes['JobSystem'], FederationReferenceType extends FederationReferenceTypes['JobSystem'] = FederationReferenceTypes['JobSystem']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['JobSystem']> | FederationReferenceType, FederationReferenceType, ContextType>;
  breaker?: Resolver<ResolversTypes['CircuitBreaker'], ParentType, ContextType>;
  capabilities?: Resolver<Array<ResolversTypes['JobCapability']>, ParentType, ContextType>;
  credentials?: Resolver<ResolversTypes['SystemCredentials'], ParentType, ContextType>;
  health?: Resolver<ResolversTypes['SystemHealth'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  jobs?: Resolver<ResolversTypes['JobConnection'], ParentType, ContextType, Partial<JobSystemJobsArgs>>;
  logs?: Resolver<ResolversTypes['LogCapability'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  traffic?: Resolver<ResolversTypes['SystemTraffic'], ParentType, ContextType>;
  vendor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type LogCapabilityResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LogCapability'] = ResolversParentTypes['LogCapability']> = {
  hasSeverities?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  ofJobs?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  ofSteps?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  cancelBulkOperation?: Resolver<ResolversTypes['BulkOperationResult'], ParentType, ContextType, RequireFields<MutationCancelBulkOperationArgs, 'id'>>;
  cancelJobs?: Resolver<ResolversTypes['CancelJobsPayload'], ParentType, ContextType, RequireFields<MutationCancelJobsArgs, 'input'>>;
  pauseJobs?: Resolver<ResolversTypes['JobActionPayload'], ParentType, ContextType, RequireFields<MutationPauseJobsArgs, 'input'>>;
  restartJobs?: Resolver<ResolversTypes['JobActionPayload'], ParentType, ContextType, RequireFields<MutationRestartJobsArgs, 'input'>>;
  resumeBulkOperation?: Resolver<ResolversTypes['BulkOperationResult'], ParentType, ContextType, RequireFields<MutationResumeBulkOperationArgs, 'id'>>;
  resumeJobs?: Resolver<ResolversTypes['JobActionPayload'], ParentType, ContextType, RequireFields<MutationResumeJobsArgs, 'input'>>;
  retryFailedBulkItems?: Resolver<ResolversTypes['BulkOperationResult'], ParentType, ContextType, RequireFields<MutationRetryFailedBulkItemsArgs, 'id'>>;
  startBulkAction?: Resolver<ResolversTypes['StartBulkActionResult'], ParentType, ContextType, RequireFields<MutationStartBulkActionArgs, 'input'>>;
  startJobs?: Resolver<ResolversTypes['JobActionPayload'], ParentType, ContextType, RequireFields<MutationStartJobsArgs, 'input'>>;
  suspendBulkOperation?: Resolver<ResolversTypes['BulkOperationResult'], ParentType, ContextType, RequireFields<MutationSuspendBulkOperationArgs, 'id'>>;
};

export type NoJobsMatchedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NoJobsMatched'] = ResolversParentTypes['NoJobsMatched']> = {
  code?: Resolver<ResolversTypes['ProblemCode'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  retryAfterSeconds?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  retryable?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type NodeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Node'] = ResolversParentTypes['Node']> = {
  __resolveType: TypeResolveFn<'BulkOperation' | 'Job' | 'JobSystem', ParentType, ContextType>;
};

export type NotAttemptedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NotAttempted'] = ResolversParentTypes['NotAttempted']> = {
  code?: Resolver<ResolversTypes['ProblemCode'], ParentType, ContextType>;
  jobId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  retryAfterSeconds?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  retryable?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OutcomeUnknownResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OutcomeUnknown'] = ResolversParentTypes['OutcomeUnknown']> = {
  attemptedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  code?: Resolver<ResolversTypes['ProblemCode'], ParentType, ContextType>;
  job?: Resolver<ResolversTypes['Job'], ParentType, ContextType>;
  jobId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  retryAfterSeconds?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  retryable?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  safeToRetry?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type PredictedFailureResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PredictedFailure'] = ResolversParentTypes['PredictedFailure']> = {
  code?: Resolver<ResolversTypes['ProblemCode'], ParentType, ContextType>;
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Problem'] = ResolversParentTypes['Problem']> = {
  __resolveType: TypeResolveFn<'AccessDenied' | 'ActionNotAllowed' | 'BulkOperationError' | 'ChangedSincePreview' | 'IdempotencyConflict' | 'JobNotFound' | 'NoJobsMatched' | 'NotAttempted' | 'OutcomeUnknown' | 'SystemProblem' | 'SystemUnavailable' | 'TooManyJobs' | 'VendorRejected', ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  bulkOperation?: Resolver<Maybe<ResolversTypes['BulkOperation']>, ParentType, ContextType, RequireFields<QueryBulkOperationArgs, 'id'>>;
  bulkOperations?: Resolver<ResolversTypes['BulkOperationConnection'], ParentType, ContextType, Partial<QueryBulkOperationsArgs>>;
  cancellations?: Resolver<ResolversTypes['JobCancellationConnection'], ParentType, ContextType, RequireFields<QueryCancellationsArgs, 'states'>>;
  job?: Resolver<ResolversTypes['JobResult'], ParentType, ContextType, RequireFields<QueryJobArgs, 'id'>>;
  jobCounts?: Resolver<ResolversTypes['JobCounts'], ParentType, ContextType, RequireFields<QueryJobCountsArgs, 'by' | 'top'>>;
  jobEvents?: Resolver<ResolversTypes['JobEventConnection'], ParentType, ContextType, Partial<QueryJobEventsArgs>>;
  jobSystem?: Resolver<Maybe<ResolversTypes['JobSystem']>, ParentType, ContextType, RequireFields<QueryJobSystemArgs, 'id'>>;
  jobSystems?: Resolver<Array<ResolversTypes['JobSystem']>, ParentType, ContextType>;
  jobs?: Resolver<ResolversTypes['JobConnection'], ParentType, ContextType, Partial<QueryJobsArgs>>;
  jobsByIds?: Resolver<Array<ResolversTypes['JobResult']>, ParentType, ContextType, RequireFields<QueryJobsByIdsArgs, 'ids'>>;
  node?: Resolver<Maybe<ResolversTypes['Node']>, ParentType, ContextType, RequireFields<QueryNodeArgs, 'id'>>;
  nodes?: Resolver<Array<Maybe<ResolversTypes['Node']>>, ParentType, ContextType, RequireFields<QueryNodesArgs, 'ids'>>;
  previewBulkAction?: Resolver<ResolversTypes['BulkPreview'], ParentType, ContextType, RequireFields<QueryPreviewBulkActionArgs, 'action' | 'filter'>>;
  viewer?: Resolver<ResolversTypes['Viewer'], ParentType, ContextType>;
  waitForJobs?: Resolver<Array<ResolversTypes['WaitResult']>, ParentType, ContextType, RequireFields<QueryWaitForJobsArgs, 'ids' | 'timeoutSeconds'>>;
};

export type StartBulkActionResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StartBulkActionResult'] = ResolversParentTypes['StartBulkActionResult']> = {
  __resolveType: TypeResolveFn<'BulkOperation' | 'BulkOperationError' | 'ChangedSincePreview' | 'NoJobsMatched' | 'TooManyJobs', ParentType, ContextType>;
};

export type SubscriptionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  bulkOperationChanged?: SubscriptionResolver<ResolversTypes['BulkOperation'], "bulkOperationChanged", ParentType, ContextType, RequireFields<SubscriptionBulkOperationChangedArgs, 'id'>>;
  bulkOperationsChanged?: SubscriptionResolver<ResolversTypes['BulkOperation'], "bulkOperationsChanged", ParentType, ContextType, Partial<SubscriptionBulkOperationsChangedArgs>>;
  jobEventsRecorded?: SubscriptionResolver<Array<ResolversTypes['JobEvent']>, "jobEventsRecorded", ParentType, ContextType, Partial<SubscriptionJobEventsRecordedArgs>>;
  jobListChanged?: SubscriptionResolver<ResolversTypes['JobListEvent'], "jobListChanged", ParentType, ContextType, RequireFields<SubscriptionJobListChangedArgs, 'first'>>;
  jobSystemsChanged?: SubscriptionResolver<ResolversTypes['JobSystem'], "jobSystemsChanged", ParentType, ContextType, Partial<SubscriptionJobSystemsChangedArgs>>;
  jobsChanged?: SubscriptionResolver<ResolversTypes['Job'], "jobsChanged", ParentType, ContextType, RequireFields<SubscriptionJobsChangedArgs, 'ids'>>;
};

export type SystemCredentialsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SystemCredentials'] = ResolversParentTypes['SystemCredentials']> = {
  nextAttemptAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  provenAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  rejectedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['CredentialsStatus'], ParentType, ContextType>;
};

export type SystemHealthResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SystemHealth'] = ResolversParentTypes['SystemHealth']> = {
  checkedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  latencyMs?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  problem?: Resolver<Maybe<ResolversTypes['SystemProblem']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['HealthStatus'], ParentType, ContextType>;
};

export type SystemJobCountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SystemJobCount'] = ResolversParentTypes['SystemJobCount']> = {
  count?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  observedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  precision?: Resolver<ResolversTypes['CountPrecision'], ParentType, ContextType>;
  problem?: Resolver<Maybe<ResolversTypes['SystemProblem']>, ParentType, ContextType>;
  system?: Resolver<ResolversTypes['JobSystem'], ParentType, ContextType>;
};

export type SystemPageResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SystemPage'] = ResolversParentTypes['SystemPage']> = {
  problem?: Resolver<Maybe<ResolversTypes['SystemProblem']>, ParentType, ContextType>;
  returnedCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['SystemPageStatus'], ParentType, ContextType>;
  system?: Resolver<ResolversTypes['JobSystem'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type SystemProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SystemProblem'] = ResolversParentTypes['SystemProblem']> = {
  code?: Resolver<ResolversTypes['ProblemCode'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  retryAfterSeconds?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  retryable?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  systemId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SystemTrafficResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SystemTraffic'] = ResolversParentTypes['SystemTraffic']> = {
  blockedLastMinute?: Resolver<Array<ResolversTypes['BlockedRequests']>, ParentType, ContextType>;
  concurrency?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  inFlight?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  latencyP50Ms?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  latencyP95Ms?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  pauseEndsAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  requestsLastMinute?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  waiting?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type SystemUnavailableResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SystemUnavailable'] = ResolversParentTypes['SystemUnavailable']> = {
  code?: Resolver<ResolversTypes['ProblemCode'], ParentType, ContextType>;
  jobId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  retryAfterSeconds?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  retryable?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  system?: Resolver<ResolversTypes['JobSystem'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type TooManyJobsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TooManyJobs'] = ResolversParentTypes['TooManyJobs']> = {
  code?: Resolver<ResolversTypes['ProblemCode'], ParentType, ContextType>;
  matchedCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  maxJobs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  retryAfterSeconds?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  retryable?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type VendorRejectedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['VendorRejected'] = ResolversParentTypes['VendorRejected']> = {
  code?: Resolver<ResolversTypes['ProblemCode'], ParentType, ContextType>;
  job?: Resolver<ResolversTypes['Job'], ParentType, ContextType>;
  jobId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  retryAfterSeconds?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  retryable?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  vendorCode?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ViewerResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Viewer'] = ResolversParentTypes['Viewer']> = {
  expiresAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  scopes?: Resolver<Array<ResolversTypes['ViewerScope']>, ParentType, ContextType>;
};

export type ViewerScopeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ViewerScope'] = ResolversParentTypes['ViewerScope']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  systemIds?: Resolver<Maybe<Array<ResolversTypes['ID']>>, ParentType, ContextType>;
};

export type WaitResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['WaitResult'] = ResolversParentTypes['WaitResult']> = {
  jobId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  reached?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  result?: Resolver<ResolversTypes['JobResult'], ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  AccessDenied?: AccessDeniedResolvers<ContextType>;
  ActionNotAllowed?: ActionNotAllowedResolvers<ContextType>;
  ActionSummary?: ActionSummaryResolvers<ContextType>;
  BlockedRequests?: BlockedRequestsResolvers<ContextType>;
  BulkCounts?: BulkCountsResolvers<ContextType>;
  BulkItem?: BulkItemResolvers<ContextType>;
  BulkItemConnection?: BulkItemConnectionResolvers<ContextType>;
  BulkItemEdge?: BulkItemEdgeResolvers<ContextType>;
  BulkItemResult?: BulkItemResultResolvers<ContextType>;
  BulkOperation?: BulkOperationResolvers<ContextType>;
  BulkOperationCommand?: BulkOperationCommandResolvers<ContextType>;
  BulkOperationConnection?: BulkOperationConnectionResolvers<ContextType>;
  BulkOperationEdge?: BulkOperationEdgeResolvers<ContextType>;
  BulkOperationError?: BulkOperationErrorResolvers<ContextType>;
  BulkOperationResult?: BulkOperationResultResolvers<ContextType>;
  BulkOutcomeCount?: BulkOutcomeCountResolvers<ContextType>;
  BulkPreview?: BulkPreviewResolvers<ContextType>;
  BulkSystemPreview?: BulkSystemPreviewResolvers<ContextType>;
  BulkSystemProgress?: BulkSystemProgressResolvers<ContextType>;
  CancelJobsPayload?: CancelJobsPayloadResolvers<ContextType>;
  CancelResult?: CancelResultResolvers<ContextType>;
  CancelSuccess?: CancelSuccessResolvers<ContextType>;
  ChangedSincePreview?: ChangedSincePreviewResolvers<ContextType>;
  CircuitBreaker?: CircuitBreakerResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  IdempotencyConflict?: IdempotencyConflictResolvers<ContextType>;
  JSON?: GraphQLScalarType;
  Job?: JobResolvers<ContextType>;
  JobActionAvailability?: JobActionAvailabilityResolvers<ContextType>;
  JobActionPayload?: JobActionPayloadResolvers<ContextType>;
  JobActionResult?: JobActionResultResolvers<ContextType>;
  JobActionSuccess?: JobActionSuccessResolvers<ContextType>;
  JobCancellation?: JobCancellationResolvers<ContextType>;
  JobCancellationConnection?: JobCancellationConnectionResolvers<ContextType>;
  JobCancellationEdge?: JobCancellationEdgeResolvers<ContextType>;
  JobCapability?: JobCapabilityResolvers<ContextType>;
  JobChanged?: JobChangedResolvers<ContextType>;
  JobConnection?: JobConnectionResolvers<ContextType>;
  JobCount?: JobCountResolvers<ContextType>;
  JobCountBucket?: JobCountBucketResolvers<ContextType>;
  JobCounts?: JobCountsResolvers<ContextType>;
  JobDataRange?: JobDataRangeResolvers<ContextType>;
  JobEdge?: JobEdgeResolvers<ContextType>;
  JobEntered?: JobEnteredResolvers<ContextType>;
  JobError?: JobErrorResolvers<ContextType>;
  JobEvent?: JobEventResolvers<ContextType>;
  JobEventConnection?: JobEventConnectionResolvers<ContextType>;
  JobEventEdge?: JobEventEdgeResolvers<ContextType>;
  JobFailure?: JobFailureResolvers<ContextType>;
  JobLeft?: JobLeftResolvers<ContextType>;
  JobLink?: JobLinkResolvers<ContextType>;
  JobListEvent?: JobListEventResolvers<ContextType>;
  JobListPage?: JobListPageResolvers<ContextType>;
  JobListSystems?: JobListSystemsResolvers<ContextType>;
  JobLogConnection?: JobLogConnectionResolvers<ContextType>;
  JobLogEdge?: JobLogEdgeResolvers<ContextType>;
  JobLogLine?: JobLogLineResolvers<ContextType>;
  JobNotFound?: JobNotFoundResolvers<ContextType>;
  JobOutput?: JobOutputResolvers<ContextType>;
  JobProgress?: JobProgressResolvers<ContextType>;
  JobResult?: JobResultResolvers<ContextType>;
  JobStep?: JobStepResolvers<ContextType>;
  JobSystem?: JobSystemResolvers<ContextType>;
  LogCapability?: LogCapabilityResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  NoJobsMatched?: NoJobsMatchedResolvers<ContextType>;
  Node?: NodeResolvers<ContextType>;
  NotAttempted?: NotAttemptedResolvers<ContextType>;
  OutcomeUnknown?: OutcomeUnknownResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  PredictedFailure?: PredictedFailureResolvers<ContextType>;
  Problem?: ProblemResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  StartBulkActionResult?: StartBulkActionResultResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  SystemCredentials?: SystemCredentialsResolvers<ContextType>;
  SystemHealth?: SystemHealthResolvers<ContextType>;
  SystemJobCount?: SystemJobCountResolvers<ContextType>;
  SystemPage?: SystemPageResolvers<ContextType>;
  SystemProblem?: SystemProblemResolvers<ContextType>;
  SystemTraffic?: SystemTrafficResolvers<ContextType>;
  SystemUnavailable?: SystemUnavailableResolvers<ContextType>;
  TooManyJobs?: TooManyJobsResolvers<ContextType>;
  VendorRejected?: VendorRejectedResolvers<ContextType>;
  Viewer?: ViewerResolvers<ContextType>;
  ViewerScope?: ViewerScopeResolvers<ContextType>;
  WaitResult?: WaitResultResolvers<ContextType>;
};

