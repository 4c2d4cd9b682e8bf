import { DestinationStream, Logger } from "pino";
import { z } from "zod";
import { IncomingHttpHeaders } from "node:http";
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
interface SystemHealth {
  status: 'UP' | 'DEGRADED' | 'DOWN' | 'UNKNOWN';
  checkedAt: Date | null;
  latencyMs: number | null;
  problem: Problem | null;
}
type HealthCaller = Pick<CallContext, 'caller' | 'credential'>;
interface HealthMonitor {
  check(call: HealthCaller): Promise<SystemHealth>;
  forget(): void;
}
interface LinkTemplate {
  title: string;
  url: string;
}
interface JobSystem {
  id: string;
  vendor: string;
  title: string;
  adapter: JobSystemAdapter;
  concurrency: number;
  scanLimit: number;
  health: HealthMonitor;
  links?: readonly LinkTemplate[];
}
declare const successOutcomes: readonly ['CONFIRMED', 'ACCEPTED', 'ALREADY_DONE', 'JOB_GONE', 'DRY_RUN_PASSED'];
type SuccessOutcome = (typeof successOutcomes)[number];
type ActionResult = SuccessResult | {
  outcome: 'JOB_NOT_FOUND';
  problem: Problem;
} | NotAllowedResult | {
  outcome: 'ACCESS_DENIED';
  problem: Problem;
} | {
  outcome: 'SYSTEM_UNAVAILABLE';
  problem: Problem;
} | {
  outcome: 'VENDOR_REJECTED';
  problem: Problem;
  vendorCode: string | null;
  job: Job | null;
} | UnknownResult | {
  outcome: 'NOT_ATTEMPTED';
  problem: Problem;
};
interface SuccessResult {
  outcome: SuccessOutcome;
  job: Job | null;
  doubt?: string | null;
  createdJobId?: string;
}
interface NotAllowedResult {
  outcome: 'ACTION_NOT_ALLOWED';
  problem: Problem;
  job: Job | null;
  status: JobStatus | null;
}
interface UnknownResult {
  outcome: 'OUTCOME_UNKNOWN';
  problem: Problem;
  attemptedAt: Date;
  safeToRetry: boolean;
  job: Job | null;
  createdJobId?: string | null;
}
type JobRead = {
  kind: 'job';
  job: Job;
} | {
  kind: 'notFound';
  known?: Pick<Job, 'name' | 'type'>;
} | {
  kind: 'problem';
  problem: Problem;
};
interface JobReader {
  read(vendorIds: readonly string[], call: CallContext): Promise<JobRead[]>;
  readFresh(vendorIds: readonly string[], call: CallContext): Promise<JobRead[]>;
  findCopy(vendorId: string, call: CallContext): Job | null;
  readLeftOut(jobs: readonly Job[], call: CallContext): Promise<Result<Job>[]>;
  takeFromList(rows: readonly ListedJob[], call: CallContext): Job[];
  createRowConverter(call: CallContext): (row: ListedJob) => Job;
  cacheState(vendorId: string, state: {
    status: JobStatus;
    vendorStatus: string;
  }, call: CallContext): void;
}
interface ReadableSystem extends JobSystem {
  reader: JobReader;
}
interface SharedRequest {
  actionId: string;
  action: JobAction;
  vendorIds: readonly string[];
  call: CallContext;
  sendSignal: AbortSignal;
  describeUnfinished(sentAt: Date | null): ActionResult;
}
type PerformAlone = (vendorIds: readonly string[], progress: ActionProgress) => Promise<void>;
type ReadOutcomes = (vendorIds: readonly string[], call: CallContext) => Promise<void>;
interface ActionProgress {
  signal: AbortSignal;
  isFree(vendorId: string): boolean;
  claim(vendorIds: readonly string[]): readonly string[];
  send(vendorIds: readonly string[]): void;
  awaitReads(vendorIds: readonly string[], readOutcomes: ReadOutcomes): void;
  release(vendorIds: readonly string[]): void;
  resolve(vendorId: string, result: ActionResult): void;
  leaveToOthers(): void;
}
interface SharedActions {
  perform(request: SharedRequest, performAlone: PerformAlone): Promise<Map<string, PerformedAction>>;
}
interface PerformedAction {
  result: ActionResult;
  sentAt: Date | null;
  sharedWith: string | null;
}
interface ActionableSystem extends ReadableSystem {
  sharedActions: SharedActions;
}
interface Place {
  readonly line: Line;
  isLent: boolean;
}
interface Line {
  readonly lines: Lines;
  readonly caller: string;
  places: number;
  readonly waiting: Set<Waiting>;
}
interface Waiting {
  enter(place: Place): void;
}
interface Lines {
  taken(): number;
  hasNext(): boolean;
  waitingOf(caller: string): number;
  waiting(): number;
  take(caller: string): Place | null;
  join(caller: string, waiting: Waiting): () => void;
  admitNext(): void;
  lend(count: 1 | -1): void;
  free(line: Line): void;
}
interface PlaceRequest {
  caller: string;
  purpose: 'read' | 'action';
  signal: AbortSignal;
}
interface Places {
  take(request: PlaceRequest): Place | null;
  wait(request: PlaceRequest): Promise<Place | 'aborted' | 'full'>;
  lend(place: Place): void;
  leave(place: Place): void;
  resize(size: number): void;
  waitingOf(request: Pick<PlaceRequest, 'caller' | 'purpose'>): number;
  counts(): {
    taken: number;
    waiting: number;
  };
}
type SortKey = number | string | null;
type Rank = number | {
  text: string;
  descends: boolean;
};
interface Row {
  listed: ListedJob;
  toJob: (listed: ListedJob) => Job;
  key: SortKey;
  rank: Rank;
  part: string | null;
}
interface KnownRows {
  rows: readonly Row[];
  resume: {
    position: ListPosition;
    rank: number;
  } | null;
  parts: readonly (string | null)[];
  totalCount: number | null;
  problem: Problem | null;
}
interface KnownRowsStore {
  keep(cursor: string, source: string, rows: KnownRows): void;
  take(cursor: string, source: string): KnownRows | null;
}
interface ListableSystem extends ReadableSystem {
  pagePlaces: Places;
  knownRows: KnownRowsStore;
}
interface SystemState {
  breaker(): BreakerState$1;
  traffic(): Traffic;
  credentials(): CredentialsState;
}
interface BreakerState$1 {
  state: 'CLOSED' | 'OPEN' | 'HALF_OPEN';
  changedAt: Date;
  nextAttemptAt: Date | null;
}
interface Traffic {
  inFlight: number;
  waiting: number;
  pauseEndsAt: Date | null;
  requestsLastMinute: number;
  latencyP50Ms: number | null;
  latencyP95Ms: number | null;
  blockedLastMinute: {
    reason: BlockedBy;
    count: number;
  }[];
}
type BlockedBy = 'CIRCUIT_BREAKER' | 'VENDOR_THROTTLING' | 'CREDENTIALS_REJECTED' | 'CALLER_LIMIT';
interface CredentialsState {
  status: 'OK' | 'REJECTED' | 'EXPIRED' | 'UNKNOWN';
  provenAt: Date | null;
  rejectedAt: Date | null;
  nextAttemptAt: Date | null;
}
interface ServedSystem extends ListableSystem, ActionableSystem {
  state: SystemState;
}
interface AuditOutput {
  append(line: string): void;
  reopen(): string | null;
  close(): void;
}
interface ProxySettings {
  httpProxy: string | null;
  httpsProxy: string | null;
  noProxy: string;
}
declare const scopes: readonly ['jobs:read', 'jobs:cancel', 'jobs:operate', 'jobs:raw', 'jobs:logs', 'systems:read', 'audit:read', 'documents:any'];
type Scope = (typeof scopes)[number];
interface Grant {
  scope: Scope;
  systems: readonly string[] | null;
}
type AccessSettings = {
  apiKeys: readonly ApiKeyEntry[];
  jwt: JwtSettings | null;
} | null;
interface ApiKeyEntry {
  name: string;
  sha256: string;
  grants: readonly Grant[];
}
interface JwtSettings {
  jwksUri: string;
  issuer: string;
  audience: string;
  scopesClaim: string;
  clockToleranceSeconds: number;
  certificateAuthorities: string | null;
}
type ConfigError = string;
declare const limitsSchema: z.ZodObject<{
  maxBodyBytes: z.ZodDefault<z.ZodInt>;
  maxTokens: z.ZodDefault<z.ZodInt>;
  maxFields: z.ZodDefault<z.ZodInt>;
  maxDepth: z.ZodDefault<z.ZodInt>;
  maxAliases: z.ZodDefault<z.ZodInt>;
  maxDirectives: z.ZodDefault<z.ZodInt>;
  maxCost: z.ZodDefault<z.ZodInt>;
  requestsPerMinute: z.ZodDefault<z.ZodNullable<z.ZodInt>>;
  jobsPerMinute: z.ZodDefault<z.ZodNullable<z.ZodInt>>;
  maxActionsInFlightPerCaller: z.ZodDefault<z.ZodInt>;
  maxActionsInFlight: z.ZodDefault<z.ZodInt>;
  maxConnectionsPerCaller: z.ZodDefault<z.ZodInt>;
  maxQueuedRequestsPerCaller: z.ZodDefault<z.ZodInt>;
  maxConnections: z.ZodDefault<z.ZodInt>;
  maxRequestsInFlightPerCaller: z.ZodDefault<z.ZodInt>;
  maxBytesInFlightPerCaller: z.ZodDefault<z.ZodInt>;
  maxBytesInFlight: z.ZodDefault<z.ZodInt>;
  maxWatchedJobsPerCaller: z.ZodDefault<z.ZodInt>;
  maxSubscriptionsPerConnection: z.ZodDefault<z.ZodInt>;
  introspection: z.ZodOptional<z.ZodBoolean>;
  documents: z.ZodDefault<z.ZodEnum<{
    all: "all";
    trusted: "trusted";
  }>>;
  documentManifests: z.ZodDefault<z.ZodArray<z.ZodPipe<z.ZodString, z.ZodTransform<Readonly<Record<string, string>>, string>>>>;
}, z.core.$strict>;
type Limits = z.infer<typeof limitsSchema> & {
  introspection: boolean;
};
type Environment = Readonly<Record<string, string | undefined>>;
type StoreLocation = {
  kind: 'memory';
} | {
  kind: 'folder';
  folder: string;
} | {
  kind: 'server';
  url: string;
};
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
interface SystemConfig {
  id: string;
  vendor: Vendor;
  title: string;
  url: string;
  credentials: CredentialSource;
  timeoutMs: number;
  concurrency: number;
  maxResponseBytes: number;
  scanLimit: number;
  certificateAuthorities: string | null;
  links: readonly LinkTemplate[];
  settings: unknown;
}
interface Config {
  server: ServerConfig;
  access: AccessSettings;
  limits: Limits;
  audit: AuditConfig;
  bulk: BulkConfig;
  store: StoreLocation;
  log: LogConfig;
  tracing: boolean;
  proxy: ProxySettings | null;
  systems: SystemConfig[] | null;
}
interface ServerConfig {
  host: string;
  port: number;
  deadlineMs: number;
  cors: {
    origins: string[];
  };
  sdlProfile: 'core' | 'full';
  console: boolean;
  playground: boolean;
  cursorKey: string | null;
  stalledTimeoutMs: number;
  keepAliveTimeoutMs: number;
  drainMs: number;
}
interface AuditConfig {
  file: string | null;
  retentionDays: number;
  overdueAfterMs: number;
}
interface BulkConfig {
  retentionDays: number;
}
interface LogConfig {
  level: (typeof logLevels)[number];
}
declare const logLevels: readonly ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];
declare const profiles: readonly ["direct", "plain", "core", "full"];
type Profile = (typeof profiles)[number];
declare function printSdl(profile: Profile): string;
interface Jobyard {
  origin: string;
  systems: readonly ServedSystem[];
  reload(settings: ReloadableSettings): Promise<string[]>;
  close(): Promise<void>;
}
interface ReloadableSettings {
  access: AccessSettings;
  limits: Limits;
  allowedOrigins: readonly string[];
  systems: readonly SystemConfig[];
}
declare function createConfigSchema(): object;
declare function loadConfig(commandLine: readonly string[], environment?: Environment): Promise<Config | {
  errors: ConfigError[];
}>;
interface StartOptions {
  log?: DestinationStream;
  onFolderLost?(error: Error): void;
  onUnusable?(error: Error): void;
  signal?: AbortSignal;
}
interface StartedJobyard extends Jobyard {
  logger: Logger;
  auditOutput: AuditOutput;
  systemConfigs: readonly SystemConfig[];
  isSandbox: boolean;
}
declare function start(config: Config, options?: StartOptions): Promise<StartedJobyard>;
declare const version: string;
export { type Config, type ConfigError, type Environment, type Jobyard, type Profile, type ReloadableSettings, type StartOptions, type StartedJobyard, createConfigSchema, loadConfig, printSdl, start, version };
