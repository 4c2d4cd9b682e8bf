// Transport: all requests to vendors, with connections, retries, the circuit breaker, and credentials, and what adapters share.

import type { Dispatcher } from 'undici';
import { createPlaces, type Places } from '../concurrency/places.ts';
import type { CallContext } from '../jobs/adapter.ts';
import type { Problem } from '../jobs/problem.ts';
import { describeCalledOff, describeTimeout, describeTooLarge } from './blocked.ts';
import { type CallPolicy, type CallPolicyOptions, createCallPolicy } from './call-policy.ts';
import type { Purpose } from './call-result.ts';
import { createDispatcher, directConnection } from './dispatcher.ts';
import { exchange, type WireOutcome, type WireRequest, type WireResponse } from './exchange.ts';
import { describeConnectionError, retryAfterSeconds } from './failures.ts';
import type { HttpRequest, HttpResult } from './http-request.ts';
import type { RoundTripContext } from './time-limit.ts';
import type { TransportSettings } from './transport-settings.ts';
import { userAgent } from './user-agent.ts';

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

/** Sends all HTTP requests to one system: connections, and the policy that applies to every protocol (see call-policy.ts). */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const connection = createConnection(options);
  return {
    send: (request, call) =>
      connection.policy.send(
        {
          purpose: request.purpose,
          attributes: { 'http.request.method': request.method },
          send: (roundTrip) => exchangeOnce(connection, request, call, roundTrip),
        },
        call,
      ),
    close: () => connection.dispatcher.destroy(),
  };
}

interface Connection {
  options: HttpClientOptions;
  base: URL;
  /** The path of the base URL, without a trailing slash. */
  prefix: string;
  dispatcher: Dispatcher;
  /** One place: the rest of only one large response is in memory at a time. */
  largePlaces: Places;
  policy: CallPolicy<WireResponse>;
}

function createConnection(options: HttpClientOptions): Connection {
  const { transport } = options;
  const { concurrency, connection = directConnection } = transport;
  const base = new URL(options.baseUrl);
  const connections = Math.min(64, concurrency);
  return {
    options,
    base,
    prefix: base.pathname.replace(/\/$/, ''),
    dispatcher:
      transport.createDispatcher?.(base.origin) ??
      createDispatcher({ ...connection, origin: base.origin, connections, connectTimeoutMs: transport.timeoutMs }),
    largePlaces: createPlaces({ size: 1 }),
    policy: createCallPolicy(toPolicyOptions(options)),
  };
}

/** The caller, not a retry, handles longer waits. */
const maxRetryAfterSeconds = 3;

function toPolicyOptions(options: HttpClientOptions): CallPolicyOptions<WireResponse> {
  const { systemId, transport, judgeCredentials, isTransient = isTransientStatus, asksForRetry } = options;
  return {
    systemId,
    settings: transport,
    judgeCredentials,
    isFailure: ({ status }) => status >= 502 && status <= 504,
    judgeRetry(answer: WireResponse, purpose: Purpose) {
      const repeats = purpose === 'read' ? isTransient(answer) : (asksForRetry?.(answer) ?? false);
      const afterSeconds = retryAfterSeconds(answer);
      if (!repeats || (afterSeconds ?? 0) > maxRetryAfterSeconds) return null;
      return { afterMs: afterSeconds === null ? null : afterSeconds * 1000 };
    },
    retriesActions: asksForRetry !== undefined,
    toResultWord: ({ status }) => String(status),
    isLong,
    endsInTime: true,
  };
}

/** Responses to a read that are worth a retry, for every vendor. */
export function isTransientStatus(answer: WireResponse): boolean {
  return (answer.status >= 502 && answer.status <= 504) || (answer.status === 429 && retryAfterSeconds(answer) !== null);
}

/** From about this length on, a response takes a millisecond or more to parse and map. */
const longResponseCharacters = 32_768;

function isLong({ text, large }: WireResponse): boolean {
  return large !== undefined || text.length > longResponseCharacters;
}

async function exchangeOnce(
  connection: Connection,
  request: HttpRequest,
  call: CallContext,
  { start, signal }: RoundTripContext,
): Promise<HttpResult> {
  const { options, dispatcher, largePlaces } = connection;
  const { systemId, transport } = options;
  const large = { sender: systemId, places: largePlaces, caller: call.caller };
  const limits = { timeoutMs: transport.timeoutMs, maxBytes: transport.maxResponseBytes, large };
  const result = await exchange(dispatcher, toWire(connection, request), limits, signal, start);
  if (result.kind === 'answer') noteResponse(connection, result.answer, request, call);
  return toOutcome(options, result, signal);
}

function toWire({ base, prefix }: Connection, { method, path, headers, body }: HttpRequest): WireRequest {
  return { origin: base.origin, method, path: prefix + path, headers: { 'user-agent': userAgent, ...headers }, body: body ?? null };
}

/** Learns from a response before it is processed. */
function noteResponse({ options, policy }: Connection, response: WireResponse, request: HttpRequest, call: CallContext): void {
  const pauseSeconds = pauseSecondsOf(response, call);
  if (pauseSeconds !== null) policy.pause(pauseSeconds);
  learnCookies(response, options.transport);
  const gapMs = options.readGapMs?.(response, request) ?? null;
  if (gapMs !== null) policy.setReadGapMs(gapMs);
}

/** How long the vendor wants no requests, from Retry-After. Null: it wants them. */
function pauseSecondsOf(response: WireResponse, call: CallContext): number | null {
  // A 429 to a caller's own credential concerns that caller only, not the others.
  if (response.status !== 503 && (response.status !== 429 || call.credential !== null)) return null;
  return retryAfterSeconds(response);
}

/** Shorter cookies are settings, not sessions. */
const minSessionLength = 16;

/** Cookies contain session IDs, which the vendor's messages may repeat. */
function learnCookies({ headers }: WireResponse, { learnSecret, learnCookie = learnSecret }: TransportSettings): void {
  const cookies = headers['set-cookie'];
  if (cookies === undefined) return;
  for (const cookie of [cookies].flat()) {
    const [, value] = /^[^=;]*=\s*"?([^";]+)/.exec(cookie) ?? [];
    if (value !== undefined && value.length >= minSessionLength) learnCookie?.(value);
  }
}

function toOutcome({ systemId, transport }: HttpClientOptions, result: WireOutcome, signal: AbortSignal): HttpResult {
  if (result.kind === 'answer') return { answered: true, ...result.answer };
  const lost = (problem: Problem): HttpResult => ({ answered: false, mayHaveArrived: result.started, problem });
  if (result.kind === 'too-large') return lost(describeTooLarge(systemId, transport.maxResponseBytes));
  if (signal.aborted) return lost(describeCalledOff(systemId, signal, result.started));
  if (result.kind === 'timed-out') return lost(describeTimeout(systemId, transport.timeoutMs));
  return lost(describeConnectionError(systemId, result.error));
}
