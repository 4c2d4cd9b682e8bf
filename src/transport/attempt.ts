import { SpanKind, trace } from '@opentelemetry/api';
import type { Dispatcher } from 'undici';
import { createPlaces, type Places } from '../concurrency/places.ts';
import { turns } from '../concurrency/turns.ts';
import type { CallContext } from '../jobs/adapter.ts';
import type { Problem } from '../jobs/problem.ts';
import { describeTimeout, describeTooLarge } from './blocked.ts';
import { exchange, type WireOutcome, type WireRequest, type WireResponse } from './exchange.ts';
import { describeCalledOff, describeConnectionError } from './failures.ts';
import { type HttpRequest, type HttpResult, notSent } from './http-request.ts';
import type { TransportSettings } from './transport-settings.ts';

export interface Attempt {
  outcome: HttpResult;
  purpose: HttpRequest['purpose'];
}

/** An attempt that reveals nothing about the system, as it was aborted or blocked. It bypasses all policies and counts for none. */
export class AttemptWithoutMeaning extends Error {
  readonly outcome: HttpResult;
  constructor(outcome: HttpResult) {
    super('Aborted or blocked');
    this.outcome = outcome;
  }
}

export interface AttemptOptions {
  isRetry: boolean;
  /** See AttemptInPlace. */
  lendPlace: () => void;
}

/** What the attempts of one system share. */
export interface AttemptContext {
  systemId: string;
  transport: TransportSettings;
  dispatcher: Dispatcher;
  /** One place: the rest of only one large response is in memory at a time. */
  largePlaces: Places;
  /** Called with each response before it is processed. */
  onResponse(response: WireResponse, request: HttpRequest, call: CallContext): void;
  /** Whether the request that probes the system is in flight. */
  isProbing(): boolean;
}

export function createLargePlaces(): Places {
  return createPlaces({ size: 1 });
}

const tracer = trace.getTracer('jobyard');

/** Sends a request once. Throws AttemptWithoutMeaning. */
export async function attempt(
  context: AttemptContext,
  request: HttpRequest,
  wire: WireRequest,
  call: CallContext,
  { isRetry, lendPlace }: AttemptOptions,
): Promise<Attempt> {
  const { systemId, transport } = context;
  const startedAtMs = performance.now();
  const span = tracer.startSpan(`${request.purpose} ${systemId}`, { kind: SpanKind.CLIENT });
  call.onRequest?.();
  let objection: Problem | null = null;
  const result = await exchange(context.dispatcher, wire, limitsOf(context, call), call.signal, () => {
    objection = (request.purpose === 'action' ? call.beforeSend?.() : null) ?? null;
    return objection === null;
  });
  if (objection) {
    span.end();
    throw new AttemptWithoutMeaning(notSent(objection));
  }
  if (result.kind === 'answer') context.onResponse(result.answer, request, call);
  const outcome = toOutcome(context, result, call);
  const resultWord = outcome.answered ? String(outcome.status) : outcome.problem.code;
  span.setAttributes({ 'http.request.method': request.method, 'jobyard.system': systemId, 'jobyard.result': resultWord }).end();
  transport.observe?.({ systemId, purpose: request.purpose, result: resultWord, durationMs: performance.now() - startedAtMs, isRetry });
  const turn = outcome.answered && isLong(outcome) ? turns.take(call.caller) : null;
  if (turn) {
    // The caller keeps its place until then: a caller with many responses to process waits for its turns, and sends nothing more meanwhile.
    lendPlace();
    await turn;
  }
  // Except for the request that probes the system: aborted, it hasn't shown whether the system is back.
  if (!outcome.answered && call.signal.aborted && !context.isProbing()) throw new AttemptWithoutMeaning(outcome);
  return { outcome, purpose: request.purpose };
}

function limitsOf({ systemId, transport, largePlaces }: AttemptContext, { caller }: CallContext): Parameters<typeof exchange>[2] {
  const { timeoutMs, maxResponseBytes } = transport;
  return { timeoutMs, maxBytes: maxResponseBytes, large: { sender: systemId, places: largePlaces, caller } };
}

function toOutcome({ systemId, transport }: AttemptContext, result: WireOutcome, call: CallContext): HttpResult {
  if (result.kind === 'answer') return { answered: true, ...result.answer };
  const lost = (problem: Problem): HttpResult => ({ answered: false, mayHaveArrived: result.started, problem });
  if (result.kind === 'too-large') return lost(describeTooLarge(systemId, transport.maxResponseBytes));
  if (call.signal.aborted) return lost(describeCalledOff(systemId, call.signal, result.started));
  if (result.kind === 'timed-out') return lost(describeTimeout(systemId, transport.timeoutMs));
  return lost(describeConnectionError(systemId, result.error));
}

/** From about this length on, a response takes a millisecond or more to parse and map. */
const longResponseCharacters = 32_768;

function isLong({ text, large }: WireResponse): boolean {
  return large !== undefined || text.length > longResponseCharacters;
}
