type ProblemCode = 'INVALID_ID' | 'SYSTEM_NOT_FOUND' | 'JOB_NOT_FOUND' | 'ACTION_NOT_SUPPORTED' | 'WRONG_STATUS' | 'NOT_ELIGIBLE' | 'ACCESS_DENIED' | 'VENDOR_AUTHENTICATION_FAILED' | 'SYSTEM_UNAVAILABLE' | 'TIMED_OUT' | 'RATE_LIMITED' | 'INVALID_VENDOR_RESPONSE' | 'VENDOR_REJECTED' | 'OUTCOME_UNKNOWN' | 'NOT_ATTEMPTED' | 'SCAN_LIMIT_REACHED' | 'INCOMPLETE_LIST' | 'IDEMPOTENCY_CONFLICT' | 'STORE_UNAVAILABLE' | 'CHANGED_SINCE_PREVIEW' | 'TOO_MANY_JOBS' | 'NO_JOBS_MATCHED' | 'INCOMPLETE_SELECTION' | 'PREVIEW_NOT_FOUND' | 'BULK_OPERATION_NOT_FOUND';
interface Problem {
  code: ProblemCode;
  message: string;
  retryable: boolean;
  retryAfterSeconds: number | null;
}
type Result<T> = {
  ok: true;
  value: T;
} | {
  ok: false;
  problem: Problem;
};
declare const jobStatuses: readonly ['SCHEDULED', 'QUEUED', 'RUNNING', 'PAUSED', 'CANCELLING', 'CANCELLED', 'SUCCEEDED', 'FAILED', 'UNKNOWN'];
type JobStatus = (typeof jobStatuses)[number];
declare const jobActions: readonly ['CANCEL', 'PAUSE', 'RESUME', 'RESTART', 'START'];
type JobAction = (typeof jobActions)[number];
interface JobFields {
  vendorId: string;
  name: string | null;
  type: string | null;
  status: JobStatus;
  vendorStatus: string | null;
  owner: string | null;
  createdAt: Date | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  durationSeconds: number | null;
  progress: JobProgress | null | undefined;
  scope: string | null;
  shownScope?: string;
  waitSeconds: number | null;
  dataRange: (() => JobDataRange | null) | null;
  leftOut?: readonly LeftOutFact[];
  raw: () => unknown;
}
type LeftOutFact = 'type' | 'owner' | 'createdAt' | 'startedAt' | 'waitSeconds';
interface Job extends JobFields {
  id: string;
  systemId: string;
  observedAt: Date;
  stale: boolean;
  problem: Problem | null;
}
interface JobProgress {
  fraction: number | null;
  succeededTasks: number | null;
  failedTasks: number | null;
  remainingTasks: number | null;
}
interface JobDataRange {
  from: Date | null;
  to: Date | null;
}
interface JobFailure {
  message: string;
  code: string | null;
  advice: string | null;
  step: JobStep | null;
}
interface JobLink {
  title: string;
  url: string;
}
interface JobStep {
  id: string;
  name: string;
  status: JobStatus;
  vendorStatus: string | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  durationSeconds: number | null;
  waitSeconds: number | null;
  message: string | null;
  failureCode: string | null;
  advice: string | null;
  substeps: readonly JobStep[];
  links: readonly JobLink[];
}
interface JobSystemAdapter {
  readonly actions: Readonly<Record<JobAction, ActionSupport>>;
  readonly reads: ReadSupport;
  readonly hasScopes: boolean;
  checkVendorId(vendorId: string): string | null;
  getJobs?(vendorIds: readonly string[], call: CallContext): Promise<ReadResult[]>;
  listJobs(query: JobQuery): ListSource[];
  findLists?(call: CallContext): Promise<Problem | null>;
  performAction(action: JobAction, targets: readonly ActionTarget[], call: CallContext): Promise<ActionResponse[]>;
  checkEligibility?(action: JobAction, job: JobFields): string | null;
  readLeftOut?(jobs: readonly Job[], call: CallContext): Promise<ReadResult[]>;
  getSteps?(job: Job, call: CallContext): Promise<Result<JobStep[] | null>>;
  getStepsOfJobs?(jobs: readonly Job[], call: CallContext): Promise<Result<JobStep[] | null>[]>;
  getProgress?(job: Job, call: CallContext): Promise<Result<JobProgress | null>>;
  getFailure?: 'fromSteps' | ((job: Job, call: CallContext) => Promise<Result<JobFailure | null>>);
  checkHealth(call: CallContext): Promise<Problem | null>;
  close(): Promise<void>;
}
interface CallContext {
  caller: string;
  signal: AbortSignal;
  credential: string | null;
  resolvesAction?: boolean;
  onRequest?: () => void;
  beforeSend?: () => Problem | null;
}
interface ActionSupport {
  support: 'NATIVE_BATCH' | 'ONE_BY_ONE' | 'UNSUPPORTED';
  allowedStatuses: readonly JobStatus[];
  uncertain?: {
    statuses: readonly JobStatus[];
    reason: string;
  };
  maxBatchSize: number | null;
  asynchronous: boolean;
  safeToRetry: boolean;
  requestSize: number;
  readBeforeAction: boolean;
  acceptedState: {
    status: JobStatus;
    vendorStatus: string;
  } | null;
  unchangedOutcome: 'ACCEPTED' | 'VENDOR_REJECTED';
  batchKey?(job: Job): string;
  tookEffect?(before: PriorState | null, after: Job): boolean;
}
type PriorState = Pick<Job, 'status' | 'createdAt' | 'startedAt' | 'finishedAt'>;
interface ReadSupport {
  maxBatchSize: number | null;
  minIntervalMs: number;
  scanFrom: number | null;
}
type ReadResult = {
  kind: 'job';
  job: JobFields;
} | {
  kind: 'notFound';
} | {
  kind: 'problem';
  problem: Problem;
} | {
  kind: 'readsChanged';
};
interface ActionTarget {
  vendorId: string;
  job: Job | null;
}
interface OddRow {
  problem: Problem;
  job: ListedJob | null;
}
interface ListedJob {
  vendorId: string;
  createdAtMs: number | null;
  toFields(): JobFields;
}
type ActionResponse = {
  kind: 'accepted';
  job: JobFields | null;
} | {
  kind: 'rejected';
  problem: Problem;
  vendorCode: string | null;
} | {
  kind: 'batchRejected';
  problem: Problem;
  vendorCode: string | null;
} | {
  kind: 'notFound';
} | {
  kind: 'notSent';
  problem: Problem;
} | {
  kind: 'inconclusive';
  problem: Problem;
};
type OrderField = 'CREATED_AT' | 'STARTED_AT' | 'FINISHED_AT';
interface JobOrder {
  field: OrderField;
  direction: 'ASC' | 'DESC';
}
interface JobQuery {
  statuses: ReadonlySet<JobStatus> | null;
  types: readonly string[] | null;
  owners: readonly string[] | null;
  scopes: readonly string[] | null;
  text: string | null;
  createdFrom: Date | null;
  createdTo: Date | null;
  order: JobOrder | null;
}
interface ListSource {
  readonly name: string;
  readonly partOf?: string;
  readonly order: ListOrder;
  readonly exact: boolean;
  readonly numbered: boolean;
  readPage(at: ListPosition, count: number, call: CallContext): Promise<Result<ListPage>>;
}
type ListOrder = {
  by: 'QUERY';
  precisionMs: number;
} | {
  by: 'FIXED';
};
interface ListPosition {
  part: string | null;
  row: number;
}
interface ListPage {
  rows: readonly (ListedJob | OddRow)[];
  firstRow: number;
  limit: number | null;
  total: number | null;
  nextPart: string | null;
  frontier: Date | null;
}
interface Check {
  id: string;
  statement: string;
  readOnly: boolean;
  run(subject: Subject): Promise<void>;
}
interface Subject {
  adapter: JobSystemAdapter;
  createCall(): CallContext;
  secrets: readonly string[];
  addJobsFor?: (action: JobAction, count: number) => readonly string[];
  addOddRows?: () => OddRows;
}
interface OddRows {
  readableIds: readonly string[];
  withoutId: number;
}
declare class Violation extends Error {
  name: string;
}
declare const checks: readonly Check[];
export { type Check, type OddRows, type Subject, Violation, checks };
