import { Attributes } from "@opentelemetry/api";
import { Dispatcher } from "undici";
import { z } from "zod";
import { IncomingHttpHeaders } from "node:http";

declare const atMost: (count: number) => {
  maxSize: number;
  sizeCalculation: () => number;
};
declare function mapConcurrently<Item, Result>(items: readonly Item[], limit: number, work: (item: Item) => Promise<Result>): Promise<Result[]>;
declare function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value | null>;
declare function chunk<Item>(items: readonly Item[], size: number | null): (readonly Item[])[];
type ProblemCode = 'INVALID_ID' | 'SYSTEM_NOT_FOUND' | 'JOB_NOT_FOUND' | 'ACTION_NOT_SUPPORTED' | 'WRONG_STATUS' | 'NOT_ELIGIBLE' | 'ACCESS_DENIED' | 'VENDOR_AUTHENTICATION_FAILED' | 'SYSTEM_UNAVAILABLE' | 'TIMED_OUT' | 'RATE_LIMITED' | 'INVALID_VENDOR_RESPONSE' | 'VENDOR_REJECTED' | 'OUTCOME_UNKNOWN' | 'NOT_ATTEMPTED' | 'SCAN_LIMIT_REACHED' | 'INCOMPLETE_LIST' | 'INCOMPLETE_LOG' | 'IDEMPOTENCY_CONFLICT' | 'STORE_UNAVAILABLE' | 'CHANGED_SINCE_PREVIEW' | 'TOO_MANY_JOBS' | 'NO_JOBS_MATCHED' | 'INCOMPLETE_SELECTION' | 'PREVIEW_NOT_FOUND' | 'BULK_OPERATION_NOT_FOUND';
interface Problem {
  code: ProblemCode;
  message: string;
  retryable: boolean;
  retryAfterSeconds: number | null;
  missingScope?: string;
}
declare function createProblem(code: ProblemCode, message: string, retryAfterSeconds?: number | null): Problem;
type Result<T> = {
  ok: true;
  value: T;
} | {
  ok: false;
  problem: Problem;
};
declare function succeed<T>(value: T): Result<T>;
declare function fail(problem: Problem): {
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
declare function isTerminal(status: JobStatus): boolean;
interface ListPosition {
  part: string | null;
  row: number;
}
declare const startOfList: ListPosition;
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
declare function takeLines<Row>(rows: readonly Row[], {
  at,
  count,
  minSeverity
}: LogRequest, toLine: (row: Row) => LogLine | null, {
  nextPart,
  omission
}?: {
  nextPart?: string | null;
  omission?: string | null;
}): LogPart;
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
declare const unsupportedAction: ActionSupport;
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
declare function toListedJob(fields: JobFields): ListedJob;
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
declare const allJobs: JobQuery;
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
declare function isOddRow(row: ListedJob | OddRow): row is OddRow;
declare function createFailedList(name: string, problem: Problem): ListSource;
declare function toLine(text: string, maxLength?: number): string;
declare function toInstant(date: Date | null): Date | null;
declare function parseJson(text: string): unknown;
declare function jsonInteger(digits: string): unknown;
declare function describeCalledOff(systemId: string, signal: AbortSignal, started: boolean): Problem;
type Purpose = 'read' | 'action';
type CallResult<Response extends object> = ({
  answered: true;
} & Response) | Unanswered;
interface Unanswered {
  answered: false;
  mayHaveArrived: boolean;
  problem: Problem;
}
interface RoundTripContext {
  start(): boolean;
  signal: AbortSignal;
}
type SendRoundTrip<Response extends object> = (context: RoundTripContext) => Promise<CallResult<Response>>;
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
interface RoundTrip<Response extends object> {
  purpose: Purpose;
  attributes?: Attributes;
  send: SendRoundTrip<Response>;
}
interface CallPolicyOptions<Response extends object> {
  systemId: string;
  settings: PolicySettings;
  judgeCredentials?(response: Response): 'accepted' | 'rejected' | 'unknown';
  isFailure?(response: Response): boolean;
  judgeRetry?(response: Response, purpose: Purpose): {
    afterMs: number | null;
  } | null;
  retriesActions?: boolean;
  toResultWord?(response: Response): string;
  isLong?(response: Response): boolean;
  endsInTime?: boolean;
}
interface CallPolicy<Response extends object> {
  send(roundTrip: RoundTrip<Response>, call: CallContext): Promise<CallResult<Response>>;
  pause(seconds: number): void;
  setReadGapMs(gapMs: number): void;
}
declare function createCallPolicy<Response extends object>(options: CallPolicyOptions<Response>): CallPolicy<Response>;
type LargeJson = {
  kind: 'value';
  value: unknown;
} | {
  kind: 'notJson';
} | {
  kind: 'tooDeep';
} | {
  kind: 'tooManyValues';
};
declare function parseLargeJson(bytes: Buffer, owner: string, signal: AbortSignal): Promise<LargeJson | {
  kind: 'aborted';
}>;
interface Content {
  text: string;
  large?: {
    json: unknown;
    byteCount: number;
  };
  defect?: string;
}
declare function describeUnreadJson({
  kind
}: Awaited<ReturnType<typeof parseLargeJson>>): string | null;
interface WireRequest {
  origin: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  headers: Record<string, string>;
  body: string | null;
}
interface WireResponse extends Content {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  reading?: unknown;
}
declare function readJson({
  text,
  large
}: WireResponse): unknown;
declare function readText(text: string, sender: string, signal: AbortSignal): ReturnType<typeof parseLargeJson>;
declare function describeStatus(systemId: string, answer: WireResponse): Problem;
declare function describeInvalidResponse(systemId: string, answer: WireResponse, expected?: string): Problem;
declare function mayBeCarriedOut(status: number): boolean;
declare function retryAfterSeconds({
  headers
}: WireResponse): number | null;
interface HttpRequest {
  method: WireRequest['method'];
  path: string;
  headers?: Record<string, string>;
  body?: string;
  purpose: Purpose;
}
type HttpResult = CallResult<WireResponse>;
interface HttpClientOptions {
  systemId: string;
  baseUrl: string;
  transport: TransportSettings;
  judgeCredentials(answer: WireResponse): 'accepted' | 'rejected' | 'unknown';
  isTransient?(answer: WireResponse): boolean;
  readGapMs?(answer: WireResponse, request: HttpRequest): number | null;
  asksForRetry?(answer: WireResponse): boolean;
}
interface HttpClient {
  send(request: HttpRequest, call: CallContext): Promise<HttpResult>;
  close(): Promise<void>;
}
declare function createHttpClient(options: HttpClientOptions): HttpClient;
interface FieldRule {
  name: string;
  expected: string;
  isOfKind: (value: unknown) => boolean;
  optional: boolean;
}
declare function requiredText(name: string): FieldRule;
declare function optionalText(name: string): FieldRule;
declare function optionalNumber(name: string): FieldRule;
declare function optionalInteger(name: string): FieldRule;
declare function findBrokenRule(row: Readonly<Record<string, unknown>>, rules: readonly FieldRule[]): FieldRule | null;
declare function isBroken({
  optional,
  isOfKind
}: FieldRule, value: unknown): boolean;
declare function createOddRow(systemId: string, {
  name,
  expected
}: FieldRule, value: unknown, job: ListedJob): OddRow;
declare function createRowWithoutId(systemId: string, name: string, index: number, value: unknown): OddRow;
declare function optionalField<Value>(isOfKind: (value: unknown) => value is Value): z.ZodTransform<Awaited<{} & Value> | null | undefined, unknown>;
declare function textOrNull(value: unknown): string | null;
declare function isText(value: unknown): value is string;
declare function isNumber(value: unknown): value is number;
declare function isNumberOrText(value: unknown): value is number | string;
type Reply<T, Details = unknown> = {
  kind: 'value';
  value: T;
} | (Rejected & Details) | Failed;
interface Rejected {
  kind: 'rejected';
  problem: Problem;
  vendorCode: string | null;
}
interface Failed {
  kind: 'failed';
  problem: Problem;
  mayHaveArrived: boolean;
}
declare function toFailed({
  problem,
  mayHaveArrived
}: Extract<HttpResult, {
  answered: false;
}>): Failed;
declare function toResult<T>(reply: Reply<T>): Result<T>;
declare function toUncertain({
  problem,
  mayHaveArrived
}: Pick<Failed, 'problem' | 'mayHaveArrived'>): ActionResponse;
declare function quote(words: string): string;
interface Sessions {
  get(signal: AbortSignal): Promise<Result<string>>;
  renew(rejected: string, signal: AbortSignal): Promise<Result<string>>;
  release(): string | null;
}
declare function createSessions(systemId: string, logIn: () => Promise<Result<string>>, isExpiring?: (sessionId: string) => boolean): Sessions;
declare function toShownValue(value: unknown): unknown;
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
interface OddRows {
  readableIds: readonly string[];
  withoutId: number;
}
interface RunningSandbox {
  vendor: string;
  url: string;
  settings: Record<string, unknown>;
  addOddRows?(): OddRows;
  addJobsFor(action: SandboxAction, count: number): string[];
  close(): Promise<void>;
}
interface Sandbox<Switches = unknown, State = unknown> extends RunningSandbox {
  clock: Clock;
  faults: Faults;
  requests: RequestLog;
  switches: Switches;
  addOddRows(): OddRows;
  state: State;
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
interface SandboxedVendor<Settings = unknown> extends Vendor<Settings> {
  startSandbox(options?: SandboxOptions<unknown>): Promise<Sandbox>;
}
type CredentialSource = 'configured' | 'passthrough';
interface SystemSettings {
  id: string;
  url: string;
  transport: TransportSettings;
  redactor?: Redactor;
}
declare function credentialMissing(systemId: string): Problem;
declare function isHeaderSafe(secret: string): boolean;
declare function unusableCredential(systemId: string): Problem;
declare function defineVendor<Settings>(vendor: SandboxedVendor<Settings>): SandboxedVendor;
declare function defineVendor<Settings>(vendor: Vendor<Settings>): Vendor;
export { type ActionResponse, type ActionState, type ActionSupport, type ActionTarget, type ByState, type CallContext, type CallPolicy, type CallPolicyOptions, type CallResult, type CredentialSource, type Failed, type FieldRule, type HttpClient, type HttpClientOptions, type HttpRequest, type HttpResult, type Job, type JobAction, type JobDataRange, type JobFailure, type JobFields, type JobLink, type JobOrder, type JobOutput, type JobProgress, type JobQuery, type JobStatus, type JobStep, type JobSystemAdapter, type LeftOutFact, type LineOfPart, type ListOrder, type ListPage, type ListPosition, type ListSource, type ListedJob, type LogLine, type LogPart, type LogRequest, type LogSeverity, type LogSupport, type OddRow, type OrderField, type PolicySettings, type PriorState, type Problem, type ProblemCode, type Purpose, type ReadResult, type ReadSupport, type Rejected, type Reply, type Result, type RoundTrip, type RoundTripContext, type SandboxedVendor, type SendRoundTrip, type Sessions, type SystemSettings, type TransportSettings, type Unanswered, type Vendor, type WireRequest, type WireResponse, allJobs, atMost, chunk, contractVersion, createCallPolicy, createFailedList, createHttpClient, createOddRow, createProblem, createRowWithoutId, createSessions, credentialMissing, defineVendor, describeCalledOff, describeInvalidResponse, describeStatus, describeUnreadJson, fail, findBrokenRule, isBroken, isHeaderSafe, isNumber, isNumberOrText, isOddRow, isTerminal, isText, jobActions, jobStatuses, jsonInteger, logSeverities, mapConcurrently, mayBeCarriedOut, optionalField, optionalInteger, optionalNumber, optionalText, parseJson, quote, readJson, readText, requiredText, retryAfterSeconds, startOfList, succeed, takeLines, textOrNull, toFailed, toInstant, toLine, toListedJob, toResult, toShownValue, toUncertain, unsupportedAction, untilAborted, unusableCredential };
