import type { CallContext } from './call-context.ts';
import type { Job, JobAction, JobFailure, JobFields, JobOutput, JobProgress, JobStatus, JobStep } from './job.ts';
import type { LogSupport } from './job-log.ts';
import type { ListPosition } from './list-position.ts';
import type { Problem, Result } from './problem.ts';

// Parts of the contract that logs have, too.
export type { CallContext } from './call-context.ts';
export { type ListPosition, startOfList } from './list-position.ts';

/**
 * The contract between Jobyard and one vendor's job system.
 *
 * An adapter calls the vendor's API and maps its values. It implements no concurrency, batching, retrying, filtering, sorting, merging, or
 * caching, and doesn't depend on GraphQL: the core does all that from what the adapter declares here.
 * Expected failures (rejections, lost connections, invalid responses) are returned as data; only bugs throw.
 * Results always have the length and the order of the given IDs or jobs.
 */
export interface JobSystemAdapter {
  /** How each action works; `unsupportedAction` for actions that the vendor doesn't have. Callers see it as `JobSystem.capabilities`. */
  readonly actions: Readonly<Record<JobAction, ActionSupport>>;
  /** How jobs are read. The adapter may change its fields when it learns how the system can be read, so the core reads them for each call. */
  readonly reads: ReadSupport;
  /** Whether jobs have a `scope`. False: a list query that filters by scope matches none of its jobs, so the system is not queried. */
  readonly hasScopes: boolean;

  /** Why the text can't be an ID of this vendor, or null if it can. Also rejects a second spelling of the same ID (`007`). No I/O. */
  checkVendorId(vendorId: string): string | null;

  /**
   * Reads jobs by ID, at most `reads.maxBatchSize` per call, each ID once. Default: the vendor has no reads by ID. The core then searches the
   * lists for the jobs, up to `scanLimit` rows; a job beyond them gets SCAN_LIMIT_REACHED. Set `reads.maxBatchSize` to null in that case.
   */
  getJobs?(vendorIds: readonly string[], call: CallContext): Promise<ReadResult[]>;

  /** The vendor's lists that together contain every job that matches the query, each job in one list. No I/O. */
  listJobs(query: JobQuery): ListSource[];

  /**
   * Finds out which lists exist, if that depends on what the account can see. Called before `listJobs`, and again after one of its lists
   * failed: `listJobs` may then return other lists. A problem: the lists are unknown, so all rows of the system are missing from the page.
   * Default: `listJobs` needs no search for its lists, and a list that failed is not replaced.
   */
  findLists?(call: CallContext): Promise<Problem | null>;

  /** Performs an action on jobs, at most `actions[action].requestSize` per call, each ID once. Called for supported actions only. */
  performAction(action: JobAction, targets: readonly ActionTarget[], call: CallContext): Promise<ActionResponse[]>;

  /**
   * Resolves inconclusive responses whose jobs, read again, don't show the outcome, from another source than `getJobs`: a log of events, a
   * list of canceled jobs. The core decides by these responses instead; `inconclusive`: still unknown. Sends no action.
   * Default: the outcome is unknown.
   */
  resolveInconclusive?(action: JobAction, targets: readonly ActionTarget[], call: CallContext): Promise<ActionResponse[]>;

  /**
   * Why this kind of job never allows the action, even in an allowed status, or null if it may. If a reason is returned, the action is not
   * sent, and lists filtered by that action don't contain the job. No I/O. Default: every job in an allowed status allows the action.
   */
  checkEligibility?(action: JobAction, job: JobFields): string | null;

  /**
   * Reads the facts that these copies leave out (`leftOut`), in as few requests as the vendor allows. A fact may stay null. Called only if a
   * caller selects such a fact. Default: facts that are left out stay null.
   */
  readLeftOut?(jobs: readonly Job[], call: CallContext): Promise<ReadResult[]>;

  /** Reads the steps of one job. Null: this job has none. Default: no job has any, and `Job.steps` is null. */
  getSteps?(job: Job, call: CallContext): Promise<Result<JobStep[] | null>>;

  /**
   * Reads the steps of several jobs in one request. Called instead of `getSteps`, with all jobs of a system that an operation needs steps of.
   * Default: `getSteps` is called once per job.
   */
  getStepsOfJobs?(jobs: readonly Job[], call: CallContext): Promise<Result<JobStep[] | null>[]>;

  /**
   * Reads the progress of one job whose `progress` is undefined. Null: the vendor doesn't measure it for this job.
   * Default: the progress of such a job is null.
   */
  getProgress?(job: Job, call: CallContext): Promise<Result<JobProgress | null>>;

  /**
   * Reads why one FAILED job failed, as the vendor explains it. Null: the vendor doesn't explain it.
   * 'fromSteps': the message of the failed step that `getSteps` returns, so that steps and failure together cost one read.
   * Default: the vendor explains no failure, and `Job.failure` is null.
   */
  getFailure?: 'fromSteps' | ((job: Job, call: CallContext) => Promise<Result<JobFailure | null>>);

  /** Reads what one job produced. Null: this job has no outputs. Default: the vendor has none, and `Job.outputs` is null. */
  getOutputs?(job: Job, call: CallContext): Promise<Result<readonly JobOutput[] | null>>;

  /** The logs of jobs and steps. Default: the vendor has none, and `Job.log` is null. */
  readonly logs?: LogSupport;

  /** One cheap authenticated request that shows whether the system responds. Null: it does. */
  checkHealth(call: CallContext): Promise<Problem | null>;

  /** Ends sessions and connections. */
  close(): Promise<void>;
}

/** A state that the vendor's acceptance of an action proves. */
export interface ActionState {
  status: JobStatus;
  vendorStatus: string;
}

/**
 * A value for all jobs, or for each job by its state before the action, without I/O. `before` null: that state is unknown, so the function
 * returns the value that is true of every job.
 */
export type ByState<Value extends boolean | string | ActionState | null> = Value | ((before: PriorState | null) => Value);

/** How one action works on one system. `support`, `allowedStatuses`, `maxBatchSize`, and `asynchronous` are public (`JobCapability`). */
export interface ActionSupport {
  /** UNSUPPORTED: the action returns ActionNotAllowed without a vendor request. */
  support: 'NATIVE_BATCH' | 'ONE_BY_ONE' | 'UNSUPPORTED';
  /** The statuses in which the vendor accepts the action. A job that was read first and has another status is not sent. */
  allowedStatuses: readonly JobStatus[];
  /**
   * The allowed statuses in which the vendor accepts the action for some jobs only, and no read shows for which. `reason`: why, as a sentence
   * for callers. Such jobs are sent, their availability is MAYBE, and a rejection becomes ActionNotAllowed.
   * Default: none, and a rejection in an allowed status is VendorRejected.
   */
  uncertain?: { statuses: readonly JobStatus[]; reason: string };
  /** The maximum number of jobs in one vendor request; null if the vendor sets no limit. */
  maxBatchSize: number | null;
  /** True: the vendor only accepts the request, and the job reaches the target status later, or never. */
  asynchronous: ByState<boolean>;
  /**
   * Whether sending the action again after a lost response can do no harm. With `creates`: again with the same `actionKey`, so only Jobyard can
   * retry it, and callers see false.
   */
  safeToRetry: ByState<boolean>;
  /**
   * True: the action creates another job, and leaves the named one unchanged. Responses name it (`createdVendorId`), and the core reads it
   * instead of the named one: if it exists, the action took effect. The core doesn't use `acceptedState`,
   * `unchangedOutcome`, `tookEffect`, and `resolveInconclusive` then.
   * Default: the action changes the named job.
   */
  creates?: boolean;
  /** The maximum number of jobs that Jobyard sends in one request; 1 for ONE_BY_ONE. */
  requestSize: number;
  /** True: the core reads the jobs first and sends only those in `allowedStatuses`. False: the vendor decides for each job. */
  readBeforeAction: boolean;
  /** The state of an accepted job, if the vendor's acceptance alone proves it. Null: the core reads the job again. */
  acceptedState: ByState<ActionState | null>;
  /**
   * The outcome of an accepted action if the job, read again, is unchanged.
   * ACCEPTED: the vendor performs the action later. VENDOR_REJECTED: it would have changed the job at once, so nothing happened.
   */
  unchangedOutcome: ByState<'ACCEPTED' | 'VENDOR_REJECTED'>;
  /** Jobs with different keys can't share a request (a Kylin project). Default: any jobs can, up to `requestSize`. */
  batchKey?(job: Job): string;
  /**
   * Whether a later copy shows that the action took effect. `before`: null if the earlier state is unknown.
   * Default: decided by the statuses and times (actions/decide.ts).
   */
  tookEffect?(before: PriorState | null, after: Job): boolean;
}

/** The state of a job before an action, whether or not a copy of it is cached. */
export type PriorState = Pick<Job, 'status' | 'createdAt' | 'startedAt' | 'finishedAt'>;

/** An action that the vendor doesn't have. */
export const unsupportedAction: ActionSupport = {
  support: 'UNSUPPORTED',
  allowedStatuses: [],
  maxBatchSize: null,
  asynchronous: false,
  safeToRetry: false,
  requestSize: 1,
  readBeforeAction: false,
  acceptedState: null,
  unchangedOutcome: 'VENDOR_REJECTED',
};

/** How jobs can be read by ID. */
export interface ReadSupport {
  /** The maximum number of IDs in one `getJobs` call; the core splits more over concurrent calls. Null: any number costs one request. */
  maxBatchSize: number | null;
  /**
   * The vendor rejects a second read of the same job within this time; 0: it doesn't. Within it, callers get the cached copy, marked stale, and
   * concurrent reads of a job share one request. Reads that decide an action search the lists instead.
   */
  minIntervalMs: number;
  /**
   * From this many IDs on, scanning the newest rows of the lists costs fewer requests than reading by ID. Jobs that the scan doesn't find are
   * read by ID. Null: never scan (the lists don't contain every job, or `getJobs` is one request).
   */
  scanFrom: number | null;
}

/**
 * `notFound`: the vendor has no such job. `problem`: the job could not be read.
 * `readsChanged`: the system doesn't support this way of reading. The adapter has changed `reads`, and the core calls once more.
 */
export type ReadResult =
  | { kind: 'job'; job: JobFields }
  | { kind: 'notFound' }
  | { kind: 'problem'; problem: Problem }
  | { kind: 'readsChanged' };

export interface ActionTarget {
  vendorId: string;
  /** A copy read just before, if the action has `readBeforeAction`; else null. */
  job: Job | null;
}

/**
 * A row of a list that breaks the vendor's contract. Only this row is affected, not the rows beside it.
 * `job`: what can be shown of the row, with null for each field that can't be read; null if the row has no usable ID.
 * `problem` (INVALID_VENDOR_RESPONSE) names the row, the field, what was expected, and what came: `kylin returned an invalid row: type of job X is a number, expected text.`
 */
export interface OddRow {
  problem: Problem;
  job: ListedJob | null;
}

/**
 * A job as a row of a list. Only a few of hundreds of rows are shown, so the fields are made on demand. The core may keep a row for some
 * seconds, so it must not refer to any other part of the response.
 */
export interface ListedJob {
  vendorId: string;
  /** The `createdAt` of its fields in epoch milliseconds: most lists are ordered by it. */
  createdAtMs: number | null;
  /** All fields of the row. An adapter makes a new object for each call. */
  toFields(): JobFields;
}

/** A row whose fields are already made. */
export function toListedJob(fields: JobFields): ListedJob {
  return { vendorId: fields.vendorId, createdAtMs: fields.createdAt?.getTime() ?? null, toFields: () => ({ ...fields }) };
}

/** The vendor's response to an action on one job. */
export type ActionResponse =
  /**
   * The vendor accepted the action. `job`: its state afterwards, if the response contains it. `createdVendorId`: of the job that the action
   * created; required if the action `creates` one.
   */
  | { kind: 'accepted'; job: JobFields | null; createdVendorId?: string }
  /** The vendor rejected this job; nothing changed. VENDOR_REJECTED (the core reads the job to find out why), NOT_ELIGIBLE, or ACCESS_DENIED. */
  | { kind: 'rejected'; problem: Problem; vendorCode: string | null }
  /** The vendor rejected a request of several jobs, perhaps because of another one. Part of it may have been performed, but it has ended. */
  | { kind: 'batchRejected'; problem: Problem; vendorCode: string | null }
  /** The vendor has no such job. */
  | { kind: 'notFound' }
  /** Certainly without effect: SYSTEM_UNAVAILABLE, RATE_LIMITED, VENDOR_AUTHENTICATION_FAILED, INVALID_VENDOR_RESPONSE, or NOT_ATTEMPTED. */
  | { kind: 'notSent'; problem: Problem }
  /**
   * The request may have reached the vendor, and no valid response came. `createdVendorId`: the ID of the created job if it did, for an action
   * that `creates` one. Default: unknown, and so is the outcome.
   */
  | { kind: 'inconclusive'; problem: Problem; createdVendorId?: string };

export type OrderField = 'CREATED_AT' | 'STARTED_AT' | 'FINISHED_AT';
export interface JobOrder {
  field: OrderField;
  direction: 'ASC' | 'DESC';
}

/** The conditions of a list query for one system. Null: no condition. The core also applies every condition itself. */
export interface JobQuery {
  statuses: ReadonlySet<JobStatus> | null;
  types: readonly string[] | null;
  owners: readonly string[] | null;
  /** Exact spellings of `JobFields.scope`. Always null for a system without scopes. */
  scopes: readonly string[] | null;
  /** Substring of the name or of the vendor ID, ignoring case. */
  text: string | null;
  /** Inclusive. */
  createdFrom: Date | null;
  /** Inclusive. */
  createdTo: Date | null;
  /** Inclusive. A list that ignores it can still be `exact`. Default: no condition. */
  finishedFrom?: Date | null;
  /** Inclusive. A list that ignores it can still be `exact`. Default: no condition. */
  finishedTo?: Date | null;
  /** Null: any order; a source then uses the order that it can guarantee best. */
  order: JobOrder | null;
}

/** A query without any condition. */
export const allJobs: JobQuery = {
  statuses: null,
  types: null,
  owners: null,
  scopes: null,
  text: null,
  createdFrom: null,
  createdTo: null,
  order: { field: 'CREATED_AT', direction: 'DESC' },
};

/**
 * One of the vendor's lists. It has one part, or several that follow each other: pages behind tokens, windows of time.
 * The core relies only on what the list declares here.
 */
export interface ListSource {
  /** Unique and stable within the system: cursors store positions under it. */
  readonly name: string;
  /**
   * The name of a list that contains this one and may be listed in its place at another time: its position in a cursor also applies to this
   * list. Default: none, and a cursor without this list's name starts it from its first row.
   */
  readonly partOf?: string;
  readonly order: ListOrder;
  /**
   * True: the vendor applies every condition of the query except `finishedFrom` and `finishedTo`, so its total counts the matches. False: the core
   * filters the rows, and counts matches by reading them.
   */
  readonly exact: boolean;
  /** True: the vendor counts the list's rows, as `total` of any page. Default: it doesn't, and the core counts rows by reading them. */
  readonly counts?: boolean;
  /** True: reading can start at any row of a part. False: each part is one response, and its token leads to rows that no earlier part had. */
  readonly numbered: boolean;
  /** True: `readPage` fails without a request, so every page reads the list to report why. Default: false. */
  readonly isUnreadable?: boolean;
  /**
   * Reads rows from a position. `count`: the rows wanted; the adapter limits it to the vendor's maximum.
   * Positions come from cursors, which callers have: the adapter reads a part that can't belong to this list as its first part.
   */
  readPage(at: ListPosition, count: number, call: CallContext): Promise<Result<ListPage>>;
}

/**
 * The order of a list's rows, over all its parts.
 * QUERY: by the time that the query orders by, accurate to `precisionMs`. Rows whose times differ by no more come in any order, which may
 * differ from response to response. Rows without the time come anywhere, and never change places with others. Only for a time that jobs
 * have from their creation: a job that gets it later would move past the reader unseen. `everyJobHasTime` true: no row is without the time, so
 * the list can be read from its end without reading all of it. Default: false.
 * FIXED: in some order in which two rows never change places; new rows come anywhere.
 */
export type ListOrder = { by: 'QUERY'; precisionMs: number; everyJobHasTime?: boolean } | { by: 'FIXED' };

export interface ListPage {
  /** Every row of the response in the list's order, including odd ones. */
  rows: readonly (ListedJob | OddRow)[];
  /** The number of the first row within its part, at most the requested one. */
  firstRow: number;
  /** The maximum number of rows in this response, as the vendor applied it: fewer mean the end of the part. Null: the response is the whole part. */
  limit: number | null;
  /** The vendor's current count of the part's rows, or of the whole list's if its rows aren't numbered; null if the vendor doesn't count them. */
  total: number | null;
  /** The part that follows; null if this is the last one. At most 1,000 characters. */
  nextPart: string | null;
  /** No row of the following parts comes before this time in the query's order. Null: unknown; the core then relies on the rows alone. */
  frontier: Date | null;
}

export function isOddRow(row: ListedJob | OddRow): row is OddRow {
  return 'job' in row;
}
