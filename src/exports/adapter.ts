// The package's export `jobyard/adapter`: what an adapter is, and what adapters share.

export { atMost } from '../concurrency/at-most.ts';
export { chunk, mapConcurrently, untilAborted } from '../concurrency/map-concurrently.ts';
export {
  type ActionResponse,
  type ActionState,
  type ActionSupport,
  type ActionTarget,
  allJobs,
  type ByState,
  type CallContext,
  isOddRow,
  type JobOrder,
  type JobQuery,
  type JobSystemAdapter,
  type ListedJob,
  type ListOrder,
  type ListPage,
  type ListPosition,
  type ListSource,
  type OddRow,
  type OrderField,
  type PriorState,
  type ReadResult,
  type ReadSupport,
  startOfList,
  toListedJob,
  unsupportedAction,
} from '../jobs/adapter.ts';
export { createFailedList } from '../jobs/failed-list.ts';
export {
  isTerminal,
  type Job,
  type JobAction,
  type JobDataRange,
  type JobFailure,
  type JobFields,
  type JobLink,
  type JobOutput,
  type JobProgress,
  type JobStatus,
  type JobStep,
  jobActions,
  jobStatuses,
  type LeftOutFact,
} from '../jobs/job.ts';
export {
  type LineOfPart,
  type LogLine,
  type LogPart,
  type LogRequest,
  type LogSeverity,
  type LogSupport,
  logSeverities,
  takeLines,
} from '../jobs/job-log.ts';
export { createProblem, fail, type Problem, type ProblemCode, type Result, succeed } from '../jobs/problem.ts';
export { toLine } from '../jobs/storable-text.ts';
export { toInstant } from '../jobs/vendor-facts.ts';
export { jsonInteger, parseJson } from '../json/parse.ts';
export { describeCalledOff } from '../transport/blocked.ts';
export { type CallPolicy, type CallPolicyOptions, createCallPolicy } from '../transport/call-policy.ts';
export type { CallResult, Purpose, Unanswered } from '../transport/call-result.ts';
export { describeUnreadJson } from '../transport/content.ts';
export { readJson, readText, type WireRequest, type WireResponse } from '../transport/exchange.ts';
export { describeInvalidResponse, describeStatus, mayBeCarriedOut, retryAfterSeconds } from '../transport/failures.ts';
export { createHttpClient, type HttpClient, type HttpClientOptions } from '../transport/http-client.ts';
export type { HttpRequest, HttpResult } from '../transport/http-request.ts';
export {
  createOddRow,
  createRowWithoutId,
  type FieldRule,
  findBrokenRule,
  isBroken,
  optionalInteger,
  optionalNumber,
  optionalText,
  requiredText,
} from '../transport/odd-row.ts';
export { isNumber, isNumberOrText, isText, optionalField, textOrNull } from '../transport/optional-field.ts';
export { type Failed, quote, type Rejected, type Reply, toFailed, toResult, toUncertain } from '../transport/reply.ts';
export type { RoundTrip } from '../transport/round-trip.ts';
export { createSessions, type Sessions } from '../transport/session.ts';
export { toShownValue } from '../transport/shown-value.ts';
export type { RoundTripContext, SendRoundTrip } from '../transport/time-limit.ts';
export type { PolicySettings, TransportSettings } from '../transport/transport-settings.ts';
export {
  type CredentialSource,
  contractVersion,
  credentialMissing,
  defineVendor,
  isHeaderSafe,
  type SandboxedVendor,
  type SystemSettings,
  unusableCredential,
  type Vendor,
} from '../vendors/vendor.ts';
