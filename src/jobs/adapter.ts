import type { Job, JobAction, JobFailure, JobFields, JobProgress, JobStatus, JobStep } from './job.ts';
import type { Problem, Result } from './problem.ts';

/**
 * The contract between Jobyard and one vendor's job system.
 *
 * An adapter speaks the vendor's wire and maps its words. It writes no concurrency, batching, retrying, filtering, sorting,
 * merging or caching, and knows no GraphQL: the core does that from what the adapter declares here.
 * Expected trouble (refusals, lost connections, unreadable answers) is returned as data; only bugs throw.
 * Results always have the length and the order of the ids asked.
 */
export interface JobSystemAdapter {
  /** How each action works; `unsupportedAction` for those that the vendor doesn't have. Callers see it as `JobSystem.capabilities`. */
  readonly actions: Readonly<Record<JobAction, ActionSupport>>;
  /** Its fields may change when the adapter learns how the system's jobs can be read: take each when it is needed. */
  readonly reads: ReadSupport;
  /** Whether jobs have a `scope`. False: a listing that asks for scopes finds none of its jobs, so the system is not asked. */
  readonly hasScopes: boolean;

  /** Why this text can't be an id of this vendor, or null. Also refuses a second spelling of the same id (`007`). No I/O. */
  checkVendorId(vendorId: string): string | null;

  /**
   * Reads jobs by id, at most `reads.maxBatchSize` in a call, each id once. Default: the vendor has no reads by id, so the core looks for
   * the jobs in the lists, `scanLimit` rows at most; `reads.maxBatchSize` is then null.
   */
  getJobs?(vendorIds: readonly string[], call: CallContext): Promise<ReadResult[]>;

  /** The vendor's lists that together hold every job matching the query, each job in one list. No I/O. */
  listJobs(query: JobQuery): ListSource[];

  /**
   * Finds out which lists there are, if that depends on what the account may see. Asked before `listJobs`, and once more after one of its
   * lists failed: `listJobs` may then return others instead. A problem: it can't be found out. Default: `listJobs` knows without asking.
   */
  findLists?(call: CallContext): Promise<Problem | null>;

  /** Asks for an action on jobs, at most `actions[action].requestSize` in a call, each id once. Only for supported actions. */
  performAction(action: JobAction, targets: readonly ActionTarget[], call: CallContext): Promise<ActionResponse[]>;

  /**
   * Why this kind of job can never take this action although its status would allow it, or null. Such an action is not sent, and the job is
   * left out of lists filtered by that action. Default: null. No I/O.
   */
  checkEligibility?(action: JobAction, job: JobFields): string | null;

  /**
   * Reads the facts that these copies leave out (`leftOut`), in as few requests as the vendor allows. A fact may stay null. Default: facts
   * that are left out stay null.
   */
  readLeftOut?(jobs: readonly Job[], call: CallContext): Promise<ReadResult[]>;

  /** Reads the stages of one job. Null: this job has none. Default: no job has any, and `Job.steps` is null. */
  getSteps?(job: Job, call: CallContext): Promise<Result<JobStep[] | null>>;

  /** The same for several jobs, if the vendor has requests for that; called in the place of `getSteps`. */
  getStepsOfJobs?(jobs: readonly Job[], call: CallContext): Promise<Result<JobStep[] | null>[]>;

  /** The progress of one job whose `progress` is undefined. Null: the vendor has no measure for it. Default: null for each. */
  getProgress?(job: Job, call: CallContext): Promise<Result<JobProgress | null>>;

  /**
   * Why one job that is FAILED failed, as the vendor explains it. Null: the vendor doesn't explain it.
   * 'fromSteps': what `getSteps` shows of the step that failed, so that both cost one request. Default: the vendor explains nothing.
   */
  getFailure?: 'fromSteps' | ((job: Job, call: CallContext) => Promise<Result<JobFailure | null>>);

  /** One cheap authenticated request that shows whether the system answers. Null: it does. */
  checkHealth(call: CallContext): Promise<Problem | null>;

  /** Ends sessions and connections. */
  close(): Promise<void>;
}

/** What every call to a vendor carries. */
export interface CallContext {
  /**
   * Whom its requests count for: callers share a system's places, so that one who asks for much costs the others nothing.
   * Work in the background has names of its own.
   */
  caller: string;
  /** Aborted when the answer is no longer wanted or the operation's deadline has passed. */
  signal: AbortSignal;
  /** The caller's own vendor credential, where the system is configured to pass it through; else null. Never cache or log it. */
  credential: string | null;
  /** True: what is read settles an action that was sent. The transport puts its reads with the actions, before other reads. */
  resolvesAction?: boolean;
  /** Told of each HTTP request that is made for this call, repeats included. */
  onRequest?: () => void;
  /** Asked by the transport when a request for an action has its connection, right before its first byte. A problem: it is not sent. */
  beforeSend?: () => Problem | null;
}

/** How one action works on one system. The first five are public (`JobCapability` in the schema). */
export interface ActionSupport {
  support: 'NATIVE_BATCH' | 'ONE_BY_ONE' | 'UNSUPPORTED';
  /** The statuses from which the vendor accepts the action. */
  allowedStatuses: readonly JobStatus[];
  /**
   * Those of `allowedStatuses` from which the vendor accepts the action for some jobs only, although no read shows for which.
   * `reason`: why, as a sentence for callers. Such jobs are sent, and a rejection means that the job doesn't allow the action. Default: none.
   */
  uncertain?: { statuses: readonly JobStatus[]; reason: string };
  /** Most jobs that one vendor request can name; null where the vendor sets no limit. */
  maxBatchSize: number | null;
  /** True where the vendor only accepts the request and the job ends later. */
  asynchronous: boolean;
  /** Whether sending it again after a lost answer can do no harm. */
  safeToRetry: boolean;
  /** Most jobs Jobyard names in one request; 1 for ONE_BY_ONE. */
  requestSize: number;
  /** True: the jobs are read first and only those in `allowedStatuses` are sent. False: the vendor's answer per job tells. */
  readBeforeAction: boolean;
  /** The state of an accepted job where the vendor's acceptance alone proves it; null: the job is read again. */
  acceptedState: { status: JobStatus; vendorStatus: string } | null;
  /**
   * The outcome if an accepted job, read again, is unchanged.
   * ACCEPTED: the vendor will get to it. VENDOR_REJECTED: it would have changed at once, so nothing happened.
   */
  unchangedOutcome: 'ACCEPTED' | 'VENDOR_REJECTED';
  /** Jobs whose keys differ can't share a request (a Kylin project). Default: all can. */
  batchKey?(job: Job): string;
  /** Whether a later copy shows that the action took effect. `before`: null if nothing is known. Default: by the statuses (actions/decide.ts). */
  tookEffect?(before: PriorState | null, after: Job): boolean;
}

/** What is known of a job before an action, whether or not a copy of it was kept. */
export type PriorState = Pick<Job, 'status' | 'createdAt' | 'startedAt' | 'finishedAt'>;

/** An action the vendor does not have. */
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

/** How jobs can be read by id. */
export interface ReadSupport {
  /** Most IDs one `getJobs` call takes: more are split over calls that run side by side. Null: any number, at the price of one request. */
  maxBatchSize: number | null;
  /**
   * The vendor rejects a second read of the same job within this time; 0: it doesn't. Within it callers get the cached copy, marked stale, and
   * overlapping reads of a job become one; what decides an action is looked for in the lists.
   */
  minIntervalMs: number;
  /**
   * From this many ids on, walking the newest jobs of the lists costs fewer requests than reading one by one;
   * null: never (the lists do not hold every job, or `getJobs` is one request anyway). Jobs that are not found there are read by ID.
   */
  scanFrom: number | null;
}

/**
 * `absent`: the vendor says that there is no such job. `problem`: it could not be read.
 * `askAgain`: the system doesn't offer this way of reading; `reads` has changed, and the same call reads another way.
 */
export type ReadResult =
  | { kind: 'job'; job: JobFields }
  | { kind: 'notFound' }
  | { kind: 'problem'; problem: Problem }
  | { kind: 'askAgain' };

export interface ActionTarget {
  vendorId: string;
  /** A copy read just before, where the action `readBeforeAction`; else null. */
  job: Job | null;
}

/**
 * A row of a list that breaks the vendor's contract: it costs itself, not the rows beside it.
 * `job`: what can be shown of it, with null for each field that can't be read; null if it has no usable id.
 * `problem` (INVALID_VENDOR_RESPONSE) names the row, the field, what was expected and what came: `kylin returned an invalid row: type of job X is a number, expected text.`
 */
export interface OddRow {
  problem: Problem;
  job: ListedJob | null;
}

/**
 * A job as a row of a list shows it. Of hundreds of rows few are shown: what only those need is made when it is asked for. May be kept for a
 * while, so it holds nothing of the response but its own row.
 */
export interface ListedJob {
  vendorId: string;
  /** The `createdAt` of its fields in epoch milliseconds: most lists are ordered by it. */
  createdAtMs: number | null;
  /** All that the row tells of the job. An adapter makes a new object for each call. */
  toFields(): JobFields;
}

/** A row whose fields are at hand. */
export function toListedJob(fields: JobFields): ListedJob {
  return { vendorId: fields.vendorId, createdAtMs: fields.createdAt?.getTime() ?? null, toFields: () => ({ ...fields }) };
}

/** What the vendor made of an action on one job. */
export type ActionResponse =
  /** Taken. `job`: how it stands afterwards, where the answer tells. */
  | { kind: 'accepted'; job: JobFields | null }
  /** No, for this job: VENDOR_REJECTED (the core reads the job to say why), NOT_ELIGIBLE or ACCESS_DENIED. Nothing was changed. */
  | { kind: 'rejected'; problem: Problem; vendorCode: string | null }
  /** No, for a request that named several jobs, and this job may not be the reason. It may have been carried out in part, but it has ended. */
  | { kind: 'batchRejected'; problem: Problem; vendorCode: string | null }
  /** The vendor says that there is no such job. */
  | { kind: 'notFound' }
  /** Certainly without effect: SYSTEM_UNAVAILABLE, RATE_LIMITED, VENDOR_AUTHENTICATION_FAILED, INVALID_VENDOR_RESPONSE or NOT_ATTEMPTED. */
  | { kind: 'notSent'; problem: Problem }
  /** The request may have reached the vendor, and no readable answer came. */
  | { kind: 'inconclusive'; problem: Problem };

export type OrderField = 'CREATED_AT' | 'STARTED_AT' | 'FINISHED_AT';
export interface JobOrder {
  field: OrderField;
  direction: 'ASC' | 'DESC';
}

/** What a listing asks of one system. Null: no condition. The core applies every condition itself too. */
export interface JobQuery {
  statuses: ReadonlySet<JobStatus> | null;
  types: readonly string[] | null;
  owners: readonly string[] | null;
  /** Exact spellings of `JobFields.scope`. Always null for a system without scopes. */
  scopes: readonly string[] | null;
  /** Substring of the name or of the vendor id, ignoring case. */
  text: string | null;
  /** Inclusive. */
  createdFrom: Date | null;
  /** Inclusive. */
  createdTo: Date | null;
  /** Null: any order; a source then lists in the order that it can guarantee best. */
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
 * One of the vendor's lists. It is one part, or parts that follow each other: pages behind tokens, windows of time.
 * The core trusts nothing about it but what it declares here.
 */
export interface ListSource {
  /** Unique and stable within the system: cursors keep positions under it. */
  readonly name: string;
  /** The name of a list that this one is a part of, and that may be listed in its place at another time: what a cursor says of that one holds for this one. */
  readonly partOf?: string;
  readonly order: ListOrder;
  /** True: the vendor applies every condition of the query, so that its total counts the matches. */
  readonly exact: boolean;
  /** True: reading can start at any row of a part. False: each part is one response, and tokens lead to rows that no earlier part had. */
  readonly numbered: boolean;
  /**
   * Reads rows from a position on; `count` is how many are wanted, the adapter keeps it within the vendor's limits.
   * Positions come from cursors, which callers hold: a part that can't be this list's is read as its first part.
   */
  readPage(at: ListPosition, count: number, call: CallContext): Promise<Result<ListPage>>;
}

/**
 * How the rows of a list follow each other, over all its parts.
 * QUERY: by the time that the query orders by, compared to within `precisionMs`: rows whose times differ by no more come in any order, which
 * may be another for each response; rows without the time come anywhere, and never change places with others. Only for a time that jobs
 * have from their creation on: a job that gets it later would jump over the reader.
 * FIXED: in some order in which two rows never change places; new rows come anywhere.
 */
export type ListOrder = { by: 'QUERY'; precisionMs: number } | { by: 'FIXED' };

export interface ListPosition {
  /** Null: the first part. At most 1,000 characters. */
  part: string | null;
  /** Counted from 0 within the part. */
  row: number;
}

/** The position of a list's first row. */
export const startOfList: ListPosition = { part: null, row: 0 };

export interface ListPage {
  /** In the list's order, every row of the response: odd ones count too. */
  rows: readonly (ListedJob | OddRow)[];
  /** The number of the first row within its part, at most the one that was asked for. */
  firstRow: number;
  /** The most rows that this response could hold, as the vendor applied it: fewer mean the end of the part. Null: the response is the whole part. */
  limit: number | null;
  /** The rows of the part, or of the whole list if its rows aren't numbered, as the vendor counts them at this moment; null if it doesn't. */
  total: number | null;
  /** The part that follows; null if this is the last one. At most 1,000 characters. */
  nextPart: string | null;
  /** No row of the parts that follow comes before this time in the order of the query. Null: nothing is known of them. */
  frontier: Date | null;
}

export function isOddRow(row: ListedJob | OddRow): row is OddRow {
  return 'job' in row;
}
