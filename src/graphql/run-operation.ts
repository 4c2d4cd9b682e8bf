import type { IncomingHttpHeaders } from 'node:http';
import { propagation, SpanKind, trace, context as traceContext } from '@opentelemetry/api';
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
  /** Time for a whole operation, or for one event of a subscription. */
  deadlineMs: number;
  logger: Logger;
  metrics: Metrics;
}

/** An operation that came over a stream. */
export interface StreamedOperation {
  transport: 'websocket' | 'event-stream';
  caller: Caller;
  /** Of this operation alone. */
  requestId: string;
  headers: IncomingHttpHeaders;
  parameters: GraphqlParameters;
  /** Left when the operation has been executed, of a subscription: when it has begun. */
  place: Place;
  /** Aborted when the caller goes away. */
  gone: AbortSignal;
  /** Told when it has been answered; of a subscription, when it is over. */
  onEnd?: () => void;
}

const tracer = trace.getTracer('jobyard');

/** Runs it. Of a subscription each event has the time of a whole operation, and the line in the log comes at its end. */
export async function runOperation(operation: StreamedOperation, parts: OperationParts): Promise<Run> {
  const { transport, caller, requestId, headers, parameters, place, gone } = operation;
  const { graphql, deadlineMs, logger, metrics } = parts;
  const operationName = labelOf(parameters);
  const startedAtMs = performance.now();
  // The signal of this operation alone: that of its connection outlives it.
  const over = new AbortController();
  const end = (): void => over.abort();
  gone.addEventListener('abort', end);
  if (gone.aborted) end();
  const onGone = (abort: () => void): void => (over.signal.aborted ? abort() : over.signal.addEventListener('abort', abort));
  const request = createRequestContext({ headers, requestId, onGone, caller, place, operationName, deadlineMs });
  const takeTurn = (): Promise<void> | null => turns.take(caller.name);
  const rights = `${caller.rights} ${keyOfCredentials(headers)}`;
  const { vendorRequests } = request;
  const beginEvent: RunOptions['beginEvent'] = () => {
    // What an event shows is read for all who are told of it: one who goes away must not fail the others.
    const part = createRequestContext({ headers, onGone: () => {}, caller, operationName, deadlineMs, partOf: request });
    return { context: parts.beginOperation(part), finish: part.finish };
  };
  let endSubscription: (() => void) | null = null;
  const onEnd = (events: number): void => {
    gone.removeEventListener('abort', end);
    end();
    endSubscription?.();
    operation.onEnd?.();
    const durationMs = Math.round(performance.now() - startedAtMs);
    logger.info(
      { requestId, operation: operationName, caller: caller.name, transport, events, durationMs, vendorRequests: vendorRequests.count },
      'graphql',
    );
  };

  const turn = takeTurn();
  if (turn) await turn;
  const parent = propagation.extract(traceContext.active(), headers);
  const run = await tracer.startActiveSpan(unknownOperationSpan, { kind: SpanKind.SERVER }, parent, (span) =>
    graphql
      .run(parameters, {
        beginOperation: () => parts.beginOperation(request),
        beginWork: request.beginWork,
        beginEvent,
        onEnd,
        takeTurn,
        callerName: caller.name,
        rights,
      })
      .finally(() => {
        // A subscription goes on for as long as it likes.
        request.finish();
        place.leave();
        span.setAttribute('jobyard.request_id', requestId).end();
      }),
  );
  if (run.kind === 'events') {
    endSubscription = metrics.openSubscription();
  } else {
    metrics.observeOperation(200, (performance.now() - startedAtMs) / 1000);
    onEnd(1);
  }
  return run;
}
