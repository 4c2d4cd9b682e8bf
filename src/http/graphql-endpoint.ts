import type { IncomingMessage, ServerResponse } from 'node:http';
import { propagation, SpanKind, trace, context as traceContext } from '@opentelemetry/api';
import type { Caller } from '../access/caller.ts';
import type { Limits } from '../access/limits.ts';
import type { Revocations } from '../access/revocations.ts';
import { endOfOwnSeconds } from '../access/share-refusal.ts';
import type { Shares } from '../access/shares.ts';
import { systemClock } from '../concurrency/clock.ts';
import { turns } from '../concurrency/turns.ts';
import { labelOf, readParameters } from '../graphql/parameters.ts';
import { createRequestContext, onDisconnect, requestIdOf } from '../graphql/request-context.ts';
import { statusOfRefusal } from '../graphql/response-status.ts';
import type { OperationParts } from '../graphql/run-operation.ts';
import { unknownOperationSpan } from '../telemetry/operation-span.ts';
import type { Admission } from './admission.ts';
import type { EventStreams } from './event-stream.ts';
import { letContinue } from './expectation.ts';
import { announcedBytes, readJsonBody } from './read-body.ts';
import type { RecordRefusal } from './rejections.ts';
import { send, sendError } from './send.ts';

export interface GraphqlEndpointOptions extends OperationParts {
  admission: Admission;
  eventStreams: EventStreams;
  shares: Shares;
  revocations: Revocations;
  limits: Limits;
  recordRefusal: RecordRefusal;
}

export type GraphqlEndpoint = (request: IncomingMessage, response: ServerResponse, search: string) => Promise<void>;

const tracer = trace.getTracer('jobyard');

/** GraphQL over HTTP: who is calling, how often, how much; then the operation, and one line in the log. */
export function createGraphqlEndpoint(options: GraphqlEndpointOptions): GraphqlEndpoint {
  const { admission, shares, revocations, eventStreams, limits, logger, metrics } = options;

  const refuseCaller =
    (caller: Caller | null): typeof sendError =>
    (response, status, code, message, headers) => {
      const requestId = requestIdOf(response.req.headers);
      options.recordRefusal({ status, code, caller, requestId, transport: 'http' });
      const told = code === 'GRAPHQL_VALIDATION_FAILED' ? statusOfRefusal(response.req.headers.accept) : status;
      sendError(response, told, code, message, { ...headers, 'x-request-id': requestId });
    };
  const refuseUnknown = refuseCaller(null);

  return async (request, response, search) => {
    const startedAtMs = performance.now();
    const sender = await identify(request, response, admission, refuseUnknown);
    if (!sender) return;
    const refuse = refuseCaller(sender);
    const waitSeconds = await admission.consumeRateLimit(sender);
    if (waitSeconds > 0) {
      refuse(response, 429, 'RATE_LIMITED', `${sender.name} sends too many requests; try again in ${waitSeconds} s.`, {
        'retry-after': String(waitSeconds),
      });
      return;
    }
    const { 'content-encoding': coding = '' } = request.headers;
    if (!/^(?:identity)?$/i.test(coding)) {
      const message = `Content-Encoding: expected "identity" or nothing, got "${coding.slice(0, 100)}".`;
      refuse(response, 415, 'BAD_REQUEST', message, { 'accept-encoding': 'identity' });
      return;
    }
    const announced = announcedBytes(request);
    // One that is too large is not read, and takes no room.
    const entry = shares.enter(sender, announced > limits.maxBodyBytes ? 0 : announced);
    if (entry.kind === 'rejected') {
      refuse(response, entry.status, entry.code, entry.message, { 'retry-after': String(entry.retryAfterSeconds) });
      return;
    }
    const { place } = entry;
    response.once('close', place.leave);
    if (response.destroyed) place.leave();
    if (announced <= limits.maxBodyBytes) letContinue(response);
    let isAccessChanged = false;
    const stopWatching = revocations.watch(sender.name, () => {
      isAccessChanged = true;
    });
    const body = await readJsonBody(request, limits.maxBodyBytes, {
      count: place.grow,
      takeTurn: (size) => turns.take(sender.name, size),
    }).finally(stopWatching);
    // Bodies may take minutes: whoever has no access any more must not begin anything with one.
    const isExpired = sender.expiresAtMs !== null && systemClock.nowMs() >= sender.expiresAtMs;
    const caller = isAccessChanged || isExpired ? await identify(request, response, admission, refuseUnknown) : sender;
    if (!caller) return;
    if (body.kind === 'too-large') {
      refuse(response, 413, 'BAD_REQUEST', `The body is larger than ${limits.maxBodyBytes} bytes.`);
      return;
    }
    if (body.kind === 'no-room') {
      const message = `${sender.name} has more bytes in flight than allowed. Retry in ${endOfOwnSeconds} seconds.`;
      refuse(response, 429, 'RATE_LIMITED', message, { 'retry-after': String(endOfOwnSeconds) });
      return;
    }
    if (body.kind === 'malformed') {
      refuse(response, 400, 'BAD_REQUEST', `The body can't be read as JSON: ${body.message}`);
      return;
    }
    const value = body.kind === 'json' ? body.value : undefined;
    const read = readParameters(request.method, value, search);
    if (read.kind === 'malformed') {
      refuse(response, 400, 'BAD_REQUEST', read.message);
      return;
    }
    const { parameters } = read;
    const rejection = parameters.query === undefined ? null : admission.checkDocument(parameters.query);
    if (rejection !== null) {
      refuse(response, 400, 'GRAPHQL_VALIDATION_FAILED', rejection);
      return;
    }
    const filledIn = options.graphql.fillIn(parameters);
    if (eventStreams.isWanted(request, filledIn)) return eventStreams.open(request, response, { caller, parameters: filledIn, place });
    const context = createRequestContext({
      headers: request.headers,
      onGone: (abort) => onDisconnect(response, abort),
      caller,
      place,
      operationName: labelOf(parameters),
      deadlineMs: options.deadlineMs,
    });

    const graphqlRequest = { method: request.method ?? 'GET', headers: request.headers, search, body: value, parameters: filledIn };
    const parent = propagation.extract(traceContext.active(), request.headers);
    const answer = await tracer.startActiveSpan(unknownOperationSpan, { kind: SpanKind.SERVER }, parent, (span) =>
      options.graphql
        .handle(graphqlRequest, { beginOperation: () => options.beginOperation(context), beginWork: context.beginWork })
        .finally(() => {
          context.finish();
          span.setAttribute('jobyard.request_id', context.requestId).end();
        }),
    );
    if (answer.body.kind !== 'complete') throw new Error('Incremental delivery is not offered');
    const status = answer.status ?? 200;
    answer.headers.set('x-request-id', context.requestId);
    place.grow(answer.body.string.length);
    send(response, status, Object.fromEntries(answer.headers), answer.body.string);

    const durationMs = performance.now() - startedAtMs;
    metrics.observeOperation(status, durationMs / 1000);
    logger.info(
      {
        requestId: context.requestId,
        operation: context.operationName,
        caller: caller.name,
        status,
        durationMs: Math.round(durationMs),
        vendorRequests: context.vendorRequests.count,
      },
      'graphql',
    );
  };
}

/** The caller; null where the answer has been sent. */
async function identify(
  request: IncomingMessage,
  response: ServerResponse,
  admission: Admission,
  refuse: typeof sendError,
): Promise<Caller | null> {
  const authentication = await admission.authenticate(request.headers);
  switch (authentication.kind) {
    case 'caller':
      return authentication.caller;
    case 'rejected':
      refuse(response, 401, 'UNAUTHENTICATED', authentication.message, { 'www-authenticate': 'Bearer realm="jobyard"' });
      return null;
    case 'unreachable':
      refuse(response, 503, 'IDENTITY_PROVIDER_UNAVAILABLE', authentication.message, { 'retry-after': '5' });
      return null;
  }
}
