import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { JobParent, OperationPage, BulkItemParent, HealthParent, SuccessParent } from '../resolvers/parents.ts';
import type { JobFailure as JobFailureParent, JobStep as JobStepParent } from '../../jobs/job.ts';
import type { ServedSystem as JobSystemParent } from '../../job-service/served-system.ts';
import type { JobPage, SystemPage as SystemPageParent } from '../../listing/list-jobs.ts';
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
  /** An instant as RFC 3339 text in UTC with milliseconds, e.g. 2026-03-02T18:14:42.000Z. */
  DateTime: { input: Date; output: Date; }
  /** Any JSON value. */
  JSON: { input: unknown; output: unknown; }
  _FieldSet: { input: unknown; output: unknown; }
};

/** ACCESS_DENIED here, or by the vendor. */
export type AccessDenied = JobError & Problem & {
  __typename?: 'AccessDenied';
  /** What kind of trouble it is. */
  code: ProblemCode;
  /** The id as it was asked. */
  jobId: Scalars['ID']['output'];
  /** What happened and, where that is known, what to do. */
  message: Scalars['String']['output'];
  /** When to try again, where that is known. */
  retryAfterSeconds?: Maybe<Scalars['Float']['output']>;
  /** Whether the same request may succeed later without anybody changing anything. */
  retryable: Scalars['Boolean']['output'];
};

/** Whether a system accepts an action on a job in its current status. */
export type ActionAvailability =
  /** The system accepts the action. */
  | 'AVAILABLE'
  /** The system accepts the action on some jobs in this status, and no read shows which. A mutation sends the action; a rejection is ActionNotAllowed with the vendor's words. */
  | 'MAYBE'
  /** The action is ruled out by the job's status or type, or the system doesn't offer it. A mutation is ActionNotAllowed without a vendor request. */
  | 'UNAVAILABLE';

/** ACTION_NOT_SUPPORTED by the vendor, WRONG_STATUS, or NOT_ELIGIBLE (the status is right, the kind of job is not). */
export type ActionNotAllowed = JobError & Problem & {
  __typename?: 'ActionNotAllowed';
  /** The action that was asked for. */
  action: JobAction;
  /** What kind of trouble it is. */
  code: ProblemCode;
  /** The job, as a reference. */
  job: Job;
  /** The id as it was asked. */
  jobId: Scalars['ID']['output'];
  /** What happened and, where that is known, what to do. */
  message: Scalars['String']['output'];
  /** When to try again, where that is known. */
  retryAfterSeconds?: Maybe<Scalars['Float']['output']>;
  /** Whether the same request may succeed later without anybody changing anything. */
  retryable: Scalars['Boolean']['output'];
};

/** The outcome of an action, in results, events, bulk items, metrics and the audit log. A failure is named like its result type. */
export type ActionOutcome =
  /** The system accepted the action. The job is not in the target status yet. */
  | 'ACCEPTED'
  /** Denied by Jobyard or the vendor. */
  | 'ACCESS_DENIED'
  /** Ruled out by the job's status or type, or by the system. */
  | 'ACTION_NOT_ALLOWED'
  /** Nothing to change: the job was in the target status before. */
  | 'ALREADY_DONE'
  /** The job's state shows the effect. */
  | 'CONFIRMED'
  /** Only of a FOLLOW_UP: a success was recorded, and the job shows that it was none. */
  | 'CONTRADICTED'
  /** A dry run passed all checks; nothing was sent. Leaves no event. */
  | 'DRY_RUN_PASSED'
  /** The system accepted the cancel and no longer lists the job. */
  | 'JOB_GONE'
  /** There is no such job. */
  | 'JOB_NOT_FOUND'
  /** Never sent. */
  | 'NOT_ATTEMPTED'
  /** The vendor may have performed the action; the job doesn't show it. */
  | 'OUTCOME_UNKNOWN'
  /** The system could not be used; nothing was changed. */
  | 'SYSTEM_UNAVAILABLE'
  /** The vendor rejected the action, or accepted it without an effect. */
  | 'VENDOR_REJECTED';

/** Results counted; they add up to requested. A repeated id counts each time. */
export type ActionSummary = {
  __typename?: 'ActionSummary';
  /** Certain failures. */
  failed: Scalars['Int']['output'];
  /** Ids in the input. */
  requested: Scalars['Int']['output'];
  /** Successes. */
  succeeded: Scalars['Int']['output'];
  /** Outcomes that nobody knows. */
  unknown: Scalars['Int']['output'];
};

/** Whether a vendor offers an action. */
export type ActionSupport =
  /** One vendor request for many jobs. */
  | 'NATIVE_BATCH'
  /** One vendor request per job. */
  | 'ONE_BY_ONE'
  /** Not offered: such a job answers ActionNotAllowed and the vendor is not called. */
  | 'UNSUPPORTED';

/** What can be done to a bulk operation. */
export type BulkCommand =
  /** cancelBulkOperation. */
  | 'CANCEL'
  /** resumeBulkOperation. */
  | 'RESUME'
  /** retryFailedBulkItems. */
  | 'RETRY_FAILED'
  /** suspendBulkOperation. */
  | 'SUSPEND';

/** Items counted; the last four add up to selected. */
export type BulkCounts = {
  __typename?: 'BulkCounts';
  /** Certain failures, and items that were never sent. */
  failed: Scalars['Int']['output'];
  /** Not settled yet. */
  pending: Scalars['Int']['output'];
  /** All. */
  selected: Scalars['Int']['output'];
  /** Successes. */
  succeeded: Scalars['Int']['output'];
  /** Outcomes that nobody knows. */
  unknown: Scalars['Int']['output'];
};

/** One job of a bulk operation. */
export type BulkItem = {
  __typename?: 'BulkItem';
  /** How often it was begun. From the second time on the job is read again before anything is sent. */
  attempts: Scalars['Int']['output'];
  /** When it was settled. */
  finishedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The job, as a reference. */
  job: Job;
  /** The id of the job. */
  jobId: Scalars['ID']['output'];
  /** The outcome of the action on this job. Null while the item is PENDING. */
  outcome?: Maybe<ActionOutcome>;
  /** What came of it, as the direct mutation would have answered; null while it is pending. */
  result?: Maybe<BulkItemResult>;
  /** The status of the item. */
  status: BulkItemStatus;
};

/** One page of items. */
export type BulkItemConnection = {
  __typename?: 'BulkItemConnection';
  /** The rows, each with its cursor. */
  edges: Array<BulkItemEdge>;
  /** The rows alone. */
  nodes: Array<BulkItem>;
  /** Where the page ends and whether there is more. */
  pageInfo: PageInfo;
};

/** A row and where it stands. */
export type BulkItemEdge = {
  __typename?: 'BulkItemEdge';
  /** Hand it to after to go on behind this row. */
  cursor: Scalars['String']['output'];
  /** The item. */
  node: BulkItem;
};

/** What came of one item: the members of CancelResult for a cancel, of JobActionResult for the other actions. */
export type BulkItemResult = AccessDenied | ActionNotAllowed | CancelSuccess | JobActionSuccess | JobNotFound | NotAttempted | OutcomeUnknown | SystemUnavailable | VendorRejected;

/** The status of an item: the class of its outcome. */
export type BulkItemStatus =
  /** It failed, or was never sent. */
  | 'FAILED'
  /** Not processed yet. */
  | 'PENDING'
  /** It succeeded. */
  | 'SUCCEEDED'
  /** The vendor may have performed the action. */
  | 'UNKNOWN';

/** An action on many jobs that runs in the background, survives restarts and keeps a result per job. */
export type BulkOperation = {
  __typename?: 'BulkOperation';
  /** What is done. */
  action: JobAction;
  /** What was done to it since, and by whom. Newest first, at most 100. */
  commands: Array<BulkOperationCommand>;
  /** Its items counted, exactly. */
  counts: BulkCounts;
  /** When it was started. */
  createdAt: Scalars['DateTime']['output'];
  /** The filter it was started with, or that of its preview. */
  filter: Scalars['JSON']['output'];
  /** When it ended. */
  finishedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Unique. */
  id: Scalars['ID']['output'];
  /** Its items, in the order of selection. Each is kept with what came of it. */
  items: BulkItemConnection;
  /** Most jobs sent a second; null: as fast as the systems take them. */
  maxPerSecond?: Maybe<Scalars['Float']['output']>;
  /** Why it FAILED as a whole; null otherwise. */
  problem?: Maybe<BulkOperationError>;
  /** Why, in the words of who started it. */
  reason: Scalars['String']['output'];
  /** Who started it: key:NAME, jwt:SUBJECT or anonymous. */
  startedBy: Scalars['String']['output'];
  /** How it stands. */
  status: BulkOperationStatus;
  /** The same per system. */
  systems: Array<BulkSystemProgress>;
};


/** An action on many jobs that runs in the background, survives restarts and keeps a result per job. */
export type BulkOperationItemsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  status?: InputMaybe<BulkItemStatus>;
};

/** Something that was done to a bulk operation after its start. */
export type BulkOperationCommand = {
  __typename?: 'BulkOperationCommand';
  /** Who did it: key:NAME, jwt:SUBJECT or anonymous. What is sent after a RESUME or RETRY_FAILED is sent in this name and with its rights. */
  caller: Scalars['String']['output'];
  /** What. */
  command: BulkCommand;
  /** When. */
  recordedAt: Scalars['DateTime']['output'];
  /** The request's id, as in the log and the audit. */
  requestId: Scalars['ID']['output'];
};

/** One page of bulk operations. */
export type BulkOperationConnection = {
  __typename?: 'BulkOperationConnection';
  /** The rows, each with its cursor. */
  edges: Array<BulkOperationEdge>;
  /** The rows alone. */
  nodes: Array<BulkOperation>;
  /** Where the page ends and whether there is more. */
  pageInfo: PageInfo;
};

/** A row and where it stands. */
export type BulkOperationEdge = {
  __typename?: 'BulkOperationEdge';
  /** Hand it to after to go on behind this row. */
  cursor: Scalars['String']['output'];
  /** The operation. */
  node: BulkOperation;
};

/** Why a bulk operation was not started or not changed: INCOMPLETE_SELECTION, PREVIEW_NOT_FOUND, IDEMPOTENCY_CONFLICT, ACTION_NOT_SUPPORTED, ACCESS_DENIED, BULK_OPERATION_NOT_FOUND, WRONG_STATUS or STORE_UNAVAILABLE. */
export type BulkOperationError = Problem & {
  __typename?: 'BulkOperationError';
  /** What kind of trouble it is. */
  code: ProblemCode;
  /** What happened and, where that is known, what to do. */
  message: Scalars['String']['output'];
  /** When to try again, where that is known. */
  retryAfterSeconds?: Maybe<Scalars['Float']['output']>;
  /** Whether the same request may succeed later without anybody changing anything. */
  retryable: Scalars['Boolean']['output'];
  /** The systems that are the reason, each with its own. */
  systemProblems: Array<SystemProblem>;
};

/** The operation after a change, or why it was not changed. */
export type BulkOperationResult = BulkOperation | BulkOperationError;

/** How a bulk operation stands. */
export type BulkOperationStatus =
  /** Ended by somebody; some items were never sent. */
  | 'CANCELLED'
  /** Ended without a single success, or it could not begin: see problem. */
  | 'FAILED'
  /** Ended; some items failed or nobody can tell. */
  | 'PARTIALLY_SUCCEEDED'
  /** Items are being sent. */
  | 'RUNNING'
  /** The jobs are being selected; nothing is sent yet. */
  | 'SELECTING'
  /** Every item succeeded. */
  | 'SUCCEEDED'
  /** Held by somebody; nothing is sent. */
  | 'SUSPENDED';

/** What an action on all jobs that match would meet, as far as can be told without sending anything. */
export type BulkPreview = {
  __typename?: 'BulkPreview';
  /** What would be done. */
  action: JobAction;
  /** Of these, jobs on which the action is available now (AVAILABLE or MAYBE). */
  availableCount: Scalars['Int']['output'];
  /** False where a system could not tell all its jobs: the count is too low then. */
  complete: Scalars['Boolean']['output'];
  /** When the token ends. */
  expiresAt: Scalars['DateTime']['output'];
  /** Jobs that match. */
  matchedCount: Scalars['Int']['output'];
  /** Why the others would be refused, counted by code. They can still be started: each refusal is then kept as the result of its item. */
  predictedFailures: Array<PredictedFailure>;
  /** The first of them, newest first, at most 20. */
  sample: Array<Job>;
  /** What each system that was asked told. */
  systems: Array<BulkSystemPreview>;
  /** The preview token: startBulkAction with it acts on exactly the jobs that were seen here. Good for one hour, for the same caller, action and filter. */
  token: Scalars['String']['output'];
  /** Of these jobs, those on which it is MAYBE available: only the system knows whether it accepts the action. */
  uncertain: Scalars['Int']['output'];
};

/** What one system told for a preview. */
export type BulkSystemPreview = {
  __typename?: 'BulkSystemPreview';
  /** Jobs of it that match. */
  matchedCount: Scalars['Int']['output'];
  /** Why it did not. */
  problem?: Maybe<SystemProblem>;
  /** Whether it told them all; END_REACHED where it did. */
  status: SystemPageStatus;
  /** The system. */
  system: JobSystem;
};

/** A bulk operation's progress on one system. */
export type BulkSystemProgress = {
  __typename?: 'BulkSystemProgress';
  /** Its items counted. */
  counts: BulkCounts;
  /** Why its items were not all selected or are not going out; null where they are. */
  problem?: Maybe<SystemProblem>;
  /** The system. */
  system: JobSystem;
};

/** Which jobs to cancel. */
export type CancelJobsInput = {
  /** Check everything, send nothing. */
  dryRun: Scalars['Boolean']['input'];
  /**
   * The same key with the same input within 24 hours gives the stored answer and sends nothing; with another input each job is an
   * IdempotencyConflict. A key is free again if the request changed nothing and a result is SystemUnavailable or NotAttempted; in a stored
   * answer no result is retryable.
   * Keys of different callers have nothing to do with each other. 1 to 200 characters, none of them a control character.
   */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /**
   * 1 to 2,000 ids. Each id gets one result, in this order; a repeated id is sent to the vendor once. An id that can't be one (more than 1,000
   * characters, say) is a JobNotFound. If the same action on a job is in progress for another request, this one shares it: the vendor is asked once.
   */
  ids: Array<Scalars['ID']['input']>;
  /** Why, in at most 1,000 characters; kept with the events of the jobs (JobEvent.reason). No control characters but line breaks and tabs. */
  reason?: InputMaybe<Scalars['String']['input']>;
  /** Wait so long at most, 0 to 25, for jobs whose cancel was accepted to stop; their results say what the jobs show then. */
  waitSeconds: Scalars['Float']['input'];
};

/** One result per id, in the order asked. */
export type CancelJobsPayload = {
  __typename?: 'CancelJobsPayload';
  /** One per id, in the order asked. */
  results: Array<CancelResult>;
  /** The results counted. */
  summary: ActionSummary;
};

/** What came of cancelling one job. */
export type CancelResult = AccessDenied | ActionNotAllowed | CancelSuccess | IdempotencyConflict | JobNotFound | NotAttempted | OutcomeUnknown | SystemUnavailable | VendorRejected;

/** The job is cancelled, or will be. */
export type CancelSuccess = {
  __typename?: 'CancelSuccess';
  /** DRY_RUN_PASSED: whether the job allows the cancel, AVAILABLE or MAYBE. Null for other outcomes. */
  availability?: Maybe<JobActionAvailability>;
  /** The job, as a reference. */
  job: Job;
  /** The id as it was asked. */
  jobId: Scalars['ID']['output'];
  /** Whether the system confirmed the cancellation. */
  outcome: SuccessOutcome;
};

/** CHANGED_SINCE_PREVIEW, only with ifChanged: REFUSE. Look at a new preview. Nothing was sent. */
export type ChangedSincePreview = Problem & {
  __typename?: 'ChangedSincePreview';
  /** Jobs that match now and did not then. */
  addedCount: Scalars['Int']['output'];
  /** What kind of trouble it is. */
  code: ProblemCode;
  /** Jobs that match now. */
  matchedCount: Scalars['Int']['output'];
  /** What happened and, where that is known, what to do. */
  message: Scalars['String']['output'];
  /** Jobs that the preview saw. */
  previewedCount: Scalars['Int']['output'];
  /** Jobs that matched then and do not now. */
  removedCount: Scalars['Int']['output'];
  /** When to try again, where that is known. */
  retryAfterSeconds?: Maybe<Scalars['Float']['output']>;
  /** Whether the same request may succeed later without anybody changing anything. */
  retryable: Scalars['Boolean']['output'];
};

/** Whether a system can be used. */
export type HealthStatus =
  /** It answers slowly, or holds requests off for now. */
  | 'DEGRADED'
  /** It does not answer, or refuses Jobyard. */
  | 'DOWN'
  /** Not checked yet, or asked with your own credential, which is missing. */
  | 'UNKNOWN'
  /** It answers. */
  | 'UP';

/** IDEMPOTENCY_CONFLICT: the key was used before with another input, or what it was used for has not ended. Nothing was sent. */
export type IdempotencyConflict = JobError & Problem & {
  __typename?: 'IdempotencyConflict';
  /** What kind of trouble it is. */
  code: ProblemCode;
  /** The id as it was asked. */
  jobId: Scalars['ID']['output'];
  /** What happened and, where that is known, what to do. */
  message: Scalars['String']['output'];
  /** When to try again, where that is known. */
  retryAfterSeconds?: Maybe<Scalars['Float']['output']>;
  /** Whether the same request may succeed later without anybody changing anything. */
  retryable: Scalars['Boolean']['output'];
};

/** What a start with a preview token does if other jobs match by now than the preview saw. */
export type IfChanged =
  /** Acts on exactly the jobs that the preview saw. A job that has ended or gone since becomes an item with its failure; new jobs are not touched. */
  | 'ACT_ON_PREVIEWED'
  /** Selects the jobs again and starts only if they are the same; otherwise the result is ChangedSincePreview. */
  | 'REFUSE';

/** A job of one system. Inside a result it is a reference: id, systemId, vendorId and system cost no vendor call, the rest one batched read, and only when selected. */
export type Job = {
  __typename?: 'Job';
  /** What can be done with it now, decided by the code that decides the mutation. */
  actions: Array<JobActionAvailability>;
  /** What became of the last cancel that was sent through Jobyard; null where none was. */
  cancellation?: Maybe<JobCancellation>;
  /** When the vendor received or created it. Of a Vault job that was read by id one vendor request, and only when selected and not known from a list. */
  createdAt?: Maybe<Scalars['DateTime']['output']>;
  /** The range of data that the job processes (Kylin). Null if the job has none. */
  dataRange?: Maybe<JobDataRange>;
  /** How long it ran or has been running, as the vendor measures it, else from startedAt to finishedAt; null where neither is known. */
  durationSeconds?: Maybe<Scalars['Float']['output']>;
  /** What was done to it through Jobyard, newest first. Null, with an error, where that is not for the caller to read or can't be read now. */
  events?: Maybe<JobEventConnection>;
  /** Why a FAILED job failed. Null if the vendor gives no reason. Costs no further request beside failureMessage. */
  failure?: Maybe<JobFailure>;
  /** Why a FAILED job failed, in the vendor's words; null where it gives none (Vault). One vendor request per failed job, and only when selected. */
  failureMessage?: Maybe<Scalars['String']['output']>;
  /** When it ended; null where it has not, or the vendor doesn't tell. */
  finishedAt?: Maybe<Scalars['DateTime']['output']>;
  /** systemId:vendorId, split at the first colon. Case-sensitive. */
  id: Scalars['ID']['output'];
  /** True for CANCELLED, SUCCEEDED and FAILED: over, unless someone resumes or restarts it. */
  isTerminal: Scalars['Boolean']['output'];
  /** Falls back to type, then to vendorId. */
  name: Scalars['String']['output'];
  /** When this copy was read from the vendor; of a job that could not be read, when that was tried. */
  observedAt: Scalars['DateTime']['output'];
  /** Who it belongs to, as the vendor names people: a user name, a user id or an e-mail address. */
  owner?: Maybe<Scalars['String']['output']>;
  /** Why this copy is stale or could not be read. */
  problem?: Maybe<SystemProblem>;
  /** How far it is; null where the vendor gives no measure. On some systems one vendor request per job, and only when selected. */
  progress?: Maybe<JobProgress>;
  /** The vendor's own fields, secrets removed. */
  raw?: Maybe<Scalars['JSON']['output']>;
  /** The vendor's grouping of jobs: the project in Kylin, the ID of the library in AODocs. Null if the vendor has none. */
  scope?: Maybe<Scalars['String']['output']>;
  /** True where the vendor forbids a newer read for now, or could not be reached, and an older copy is served. */
  stale: Scalars['Boolean']['output'];
  /** When it began to run; null where it has not, or the vendor doesn't tell. */
  startedAt?: Maybe<Scalars['DateTime']['output']>;
  /** UNKNOWN for a word we don't know, and where the job could not be read (then problem says why). */
  status: JobStatus;
  /** Stages of the job where the vendor has them (Kylin steps, Vault tasks). One vendor call per job, and only when selected. */
  steps?: Maybe<Array<JobStep>>;
  /** Its system. */
  system: JobSystem;
  /** The id of its system. */
  systemId: Scalars['ID']['output'];
  /** The vendor's word for the kind of job; null where it has none. In a list of Vault jobs one or two vendor queries for all of them, and only when selected. */
  type?: Maybe<Scalars['String']['output']>;
  /** The vendor's own id, always as text: 64-bit ids survive. */
  vendorId: Scalars['ID']['output'];
  /** The vendor's word, verbatim. */
  vendorStatus?: Maybe<Scalars['String']['output']>;
  /** How long the job waited to run, or has waited so far, in seconds. Null if the vendor doesn't report it. */
  waitSeconds?: Maybe<Scalars['Float']['output']>;
};


/** A job of one system. Inside a result it is a reference: id, systemId, vendorId and system cost no vendor call, the rest one batched read, and only when selected. */
export type JobEventsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
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

/** Whether a job allows an action now. */
export type JobActionAvailability = {
  __typename?: 'JobActionAvailability';
  /** The action. */
  action: JobAction;
  /** Whether the system accepts the action on this job. */
  availability: ActionAvailability;
  /** False only if availability is UNAVAILABLE: a mutation sends the action in the other cases. */
  available: Scalars['Boolean']['output'];
  /** Why availability isn't AVAILABLE; null if it is. */
  reason?: Maybe<Scalars['String']['output']>;
};

/** Which jobs to act on. */
export type JobActionInput = {
  /** Check everything, send nothing. */
  dryRun: Scalars['Boolean']['input'];
  /**
   * The same key with the same input within 24 hours gives the stored answer and sends nothing; with another input each job is an
   * IdempotencyConflict. A key is free again if the request changed nothing and a result is SystemUnavailable or NotAttempted; in a stored
   * answer no result is retryable.
   * Keys of different callers have nothing to do with each other. 1 to 200 characters, none of them a control character.
   */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /**
   * 1 to 2,000 ids. Each id gets one result, in this order; a repeated id is sent to the vendor once. An id that can't be one (more than 1,000
   * characters, say) is a JobNotFound. If the same action on a job is in progress for another request, this one shares it: the vendor is asked once.
   */
  ids: Array<Scalars['ID']['input']>;
  /** Why, in at most 1,000 characters; kept with the events of the jobs (JobEvent.reason). No control characters but line breaks and tabs. */
  reason?: InputMaybe<Scalars['String']['input']>;
};

/** One result per id, in the order asked. */
export type JobActionPayload = {
  __typename?: 'JobActionPayload';
  /** One per id, in the order asked. */
  results: Array<JobActionResult>;
  /** The results counted. */
  summary: ActionSummary;
};

/** What came of pausing, resuming, restarting or starting one job. */
export type JobActionResult = AccessDenied | ActionNotAllowed | IdempotencyConflict | JobActionSuccess | JobNotFound | NotAttempted | OutcomeUnknown | SystemUnavailable | VendorRejected;

/** The action succeeded, as far as `outcome` says. */
export type JobActionSuccess = {
  __typename?: 'JobActionSuccess';
  /** The action that was performed. */
  action: JobAction;
  /** DRY_RUN_PASSED: whether the job allows the action, AVAILABLE or MAYBE. Null for other outcomes. */
  availability?: Maybe<JobActionAvailability>;
  /** The job, as a reference. */
  job: Job;
  /** The id as it was asked. */
  jobId: Scalars['ID']['output'];
  /** Whether the job's state shows the effect. */
  outcome: SuccessOutcome;
};

/** A cancel that was sent, followed until the job is over. */
export type JobCancellation = {
  __typename?: 'JobCancellation';
  /** The status in which the job ended although the cancel had been accepted or the job had been seen canceled (SUCCEEDED, FAILED), or went on running; null if it was obeyed or is still open. */
  contradictingStatus?: Maybe<JobStatus>;
  /** True where the cancel was accepted long ago and the job is still not over. */
  overdue: Scalars['Boolean']['output'];
  /** Why, in the words of who asked. */
  reason?: Maybe<Scalars['String']['output']>;
  /** When it was sent. */
  requestedAt: Scalars['DateTime']['output'];
  /** Who asked for it: key:NAME, jwt:SUBJECT or anonymous. */
  requestedBy: Scalars['String']['output'];
  /** When it was seen that the job is over; null while it is not, or nobody can tell. */
  resolvedAt?: Maybe<Scalars['DateTime']['output']>;
};

/** How one action works on one system. What a system can't do is listed too, as UNSUPPORTED. */
export type JobCapability = {
  __typename?: 'JobCapability';
  /** The action this entry is about. */
  action: JobAction;
  /** The statuses from which the vendor accepts the action. */
  allowedStatuses: Array<JobStatus>;
  /** True where the vendor only accepts the request and the job ends later. */
  asynchronous: Scalars['Boolean']['output'];
  /** Most jobs one vendor request can name; null where the vendor sets no limit. */
  maxBatchSize?: Maybe<Scalars['Int']['output']>;
  /** Whether the vendor offers it, and for how many jobs at a time. */
  support: ActionSupport;
};

/** One page over all systems asked for. A system that fails costs its own rows, not the page. */
export type JobConnection = {
  __typename?: 'JobConnection';
  /** False where a system that was asked is missing from this page, or shows less than it has. */
  complete: Scalars['Boolean']['output'];
  /** The rows, each with its cursor. */
  edges: Array<JobEdge>;
  /** The rows alone. */
  nodes: Array<Job>;
  /** Where the page ends and whether there is more. */
  pageInfo: PageInfo;
  /** What each system that was asked gave to this page. */
  systems: Array<SystemPage>;
};

/** A range of data, by time. */
export type JobDataRange = {
  __typename?: 'JobDataRange';
  /** The start, inclusive. Null if the range is open. */
  from?: Maybe<Scalars['DateTime']['output']>;
  /** The end, exclusive. Null if the range is open. */
  to?: Maybe<Scalars['DateTime']['output']>;
};

/** A row and the cursor with which the rows after it can be asked for. */
export type JobEdge = {
  __typename?: 'JobEdge';
  /** For the argument after. */
  cursor: Scalars['String']['output'];
  /** The job. */
  node: Job;
};

/** About one job that was asked for. Every member of a result union but the success is one. */
export type JobError = {
  /** What kind of trouble it is. */
  code: ProblemCode;
  /** The id as it was asked. */
  jobId: Scalars['ID']['output'];
  /** What happened and, where that is known, what to do. */
  message: Scalars['String']['output'];
  /** When to try again, where that is known. */
  retryAfterSeconds?: Maybe<Scalars['Float']['output']>;
  /** Whether the same request may succeed later without anybody changing anything. */
  retryable: Scalars['Boolean']['output'];
};

/** Something that was done to a job through Jobyard, or found out about it later. Never changed, never deleted before its retention ends. */
export type JobEvent = {
  __typename?: 'JobEvent';
  /** What was asked for. */
  action: JobAction;
  /** The bulk operation it was part of. */
  bulkOperationId?: Maybe<Scalars['ID']['output']>;
  /** Who asked: key:NAME, jwt:SUBJECT or anonymous. */
  caller: Scalars['String']['output'];
  /** What kind of trouble it was; null where it succeeded. */
  code?: Maybe<ProblemCode>;
  /** Unique; later events have greater ids. */
  id: Scalars['ID']['output'];
  /** The job, as a reference. */
  job: Job;
  /** The id of the job. */
  jobId: Scalars['ID']['output'];
  /** Whether it is an action or the later end of one. */
  kind: JobEventKind;
  /** What happened, in words; null where it succeeded. */
  message?: Maybe<Scalars['String']['output']>;
  /** The name of the GraphQL operation it came with. */
  operationName?: Maybe<Scalars['String']['output']>;
  /** The outcome: of an ACTION when it was performed, of a FOLLOW_UP when it was resolved. */
  outcome: ActionOutcome;
  /** Why, in the words of who asked; at most the first 1,000 characters. */
  reason?: Maybe<Scalars['String']['output']>;
  /** When it was recorded. */
  recordedAt: Scalars['DateTime']['output'];
  /** The request it came with: the x-request-id of its answer; over a WebSocket with the operation's number behind it; of a bulk operation its id. */
  requestId?: Maybe<Scalars['ID']['output']>;
  /** Whether a request that asks the vendor for it went out: its own, or that of another caller's action that it shared. */
  sent: Scalars['Boolean']['output'];
  /** The vendor's own code, where it refused with one. */
  vendorCode?: Maybe<Scalars['String']['output']>;
  /** How the job stood afterwards, in the vendor's own word, where that was read. */
  vendorStatus?: Maybe<Scalars['String']['output']>;
};

/** One page of events. */
export type JobEventConnection = {
  __typename?: 'JobEventConnection';
  /** The rows, each with its cursor. */
  edges: Array<JobEventEdge>;
  /** The rows alone. */
  nodes: Array<JobEvent>;
  /** Where the page ends and whether there is more. */
  pageInfo: PageInfo;
};

/** A row and where it stands. */
export type JobEventEdge = {
  __typename?: 'JobEventEdge';
  /** Hand it to after to go on behind this row. */
  cursor: Scalars['String']['output'];
  /** The event. */
  node: JobEvent;
};

/** Conditions on events; an event must meet all that are given. Ids and names have at most 1,000 characters. */
export type JobEventFilter = {
  /** Events of these actions. */
  actions?: InputMaybe<Array<JobAction>>;
  /** Events of this bulk operation. */
  bulkOperationId?: InputMaybe<Scalars['ID']['input']>;
  /** Events caused by these callers, spelt as in JobEvent.caller. */
  callers?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Events of these jobs, at most 2,000. */
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
  /** Events of jobs of these systems. An unknown id is refused. */
  systemIds?: InputMaybe<Array<Scalars['ID']['input']>>;
};

/** The two kinds of events. */
export type JobEventKind =
  /** An action was performed. */
  | 'ACTION'
  /** What became of an earlier action: its outcome was resolved, or the job contradicts it. */
  | 'FOLLOW_UP';

/** Why a job failed, as the vendor explains it. */
export type JobFailure = {
  __typename?: 'JobFailure';
  /** What the vendor advises to do. Null if it advises nothing. */
  advice?: Maybe<Scalars['String']['output']>;
  /** The vendor's code for the reason. Null if it has none. */
  code?: Maybe<Scalars['String']['output']>;
  /** The reason on one line, at most 300 characters; the same as Job.failureMessage. */
  message: Scalars['String']['output'];
  /** The stage that failed. Null if the vendor names none. */
  step?: Maybe<JobStep>;
};

/** Conditions on jobs; a job must meet all that are given. Names and texts have at most 1,000 characters. */
export type JobFilter = {
  /** Only jobs on which this action is available now (AVAILABLE or MAYBE). */
  availableAction?: InputMaybe<JobAction>;
  /** Jobs created at this time or later. */
  createdFrom?: InputMaybe<Scalars['DateTime']['input']>;
  /** Jobs created at this time or earlier. */
  createdTo?: InputMaybe<Scalars['DateTime']['input']>;
  /** Jobs of one of these owners, spelled as in Job.owner. Composed and decomposed accents are the same (Unicode NFC), upper and lower case are not. */
  owners?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Jobs in one of these scopes, spelled as in Job.scope: Kylin projects or IDs of AODocs libraries. Systems without scopes have no matching jobs. */
  scopes?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Jobs in one of these statuses. */
  statuses?: InputMaybe<Array<JobStatus>>;
  /** Jobs of these systems. An unknown id is refused. */
  systemIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** Substring of the name or of the vendor id, ignoring case. Composed and decomposed accents are the same (Unicode NFC). */
  text?: InputMaybe<Scalars['String']['input']>;
  /** Jobs of one of these types, spelled as in Job.type. Composed and decomposed accents are the same (Unicode NFC), upper and lower case are not. */
  types?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Jobs of systems of these vendors, spelled as in JobSystem.vendor. Jobyard rejects a vendor of which no system is configured. */
  vendors?: InputMaybe<Array<Scalars['String']['input']>>;
};

/** A web page about a job or a stage. */
export type JobLink = {
  __typename?: 'JobLink';
  /** What the page shows. */
  title: Scalars['String']['output'];
  /** Its address, http or https. */
  url: Scalars['String']['output'];
};

/** INVALID_ID, SYSTEM_NOT_FOUND or JOB_NOT_FOUND. */
export type JobNotFound = JobError & Problem & {
  __typename?: 'JobNotFound';
  /** What kind of trouble it is. */
  code: ProblemCode;
  /** The id as it was asked; at most its first 1,000 characters. */
  jobId: Scalars['ID']['output'];
  /** What happened and, where that is known, what to do. */
  message: Scalars['String']['output'];
  /** When to try again, where that is known. */
  retryAfterSeconds?: Maybe<Scalars['Float']['output']>;
  /** Whether the same request may succeed later without anybody changing anything. */
  retryable: Scalars['Boolean']['output'];
};

/** By what jobs are sorted. Jobs without the time come last. */
export type JobOrder = {
  /** Oldest or newest first. */
  direction: SortDirection;
  /** The time to sort by. */
  field: JobOrderField;
};

/** Times that jobs can be sorted by. */
export type JobOrderField =
  /** Job.createdAt */
  | 'CREATED_AT'
  /** Job.finishedAt */
  | 'FINISHED_AT'
  /** Job.startedAt */
  | 'STARTED_AT';

/** How far a job is. */
export type JobProgress = {
  __typename?: 'JobProgress';
  /** Tasks that failed. */
  failedTasks?: Maybe<Scalars['Int']['output']>;
  /** 0 to 1; null where the vendor gives no measure. */
  fraction?: Maybe<Scalars['Float']['output']>;
  /** Tasks still to do. */
  remainingTasks?: Maybe<Scalars['Int']['output']>;
  /** Tasks that ended well. */
  succeededTasks?: Maybe<Scalars['Int']['output']>;
};

/** A job, or why there is none to show. */
export type JobResult = AccessDenied | Job | JobNotFound | SystemUnavailable;

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

/** A stage of a job. */
export type JobStep = {
  __typename?: 'JobStep';
  /** What the vendor advises to do about the failure of this stage. Null if it advises nothing. */
  advice?: Maybe<Scalars['String']['output']>;
  /** How long the stage ran or has been running, in seconds: as the vendor measures it, else from startedAt to finishedAt. Null if neither is known. */
  durationSeconds?: Maybe<Scalars['Float']['output']>;
  /** The vendor's code for the failure of this stage. Null if it has none. */
  failureCode?: Maybe<Scalars['String']['output']>;
  /** When it ended. */
  finishedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Unique within the job. */
  id: Scalars['ID']['output'];
  /** Pages that the vendor links to, such as the Spark history of a Kylin step. At most 20, http or https. */
  links: Array<JobLink>;
  /** The vendor's word on a failure of this stage. */
  message?: Maybe<Scalars['String']['output']>;
  /** The vendor's name for the stage. */
  name: Scalars['String']['output'];
  /** When it began. */
  startedAt?: Maybe<Scalars['DateTime']['output']>;
  /** How it stands. */
  status: JobStatus;
  /** The parts of the stage, in the vendor's order; they have no parts of their own. */
  substeps: Array<JobStep>;
  /** The vendor's word, verbatim. */
  vendorStatus?: Maybe<Scalars['String']['output']>;
  /** How long the stage waited to run, in seconds. Null if the vendor doesn't report it. */
  waitSeconds?: Maybe<Scalars['Float']['output']>;
};

/** A configured connection to one vendor's job system. */
export type JobSystem = {
  __typename?: 'JobSystem';
  /** How each action works here, one entry per action. */
  capabilities: Array<JobCapability>;
  /** Whether it answers. Checked with one vendor request when the last check is older than 10 seconds. */
  health: SystemHealth;
  /** The name it has in the configuration: [a-z][a-z0-9-]*, e.g. kylin-prod. */
  id: Scalars['ID']['output'];
  /** One page of this system's jobs; as Query.jobs with this system alone. */
  jobs: JobConnection;
  /** Its name for people. */
  title: Scalars['String']['output'];
  /** The name of its vendor in the configuration, such as kylin. Text, so that a new vendor changes no schema. */
  vendor: Scalars['String']['output'];
};


/** A configured connection to one vendor's job system. */
export type JobSystemJobsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<JobFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<JobOrder>;
};

/** Acting. Each field takes many jobs and answers one result per job; fields of one request run one after the other. */
export type Mutation = {
  __typename?: 'Mutation';
  /** Ends an operation: what is under way is finished, the rest is never sent. Does not undo anything. */
  cancelBulkOperation: BulkOperationResult;
  /** Stops jobs. Accepted is not cancelled: CancelSuccess.outcome says which. */
  cancelJobs: CancelJobsPayload;
  /** Holds jobs so that they can be resumed. */
  pauseJobs: JobActionPayload;
  /** Begins jobs anew; what they had done may be thrown away. Repeating a restart whose outcome is unknown can do harm. */
  restartJobs: JobActionPayload;
  /** Goes on with a suspended operation. */
  resumeBulkOperation: BulkOperationResult;
  /** Lets paused or failed jobs go on. */
  resumeJobs: JobActionPayload;
  /** Tries the failed items of an ended operation once more. Each is read again before it is sent. */
  retryFailedBulkItems: BulkOperationResult;
  /** Takes an action on all jobs that match, as a durable operation that survives restarts. */
  startBulkAction: StartBulkActionResult;
  /** Runs scheduled jobs now instead of at their planned time. */
  startJobs: JobActionPayload;
  /** Sends nothing more until it is resumed; what is under way is finished. */
  suspendBulkOperation: BulkOperationResult;
};


/** Acting. Each field takes many jobs and answers one result per job; fields of one request run one after the other. */
export type MutationCancelBulkOperationArgs = {
  id: Scalars['ID']['input'];
};


/** Acting. Each field takes many jobs and answers one result per job; fields of one request run one after the other. */
export type MutationCancelJobsArgs = {
  input: CancelJobsInput;
};


/** Acting. Each field takes many jobs and answers one result per job; fields of one request run one after the other. */
export type MutationPauseJobsArgs = {
  input: JobActionInput;
};


/** Acting. Each field takes many jobs and answers one result per job; fields of one request run one after the other. */
export type MutationRestartJobsArgs = {
  input: JobActionInput;
};


/** Acting. Each field takes many jobs and answers one result per job; fields of one request run one after the other. */
export type MutationResumeBulkOperationArgs = {
  id: Scalars['ID']['input'];
};


/** Acting. Each field takes many jobs and answers one result per job; fields of one request run one after the other. */
export type MutationResumeJobsArgs = {
  input: JobActionInput;
};


/** Acting. Each field takes many jobs and answers one result per job; fields of one request run one after the other. */
export type MutationRetryFailedBulkItemsArgs = {
  id: Scalars['ID']['input'];
};


/** Acting. Each field takes many jobs and answers one result per job; fields of one request run one after the other. */
export type MutationStartBulkActionArgs = {
  input: StartBulkActionInput;
};


/** Acting. Each field takes many jobs and answers one result per job; fields of one request run one after the other. */
export type MutationStartJobsArgs = {
  input: JobActionInput;
};


/** Acting. Each field takes many jobs and answers one result per job; fields of one request run one after the other. */
export type MutationSuspendBulkOperationArgs = {
  id: Scalars['ID']['input'];
};

/** NO_JOBS_MATCHED. Nothing was sent. */
export type NoJobsMatched = Problem & {
  __typename?: 'NoJobsMatched';
  /** What kind of trouble it is. */
  code: ProblemCode;
  /** What happened and, where that is known, what to do. */
  message: Scalars['String']['output'];
  /** When to try again, where that is known. */
  retryAfterSeconds?: Maybe<Scalars['Float']['output']>;
  /** Whether the same request may succeed later without anybody changing anything. */
  retryable: Scalars['Boolean']['output'];
};

/** Certainly never sent: the deadline had passed, or an earlier failure stopped the batch. */
export type NotAttempted = JobError & Problem & {
  __typename?: 'NotAttempted';
  /** What kind of trouble it is. */
  code: ProblemCode;
  /** The id as it was asked. */
  jobId: Scalars['ID']['output'];
  /** What happened and, where that is known, what to do. */
  message: Scalars['String']['output'];
  /** When to try again, where that is known. */
  retryAfterSeconds?: Maybe<Scalars['Float']['output']>;
  /** Whether the same request may succeed later without anybody changing anything. */
  retryable: Scalars['Boolean']['output'];
};

/** The request may have reached the vendor and a re-read did not settle it. Read again before repeating. */
export type OutcomeUnknown = JobError & Problem & {
  __typename?: 'OutcomeUnknown';
  /** When it was sent. */
  attemptedAt: Scalars['DateTime']['output'];
  /** What kind of trouble it is. */
  code: ProblemCode;
  /** The job, as a reference. */
  job: Job;
  /** The id as it was asked. */
  jobId: Scalars['ID']['output'];
  /** What happened and, where that is known, what to do. */
  message: Scalars['String']['output'];
  /** When to try again, where that is known. */
  retryAfterSeconds?: Maybe<Scalars['Float']['output']>;
  /** Whether the same request may succeed later without anybody changing anything. */
  retryable: Scalars['Boolean']['output'];
  /** Whether sending it again can do no harm. */
  safeToRetry: Scalars['Boolean']['output'];
};

/** Where a page stands in the whole list. */
export type PageInfo = {
  __typename?: 'PageInfo';
  /** The cursor to ask for the next page with. */
  endCursor?: Maybe<Scalars['String']['output']>;
  /** Whether rows follow. Also true where a system that failed kept its rows back and this page had others. */
  hasNextPage: Scalars['Boolean']['output'];
  /** Whether this page was asked for with a cursor. */
  hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the first row. */
  startCursor?: Maybe<Scalars['String']['output']>;
};

/** Jobs on which the action would be refused for the same kind of reason. */
export type PredictedFailure = {
  __typename?: 'PredictedFailure';
  /** The kind of reason. */
  code: ProblemCode;
  /** How many. */
  count: Scalars['Int']['output'];
  /** The reason of one of them, in words. */
  message: Scalars['String']['output'];
};

/** Anything that went wrong. code is for programs, message for people. */
export type Problem = {
  /** What kind of trouble it is. */
  code: ProblemCode;
  /** What happened and, where that is known, what to do. */
  message: Scalars['String']['output'];
  /** When to try again, where that is known. */
  retryAfterSeconds?: Maybe<Scalars['Float']['output']>;
  /** Whether the same request may succeed later without anybody changing anything. */
  retryable: Scalars['Boolean']['output'];
};

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

/** Reading. */
export type Query = {
  __typename?: 'Query';
  /** One bulk operation by its id; null where there is none that the caller may see. */
  bulkOperation?: Maybe<BulkOperation>;
  /** Bulk operations, newest first. */
  bulkOperations: BulkOperationConnection;
  /** One job by its id. What is wrong with the id (more than 1,000 characters, say) or the system comes as data, not as an error. */
  job: JobResult;
  /** What was done to jobs, by whom and why, newest first. */
  jobEvents: JobEventConnection;
  /** One system by its id; null where there is none. */
  jobSystem?: Maybe<JobSystem>;
  /** All configured systems, in the order of the configuration. */
  jobSystems: Array<JobSystem>;
  /** One page over all systems. A system that fails costs its own rows, not the page: see JobConnection.complete. */
  jobs: JobConnection;
  /** Many jobs by id: one result per id, in the order asked. */
  jobsByIds: Array<JobResult>;
  /** What an action on all jobs that match would meet. Changes nothing; its token binds startBulkAction to what was seen. */
  previewBulkAction: BulkPreview;
  /** Waits until jobs reach a status instead of asking again and again. Answers as soon as all have, and at the latest when the time is up. */
  waitForJobs: Array<WaitResult>;
};


/** Reading. */
export type QueryBulkOperationArgs = {
  id: Scalars['ID']['input'];
};


/** Reading. */
export type QueryBulkOperationsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  statuses?: InputMaybe<Array<BulkOperationStatus>>;
};


/** Reading. */
export type QueryJobArgs = {
  id: Scalars['ID']['input'];
};


/** Reading. */
export type QueryJobEventsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<JobEventFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** Reading. */
export type QueryJobSystemArgs = {
  id: Scalars['ID']['input'];
};


/** Reading. */
export type QueryJobsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<JobFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<JobOrder>;
};


/** Reading. */
export type QueryJobsByIdsArgs = {
  ids: Array<Scalars['ID']['input']>;
};


/** Reading. */
export type QueryPreviewBulkActionArgs = {
  action: JobAction;
  filter: JobFilter;
};


/** Reading. */
export type QueryWaitForJobsArgs = {
  ids: Array<Scalars['ID']['input']>;
  timeoutSeconds: Scalars['Float']['input'];
  until?: InputMaybe<Array<JobStatus>>;
};

/** Which way to sort. */
export type SortDirection =
  /** Oldest first. */
  | 'ASC'
  /** Newest first. */
  | 'DESC';

/** What to do to all jobs that match. */
export type StartBulkActionInput = {
  /** What to do. */
  action: JobAction;
  /**
   * Start although a system could not list all its jobs, now or for the preview. Acts on the jobs of the other systems and, if the problem is
   * INCOMPLETE_LIST, on the jobs that the system did list.
   */
  allowIncomplete: Scalars['Boolean']['input'];
  /**
   * To which jobs. Without a previewToken it is required: the jobs that match now are selected; jobs that come later are not touched.
   * With a previewToken it may be left out; if it is given, it must be the preview's.
   */
  filter?: InputMaybe<JobFilter>;
  /** The same key with the same input within 24 hours gives the operation that was started with it; with another input it is refused. 1 to 200 characters. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** What to do if other jobs match by now than the preview saw. Only with a previewToken. */
  ifChanged: IfChanged;
  /** Refuse where more match. Default and most: 100,000. */
  maxJobs?: InputMaybe<Scalars['Int']['input']>;
  /** Send at most so many jobs a second. Default: as fast as the systems take them. */
  maxPerSecond?: InputMaybe<Scalars['Float']['input']>;
  /** BulkPreview.token: act on exactly the jobs that the preview saw. No system is listed again. */
  previewToken?: InputMaybe<Scalars['String']['input']>;
  /** Why, in 1 to 1,000 characters; kept with the operation and the events of its jobs. No control characters but line breaks and tabs. */
  reason: Scalars['String']['input'];
};

/** The operation, or why none was started. */
export type StartBulkActionResult = BulkOperation | BulkOperationError | ChangedSincePreview | NoJobsMatched | TooManyJobs;

/** Following. Over WebSocket (graphql-transport-ws) and over server-sent events, at the same address as everything else. */
export type Subscription = {
  __typename?: 'Subscription';
  /** A bulk operation as it stands now, then its progress, at most a few times a second; completes when it is over. */
  bulkOperationChanged: BulkOperation;
  /**
   * Each job as it stands now, then each change of it; completes when all are over. A job that can't be read comes as one of status
   * UNKNOWN with the problem, and again when it can be.
   */
  jobsChanged: Job;
};


/** Following. Over WebSocket (graphql-transport-ws) and over server-sent events, at the same address as everything else. */
export type SubscriptionBulkOperationChangedArgs = {
  id: Scalars['ID']['input'];
};


/** Following. Over WebSocket (graphql-transport-ws) and over server-sent events, at the same address as everything else. */
export type SubscriptionJobsChangedArgs = {
  ids: Array<Scalars['ID']['input']>;
};

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

/** Whether a system answers, and when that was last seen. */
export type SystemHealth = {
  __typename?: 'SystemHealth';
  /** When it was checked; null before the first check. */
  checkedAt?: Maybe<Scalars['DateTime']['output']>;
  /** How long the check took, in milliseconds. */
  latencyMs?: Maybe<Scalars['Float']['output']>;
  /** Why it is not UP. */
  problem?: Maybe<SystemProblem>;
  /** The finding. */
  status: HealthStatus;
};

/** What one system gave to a page. */
export type SystemPage = {
  __typename?: 'SystemPage';
  /** Why rows are missing. */
  problem?: Maybe<SystemProblem>;
  /** Rows of this page that came from it. */
  returnedCount: Scalars['Int']['output'];
  /** Whether it gave what it was asked for. */
  status: SystemPageStatus;
  /** The system. */
  system: JobSystem;
  /** All matches, where the vendor counts them. */
  totalCount?: Maybe<Scalars['Int']['output']>;
};

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

/** About a whole system. */
export type SystemProblem = Problem & {
  __typename?: 'SystemProblem';
  /** What kind of trouble it is. */
  code: ProblemCode;
  /** What happened and, where that is known, what to do. */
  message: Scalars['String']['output'];
  /** When to try again, where that is known. */
  retryAfterSeconds?: Maybe<Scalars['Float']['output']>;
  /** Whether the same request may succeed later without anybody changing anything. */
  retryable: Scalars['Boolean']['output'];
  /** The system it is about. */
  systemId: Scalars['ID']['output'];
};

/** SYSTEM_UNAVAILABLE, TIMED_OUT (on a read), RATE_LIMITED, VENDOR_AUTHENTICATION_FAILED or INVALID_VENDOR_RESPONSE: certainly nothing was changed. */
export type SystemUnavailable = JobError & Problem & {
  __typename?: 'SystemUnavailable';
  /** What kind of trouble it is. */
  code: ProblemCode;
  /** The id as it was asked. */
  jobId: Scalars['ID']['output'];
  /** What happened and, where that is known, what to do. */
  message: Scalars['String']['output'];
  /** When to try again, where that is known. */
  retryAfterSeconds?: Maybe<Scalars['Float']['output']>;
  /** Whether the same request may succeed later without anybody changing anything. */
  retryable: Scalars['Boolean']['output'];
  /** The system it is about. */
  system: JobSystem;
};

/** TOO_MANY_JOBS. Nothing was sent. */
export type TooManyJobs = Problem & {
  __typename?: 'TooManyJobs';
  /** What kind of trouble it is. */
  code: ProblemCode;
  /** Jobs that match. */
  matchedCount: Scalars['Int']['output'];
  /** Most that were allowed. */
  maxJobs: Scalars['Int']['output'];
  /** What happened and, where that is known, what to do. */
  message: Scalars['String']['output'];
  /** When to try again, where that is known. */
  retryAfterSeconds?: Maybe<Scalars['Float']['output']>;
  /** Whether the same request may succeed later without anybody changing anything. */
  retryable: Scalars['Boolean']['output'];
};

/** The vendor said no in words of its own. */
export type VendorRejected = JobError & Problem & {
  __typename?: 'VendorRejected';
  /** What kind of trouble it is. */
  code: ProblemCode;
  /** The job, as a reference. */
  job: Job;
  /** The id as it was asked. */
  jobId: Scalars['ID']['output'];
  /** What happened and, where that is known, what to do. */
  message: Scalars['String']['output'];
  /** When to try again, where that is known. */
  retryAfterSeconds?: Maybe<Scalars['Float']['output']>;
  /** Whether the same request may succeed later without anybody changing anything. */
  retryable: Scalars['Boolean']['output'];
  /** The vendor's own code, where it has one. */
  vendorCode?: Maybe<Scalars['String']['output']>;
};

/** How one job stood when the waiting ended. */
export type WaitResult = {
  __typename?: 'WaitResult';
  /** The id as it was asked. */
  jobId: Scalars['ID']['output'];
  /** Whether it reached one of the statuses that were waited for. */
  reached: Scalars['Boolean']['output'];
  /** The job, or why there is none to show. */
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
  BulkCommand: BulkCommand;
  BulkCounts: ResolverTypeWrapper<BulkCounts>;
  BulkItem: ResolverTypeWrapper<BulkItemParent>;
  BulkItemConnection: ResolverTypeWrapper<Omit<BulkItemConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['BulkItemEdge']>, nodes: Array<ResolversTypes['BulkItem']> }>;
  BulkItemEdge: ResolverTypeWrapper<Omit<BulkItemEdge, 'node'> & { node: ResolversTypes['BulkItem'] }>;
  BulkItemResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['BulkItemResult']>;
  BulkItemStatus: BulkItemStatus;
  BulkOperation: ResolverTypeWrapper<BulkOperationParent>;
  BulkOperationCommand: ResolverTypeWrapper<BulkOperationCommand>;
  BulkOperationConnection: ResolverTypeWrapper<OperationPage>;
  BulkOperationEdge: ResolverTypeWrapper<Omit<BulkOperationEdge, 'node'> & { node: ResolversTypes['BulkOperation'] }>;
  BulkOperationError: ResolverTypeWrapper<BulkOperationError>;
  BulkOperationResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['BulkOperationResult']>;
  BulkOperationStatus: BulkOperationStatus;
  BulkPreview: ResolverTypeWrapper<BulkPreviewParent>;
  BulkSystemPreview: ResolverTypeWrapper<SystemPreview>;
  BulkSystemProgress: ResolverTypeWrapper<Omit<BulkSystemProgress, 'system'> & { system: ResolversTypes['JobSystem'] }>;
  CancelJobsInput: CancelJobsInput;
  CancelJobsPayload: ResolverTypeWrapper<Omit<CancelJobsPayload, 'results'> & { results: Array<ResolversTypes['CancelResult']> }>;
  CancelResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['CancelResult']>;
  CancelSuccess: ResolverTypeWrapper<SuccessParent>;
  ChangedSincePreview: ResolverTypeWrapper<ChangedSincePreview>;
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
  JobCancellation: ResolverTypeWrapper<JobCancellation>;
  JobCapability: ResolverTypeWrapper<JobCapability>;
  JobConnection: ResolverTypeWrapper<JobPage>;
  JobDataRange: ResolverTypeWrapper<JobDataRange>;
  JobEdge: ResolverTypeWrapper<Omit<JobEdge, 'node'> & { node: ResolversTypes['Job'] }>;
  JobError: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['JobError']>;
  JobEvent: ResolverTypeWrapper<Omit<JobEvent, 'job'> & { job: ResolversTypes['Job'] }>;
  JobEventConnection: ResolverTypeWrapper<Omit<JobEventConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['JobEventEdge']>, nodes: Array<ResolversTypes['JobEvent']> }>;
  JobEventEdge: ResolverTypeWrapper<Omit<JobEventEdge, 'node'> & { node: ResolversTypes['JobEvent'] }>;
  JobEventFilter: JobEventFilter;
  JobEventKind: JobEventKind;
  JobFailure: ResolverTypeWrapper<JobFailureParent>;
  JobFilter: JobFilter;
  JobLink: ResolverTypeWrapper<JobLink>;
  JobNotFound: ResolverTypeWrapper<JobNotFound>;
  JobOrder: JobOrder;
  JobOrderField: JobOrderField;
  JobProgress: ResolverTypeWrapper<JobProgress>;
  JobResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['JobResult']>;
  JobStatus: JobStatus;
  JobStep: ResolverTypeWrapper<JobStepParent>;
  JobSystem: ResolverTypeWrapper<JobSystemParent>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  NoJobsMatched: ResolverTypeWrapper<NoJobsMatched>;
  NotAttempted: ResolverTypeWrapper<NotAttempted>;
  OutcomeUnknown: ResolverTypeWrapper<Omit<OutcomeUnknown, 'job'> & { job: ResolversTypes['Job'] }>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  PredictedFailure: ResolverTypeWrapper<PredictedFailure>;
  Problem: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Problem']>;
  ProblemCode: ProblemCode;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  SortDirection: SortDirection;
  StartBulkActionInput: StartBulkActionInput;
  StartBulkActionResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['StartBulkActionResult']>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  SuccessOutcome: SuccessOutcome;
  SystemHealth: ResolverTypeWrapper<HealthParent>;
  SystemPage: ResolverTypeWrapper<SystemPageParent>;
  SystemPageStatus: SystemPageStatus;
  SystemProblem: ResolverTypeWrapper<SystemProblem>;
  SystemUnavailable: ResolverTypeWrapper<Omit<SystemUnavailable, 'system'> & { system: ResolversTypes['JobSystem'] }>;
  TooManyJobs: ResolverTypeWrapper<TooManyJobs>;
  VendorRejected: ResolverTypeWrapper<Omit<VendorRejected, 'job'> & { job: ResolversTypes['Job'] }>;
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
  BulkCounts: BulkCounts;
  BulkItem: BulkItemParent;
  BulkItemConnection: Omit<BulkItemConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['BulkItemEdge']>, nodes: Array<ResolversParentTypes['BulkItem']> };
  BulkItemEdge: Omit<BulkItemEdge, 'node'> & { node: ResolversParentTypes['BulkItem'] };
  BulkItemResult: ResolversUnionTypes<ResolversParentTypes>['BulkItemResult'];
  BulkOperation: BulkOperationParent;
  BulkOperationCommand: BulkOperationCommand;
  BulkOperationConnection: OperationPage;
  BulkOperationEdge: Omit<BulkOperationEdge, 'node'> & { node: ResolversParentTypes['BulkOperation'] };
  BulkOperationError: BulkOperationError;
  BulkOperationResult: ResolversUnionTypes<ResolversParentTypes>['BulkOperationResult'];
  BulkPreview: BulkPreviewParent;
  BulkSystemPreview: SystemPreview;
  BulkSystemProgress: Omit<BulkSystemProgress, 'system'> & { system: ResolversParentTypes['JobSystem'] };
  CancelJobsInput: CancelJobsInput;
  CancelJobsPayload: Omit<CancelJobsPayload, 'results'> & { results: Array<ResolversParentTypes['CancelResult']> };
  CancelResult: ResolversUnionTypes<ResolversParentTypes>['CancelResult'];
  CancelSuccess: SuccessParent;
  ChangedSincePreview: ChangedSincePreview;
  DateTime: Scalars['DateTime']['output'];
  IdempotencyConflict: IdempotencyConflict;
  JSON: Scalars['JSON']['output'];
  Job: JobParent;
  JobActionAvailability: JobActionAvailability;
  JobActionInput: JobActionInput;
  JobActionPayload: Omit<JobActionPayload, 'results'> & { results: Array<ResolversParentTypes['JobActionResult']> };
  JobActionResult: ResolversUnionTypes<ResolversParentTypes>['JobActionResult'];
  JobActionSuccess: SuccessParent;
  JobCancellation: JobCancellation;
  JobCapability: JobCapability;
  JobConnection: JobPage;
  JobDataRange: JobDataRange;
  JobEdge: Omit<JobEdge, 'node'> & { node: ResolversParentTypes['Job'] };
  JobError: ResolversInterfaceTypes<ResolversParentTypes>['JobError'];
  JobEvent: Omit<JobEvent, 'job'> & { job: ResolversParentTypes['Job'] };
  JobEventConnection: Omit<JobEventConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['JobEventEdge']>, nodes: Array<ResolversParentTypes['JobEvent']> };
  JobEventEdge: Omit<JobEventEdge, 'node'> & { node: ResolversParentTypes['JobEvent'] };
  JobEventFilter: JobEventFilter;
  JobFailure: JobFailureParent;
  JobFilter: JobFilter;
  JobLink: JobLink;
  JobNotFound: JobNotFound;
  JobOrder: JobOrder;
  JobProgress: JobProgress;
  JobResult: ResolversUnionTypes<ResolversParentTypes>['JobResult'];
  JobStep: JobStepParent;
  JobSystem: JobSystemParent;
  Mutation: Record<PropertyKey, never>;
  NoJobsMatched: NoJobsMatched;
  NotAttempted: NotAttempted;
  OutcomeUnknown: Omit<OutcomeUnknown, 'job'> & { job: ResolversParentTypes['Job'] };
  PageInfo: PageInfo;
  PredictedFailure: PredictedFailure;
  Problem: ResolversInterfaceTypes<ResolversParentTypes>['Problem'];
  Query: Record<PropertyKey, never>;
  StartBulkActionInput: StartBulkActionInput;
  StartBulkActionResult: ResolversUnionTypes<ResolversParentTypes>['StartBulkActionResult'];
  Subscription: Record<PropertyKey, never>;
  SystemHealth: HealthParent;
  SystemPage: SystemPageParent;
  SystemProblem: SystemProblem;
  SystemUnavailable: Omit<SystemUnavailable, 'system'> & { system: ResolversParentTypes['JobSystem'] };
  TooManyJobs: TooManyJobs;
  VendorRejected: Omit<VendorRejected, 'job'> & { job: ResolversParentTypes['Job'] };
  WaitResult: Omit<WaitResult, 'result'> & { result: ResolversParentTypes['JobResult'] };
};

export type AccessDeniedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AccessDenied'] = ResolversParentTypes['AccessDenied']> = {
  code?: Resolver<ResolversTypes['ProblemCode'], ParentType, ContextType>;
  jobId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
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
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ActionSummaryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ActionSummary'] = ResolversParentTypes['ActionSummary']> = {
  failed?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  requested?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  succeeded?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  unknown?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
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
  items?: Resolver<ResolversTypes['BulkItemConnection'], ParentType, ContextType, RequireFields<BulkOperationItemsArgs, 'first'>>;
  maxPerSecond?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
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

export type BulkPreviewResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BulkPreview'] = ResolversParentTypes['BulkPreview']> = {
  action?: Resolver<ResolversTypes['JobAction'], ParentType, ContextType>;
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
  events?: Resolver<Maybe<ResolversTypes['JobEventConnection']>, ParentType, ContextType, RequireFields<JobEventsArgs, 'first'>>;
  failure?: Resolver<Maybe<ResolversTypes['JobFailure']>, ParentType, ContextType>;
  failureMessage?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  finishedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  isTerminal?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  observedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  owner?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  problem?: Resolver<Maybe<ResolversTypes['SystemProblem']>, ParentType, ContextType>;
  progress?: Resolver<Maybe<ResolversTypes['JobProgress']>, ParentType, ContextType>;
  raw?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  scope?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  stale?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['JobStatus'], ParentType, ContextType>;
  steps?: Resolver<Maybe<Array<ResolversTypes['JobStep']>>, ParentType, ContextType>;
  system?: Resolver<ResolversTypes['JobSystem'], ParentType, ContextType>;
  systemId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  type?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
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
  job?: Resolver<ResolversTypes['Job'], ParentType, ContextType>;
  jobId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['SuccessOutcome'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type JobCancellationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobCancellation'] = ResolversParentTypes['JobCancellation']> = {
  contradictingStatus?: Resolver<Maybe<ResolversTypes['JobStatus']>, ParentType, ContextType>;
  overdue?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  requestedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  requestedBy?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  resolvedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type JobCapabilityResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobCapability'] = ResolversParentTypes['JobCapability']> = {
  action?: Resolver<ResolversTypes['JobAction'], ParentType, ContextType>;
  allowedStatuses?: Resolver<Array<ResolversTypes['JobStatus']>, ParentType, ContextType>;
  asynchronous?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  maxBatchSize?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  support?: Resolver<ResolversTypes['ActionSupport'], ParentType, ContextType>;
};

export type JobConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobConnection'] = ResolversParentTypes['JobConnection']> = {
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  edges?: Resolver<Array<ResolversTypes['JobEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Job']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  systems?: Resolver<Array<ResolversTypes['SystemPage']>, ParentType, ContextType>;
};

export type JobDataRangeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobDataRange'] = ResolversParentTypes['JobDataRange']> = {
  from?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  to?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type JobEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobEdge'] = ResolversParentTypes['JobEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Job'], ParentType, ContextType>;
};

export type JobErrorResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobError'] = ResolversParentTypes['JobError']> = {
  __resolveType: TypeResolveFn<'AccessDenied' | 'ActionNotAllowed' | 'IdempotencyConflict' | 'JobNotFound' | 'NotAttempted' | 'OutcomeUnknown' | 'SystemUnavailable' | 'VendorRejected', ParentType, ContextType>;
};

export type JobEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobEvent'] = ResolversParentTypes['JobEvent']> = {
  action?: Resolver<ResolversTypes['JobAction'], ParentType, ContextType>;
  bulkOperationId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  caller?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  code?: Resolver<Maybe<ResolversTypes['ProblemCode']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  job?: Resolver<ResolversTypes['Job'], ParentType, ContextType>;
  jobId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
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

export type JobLinkResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobLink'] = ResolversParentTypes['JobLink']> = {
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  url?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type JobNotFoundResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobNotFound'] = ResolversParentTypes['JobNotFound']> = {
  code?: Resolver<ResolversTypes['ProblemCode'], ParentType, ContextType>;
  jobId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  retryAfterSeconds?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  retryable?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
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
  capabilities?: Resolver<Array<ResolversTypes['JobCapability']>, ParentType, ContextType>;
  health?: Resolver<ResolversTypes['SystemHealth'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  jobs?: Resolver<ResolversTypes['JobConnection'], ParentType, ContextType, RequireFields<JobSystemJobsArgs, 'first'>>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  vendor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
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
  bulkOperations?: Resolver<ResolversTypes['BulkOperationConnection'], ParentType, ContextType, RequireFields<QueryBulkOperationsArgs, 'first'>>;
  job?: Resolver<ResolversTypes['JobResult'], ParentType, ContextType, RequireFields<QueryJobArgs, 'id'>>;
  jobEvents?: Resolver<ResolversTypes['JobEventConnection'], ParentType, ContextType, RequireFields<QueryJobEventsArgs, 'first'>>;
  jobSystem?: Resolver<Maybe<ResolversTypes['JobSystem']>, ParentType, ContextType, RequireFields<QueryJobSystemArgs, 'id'>>;
  jobSystems?: Resolver<Array<ResolversTypes['JobSystem']>, ParentType, ContextType>;
  jobs?: Resolver<ResolversTypes['JobConnection'], ParentType, ContextType, RequireFields<QueryJobsArgs, 'first'>>;
  jobsByIds?: Resolver<Array<ResolversTypes['JobResult']>, ParentType, ContextType, RequireFields<QueryJobsByIdsArgs, 'ids'>>;
  previewBulkAction?: Resolver<ResolversTypes['BulkPreview'], ParentType, ContextType, RequireFields<QueryPreviewBulkActionArgs, 'action' | 'filter'>>;
  waitForJobs?: Resolver<Array<ResolversTypes['WaitResult']>, ParentType, ContextType, RequireFields<QueryWaitForJobsArgs, 'ids' | 'timeoutSeconds'>>;
};

export type StartBulkActionResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StartBulkActionResult'] = ResolversParentTypes['StartBulkActionResult']> = {
  __resolveType: TypeResolveFn<'BulkOperation' | 'BulkOperationError' | 'ChangedSincePreview' | 'NoJobsMatched' | 'TooManyJobs', ParentType, ContextType>;
};

export type SubscriptionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  bulkOperationChanged?: SubscriptionResolver<ResolversTypes['BulkOperation'], "bulkOperationChanged", ParentType, ContextType, RequireFields<SubscriptionBulkOperationChangedArgs, 'id'>>;
  jobsChanged?: SubscriptionResolver<ResolversTypes['Job'], "jobsChanged", ParentType, ContextType, RequireFields<SubscriptionJobsChangedArgs, 'ids'>>;
};

export type SystemHealthResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SystemHealth'] = ResolversParentTypes['SystemHealth']> = {
  checkedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  latencyMs?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  problem?: Resolver<Maybe<ResolversTypes['SystemProblem']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['HealthStatus'], ParentType, ContextType>;
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

export type WaitResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['WaitResult'] = ResolversParentTypes['WaitResult']> = {
  jobId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  reached?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  result?: Resolver<ResolversTypes['JobResult'], ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  AccessDenied?: AccessDeniedResolvers<ContextType>;
  ActionNotAllowed?: ActionNotAllowedResolvers<ContextType>;
  ActionSummary?: ActionSummaryResolvers<ContextType>;
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
  BulkPreview?: BulkPreviewResolvers<ContextType>;
  BulkSystemPreview?: BulkSystemPreviewResolvers<ContextType>;
  BulkSystemProgress?: BulkSystemProgressResolvers<ContextType>;
  CancelJobsPayload?: CancelJobsPayloadResolvers<ContextType>;
  CancelResult?: CancelResultResolvers<ContextType>;
  CancelSuccess?: CancelSuccessResolvers<ContextType>;
  ChangedSincePreview?: ChangedSincePreviewResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  IdempotencyConflict?: IdempotencyConflictResolvers<ContextType>;
  JSON?: GraphQLScalarType;
  Job?: JobResolvers<ContextType>;
  JobActionAvailability?: JobActionAvailabilityResolvers<ContextType>;
  JobActionPayload?: JobActionPayloadResolvers<ContextType>;
  JobActionResult?: JobActionResultResolvers<ContextType>;
  JobActionSuccess?: JobActionSuccessResolvers<ContextType>;
  JobCancellation?: JobCancellationResolvers<ContextType>;
  JobCapability?: JobCapabilityResolvers<ContextType>;
  JobConnection?: JobConnectionResolvers<ContextType>;
  JobDataRange?: JobDataRangeResolvers<ContextType>;
  JobEdge?: JobEdgeResolvers<ContextType>;
  JobError?: JobErrorResolvers<ContextType>;
  JobEvent?: JobEventResolvers<ContextType>;
  JobEventConnection?: JobEventConnectionResolvers<ContextType>;
  JobEventEdge?: JobEventEdgeResolvers<ContextType>;
  JobFailure?: JobFailureResolvers<ContextType>;
  JobLink?: JobLinkResolvers<ContextType>;
  JobNotFound?: JobNotFoundResolvers<ContextType>;
  JobProgress?: JobProgressResolvers<ContextType>;
  JobResult?: JobResultResolvers<ContextType>;
  JobStep?: JobStepResolvers<ContextType>;
  JobSystem?: JobSystemResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  NoJobsMatched?: NoJobsMatchedResolvers<ContextType>;
  NotAttempted?: NotAttemptedResolvers<ContextType>;
  OutcomeUnknown?: OutcomeUnknownResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  PredictedFailure?: PredictedFailureResolvers<ContextType>;
  Problem?: ProblemResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  StartBulkActionResult?: StartBulkActionResultResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  SystemHealth?: SystemHealthResolvers<ContextType>;
  SystemPage?: SystemPageResolvers<ContextType>;
  SystemProblem?: SystemProblemResolvers<ContextType>;
  SystemUnavailable?: SystemUnavailableResolvers<ContextType>;
  TooManyJobs?: TooManyJobsResolvers<ContextType>;
  VendorRejected?: VendorRejectedResolvers<ContextType>;
  WaitResult?: WaitResultResolvers<ContextType>;
};

