/**
 * What Veeva's manual leaves open, and what every Vault sets for itself. Can be changed while the sandbox runs.
 * Durations are milliseconds of the sandbox's clock, except `throttleDelayMs`.
 */
export interface VaultSwitches {
  /** New jobs arrive by themselves, one every 20 to 60 seconds. Recurring jobs schedule their next instance either way. */
  arrivals: boolean;
  /** How many ended jobs are kept; beyond that the ones that ended first drop out of histories. */
  endedJobsKept: number;
  /** How long a job stays CANCELLING before it is CANCELLED. */
  cancellingMs: number;

  /** General burst limit of this Vault: calls per 5 minutes before answers are delayed. Documented example: 2000. */
  burstLimit: number;
  /** Logins per minute, user name and DNS: delayed from half of it, rejected beyond it. Documented example: 20. */
  loginLimit: number;
  /** The delay of a throttled response, in real time. Documented: 500. */
  throttleDelayMs: number;
  /** Whether the 10 seconds between two status reads of a job apply to all sessions together, or to each session. */
  statusReadLimit: 'per_job' | 'per_job_and_session';
  /** A status read that is too early restarts the 10 seconds. */
  rejectedReadExtends: boolean;
  /** HTTP status of API_LIMIT_EXCEEDED. */
  limitExceededStatus: 200 | 429;

  /** A session unused for this long ends. Set per Vault; documented example: 20 minutes. */
  sessionIdleMs: number;
  /** HTTP status of INVALID_SESSION_ID. */
  invalidSessionStatus: 200 | 401;
  /** HTTP status of METHOD_NOT_SUPPORTED. */
  methodNotSupportedStatus: 200 | 405;
  /** Wrong passwords in a row that lock a user out. Set per Vault. */
  lockoutAfter: number;
  /** How long a locked-out user stays so. Set per Vault. */
  lockoutMs: number;
  /** The path of the OAuth session route, before `/{profile_id}`. Veeva has it on another host. */
  oauthPrefix: string;
  /** The Vault rejects calls whose X-VaultAPI-ClientID is missing or malformed. */
  requireClientId: boolean;
  /** The Vault is in Configuration Mode: closed to users who are not its admins. */
  configurationMode: boolean;
  /** Above 0: the Vault is down for about this many minutes. HTML with 503 and X-VaultAPI-DowntimeExpectedDurationMinutes. */
  downtimeMinutes: number;
  /** Successful responses are `WARNING` with a `warnings` list. */
  warnings: boolean;

  /** Cancel Job in API versions before v25.3, which do not document it. */
  cancelBeforeV25R3: 'METHOD_NOT_SUPPORTED' | 'MALFORMED_URL' | 'accept';
  /** Form of `errors` in a rejected cancel item: the manual's sample has an object, its prose an array. */
  cancelErrors: 'object' | 'array';
  /** Outer `responseStatus` of a cancel whose items were all rejected. */
  allCancelsRejected: 'SUCCESS' | 'FAILURE';
  /** Whether RUNNING jobs can be canceled. Depends on the type of job. */
  cancelRunning: 'by_job' | 'always' | 'never';
  /** Cancel's success items name another ID than the one canceled, as the manual's sample does. */
  cancelAnswersOtherId: boolean;

  /** Error type for a job ID that is unknown. */
  unknownJobType: 'INVALID_DATA' | 'INSUFFICIENT_ACCESS';
  /** The error type for a job ID that is not a number. MALFORMED_URL has HTTP 404. */
  nonNumericIdType: 'INVALID_DATA' | 'MALFORMED_URL';
  /** Error type of start_now for a job that is not SCHEDULED. */
  notScheduledType: 'INVALID_DATA' | 'OPERATION_NOT_ALLOWED';

  /** start_now again for a job that a start has begun: it uses up the current interval only (26.2). Its outcome is not documented. */
  repeatedStart: 'rejected' | 'accepted';

  /** What `limit` outside 1 to 200 does. */
  limitOutOfRange: 'reject' | 'clamp';
  /** What histories' `start_date` and `end_date` are compared with. */
  historiesDateField: 'run_end_date' | 'run_start_date' | 'created_date';
  /** A job exactly at `start_date` or `end_date` is listed. */
  dateBoundsInclusive: boolean;
  /** `documented`: YYYY-MM-DDTHH:MM:SSZ only. `iso`: also without seconds, with milliseconds, an offset or a [zone], as VAPIL may send. */
  dateForms: 'documented' | 'iso';
  /** Whether filter values such as `Success` match, or only `success`. */
  statusFilterCase: 'insensitive' | 'lower_only';
  /** monitors `status=queued` also lists QUEUEING jobs. */
  queuedFilterListsQueueing: boolean;
  /** The key of the order of histories, newest first. */
  historiesOrder: 'job_id' | 'run_end_date';
  /** Monitors' order. The manual's sample and recorded Vaults show the smaller IDs first. */
  monitorsOrder: 'oldest_first' | 'newest_first';
  /** Form of `next_page` and `previous_page`. */
  pageLinks: 'path' | 'url';
  /** A task's status: `state` in the manual, `status` in Veeva's Java library. */
  taskStatusKey: 'state' | 'status';
  /** Whether VQL accepts `id CONTAINS (…)` on a target about jobs, which is not documented. */
  queryIdFilter: 'accepted' | 'rejected';
  /** VQL targets that this Vault does not have, separated by spaces. */
  unknownQueryTargets: string;
  /** Whether the user can query. The required permission is not documented. */
  queryAccess: 'granted' | 'denied';
  /** Requested fields that rows of a query leave out, separated by spaces. */
  queryHidesFields: string;
  /** Form of an ID in a row of a query. */
  queryIdType: 'number' | 'text';
  /** Form of `status__sys`. `label`: words that have nothing to do with REST's. */
  queryStatusLiteral: 'upper' | 'lower' | 'suffixed' | 'list' | 'label';
  /** A job that is CANCELLING in a query: as such, as it was before, or not at all. */
  queryCancelling: 'shown' | 'as_before' | 'absent';
  /** How long queries show a job that has ended. REST's histories may keep it longer. */
  queryHistoryKeptMs: number;
  /** Whether queries show the tasks of ended SDK jobs. */
  queryTasks: 'ended' | 'none';
  /** Most rows of one page of a query. Documented: 1,000. */
  queryPageSize: number;
  /** The duration of a query, in real time. Five queries of one user can run at a time. */
  queryDurationMs: number;
  /** Error type of a sixth query. */
  tooManyQueriesType: 'API_LIMIT_EXCEEDED' | 'OPERATION_NOT_ALLOWED';
  /** Error type of a wrong query: the first was seen, the second is documented. */
  querySyntaxErrorType: 'INCORRECT_QUERY_SYNTAX' | 'INCORRECT_QUERY_SYNTAX_ERROR';
  /** Minutes added to all times of scheduled jobs: they are in the Vault's time zone in spite of their `Z`. */
  scheduledTimesOffsetMinutes: number;
  /** All times are without a zone, in the Vault's own zone. Not documented. */
  zonelessDates: boolean;
}

export const defaultSwitches: Readonly<VaultSwitches> = {
  arrivals: true,
  endedJobsKept: 100_000,
  cancellingMs: 5_000,
  burstLimit: 2_000,
  loginLimit: 20,
  throttleDelayMs: 500,
  statusReadLimit: 'per_job',
  rejectedReadExtends: false,
  limitExceededStatus: 200,
  sessionIdleMs: 20 * 60_000,
  invalidSessionStatus: 200,
  methodNotSupportedStatus: 200,
  lockoutAfter: 5,
  lockoutMs: 30 * 60_000,
  oauthPrefix: '/auth/oauth/session',
  requireClientId: false,
  configurationMode: false,
  downtimeMinutes: 0,
  warnings: false,
  cancelBeforeV25R3: 'METHOD_NOT_SUPPORTED',
  cancelErrors: 'object',
  allCancelsRejected: 'SUCCESS',
  cancelRunning: 'by_job',
  cancelAnswersOtherId: false,
  unknownJobType: 'INVALID_DATA',
  nonNumericIdType: 'INVALID_DATA',
  notScheduledType: 'INVALID_DATA',
  repeatedStart: 'rejected',
  limitOutOfRange: 'reject',
  historiesDateField: 'run_end_date',
  dateBoundsInclusive: true,
  dateForms: 'documented',
  statusFilterCase: 'insensitive',
  queuedFilterListsQueueing: false,
  historiesOrder: 'job_id',
  monitorsOrder: 'oldest_first',
  pageLinks: 'path',
  taskStatusKey: 'state',
  queryIdFilter: 'accepted',
  unknownQueryTargets: '',
  queryAccess: 'granted',
  queryHidesFields: '',
  queryIdType: 'number',
  queryStatusLiteral: 'upper',
  queryCancelling: 'shown',
  queryHistoryKeptMs: Number.MAX_SAFE_INTEGER,
  queryTasks: 'ended',
  queryPageSize: 1_000,
  queryDurationMs: 0,
  tooManyQueriesType: 'API_LIMIT_EXCEEDED',
  querySyntaxErrorType: 'INCORRECT_QUERY_SYNTAX',
  scheduledTimesOffsetMinutes: 0,
  zonelessDates: false,
};
