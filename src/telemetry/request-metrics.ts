import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What is counted of callers' requests. */
export interface RequestMetrics {
  /** An error in a response; by its code. */
  observeError(code: unknown): void;
  observeOperation(httpStatus: number, durationSeconds: number): void;
  /** A request, a connection or an operation that was turned away before GraphQL; by the status of HTTP. */
  observeRejection(httpStatus: number): void;
  /** Counts a connection that stays open; what it gives back uncounts it. */
  openConnection(transport: 'websocket' | 'event-stream'): () => void;
  /** Counts a subscription that goes on; what it gives back uncounts it. */
  openSubscription(): () => void;
}

const refusalStatuses = [400, 401, 403, 408, 413, 429, 503];
/** The codes of errors in responses. Others count as OTHER, so that nothing makes series without end. */
const errorCodes = [
  ...(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT', 'OPERATION_RESOLUTION_FAILURE', 'BAD_REQUEST'] as const),
  ...(['PERSISTED_QUERY_NOT_FOUND', 'PERSISTED_QUERY_NOT_SUPPORTED', 'FORBIDDEN', 'ACCESS_DENIED', 'AUDIT_UNAVAILABLE'] as const),
  ...([
    'INVALID_ID',
    'SYSTEM_NOT_FOUND',
    'JOB_NOT_FOUND',
    'VENDOR_AUTHENTICATION_FAILED',
    'SYSTEM_UNAVAILABLE',
    'TIMED_OUT',
    'RATE_LIMITED',
  ] as const),
  ...(['INVALID_VENDOR_RESPONSE', 'NOT_ATTEMPTED', 'STORE_UNAVAILABLE', 'BULK_OPERATION_NOT_FOUND', 'INTERNAL_SERVER_ERROR'] as const),
];
const otherCode = 'OTHER';
const knownErrorCodes: ReadonlySet<unknown> = new Set(errorCodes);

export function createRequestMetrics(registers: Registry[], buckets: number[]): RequestMetrics {
  const operationSeconds = new Histogram({
    name: 'jobyard_graphql_request_duration_seconds',
    help: 'Time from a GraphQL request to its answer',
    labelNames: ['status'] as const,
    buckets,
    registers,
  });
  const refusals = new Counter({
    name: 'jobyard_rejected_requests_total',
    help: 'Requests, connections and operations turned away before GraphQL: 429 by a limit, 401 without a caller, 413 too large',
    labelNames: ['status'] as const,
    registers,
  });
  const errors = new Counter({
    name: 'jobyard_graphql_errors_total',
    help: 'Errors in GraphQL responses by their code; OTHER: any other code',
    labelNames: ['code'] as const,
    registers,
  });
  const connections = new Gauge({
    name: 'jobyard_connections',
    help: 'Connections that stay open for live updates',
    labelNames: ['transport'] as const,
    registers: registers,
  });
  const subscriptions = new Gauge({ name: 'jobyard_subscriptions', help: 'Subscriptions that go on', registers });
  for (const code of [...errorCodes, otherCode]) errors.inc({ code }, 0);
  operationSeconds.zero({ status: '200' });
  for (const status of refusalStatuses) refusals.inc({ status }, 0);
  for (const transport of ['websocket', 'event-stream'] as const) connections.set({ transport }, 0);
  return {
    openConnection(transport) {
      connections.inc({ transport });
      return () => connections.dec({ transport });
    },
    openSubscription() {
      subscriptions.inc();
      return () => subscriptions.dec();
    },
    observeError: (code) => errors.inc({ code: knownErrorCodes.has(code) ? String(code) : otherCode }),
    observeOperation(httpStatus, durationSeconds) {
      operationSeconds.observe({ status: String(httpStatus) }, durationSeconds);
    },
    observeRejection: (status) => refusals.inc({ status }),
  };
}
