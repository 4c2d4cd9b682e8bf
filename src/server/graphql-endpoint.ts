import type { IncomingMessage, ServerResponse } from 'node:http';
import { propagation, SpanKind, trace, context as traceContext } from '@opentelemetry/api';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Authentication } from '../access/authenticate.ts';
import { anyone, type Caller } from '../access/caller.ts';
import type { Context } from '../resolvers/context.ts';
import type { GraphqlHandler } from './graphql.ts';
import { isNestedTooDeep } from './graphql-limits.ts';
import type { Limits } from './limits.ts';
import type { Metrics } from './metrics.ts';
import { readJsonBody } from './read-body.ts';
import { createRequestContext, type RequestContext } from './request-context.ts';
import { send, sendError } from './send.ts';

export interface GraphqlEndpointOptions {
  graphql: GraphqlHandler;
  authenticate(headers: IncomingMessage['headers']): Promise<Authentication>;
  beginOperation(context: RequestContext): Context;
  limits: Limits;
  /** Time for a whole operation. */
  deadlineMs: number;
  logger: Logger;
  metrics: Metrics;
}

export type GraphqlEndpoint = (request: IncomingMessage, response: ServerResponse, search: string) => Promise<void>;

const tracer = trace.getTracer('jobyard');

/** GraphQL over HTTP: who is calling, how often, how much; then the operation, and one line in the log. */
export function createGraphqlEndpoint(options: GraphqlEndpointOptions): GraphqlEndpoint {
  const { limits, logger, metrics } = options;
  const takeTurn = createRateLimit(limits.requestsPerMinute);
  const knownQueries = new LRUCache<string, true>({ max: 500, maxSize: 10_000_000, sizeCalculation: (_value, query) => query.length + 1 });

  const refuse: typeof sendError = (response, status, ...rest) => {
    metrics.observeRefusal(status);
    sendError(response, status, ...rest);
  };

  return async (request, response, search) => {
    const startedAtMs = performance.now();
    const caller = await identify(request, response, options, refuse);
    if (!caller) return;
    const waitSeconds = await takeTurn(caller);
    if (waitSeconds > 0) {
      refuse(response, 429, 'RATE_LIMITED', `${caller.name} sends too many requests; try again in ${waitSeconds} s.`, {
        'retry-after': String(waitSeconds),
      });
      return;
    }
    const body = await readJsonBody(request, limits.maxBodyBytes);
    if (body.kind === 'too-large') {
      refuse(response, 413, 'BAD_REQUEST', `The body is larger than ${limits.maxBodyBytes} bytes.`);
      return;
    }
    if (body.kind === 'malformed') {
      refuse(response, 400, 'BAD_REQUEST', `The body is not JSON: ${body.message}`);
      return;
    }
    const value = body.kind === 'json' ? body.value : undefined;
    const query = queryOf(value, search);
    if (query !== null && !knownQueries.has(query)) {
      if (!isNestedTooDeep(query, limits.maxTokens)) knownQueries.set(query, true);
      else {
        refuse(response, 400, 'GRAPHQL_VALIDATION_FAILED', 'The document is nested too deep.');
        return;
      }
    }
    const context = createRequestContext(request, response, {
      caller,
      operationName: operationNameOf(value),
      deadlineMs: options.deadlineMs,
    });

    const graphqlRequest = { method: request.method ?? 'GET', headers: request.headers, search, body: value };
    const begin = () => options.beginOperation(context);
    const parent = propagation.extract(traceContext.active(), request.headers);
    const answer = await tracer.startActiveSpan('graphql', { kind: SpanKind.SERVER }, parent, (span) =>
      options.graphql.handle(graphqlRequest, begin).finally(() => {
        context.finish();
        if (context.operationName) span.setAttribute('graphql.operation.name', context.operationName);
        span.setAttribute('jobyard.request_id', context.requestId).end();
      }),
    );
    if (answer.body.kind !== 'complete') throw new Error('Incremental delivery is not offered');
    const status = answer.status ?? 200;
    answer.headers.set('x-request-id', context.requestId);
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
  { authenticate, logger }: GraphqlEndpointOptions,
  refuse: typeof sendError,
): Promise<Caller | null> {
  const authentication = await authenticate(request.headers);
  switch (authentication.kind) {
    case 'caller':
      return authentication.caller;
    case 'refused':
      refuse(response, 401, 'UNAUTHENTICATED', authentication.message, { 'www-authenticate': 'Bearer realm="jobyard"' });
      return null;
    case 'unreachable':
      logger.warn({ reason: authentication.reason }, 'identity provider unreachable');
      refuse(response, 503, 'IDENTITY_PROVIDER_UNAVAILABLE', authentication.message, { 'retry-after': '5' });
      return null;
  }
}

/** Seconds a caller has to wait; 0: go ahead. */
function createRateLimit(requestsPerMinute: number | null): (caller: Caller) => Promise<number> {
  if (requestsPerMinute === null) return async () => 0;
  const limiter = new RateLimiterMemory({ points: requestsPerMinute, duration: 60 });
  return async (caller) => {
    // Nobody is told apart where no access is configured: one would use up the share of all.
    if (caller === anyone) return 0;
    try {
      await limiter.consume(caller.name);
      return 0;
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
      throw refusal;
    }
  };
}

function queryOf(body: unknown, search: string): string | null {
  const query = typeof body === 'object' && body !== null && 'query' in body ? body.query : new URLSearchParams(search).get('query');
  return typeof query === 'string' ? query : null;
}

function operationNameOf(body: unknown): string | null {
  if (typeof body !== 'object' || body === null) return null;
  const { operationName, query } = body as { operationName?: unknown; query?: unknown };
  if (typeof operationName === 'string') return operationName.slice(0, 100);
  // A document with one operation needs no operationName; its name is still worth a line in the log.
  return typeof query === 'string' ? (/^\s*(?:#.*\n\s*)*(?:query|mutation|subscription)\s+(\w{1,100})/.exec(query)?.[1] ?? null) : null;
}
