import { type Attributes, SpanKind, trace } from '@opentelemetry/api';
import { turns } from '../concurrency/turns.ts';
import type { CallContext } from '../jobs/adapter.ts';
import type { Problem } from '../jobs/problem.ts';
import { type CallResult, notSent, type Purpose, type Unanswered } from './call-result.ts';
import { limitTime, type SendRoundTrip } from './time-limit.ts';
import type { PolicySettings } from './transport-settings.ts';

/** A request that the call policy sends, in one round trip or, with retries, several. */
export interface RoundTrip<Response extends object> {
  /** read: may be retried. action: sent once, unless the vendor's response requests a retry. */
  purpose: Purpose;
  /** What traces show of it, such as `http.request.method`. Default: nothing. */
  attributes?: Attributes;
  send: SendRoundTrip<Response>;
}

export interface Attempt<Response extends object> {
  outcome: CallResult<Response>;
  purpose: Purpose;
}

/** An attempt that reveals nothing about the system, as it was aborted or blocked. It bypasses all policies and counts for none. */
export class AttemptWithoutMeaning extends Error {
  readonly outcome: Unanswered;
  constructor(outcome: Unanswered) {
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
export interface AttemptContext<Response extends object> {
  systemId: string;
  settings: PolicySettings;
  /** Whether round trips end in time on their own. False: the policy ends them. */
  endsInTime: boolean;
  /** The word for a response in metrics and traces. */
  toResultWord(response: Response): string;
  /** Whether a response takes a millisecond or more to process. */
  isLong(response: Response): boolean;
  /** Whether the request that probes the system is in flight. */
  isProbing(): boolean;
}

const tracer = trace.getTracer('jobyard');

/** Performs a round trip once. Throws AttemptWithoutMeaning. */
export async function attempt<Response extends object>(
  context: AttemptContext<Response>,
  roundTrip: RoundTrip<Response>,
  call: CallContext,
  { isRetry, lendPlace }: AttemptOptions,
): Promise<Attempt<Response>> {
  const { systemId, settings } = context;
  const { purpose } = roundTrip;
  const startedAtMs = performance.now();
  const span = tracer.startSpan(`${purpose} ${systemId}`, { kind: SpanKind.CLIENT });
  call.onRoundTrip?.();
  let objection: Problem | null = null;
  let isStarted = false;
  const outcome = await perform(context, roundTrip, call, () => {
    objection = (purpose === 'action' ? call.beforeSend?.() : null) ?? null;
    isStarted ||= objection === null;
    return objection === null;
  });
  if (objection) {
    span.end();
    throw new AttemptWithoutMeaning(notSent(objection));
  }
  if (!isStarted && (outcome.answered || outcome.mayHaveArrived)) throw new Error(`${systemId}: a request was sent without start()`);
  const result = outcome.answered ? context.toResultWord(outcome) : outcome.problem.code;
  span.setAttributes({ ...roundTrip.attributes, 'jobyard.system': systemId, 'jobyard.result': result }).end();
  settings.observe?.({ systemId, purpose, result, durationMs: performance.now() - startedAtMs, isRetry });
  const turn = outcome.answered && context.isLong(outcome) ? turns.take(call.caller) : null;
  if (turn) {
    // The caller keeps its place until then: a caller with many responses to process waits for its turns, and sends nothing more meanwhile.
    lendPlace();
    await turn;
  }
  // Except for the request that probes the system: aborted, it hasn't shown whether the system is back.
  if (!outcome.answered && call.signal.aborted && !context.isProbing()) throw new AttemptWithoutMeaning(outcome);
  return { outcome, purpose };
}

function perform<Response extends object>(
  { systemId, settings, endsInTime }: AttemptContext<Response>,
  { send }: RoundTrip<Response>,
  { signal }: CallContext,
  start: () => boolean,
): Promise<CallResult<Response>> {
  return endsInTime ? send({ start, signal }) : limitTime({ systemId, timeoutMs: settings.timeoutMs, signal, start }, send);
}
