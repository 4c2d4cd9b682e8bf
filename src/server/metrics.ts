import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { AttemptReport } from '../transport/http-client.ts';

/** What `GET /metrics` shows, for Prometheus. */
export interface Metrics {
  observeVendorRequest(report: AttemptReport): void;
  observeOperation(httpStatus: number, durationSeconds: number): void;
  contentType: string;
  print(): Promise<string>;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const vendorRequests = new Counter({
    name: 'jobyard_vendor_requests_total',
    help: 'Requests sent to vendors; result is the HTTP status or a problem code',
    labelNames: ['system', 'purpose', 'result'] as const,
    registers: [registry],
  });
  const vendorSeconds = new Histogram({
    name: 'jobyard_vendor_request_duration_seconds',
    help: 'Time from sending a vendor request to the end of its answer',
    labelNames: ['system', 'purpose'] as const,
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  });
  const operationSeconds = new Histogram({
    name: 'jobyard_graphql_request_duration_seconds',
    help: 'Time from a GraphQL request to its answer',
    labelNames: ['status'] as const,
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  });
  return {
    observeVendorRequest({ systemId, purpose, result, durationMs }) {
      vendorRequests.inc({ system: systemId, purpose, result });
      vendorSeconds.observe({ system: systemId, purpose }, durationMs / 1000);
    },
    observeOperation(httpStatus, durationSeconds) {
      operationSeconds.observe({ status: String(httpStatus) }, durationSeconds);
    },
    contentType: registry.contentType,
    print: () => registry.metrics(),
  };
}
