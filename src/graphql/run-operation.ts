import type { IncomingHttpHeaders } from 'node:http';
import { isSpanContextValid, propagation, SpanKind, trace, context as traceContext } from '@opentelemetry/api';
import type { Logger } from 'pino';
import type { Caller } from '../access/caller.ts';
import type { Place } from '../access/shares.ts';
import { turns } from '../concurrency/turns.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { unknownOperationSpan } from '../telemetry/operation-span.ts';
import type { GraphqlHandler } from './graphql.ts';
import type { GraphqlParameters, Run, RunOptions } from './operation.ts';
import { labelOf } from './parameters.ts';
import { createRequestContext, keyOfCredentials, type RequestContext } from './request-context.ts';
import type { Context } from './resolvers/context.ts';

export interface OperationParts {
  graphql: GraphqlHandler;
  beginOperation(context: RequestContext): Context;
  /** The maximum time for an operation, or for one event of a subscription. */
  deadlineMs: number;
  logger: Logger;
  metrics: Metrics;
}

/** An operation from a stream. */
export interface StreamedOperation {
  transport: 'websocket' | 'event-stream';
  caller: Caller;
  /** The request ID of this operation alone. */
  requestId: string;
  headers: IncomingHttpHeaders;
  parameters: GraphqlParameters;
  /** Left when the operation was executed; for a subscription, when it has started. */
  place: Place;
  /** Aborted when the client disconnects. */
  gone: AbortSignal;
  /** Called when the operation has ended. */
  onEnd?: () => void;
}

const tracer = trace.getTracer('jobyard');

/** Runs the operation. Each event of a subscription has the time of an operation; its log line is written when it ends. */
export async function runOperation(operation: StreamedOperation, parts: OperationParts): Promise<Run> {
  const { caller, headers, place, parameters } = operation;
  const { metrics } = parts;
  const startedAtMs = performance.now();
  const life = createLife(operation.gone);
  const common = { headers, caller, operationName: labelOf(parameters), deadlineMs: parts.deadlineMs };
  const request = createRequestContext({ ...common, requestId: operation.requestId, onGone: life.onGone, place });
  let endSubscription: (() => void) | null = null;
  const onEnd = (events: number): void => {
    life.end();
    endSubscription?.();
    operation.onEnd?.();
    logOperation(operation, request, parts.logger, { events, durationMs: performance.now() - startedAtMs });
  };
  const takeTurn = (): Promise<void> | null => turns.take(caller.name);
  const options: RunOptions = {
    beginOperation: () => parts.beginOperation(request),
    beginWork: request.beginWork,
    beginEvent() {
      // All subscribers share what an event reads, so a disconnecting client must not abort it.
      const part = createRequestContext({ ...common, onGone: () => {}, partOf: request });
      return { context: parts.beginOperation(part), finish: part.finish };
    },
    onEnd,
    takeTurn,
    callerName: caller.name,
    permissionsKey: `${caller.permissionsKey} ${keyOfCredentials(headers)}`,
  };

  const turn = takeTurn();
  if (turn) await turn;
  const finish = (): void => {
    // A subscription has no deadline.
    request.finish();
    place.leave();
  };
  const run = await inSpan(request, headers, () => parts.graphql.run(parameters, options), finish);
  if (run.kind === 'events') {
    endSubscription = metrics.openSubscription();
  } else {
    metrics.observeOperation(200, (performance.now() - startedAtMs) / 1000);
    onEnd(1);
  }
  return run;
}

/** The signal of one operation, which the connection's signal outlives. */
function createLife(gone: AbortSignal) {
  const over = new AbortController();
  const abort = (): void => over.abort();
  gone.addEventListener('abort', abort);
  if (gone.aborted) abort();
  return {
    onGone: (happen: () => void): void => (over.signal.aborted ? happen() : over.signal.addEventListener('abort', happen)),
    end(): void {
      gone.removeEventListener('abort', abort);
      abort();
    },
  };
}

/** Runs an operation in a span of the caller's trace. Calls `finish` when it was executed. */
export function inSpan<Answer>(
  { requestId }: RequestContext,
  headers: IncomingHttpHeaders,
  run: () => Promise<Answer>,
  finish: () => void,
): Promise<Answer> {
  const parent = propagation.extract(traceContext.active(), headers);
  const span = tracer.startSpan(unknownOperationSpan, { kind: SpanKind.SERVER }, parent);
  // Without tracing, a span isn't valid. A context for it would cost W4 3%.
  const answer = isSpanContextValid(span.spanContext()) ? traceContext.with(trace.setSpan(parent, span), run) : run();
  return answer.finally(() => {
    finish();
    span.setAttribute('jobyard.request_id', requestId).end();
  });
}

function logOperation(
  { requestId, caller, transport }: StreamedOperation,
  { operationName, vendorRequests }: RequestContext,
  logger: Logger,
  { events, durationMs }: { events: number; durationMs: number },
): void {
  const entry = { requestId, operation: operationName, caller: caller.name, transport, events, durationMs: Math.round(durationMs) };
  logger.info({ ...entry, vendorRequests: vendorRequests.count }, 'graphql');
}
