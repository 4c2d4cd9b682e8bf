import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Metrics of callers' requests. */
export interface RequestMetrics {
  /** Counts an error in a response, by its code. */
  observeError(code: unknown): void;
  observeOperation(httpStatus: number, durationSeconds: number): void;
  /** Counts a request, a connection, or an operation that was rejected before GraphQL, by its HTTP status. */
  observeRejection(httpStatus: number): void;
  /** Counts an open connection until the returned function is called. */
  openConnection(transport: 'websocket' | 'event-stream'): () => void;
  /** Counts an active subscription until the returned function is called. */
  openSubscription(): () => void;
}

const rejectionStatuses = [400, 401, 403, 408, 413, 429, 503];
/** The codes of errors in responses. Others count as OTHER, to limit the number of series. */
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
    help: 'Time from a GraphQL request to its response',
    labelNames: ['status'] as const,
    buckets,
    registers,
  });
  const rejections = new Counter({
    name: 'jobyard_rejected_requests_total',
    help: 'Requests, connections, and operations rejected before GraphQL: 401 not authenticated, 413 too large, 429 over a limit',
    labelNames: ['status'] as const,
    registers,
  });
  const errors = new Counter({
    name: 'jobyard_graphql_errors_total',
    help: 'Errors in GraphQL responses by code; OTHER is any other code',
    labelNames: ['code'] as const,
    registers,
  });
  const connections = new Gauge({
    name: 'jobyard_connections',
    help: 'Open connections for live updates',
    labelNames: ['transport'] as const,
    registers: registers,
  });
  const subscriptions = new Gauge({ name: 'jobyard_subscriptions', help: 'Active subscriptions', registers });
  for (const code of [...errorCodes, otherCode]) errors.inc({ code }, 0);
  operationSeconds.zero({ status: '200' });
  for (const status of rejectionStatuses) rejections.inc({ status }, 0);
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
    observeRejection: (status) => rejections.inc({ status }),
  };
}
