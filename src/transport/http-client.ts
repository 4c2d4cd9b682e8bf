// Transport: all requests to vendors, with connections, retries, the circuit breaker, and credentials, and what adapters share.

import { BrokenCircuitError, TaskCancelledError } from 'cockatiel';
import { onAbort } from '../concurrency/on-abort.ts';
import type { PlaceRequest } from '../concurrency/places.ts';
import type { CallContext } from '../jobs/adapter.ts';
import type { Problem } from '../jobs/problem.ts';
import { type Attempt, type AttemptContext, AttemptWithoutMeaning, attempt, createLargePlaces } from './attempt.ts';
import {
  breakAfterFailures,
  breakForMs,
  describeFullQueue,
  describeLowAllowance,
  describeOpenCircuit,
  describeVendorPause,
} from './blocked.ts';
import { type CredentialGate, createCredentialGate } from './credential-gate.ts';
import { createDispatcher, directConnection } from './dispatcher.ts';
import type { WireRequest, WireResponse } from './exchange.ts';
import { describeCalledOff, retryAfterSeconds } from './failures.ts';
import { type HttpRequest, type HttpResult, notSent } from './http-request.ts';
import { createPolicies, queueFull } from './policy.ts';
import { createReadThrottle, type ReadThrottle } from './read-throttle.ts';
import type { BlockReason, TransportSettings } from './transport-settings.ts';
import { userAgent } from './user-agent.ts';
import { createVendorPause, type VendorPause } from './vendor-pause.ts';

export interface HttpClientOptions {
  systemId: string;
  /** With or without a path. One trailing slash is ignored. */
  baseUrl: string;
  transport: TransportSettings;
  /** What a response reveals about the configured credentials. Rejected ones aren't tried again for 5 minutes. */
  judgeCredentials(answer: WireResponse): 'accepted' | 'rejected' | 'unknown';
  /** Responses to a read that are worth a retry. Default: 502, 503, 504, and 429 with a short Retry-After. */
  isTransient?(answer: WireResponse): boolean;
  /**
   * The time between two reads from this response on, while the vendor's request limit is almost reached. 0: none. Null: the response
   * doesn't contain it.
   */
  readGapMs?(answer: WireResponse, request: HttpRequest): number | null;
  /** Responses to an action that certainly changed nothing and request a retry. Default: none. */
  asksForRetry?(answer: WireResponse): boolean;
}

export interface HttpClient {
  /** Never rejects. A call with a `credential` doesn't test the configured credentials. */
  send(request: HttpRequest, call: CallContext): Promise<HttpResult>;
  close(): Promise<void>;
}

/** Sends all requests to one system: connections, timeouts, retries of reads, the circuit breaker, concurrency, and credentials. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const client = createClient(options);
  const { systemId } = options;
  return {
    async send(request, call) {
      if (call.signal.aborted) return notSent(describeCalledOff(systemId, call.signal, false));
      const progress: Progress = { isWaiting: true };
      return checkPause(client) ?? orCalledOff(systemId, call.signal, progress, sendInTurn(client, request, call, progress));
    },
    close: () => client.context.dispatcher.destroy(),
  };
}

/** The stages of a request, in this order: the vendor's pause, the read throttle, the credentials, a place, and the circuit breaker. */
interface Client {
  options: HttpClientOptions;
  base: URL;
  /** The path of the base URL, without a trailing slash. */
  prefix: string;
  pause: VendorPause;
  throttle: ReadThrottle;
  gate: CredentialGate;
  policies: ReturnType<typeof createPolicies<Attempt>>;
  context: AttemptContext;
}

/** Shorter cookies are settings, not sessions. */
const minSessionLength = 16;
/** The caller, not a retry, handles longer waits. */
const maxRetryAfterSeconds = 3;

function createClient(options: HttpClientOptions): Client {
  const { systemId, transport } = options;
  const { concurrency, connection = directConnection, maxQueuedPerCaller = Number.POSITIVE_INFINITY } = transport;
  const base = new URL(options.baseUrl);
  const connections = Math.min(64, concurrency);
  const dispatcher =
    transport.createDispatcher?.(base.origin) ??
    createDispatcher({ ...connection, origin: base.origin, connections, connectTimeoutMs: transport.timeoutMs });
  const pause = createVendorPause();
  const throttle = createReadThrottle();
  const policies = createPolicies<Attempt>(
    { concurrency, maxQueuedPerCaller, breakAfterFailures, breakForMs, maxRetries: 2, retryBudget: 20 },
    ({ outcome }) => (outcome.answered ? outcome.status >= 502 && outcome.status <= 504 : true),
    (made) => judgeRetry(made, options),
    transport.onBreakerChange,
  );
  const onResponse: AttemptContext['onResponse'] = (response, request, call) => {
    pause.note(response, call);
    learnCookies(response, transport);
    const gapMs = options.readGapMs?.(response, request) ?? null;
    if (gapMs !== null) throttle.setGapMs(gapMs);
  };
  return {
    options,
    base,
    prefix: base.pathname.replace(/\/$/, ''),
    pause,
    throttle,
    gate: createCredentialGate(systemId, maxQueuedPerCaller),
    policies,
    context: { systemId, transport, dispatcher, largePlaces: createLargePlaces(), onResponse, isProbing: policies.isProbing },
  };
}

/** When an attempt should be retried, or null if it shouldn't. */
function judgeRetry({ outcome, purpose }: Attempt, { isTransient = isTransientStatus, asksForRetry }: HttpClientOptions) {
  // A response that is too large would be too large again.
  if (!outcome.answered) return purpose === 'read' && outcome.problem.code !== 'INVALID_VENDOR_RESPONSE' ? { afterMs: null } : null;
  const repeats = purpose === 'read' ? isTransient(outcome) : (asksForRetry?.(outcome) ?? false);
  const afterSeconds = retryAfterSeconds(outcome);
  if (!repeats || (afterSeconds ?? 0) > maxRetryAfterSeconds) return null;
  return { afterMs: afterSeconds === null ? null : afterSeconds * 1000 };
}

function isTransientStatus(answer: WireResponse): boolean {
  return (answer.status >= 502 && answer.status <= 504) || (answer.status === 429 && retryAfterSeconds(answer) !== null);
}

/** Cookies contain session IDs, which the vendor's messages may repeat. */
function learnCookies({ headers }: WireResponse, { learnSecret }: TransportSettings): void {
  const cookies = headers['set-cookie'];
  if (cookies === undefined) return;
  for (const cookie of [cookies].flat()) {
    const [, value] = /^[^=;]*=\s*"?([^";]+)/.exec(cookie) ?? [];
    if (value !== undefined && value.length >= minSessionLength) learnSecret?.(value);
  }
}

function block({ options }: Client, reason: BlockReason, problem: Problem): HttpResult {
  options.transport.onBlocked?.(reason);
  return notSent(problem);
}

/** Why nothing may be sent to the vendor now, or null. */
function checkPause(client: Client): HttpResult | null {
  const seconds = client.pause.secondsLeft();
  return seconds > 0 ? block(client, 'vendor', describeVendorPause(client.options.systemId, seconds)) : null;
}

function turnAway(client: Client): HttpResult {
  const { systemId, transport } = client.options;
  return block(client, 'caller', describeFullQueue(systemId, transport.maxQueuedPerCaller ?? Number.POSITIVE_INFINITY));
}

/** The stage of a call without a result. */
interface Progress {
  /** Waits for its turn, a place, the breaker, or a retry: nothing with an effect has been sent. */
  isWaiting: boolean;
}

async function sendInTurn(client: Client, request: HttpRequest, call: CallContext, progress: Progress): Promise<HttpResult> {
  const { options, throttle } = client;
  const { systemId } = options;
  const purpose = call.resolvesAction ? 'action' : request.purpose;
  const waiting: PlaceRequest = { caller: call.caller, purpose, signal: call.signal };
  if (request.purpose === 'read' && throttle.isSlow()) {
    const turn = await throttle.waitForTurn(waiting);
    if (turn === 'tooMany') return block(client, 'vendor', describeLowAllowance(systemId));
    if (turn === 'aborted') return notSent(describeCalledOff(systemId, call.signal, false));
  }
  if (call.credential !== null) return sendGuarded(client, request, call, waiting, progress);
  const entry = client.gate.isProven() ? null : await client.gate.enter(waiting);
  if (entry?.kind === 'rejected') return block(client, 'credentials', entry.problem);
  if (entry?.kind === 'full') return turnAway(client);
  if (entry?.kind === 'aborted') return notSent(describeCalledOff(systemId, call.signal, false));
  let verdict: 'accepted' | 'rejected' | 'unknown' = 'unknown';
  try {
    const outcome = await sendGuarded(client, request, call, waiting, progress);
    if (outcome.answered) verdict = options.judgeCredentials(outcome);
    if (verdict === 'rejected') options.transport.onCredentialsRejected?.();
    return outcome;
  } finally {
    client.gate.leave(verdict, entry?.turn);
  }
}

async function sendGuarded(
  client: Client,
  request: HttpRequest,
  call: CallContext,
  waiting: PlaceRequest,
  progress: Progress,
): Promise<HttpResult> {
  const { options, policies, context } = client;
  const wire = toWire(client, request);
  const execute = request.purpose === 'read' || options.asksForRetry ? policies.repeated : policies.once;
  let attempts = 0;
  try {
    const { outcome } = await execute(async (lendPlace) => {
      progress.isWaiting = false;
      // Checked again, as the request may have waited for a place.
      const paused = checkPause(client);
      if (paused) throw new AttemptWithoutMeaning(paused);
      const made = await attempt(context, request, wire, call, { isRetry: attempts > 0, lendPlace });
      attempts += 1;
      progress.isWaiting = request.purpose === 'read';
      return made;
    }, waiting);
    return outcome;
  } catch (error) {
    return resultOfError(client, error, call);
  }
}

function toWire({ base, prefix }: Client, { method, path, headers, body }: HttpRequest): WireRequest {
  return { origin: base.origin, method, path: prefix + path, headers: { 'user-agent': userAgent, ...headers }, body: body ?? null };
}

/** Converts what the policies throw instead of making an attempt. */
function resultOfError(client: Client, error: unknown, call: CallContext): HttpResult {
  const { systemId } = client.options;
  if (error instanceof AttemptWithoutMeaning) return error.outcome;
  if (error instanceof BrokenCircuitError) return block(client, 'breaker', describeOpenCircuit(systemId));
  if (error === queueFull) return turnAway(client);
  // Aborted while it waited for a place.
  if (error instanceof TaskCancelledError || call.signal.aborted) return notSent(describeCalledOff(systemId, call.signal, false));
  throw error;
}

/**
 * Resolves with the result, or immediately when the call is aborted while it waits: what it waits for may take longer than its deadline.
 */
function orCalledOff(systemId: string, signal: AbortSignal, progress: Progress, sending: Promise<HttpResult>): Promise<HttpResult> {
  return new Promise((resolve, reject) => {
    const stopListening = onAbort(signal, () => {
      if (progress.isWaiting) resolve(notSent(describeCalledOff(systemId, signal, false)));
    });
    sending.finally(stopListening).then(resolve, reject);
  });
}
