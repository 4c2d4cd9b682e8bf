import { IncomingHttpHeaders } from "node:http";
import { z } from "zod";
import { Dispatcher } from "undici";

type ProblemCode = 'INVALID_ID' | 'SYSTEM_NOT_FOUND' | 'JOB_NOT_FOUND' | 'ACTION_NOT_SUPPORTED' | 'WRONG_STATUS' | 'NOT_ELIGIBLE' | 'ACCESS_DENIED' | 'VENDOR_AUTHENTICATION_FAILED' | 'SYSTEM_UNAVAILABLE' | 'TIMED_OUT' | 'RATE_LIMITED' | 'INVALID_VENDOR_RESPONSE' | 'VENDOR_REJECTED' | 'OUTCOME_UNKNOWN' | 'NOT_ATTEMPTED' | 'SCAN_LIMIT_REACHED' | 'INCOMPLETE_LIST' | 'INCOMPLETE_LOG' | 'IDEMPOTENCY_CONFLICT' | 'STORE_UNAVAILABLE' | 'CHANGED_SINCE_PREVIEW' | 'TOO_MANY_JOBS' | 'NO_JOBS_MATCHED' | 'INCOMPLETE_SELECTION' | 'PREVIEW_NOT_FOUND' | 'BULK_OPERATION_NOT_FOUND';
interface Problem {
  code: ProblemCode;
  message: string;
  retryable: boolean;
  retryAfterSeconds: number | null;
  missingScope?: string;
}
type Result<T> = {
  ok: true;
  value: T;
} | {
  ok: false;
  problem: Problem;
};
interface CallContext {
  caller: string;
  signal: AbortSignal;
  credential: string | null;
  resolvesAction?: boolean;
  requestedBy?: string;
  reason?: string | null;
  actionKey?: string;
  onRoundTrip?: () => void;
  beforeSend?: () => Problem | null;
}
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
  scheduledFor?: Date | null;
  updatedAt?: Date | null;
  durationSeconds: number | null;
  progress: JobProgress | null | undefined;
  failure?: JobFailure | null;
  scope: string | null;
  shownScope?: string;
  waitSeconds: number | null;
  dataRange: (() => JobDataRange | null) | null;
  leftOut?: readonly LeftOutFact[];
  tags?: readonly string[] | null;
  links?: () => readonly JobLink[];
  raw: () => unknown;
}
type LeftOutFact = 'type' | 'owner' | 'createdAt' | 'startedAt' | 'waitSeconds' | 'tags';
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
interface JobOutput {
  name: string;
  stepId: string | null;
  value: unknown;
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
interface ListPosition {
  part: string | null;
  row: number;
}
declare const logSeverities: readonly ['DEBUG', 'INFO', 'WARNING', 'ERROR'];
type LogSeverity = (typeof logSeverities)[number];
interface LogSupport {
  readonly ofJobs: boolean;
  readonly ofSteps: boolean;
  readonly hasSeverities: boolean;
  getPart(job: Job, request: LogRequest, call: CallContext): Promise<Result<LogPart | null>>;
}
interface LogRequest {
  stepId: string | null;
  at: ListPosition;
  count: number;
  minSeverity: LogSeverity | null;
}
interface LogPart {
  lines: readonly LineOfPart[];
  next: ListPosition;
  hasMore: boolean;
  omission: string | null;
}
interface LogLine {
  loggedAt: Date | null;
  severity: LogSeverity | null;
  message: string;
  source: string | null;
  stepId: string | null;
}
type LineOfPart = LogLine & {
  nextRow: number;
};
interface JobSystemAdapter {
  readonly actions: Readonly<Record<JobAction, ActionSupport>>;
  readonly reads: ReadSupport;
  readonly hasScopes: boolean;
  checkVendorId(vendorId: string): string | null;
  getJobs?(vendorIds: readonly string[], call: CallContext): Promise<ReadResult[]>;
  listJobs(query: JobQuery): ListSource[];
  findLists?(call: CallContext): Promise<Problem | null>;
  performAction(action: JobAction, targets: readonly ActionTarget[], call: CallContext): Promise<ActionResponse[]>;
  resolveInconclusive?(action: JobAction, targets: readonly ActionTarget[], call: CallContext): Promise<ActionResponse[]>;
  checkEligibility?(action: JobAction, job: JobFields): string | null;
  readLeftOut?(jobs: readonly Job[], call: CallContext): Promise<ReadResult[]>;
  getSteps?(job: Job, call: CallContext): Promise<Result<JobStep[] | null>>;
  getStepsOfJobs?(jobs: readonly Job[], call: CallContext): Promise<Result<JobStep[] | null>[]>;
  getProgress?(job: Job, call: CallContext): Promise<Result<JobProgress | null>>;
  getFailure?: 'fromSteps' | ((job: Job, call: CallContext) => Promise<Result<JobFailure | null>>);
  getOutputs?(job: Job, call: CallContext): Promise<Result<readonly JobOutput[] | null>>;
  readonly logs?: LogSupport;
  checkHealth(call: CallContext): Promise<Problem | null>;
  close(): Promise<void>;
}
interface ActionState {
  status: JobStatus;
  vendorStatus: string;
}
type ByState<Value extends boolean | string | ActionState | null> = Value | ((before: PriorState | null) => Value);
interface ActionSupport {
  support: 'NATIVE_BATCH' | 'ONE_BY_ONE' | 'UNSUPPORTED';
  allowedStatuses: readonly JobStatus[];
  uncertain?: {
    statuses: readonly JobStatus[];
    reason: string;
  };
  maxBatchSize: number | null;
  asynchronous: ByState<boolean>;
  safeToRetry: ByState<boolean>;
  creates?: boolean;
  requestSize: number;
  readBeforeAction: boolean;
  acceptedState: ByState<ActionState | null>;
  unchangedOutcome: ByState<'ACCEPTED' | 'VENDOR_REJECTED'>;
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
  createdVendorId?: string;
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
  createdVendorId?: string;
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
  finishedFrom?: Date | null;
  finishedTo?: Date | null;
  order: JobOrder | null;
}
interface ListSource {
  readonly name: string;
  readonly partOf?: string;
  readonly order: ListOrder;
  readonly exact: boolean;
  readonly counts?: boolean;
  readonly numbered: boolean;
  readonly isUnreadable?: boolean;
  readPage(at: ListPosition, count: number, call: CallContext): Promise<Result<ListPage>>;
}
type ListOrder = {
  by: 'QUERY';
  precisionMs: number;
  everyJobHasTime?: boolean;
} | {
  by: 'FIXED';
};
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
interface Clock {
  now(): number;
  advance(ms: number): void;
}
interface Timeline {
  now(): number;
  at(atMs: number, happen: () => void): void;
  runDue(): void;
}
type Fault = {
  kind: 'slow';
  ms: number;
} | {
  kind: 'hang';
  applied: boolean;
} | {
  kind: 'reset';
  applied: boolean;
} | {
  kind: 'answer';
  status: number;
  headers?: Record<string, string> | undefined;
  body?: string | undefined;
  applied: boolean;
} | {
  kind: 'truncate';
} | {
  kind: 'empty';
} | {
  kind: 'flood';
  bytes: number;
} | ({
  kind: 'front-end';
} & FrontEnd);
interface FrontEnd {
  informational?: (100 | 102 | 103)[] | undefined;
  byteOrderMark?: boolean | undefined;
  codings?: ('gzip' | 'deflate' | 'deflate-raw' | 'br')[] | undefined;
  wantsUserAgent?: boolean | undefined;
}
interface FaultRule {
  fault: Fault;
  method?: string | undefined;
  path?: string | undefined;
  skip?: number | undefined;
  times?: number | 'always' | undefined;
}
interface Faults {
  add(rule: FaultRule): void;
  clear(): void;
  next(method: string, pathAndQuery: string): Fault | undefined;
}
interface LoggedRequest {
  method: string;
  target: string;
  body: string;
}
interface RequestLog {
  all(): readonly LoggedRequest[];
  count(method?: string, target?: string): number;
  add(request: LoggedRequest): void;
  clear(): void;
}
interface SandboxRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
}
interface SandboxAnswer {
  status: number;
  reason?: string;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
  delayMs?: number;
}
interface SandboxServerParts {
  host: string;
  port: number;
  latencyMs: number;
  clock: Clock;
  timeline: Timeline;
  faults: Faults;
  requests: RequestLog;
  switches: object;
  answer(request: SandboxRequest): SandboxAnswer;
}
declare function startSandboxServer(parts: SandboxServerParts): Promise<{
  origin: string;
  close(): Promise<void>;
}>;
interface SandboxOptions<Switches> {
  host?: string;
  port?: number;
  seed?: number;
  jobs?: number;
  latencyMs?: number;
  clock?: Clock;
  switches?: Partial<Switches>;
  serve?: typeof startSandboxServer;
}
type SandboxAction = 'CANCEL' | 'PAUSE' | 'RESUME' | 'RESTART' | 'START';
interface OddRows$1 {
  readableIds: readonly string[];
  withoutId: number;
}
interface RunningSandbox {
  vendor: string;
  url: string;
  settings: Record<string, unknown>;
  addOddRows?(): OddRows$1;
  addJobsFor(action: SandboxAction, count: number): string[];
  close(): Promise<void>;
}
interface Redactor {
  redactText(text: string): string;
  redactData(value: unknown): unknown;
  isInIdentifier(text: string): boolean;
  add(secret: string): void;
  learn(secret: string): void;
  learnFrom?(source: string, secret: string): void;
  with(secret: string): Redactor;
}
type Purpose = 'read' | 'action';
interface ProxySettings {
  httpProxy: string | null;
  httpsProxy: string | null;
  noProxy: string;
}
interface ConnectionSettings {
  certificateAuthorities: string | null;
  proxy: ProxySettings | null;
}
type BreakerState = 'closed' | 'open' | 'half_open';
interface PolicySettings {
  timeoutMs: number;
  concurrency: number;
  maxQueuedPerCaller?: number;
  observe?: (attempt: AttemptReport) => void;
  onBreakerChange?: (state: BreakerState) => void;
  onBlocked?: (reason: BlockReason) => void;
  onCredentialsJudged?: (verdict: CredentialsVerdict) => void;
  showTraffic?: (read: () => PolicyTraffic) => void;
}
interface TransportSettings extends PolicySettings {
  maxResponseBytes: number;
  connection?: ConnectionSettings;
  learnSecret?: (secret: string) => void;
  learnCookie?: (value: string) => void;
  createDispatcher?: (origin: string) => Dispatcher;
}
type BlockReason = 'breaker' | 'vendor' | 'credentials' | 'caller';
type CredentialsVerdict = 'accepted' | 'rejected';
interface PolicyTraffic {
  inFlight: number;
  waiting: number;
  pausedUntilMs: number;
}
interface AttemptReport {
  systemId: string;
  purpose: Purpose;
  result: string;
  durationMs: number;
  isRetry: boolean;
}
declare const contractVersion = 1;
interface Vendor<Settings = unknown> {
  contractVersion: typeof contractVersion;
  name: string;
  title: string;
  settings(secret: z.ZodType<string>, credentials?: CredentialSource): z.ZodType<Settings>;
  secrets(settings: Settings): readonly (string | undefined)[];
  offersPassthrough: boolean;
  urlSchemes?: readonly string[];
  defaults: {
    concurrency: number;
    timeoutMs: number;
  };
  createAdapter(system: SystemSettings, settings: Settings): JobSystemAdapter;
  startSandbox?(options?: SandboxOptions<unknown>): Promise<RunningSandbox>;
}
type CredentialSource = 'configured' | 'passthrough';
interface SystemSettings {
  id: string;
  url: string;
  transport: TransportSettings;
  redactor?: Redactor;
}
interface SubjectVendor<Started extends RunningSandbox> extends Pick<Vendor, 'createAdapter' | 'secrets'> {
  startSandbox(options?: SandboxOptions<unknown>): Promise<Started>;
}
interface StartedSubject<Started extends RunningSandbox> {
  subject: Subject;
  sandbox: Started;
}
declare function startSubject<Started extends RunningSandbox>(vendor: SubjectVendor<Started>): Promise<StartedSubject<Started>>;
export { type Check, type OddRows, type StartedSubject, type Subject, type SubjectVendor, Violation, checks, startSubject };
