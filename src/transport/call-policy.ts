import { BrokenCircuitError, TaskCancelledError } from 'cockatiel';
import { onAbort } from '../concurrency/on-abort.ts';
import type { PlaceRequest } from '../concurrency/places.ts';
import type { CallContext } from '../jobs/adapter.ts';
import type { Problem } from '../jobs/problem.ts';
import {
  breakAfterFailures,
  breakForMs,
  describeCalledOff,
  describeFullQueue,
  describeLowAllowance,
  describeOpenCircuit,
  describeVendorPause,
} from './blocked.ts';
import { type CallResult, notSent, type Purpose, type Unanswered } from './call-result.ts';
import { type CredentialGate, createCredentialGate } from './credential-gate.ts';
import { createPolicies, queueFull } from './policy.ts';
import { createReadThrottle, type ReadThrottle } from './read-throttle.ts';
import { type Attempt, type AttemptContext, AttemptWithoutMeaning, attempt, type RoundTrip } from './round-trip.ts';
import type { BlockReason, PolicySettings, PolicyTraffic } from './transport-settings.ts';
import { createVendorPause, type VendorPause } from './vendor-pause.ts';

export interface CallPolicyOptions<Response extends object> {
  systemId: string;
  settings: PolicySettings;
  /** What a response reveals about the configured credentials. Rejected ones aren't tried again for 5 minutes. Default: any response accepts them. */
  judgeCredentials?(response: Response): 'accepted' | 'rejected' | 'unknown';
  /** Responses that count as failures of the system for the circuit breaker. Default: none, as the system responds. */
  isFailure?(response: Response): boolean;
  /**
   * When a request should be retried after this response, or null if it shouldn't. `afterMs` null: after the usual time. A read without a
   * response is retried anyway, unless its response was invalid; an action isn't. Default: null.
   */
  judgeRetry?(response: Response, purpose: Purpose): { afterMs: number | null } | null;
  /** True: `judgeRetry` may return a time for an action too, as the response certainly changed nothing. Default: false. */
  retriesActions?: boolean;
  /** The word for a response in metrics and traces, one of a few. Default: `ok`. */
  toResultWord?(response: Response): string;
  /** Whether a response takes a millisecond or more to process: callers take turns with these. Default: none does. */
  isLong?(response: Response): boolean;
  /** True: round trips end at the timeout and when the call is aborted on their own. Default: the policy ends them. */
  endsInTime?: boolean;
}

/**
 * How requests to one system are sent, whatever their protocol: concurrency, timeouts, retries of reads, the circuit breaker, pauses that the
 * vendor requests, protection of credentials, and the core's last word before an action is sent.
 */
export interface CallPolicy<Response extends object> {
  /** Rejects only for a bug in `send` of the round trip. A call with a `credential` doesn't test the configured credentials. */
  send(roundTrip: RoundTrip<Response>, call: CallContext): Promise<CallResult<Response>>;
  /** The vendor requested a pause: for this many seconds (at most 300), nothing is sent. */
  pause(seconds: number): void;
  /** The time between two reads from now on, while the vendor's request limit is almost reached. 0: none. */
  setReadGapMs(gapMs: number): void;
}

export function createCallPolicy<Response extends object>(options: CallPolicyOptions<Response>): CallPolicy<Response> {
  const stages = createStages(options);
  const { systemId, settings } = options;
  settings.showTraffic?.(() => trafficOf(stages));
  return {
    async send(roundTrip, call) {
      if (call.signal.aborted) return notSent(describeCalledOff(systemId, call.signal, false));
      const progress: Progress = { isWaiting: true };
      return checkPause(stages) ?? orCalledOff(systemId, call.signal, progress, sendInTurn(stages, roundTrip, call, progress));
    },
    pause: stages.pause.begin,
    setReadGapMs: stages.throttle.setGapMs,
  };
}

/** The stages of a request, in this order: the vendor's pause, the read throttle, the credentials, a place, and the circuit breaker. */
interface Stages<Response extends object> {
  options: CallPolicyOptions<Response>;
  pause: VendorPause;
  throttle: ReadThrottle;
  gate: CredentialGate;
  policies: ReturnType<typeof createPolicies<Attempt<Response>>>;
  context: AttemptContext<Response>;
}

function createStages<Response extends object>(options: CallPolicyOptions<Response>): Stages<Response> {
  const { systemId, settings, isFailure = no, toResultWord = () => 'ok', isLong = no, endsInTime = false } = options;
  const { concurrency, maxQueuedPerCaller = Number.POSITIVE_INFINITY } = settings;
  const policies = createPolicies<Attempt<Response>>(
    { concurrency, maxQueuedPerCaller, breakAfterFailures, breakForMs, maxRetries: 2, retryBudget: 20 },
    ({ outcome }) => (outcome.answered ? isFailure(outcome) : true),
    (made) => judgeRetry(made, options),
    settings.onBreakerChange,
  );
  return {
    options,
    pause: createVendorPause(),
    throttle: createReadThrottle(),
    gate: createCredentialGate(systemId, maxQueuedPerCaller),
    policies,
    context: { systemId, settings, endsInTime, toResultWord, isLong, isProbing: policies.isProbing },
  };
}

function trafficOf<Response extends object>({ pause, throttle, gate, policies }: Stages<Response>): PolicyTraffic {
  const { taken, waiting } = policies.counts();
  return { inFlight: taken, waiting: waiting + throttle.waiting() + gate.waiting(), pausedUntilMs: pause.untilMs() };
}

function no(): boolean {
  return false;
}

/** When an attempt should be retried, or null if it shouldn't. */
function judgeRetry<Response extends object>({ outcome, purpose }: Attempt<Response>, options: CallPolicyOptions<Response>) {
  // A response that is too large would be too large again.
  if (!outcome.answered) return purpose === 'read' && outcome.problem.code !== 'INVALID_VENDOR_RESPONSE' ? { afterMs: null } : null;
  return options.judgeRetry?.(outcome, purpose) ?? null;
}

function block<Response extends object>({ options }: Stages<Response>, reason: BlockReason, problem: Problem): Unanswered {
  options.settings.onBlocked?.(reason);
  return notSent(problem);
}

/** Why nothing may be sent to the vendor now, or null. */
function checkPause<Response extends object>(stages: Stages<Response>): Unanswered | null {
  const seconds = stages.pause.secondsLeft();
  return seconds > 0 ? block(stages, 'vendor', describeVendorPause(stages.options.systemId, seconds)) : null;
}

function turnAway<Response extends object>(stages: Stages<Response>): Unanswered {
  const { systemId, settings } = stages.options;
  return block(stages, 'caller', describeFullQueue(systemId, settings.maxQueuedPerCaller ?? Number.POSITIVE_INFINITY));
}

/** The stage of a call without a result. */
interface Progress {
  /** Waits for its turn, a place, the breaker, or a retry: nothing with an effect has been sent. */
  isWaiting: boolean;
}

async function sendInTurn<Response extends object>(
  stages: Stages<Response>,
  roundTrip: RoundTrip<Response>,
  call: CallContext,
  progress: Progress,
): Promise<CallResult<Response>> {
  const { options, throttle } = stages;
  const { systemId } = options;
  const purpose = call.resolvesAction ? 'action' : roundTrip.purpose;
  const waiting: PlaceRequest = { caller: call.caller, purpose, signal: call.signal };
  if (roundTrip.purpose === 'read' && throttle.isSlow()) {
    const turn = await throttle.waitForTurn(waiting);
    if (turn === 'tooMany') return block(stages, 'vendor', describeLowAllowance(systemId));
    if (turn === 'aborted') return notSent(describeCalledOff(systemId, call.signal, false));
  }
  if (call.credential !== null) return sendGuarded(stages, roundTrip, call, waiting, progress);
  const entry = stages.gate.isProven() ? null : await stages.gate.enter(waiting);
  if (entry?.kind === 'rejected') return block(stages, 'credentials', entry.problem);
  if (entry?.kind === 'full') return turnAway(stages);
  if (entry?.kind === 'aborted') return notSent(describeCalledOff(systemId, call.signal, false));
  let verdict: 'accepted' | 'rejected' | 'unknown' = 'unknown';
  try {
    const outcome = await sendGuarded(stages, roundTrip, call, waiting, progress);
    if (outcome.answered) verdict = options.judgeCredentials?.(outcome) ?? 'accepted';
    if (verdict !== 'unknown') options.settings.onCredentialsJudged?.(verdict);
    return outcome;
  } finally {
    stages.gate.leave(verdict, entry?.turn);
  }
}

async function sendGuarded<Response extends object>(
  stages: Stages<Response>,
  roundTrip: RoundTrip<Response>,
  call: CallContext,
  waiting: PlaceRequest,
  progress: Progress,
): Promise<CallResult<Response>> {
  const { options, policies, context } = stages;
  const execute = roundTrip.purpose === 'read' || options.retriesActions ? policies.repeated : policies.once;
  let attempts = 0;
  try {
    const { outcome } = await execute(async (lendPlace) => {
      progress.isWaiting = false;
      // Checked again, as the request may have waited for a place.
      const paused = checkPause(stages);
      if (paused) throw new AttemptWithoutMeaning(paused);
      const made = await attempt(context, roundTrip, call, { isRetry: attempts > 0, lendPlace });
      attempts += 1;
      progress.isWaiting = roundTrip.purpose === 'read';
      return made;
    }, waiting);
    return outcome;
  } catch (error) {
    return resultOfError(stages, error, call);
  }
}

/** Converts what the policies throw instead of making an attempt. */
function resultOfError<Response extends object>(stages: Stages<Response>, error: unknown, call: CallContext): Unanswered {
  const { systemId } = stages.options;
  if (error instanceof AttemptWithoutMeaning) return error.outcome;
  if (error instanceof BrokenCircuitError) return block(stages, 'breaker', describeOpenCircuit(systemId));
  if (error === queueFull) return turnAway(stages);
  // Aborted while it waited for a place.
  if (error instanceof TaskCancelledError || call.signal.aborted) return notSent(describeCalledOff(systemId, call.signal, false));
  throw error;
}

/**
 * Resolves with the result, or immediately when the call is aborted while it waits: what it waits for may take longer than its deadline.
 */
function orCalledOff<Result>(
  systemId: string,
  signal: AbortSignal,
  progress: Progress,
  sending: Promise<Result>,
): Promise<Result | Unanswered> {
  return new Promise((resolve, reject) => {
    const stopListening = onAbort(signal, () => {
      if (progress.isWaiting) resolve(notSent(describeCalledOff(systemId, signal, false)));
    });
    sending.finally(stopListening).then(resolve, reject);
  });
}
