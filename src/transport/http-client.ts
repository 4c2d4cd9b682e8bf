import { SpanKind, trace } from '@opentelemetry/api';
import { Pool } from 'undici';
import type { Call } from '../jobs/adapter.ts';
import { createProblem, type Problem } from '../jobs/problem.ts';
import { createCredentialGate } from './credential-gate.ts';
import { exchange, type WireAnswer, type WireOutcome, type WireRequest } from './exchange.ts';
import { describeLostAnswer, retryAfterSeconds } from './failures.ts';
import { BrokenCircuitError, createPolicies, TaskCancelledError } from './policy.ts';

/** How a system's requests are made, from the configuration. */
export interface TransportSettings {
  /** One attempt's time, from connecting to the last byte. */
  timeoutMs: number;
  /** Most requests at one time. */
  concurrency: number;
  /** A longer body is not read to its end and the connection is dropped. */
  maxAnswerBytes: number;
  /** Told of every attempt, for metrics. */
  observe?: (attempt: AttemptReport) => void;
}

export interface AttemptReport {
  systemId: string;
  purpose: HttpRequest['purpose'];
  /** The HTTP status, or the problem's code where no answer came. */
  result: string;
  durationMs: number;
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
export type HttpOutcome =
  | ({ answered: true } & WireAnswer)
  /** `mayHaveArrived`: whether the vendor may have got the request (and acted on it). */
  | { answered: false; mayHaveArrived: boolean; problem: Problem };

export interface HttpClientOptions {
  systemId: string;
  /** With or without a path of its own; one trailing slash is ignored. */
  baseUrl: string;
  transport: TransportSettings;
  /** What an answer says about the configured credentials. Refused ones are left alone for 5 minutes. */
  judgeCredentials(answer: WireAnswer): 'accepted' | 'refused' | 'unknown';
  /** Answers to a read that are worth another try. Default: 502, 503, 504, and 429 with a short Retry-After. */
  isTransient?(answer: WireAnswer): boolean;
  /** Answers to an action that certainly changed nothing and ask for a repeat. Default: none. */
  asksToRepeat?(answer: WireAnswer): boolean;
}

export interface HttpClient {
  /** Never rejects. A call whose `credential` is set does not count as a trial of the configured credentials. */
  send(request: HttpRequest, call: Call): Promise<HttpOutcome>;
  /** True while the circuit breaker keeps requests from going out. */
  isOpen(): boolean;
  close(): Promise<void>;
}

interface Attempt {
  outcome: HttpOutcome;
  purpose: HttpRequest['purpose'];
  /** Given up by the caller or by the deadline: says nothing about the system. */
  abandoned: boolean;
}

const tracer = trace.getTracer('jobyard');

/** A mistaken Retry-After must not shut a system out for the day. */
const longestHoldSeconds = 300;
/** Longer waits are the caller's business, not a retry's. */
const longestRetryAfterSeconds = 3;

/** All outbound requests of one system: pool, time limit, retries of reads, circuit breaker, concurrency, credentials. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { systemId, transport } = options;
  const base = new URL(options.baseUrl);
  const prefix = base.pathname.replace(/\/$/, '');
  const pool = new Pool(base.origin, {
    connections: Math.min(64, transport.concurrency),
    // The time limit of the attempt covers both.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: transport.timeoutMs },
  });
  const gate = createCredentialGate(systemId);
  const isTransient = options.isTransient ?? isTransientStatus;
  // The vendor asked to be left alone until then.
  let heldUntilMs = 0;

  const policies = createPolicies<Attempt>(
    {
      concurrency: transport.concurrency,
      timeoutMs: transport.timeoutMs,
      breakAfterFailures: 10,
      breakForMs: 5_000,
      maxRetries: 2,
      retryBudget: 20,
    },
    ({ outcome, abandoned }) => !abandoned && (outcome.answered ? outcome.status >= 502 && outcome.status <= 504 : true),
    ({ outcome, abandoned, purpose }) => {
      if (abandoned) return null;
      // Too large an answer would only be too large again.
      if (!outcome.answered) return purpose === 'read' && outcome.problem.code !== 'BAD_VENDOR_ANSWER' ? { afterMs: null } : null;
      const repeats = purpose === 'read' ? isTransient(outcome) : (options.asksToRepeat?.(outcome) ?? false);
      const afterSeconds = retryAfterSeconds(outcome);
      if (!repeats || (afterSeconds ?? 0) > longestRetryAfterSeconds) return null;
      return { afterMs: afterSeconds === null ? null : afterSeconds * 1000 };
    },
  );

  const attempt = async (request: HttpRequest, wire: WireRequest, call: Call, signal: AbortSignal): Promise<Attempt> => {
    const startedAtMs = performance.now();
    const span = tracer.startSpan(`${request.purpose} ${systemId}`, { kind: SpanKind.CLIENT });
    call.onRequest?.();
    const result = await exchange(pool, wire, transport.maxAnswerBytes, signal);
    if (result.kind === 'answer') noteHold(result.answer);
    const outcome = toOutcome(result, call, signal);
    const resultWord = outcome.answered ? String(outcome.status) : outcome.problem.code;
    span.setAttributes({ 'http.request.method': request.method, 'jobyard.system': systemId, 'jobyard.result': resultWord }).end();
    transport.observe?.({
      systemId,
      purpose: request.purpose,
      result: resultWord,
      durationMs: performance.now() - startedAtMs,
    });
    return { outcome, purpose: request.purpose, abandoned: call.signal.aborted };
  };

  const noteHold = (answer: WireAnswer): void => {
    if (answer.status !== 429 && answer.status !== 503) return;
    const afterSeconds = retryAfterSeconds(answer);
    if (afterSeconds !== null) heldUntilMs = Date.now() + Math.min(afterSeconds, longestHoldSeconds) * 1000;
  };

  const toOutcome = (result: WireOutcome, call: Call, signal: AbortSignal): HttpOutcome => {
    if (result.kind === 'answer') return { answered: true, ...result.answer };
    const lost = (problem: Problem): HttpOutcome => ({ answered: false, mayHaveArrived: result.started, problem });
    if (result.kind === 'too-large') return lost(tooLarge(systemId, transport.maxAnswerBytes));
    if (call.signal.aborted) return lost(calledOff(systemId, call.signal, result.started));
    return lost(signal.aborted ? timedOut(systemId, transport.timeoutMs) : describeLostAnswer(systemId, result.error));
  };

  const sendGuarded = async (request: HttpRequest, call: Call): Promise<HttpOutcome> => {
    const wire: WireRequest = {
      method: request.method,
      path: prefix + request.path,
      headers: request.headers ?? {},
      body: request.body ?? null,
    };
    const policy = request.purpose === 'read' || options.asksToRepeat ? policies.repeated : policies.once;
    try {
      const { outcome } = await policy.execute(({ signal }) => attempt(request, wire, call, signal), call.signal);
      return outcome;
    } catch (error) {
      if (error instanceof BrokenCircuitError) return { answered: false, mayHaveArrived: false, problem: circuitOpen(systemId) };
      // Aborted while it waited for a free place.
      if (error instanceof TaskCancelledError || call.signal.aborted) {
        return { answered: false, mayHaveArrived: false, problem: calledOff(systemId, call.signal, false) };
      }
      throw error;
    }
  };

  return {
    async send(request, call) {
      const heldForMs = heldUntilMs - Date.now();
      if (heldForMs > 0) return { answered: false, mayHaveArrived: false, problem: heldOff(systemId, Math.ceil(heldForMs / 1000)) };
      if (call.credential !== null) return sendGuarded(request, call);
      const refusal = await gate.enter();
      if (refusal) return { answered: false, mayHaveArrived: false, problem: refusal };
      let verdict: 'accepted' | 'refused' | 'unknown' = 'unknown';
      try {
        const outcome = await sendGuarded(request, call);
        if (outcome.answered) verdict = options.judgeCredentials(outcome);
        return outcome;
      } finally {
        gate.leave(verdict);
      }
    },
    isOpen: policies.isOpen,
    close: () => pool.destroy(),
  };
}

function isTransientStatus(answer: WireAnswer): boolean {
  return (answer.status >= 502 && answer.status <= 504) || (answer.status === 429 && retryAfterSeconds(answer) !== null);
}

function tooLarge(systemId: string, maxBytes: number): Problem {
  return createProblem(
    'BAD_VENDOR_ANSWER',
    `${systemId} answered with more than ${maxBytes} bytes; the rest was not read (setting maxAnswerBytes).`,
  );
}

function timedOut(systemId: string, timeoutMs: number): Problem {
  return createProblem('TIMED_OUT', `${systemId} did not answer within ${timeoutMs / 1000} s (setting timeoutMs).`);
}

function calledOff(systemId: string, signal: AbortSignal, started: boolean): Problem {
  const deadlinePassed = signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError';
  const why = deadlinePassed ? "the operation's time was up" : 'the caller went away';
  return started
    ? createProblem('TIMED_OUT', `${why[0]?.toUpperCase()}${why.slice(1)} before ${systemId} had answered.`)
    : createProblem('NOT_ATTEMPTED', `Not sent to ${systemId}: ${why} first.`);
}

function heldOff(systemId: string, seconds: number): Problem {
  return createProblem('RATE_LIMITED', `${systemId} asked to be left alone for a while; nothing is sent to it before that.`, seconds);
}

function circuitOpen(systemId: string): Problem {
  return createProblem('SYSTEM_UNAVAILABLE', `${systemId} failed too often lately; nothing is sent to it for a few seconds.`, 5);
}
