import { SpanKind, trace } from '@opentelemetry/api';
import type { Dispatcher } from 'undici';
import { onAbort } from '../concurrency/on-abort.ts';
import { createPlaces, type PlaceRequest } from '../concurrency/places.ts';
import { turns } from '../concurrency/turns.ts';
import type { CallContext } from '../jobs/adapter.ts';
import { createProblem, type Problem } from '../jobs/problem.ts';
import { createCredentialGate } from './credential-gate.ts';
import { type ConnectionSettings, createDispatcher, directConnection } from './dispatcher.ts';
import { exchange, type WireOutcome, type WireRequest, type WireResponse } from './exchange.ts';
import { describeCalledOff, describeConnectionError, retryAfterSeconds } from './failures.ts';
import { type BreakerState, BrokenCircuitError, createPolicies, queueFull, TaskCancelledError } from './policy.ts';
import { createReadThrottle } from './read-throttle.ts';
import { userAgent } from './user-agent.ts';

/** How a system's requests are made, from the configuration. */
export interface TransportSettings {
  /** One attempt's time, from connecting to the last byte. */
  timeoutMs: number;
  /** Most requests at one time. */
  concurrency: number;
  /** Most requests of one caller that wait for a place, reads and actions counted apart. Default: any number. */
  maxQueuedPerCaller?: number;
  /** A longer body is not read to its end and the connection is dropped. A compressed one is not inflated beyond it. */
  maxResponseBytes: number;
  /** Default: direct, with the certificates that the machine trusts. */
  connection?: ConnectionSettings;
  /** Told of every attempt, for metrics. */
  observe?: (attempt: AttemptReport) => void;
  /** Told when the circuit breaker opens, tries again or closes: what was known of the system's health is out of date. */
  onBreakerChange?: (state: BreakerState) => void;
  /** Told of every request that was kept from going out. */
  onHeldBack?: (reason: BlockReason) => void;
  /** Told of secrets that the vendor gives: the values of cookies, and what adapters find in answers. */
  learnSecret?: (secret: string) => void;
  /** Told of an answer that refuses the configured credentials. */
  onCredentialsRefused?: () => void;
  /** Makes what carries the requests to an origin. Default: connections of its own. */
  createDispatcher?: (origin: string) => Dispatcher;
}

/**
 * breaker: the system failed too often lately. vendor: it asked to be left alone. credentials: it refused them lately.
 * caller: too many requests of the same caller wait already.
 */
export type BlockReason = 'breaker' | 'vendor' | 'credentials' | 'caller';

export interface AttemptReport {
  systemId: string;
  purpose: HttpRequest['purpose'];
  /** The HTTP status, or the problem's code where no answer came. */
  result: string;
  durationMs: number;
  /** Whether it repeats an attempt that failed in passing. */
  isRetry: boolean;
}

export interface HttpRequest {
  method: WireRequest['method'];
  /** Appended to the base URL, query included. */
  path: string;
  headers?: Record<string, string>;
  body?: string;
  /** read: repeated when it fails in passing. action: sent once, unless the vendor's answer asks for a repeat. */
  purpose: 'read' | 'action';
}

/** An answer of the vendor or of what stands before it, or the reason why there is none. */
export type HttpResult =
  | ({ answered: true } & WireResponse)
  /** `mayHaveArrived`: whether the vendor may have got the request (and acted on it). */
  | { answered: false; mayHaveArrived: boolean; problem: Problem };

export interface HttpClientOptions {
  systemId: string;
  /** With or without a path of its own; one trailing slash is ignored. */
  baseUrl: string;
  transport: TransportSettings;
  /** What an answer says about the configured credentials. Refused ones are left alone for 5 minutes. */
  judgeCredentials(answer: WireResponse): 'accepted' | 'rejected' | 'unknown';
  /** Answers to a read that are worth another try. Default: 502, 503, 504, and 429 with a short Retry-After. */
  isTransient?(answer: WireResponse): boolean;
  /** Time to leave between two reads from this answer on, where the vendor's allowance runs low; 0: none, null: it does not tell. */
  readGapMs?(answer: WireResponse, request: HttpRequest): number | null;
  /** Answers to an action that certainly changed nothing and ask for a repeat. Default: none. */
  asksForRetry?(answer: WireResponse): boolean;
}

export interface HttpClient {
  /** Never rejects. A call whose `credential` is set does not count as a trial of the configured credentials. */
  send(request: HttpRequest, call: CallContext): Promise<HttpResult>;
  close(): Promise<void>;
}

interface Attempt {
  outcome: HttpResult;
  purpose: HttpRequest['purpose'];
}

/** An attempt that says nothing about the system, as it was given up or held back: it passes all policies by and counts for none. */
class AttemptWithoutMeaning extends Error {
  readonly outcome: HttpResult;
  constructor(outcome: HttpResult) {
    super('Given up or held back');
    this.outcome = outcome;
  }
}

const tracer = trace.getTracer('jobyard');

/** Shorter cookies are settings, not sessions. */
const minSessionLength = 16;
/** A mistaken Retry-After must not shut a system out for the day. */
const maxHoldSeconds = 300;
/** When to try again if a caller's own requests have to be done first. */
const queueFullSeconds = 5;
/** Longer waits are the caller's business, not a retry's. */
const maxRetryAfterSeconds = 3;

/** All outbound requests of one system: pool, time limit, retries of reads, circuit breaker, concurrency, credentials. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { systemId, transport } = options;
  const base = new URL(options.baseUrl);
  const prefix = base.pathname.replace(/\/$/, '');
  const dispatcher =
    transport.createDispatcher?.(base.origin) ??
    createDispatcher({
      ...(transport.connection ?? directConnection),
      origin: base.origin,
      connections: Math.min(64, transport.concurrency),
      connectTimeoutMs: transport.timeoutMs,
    });
  // One at a time: however many requests bring a large answer, the rest of one is in memory.
  const largePlaces = createPlaces({ size: 1 });
  const { maxQueuedPerCaller = Number.POSITIVE_INFINITY } = transport;
  const gate = createCredentialGate(systemId, maxQueuedPerCaller);
  const isTransient = options.isTransient ?? isTransientStatus;
  const pace = createReadThrottle();
  // The vendor asked to be left alone until then.
  let heldUntilMs = 0;

  const policies = createPolicies<Attempt>(
    {
      concurrency: transport.concurrency,
      maxQueuedPerCaller,
      breakAfterFailures: 10,
      breakForMs: 5_000,
      maxRetries: 2,
      retryBudget: 20,
    },
    ({ outcome }) => (outcome.answered ? outcome.status >= 502 && outcome.status <= 504 : true),
    ({ outcome, purpose }) => {
      // Too large an answer would only be too large again.
      if (!outcome.answered) return purpose === 'read' && outcome.problem.code !== 'INVALID_VENDOR_RESPONSE' ? { afterMs: null } : null;
      const repeats = purpose === 'read' ? isTransient(outcome) : (options.asksForRetry?.(outcome) ?? false);
      const afterSeconds = retryAfterSeconds(outcome);
      if (!repeats || (afterSeconds ?? 0) > maxRetryAfterSeconds) return null;
      return { afterMs: afterSeconds === null ? null : afterSeconds * 1000 };
    },
    transport.onBreakerChange,
  );

  const attempt = async (
    request: HttpRequest,
    wire: WireRequest,
    call: CallContext,
    { isRetry, lendPlace }: AttemptOptions,
  ): Promise<Attempt> => {
    // Again, as it may have waited for a free place since.
    const held = heldOff();
    if (held) throw new AttemptWithoutMeaning(held);
    const startedAtMs = performance.now();
    const span = tracer.startSpan(`${request.purpose} ${systemId}`, { kind: SpanKind.CLIENT });
    call.onRequest?.();
    const objections: Problem[] = [];
    const limits = {
      timeoutMs: transport.timeoutMs,
      maxBytes: transport.maxResponseBytes,
      large: { sender: systemId, places: largePlaces, caller: call.caller },
    };
    const result = await exchange(dispatcher, wire, limits, call.signal, () => {
      const objection = request.purpose === 'action' ? call.beforeSend?.() : null;
      if (objection) objections.push(objection);
      return !objection;
    });
    if (objections[0]) {
      span.end();
      throw new AttemptWithoutMeaning(notSent(objections[0]));
    }
    if (result.kind === 'answer') {
      noteHold(result.answer, call);
      learnCookies(result.answer);
      const gapMs = options.readGapMs?.(result.answer, request) ?? null;
      if (gapMs !== null) pace.setGapMs(gapMs);
    }
    const outcome = toOutcome(result, call);
    const resultWord = outcome.answered ? String(outcome.status) : outcome.problem.code;
    span.setAttributes({ 'http.request.method': request.method, 'jobyard.system': systemId, 'jobyard.result': resultWord }).end();
    transport.observe?.({
      systemId,
      purpose: request.purpose,
      result: resultWord,
      durationMs: performance.now() - startedAtMs,
      isRetry,
    });
    const turn = outcome.answered && isLong(outcome) ? turns.take(call.caller) : null;
    if (turn) {
      // For the caller it keeps its place until then: one who has much read waits for its turns, and is sent no more meanwhile.
      lendPlace();
      await turn;
    }
    // Not while it is the one request that shows whether the system is back: given up, it has not shown that.
    if (!outcome.answered && call.signal.aborted && !policies.isProbing()) throw new AttemptWithoutMeaning(outcome);
    return { outcome, purpose: request.purpose };
  };

  const heldOff = (): HttpResult | null => {
    const heldForMs = heldUntilMs - Date.now();
    return heldForMs > 0 ? holdBack('vendor', leaveAlone(systemId, Math.ceil(heldForMs / 1000))) : null;
  };

  const holdBack = (reason: BlockReason, problem: Problem): HttpResult => {
    transport.onHeldBack?.(reason);
    return notSent(problem);
  };

  const turnAway = (): HttpResult => holdBack('caller', tooManyQueued(systemId, maxQueuedPerCaller));

  const noteHold = (answer: WireResponse, call: CallContext): void => {
    // 429 to a caller's own credential means that caller, who must not hold up the others.
    if (answer.status !== 503 && (answer.status !== 429 || call.credential !== null)) return;
    const afterSeconds = retryAfterSeconds(answer);
    if (afterSeconds !== null) heldUntilMs = Date.now() + Math.min(afterSeconds, maxHoldSeconds) * 1000;
  };

  /** They are sessions' ids, and the vendor's words may repeat them. */
  const learnCookies = ({ headers }: WireResponse): void => {
    const cookies = headers['set-cookie'];
    if (cookies === undefined) return;
    for (const cookie of [cookies].flat()) {
      const [, value] = /^[^=;]*=\s*"?([^";]+)/.exec(cookie) ?? [];
      if (value !== undefined && value.length >= minSessionLength) transport.learnSecret?.(value);
    }
  };

  const toOutcome = (result: WireOutcome, call: CallContext): HttpResult => {
    if (result.kind === 'answer') return { answered: true, ...result.answer };
    const lost = (problem: Problem): HttpResult => ({ answered: false, mayHaveArrived: result.started, problem });
    if (result.kind === 'too-large') return lost(tooLarge(systemId, transport.maxResponseBytes));
    if (call.signal.aborted) return lost(describeCalledOff(systemId, call.signal, result.started));
    return lost(result.kind === 'timed-out' ? timedOut(systemId, transport.timeoutMs) : describeConnectionError(systemId, result.error));
  };

  const sendGuarded = async (request: HttpRequest, call: CallContext, waiting: PlaceRequest, progress: Progress): Promise<HttpResult> => {
    const wire: WireRequest = {
      origin: base.origin,
      method: request.method,
      path: prefix + request.path,
      headers: { 'user-agent': userAgent, ...request.headers },
      body: request.body ?? null,
    };
    const execute = request.purpose === 'read' || options.asksForRetry ? policies.repeated : policies.once;
    let attempts = 0;
    try {
      const { outcome } = await execute(async (lendPlace) => {
        progress.isWaiting = false;
        const made = await attempt(request, wire, call, { isRetry: attempts > 0, lendPlace });
        attempts += 1;
        progress.isWaiting = request.purpose === 'read';
        return made;
      }, waiting);
      return outcome;
    } catch (error) {
      if (error instanceof AttemptWithoutMeaning) return error.outcome;
      if (error instanceof BrokenCircuitError) return holdBack('breaker', circuitOpen(systemId));
      if (error === queueFull) return turnAway();
      // Aborted while it waited for a free place.
      if (error instanceof TaskCancelledError || call.signal.aborted) return notSent(describeCalledOff(systemId, call.signal, false));
      throw error;
    }
  };

  const sendInTurn = async (request: HttpRequest, call: CallContext, progress: Progress): Promise<HttpResult> => {
    const waiting: PlaceRequest = {
      caller: call.caller,
      purpose: call.settlesAction ? 'action' : request.purpose,
      signal: call.signal,
    };
    if (request.purpose === 'read' && pace.isSlow()) {
      const turn = await pace.waitForTurn(waiting);
      if (turn === 'tooMany') return holdBack('vendor', allowanceLow(systemId));
      if (turn === 'aborted') return notSent(describeCalledOff(systemId, call.signal, false));
    }
    if (call.credential !== null) return sendGuarded(request, call, waiting, progress);
    const entry = gate.isProven() ? null : await gate.enter(waiting);
    if (entry?.kind === 'rejected') return holdBack('credentials', entry.problem);
    if (entry?.kind === 'full') return turnAway();
    if (entry?.kind === 'aborted') return notSent(describeCalledOff(systemId, call.signal, false));
    let verdict: 'accepted' | 'rejected' | 'unknown' = 'unknown';
    try {
      const outcome = await sendGuarded(request, call, waiting, progress);
      if (outcome.answered) verdict = options.judgeCredentials(outcome);
      if (verdict === 'rejected') transport.onCredentialsRefused?.();
      return outcome;
    } finally {
      gate.leave(verdict, entry?.turn);
    }
  };

  return {
    async send(request, call) {
      if (call.signal.aborted) return notSent(describeCalledOff(systemId, call.signal, false));
      const progress: Progress = { isWaiting: true };
      return heldOff() ?? orCalledOff(systemId, call.signal, progress, sendInTurn(request, call, progress));
    },
    close: () => dispatcher.destroy(),
  };
}

/** From about this length on, an answer takes a millisecond or more to parse and to take apart. */
const longAnswerCharacters = 32_768;

function isLong({ text, large }: WireResponse): boolean {
  return large !== undefined || text.length > longAnswerCharacters;
}

interface AttemptOptions {
  isRetry: boolean;
  /** See AttemptInPlace. */
  lendPlace: () => void;
}

/** Where a call stands that has not been answered. */
interface Progress {
  /** For its turn, a free place, the breaker or the next try; nothing that could have an effect has been sent. */
  isWaiting: boolean;
}

/** The outcome; when the call is aborted while it waits, that at once: what it waits for may take longer than it has time. */
function orCalledOff(systemId: string, signal: AbortSignal, progress: Progress, sending: Promise<HttpResult>): Promise<HttpResult> {
  return new Promise((resolve, reject) => {
    const stopListening = onAbort(signal, () => {
      if (progress.isWaiting) resolve(notSent(describeCalledOff(systemId, signal, false)));
    });
    sending.finally(stopListening).then(resolve, reject);
  });
}

function notSent(problem: Problem): HttpResult {
  return { answered: false, mayHaveArrived: false, problem };
}

function isTransientStatus(answer: WireResponse): boolean {
  return (answer.status >= 502 && answer.status <= 504) || (answer.status === 429 && retryAfterSeconds(answer) !== null);
}

function tooLarge(systemId: string, maxBytes: number): Problem {
  return createProblem(
    'INVALID_VENDOR_RESPONSE',
    `${systemId} answered with more than ${maxBytes} bytes; the rest was not read (setting maxResponseBytes).`,
  );
}

function timedOut(systemId: string, timeoutMs: number): Problem {
  return createProblem('TIMED_OUT', `${systemId} did not answer within ${timeoutMs / 1000} s (setting timeoutMs).`);
}

function leaveAlone(systemId: string, seconds: number): Problem {
  return createProblem('RATE_LIMITED', `${systemId} asked to be left alone for a while; nothing is sent to it before that.`, seconds);
}

function allowanceLow(systemId: string): Problem {
  return createProblem('RATE_LIMITED', `${systemId} has few requests left for now, and others wait for theirs.`, 5);
}

function tooManyQueued(systemId: string, max: number): Problem {
  const message = `${max} of your requests wait for ${systemId} already (setting maxQueuedRequestsPerCaller): this one was not sent. Retry when they are done, or ask for less at once.`;
  return createProblem('RATE_LIMITED', message, queueFullSeconds);
}

function circuitOpen(systemId: string): Problem {
  return createProblem('SYSTEM_UNAVAILABLE', `${systemId} failed too often lately; nothing is sent to it for a few seconds.`, 5);
}
