import { Counter, Histogram, Registry } from 'prom-client';
import type { ObserveVendorRequest } from '../vendors.ts';
import { requestRecords } from './request-record.ts';

export const registry = new Registry();
const registers = [registry];
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const operationSeconds = new Histogram({
  name: 'graphql_request_duration_seconds',
  help: 'Time from a GraphQL request to its response',
  labelNames: ['status'] as const,
  buckets,
  registers,
});
const vendorRequests = new Counter({
  name: 'vendor_requests_total',
  help: 'Requests to the systems',
  labelNames: ['system', 'status'] as const,
  registers,
});
const vendorSeconds = new Histogram({
  name: 'vendor_request_duration_seconds',
  help: 'Time from a request to a system to its response',
  labelNames: ['system'] as const,
  buckets,
  registers,
});

/** For servers without a plugin that does so. Its count is the number of requests by status. */
export function observeRequest(status: number, durationMs: number): void {
  operationSeconds.observe({ status: String(status) }, durationMs / 1000);
}

export const countVendorRequest: ObserveVendorRequest = (system, status, durationMs) => {
  vendorRequests.inc({ system, status: String(status) });
  vendorSeconds.observe({ system }, durationMs / 1000);
  const record = requestRecords.getStore();
  if (record) record.vendorRequests += 1;
};
