import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { BreakerState } from '../transport/policy.ts';
import type { AttemptReport, BlockReason } from '../transport/transport-settings.ts';

/** Metrics of vendor requests. */
export interface VendorMetrics {
  addSystem(systemId: string): void;
  observeVendorRequest(report: AttemptReport): void;
  observeBlocked(systemId: string, reason: BlockReason): void;
  observeBreaker(systemId: string, state: BreakerState): void;
}

const purposes = ['read', 'action'] as const;
/** The results that dashboards and alerts use, which start at 0; others appear when they occur. */
const defaultResults = ['200', '401', '429', '500', '503', 'SYSTEM_UNAVAILABLE', 'TIMED_OUT', 'INVALID_VENDOR_RESPONSE'];
const blockReasons: readonly BlockReason[] = ['breaker', 'vendor', 'credentials', 'caller'];
const breakerStates: readonly BreakerState[] = ['closed', 'open', 'half_open'];

export function createVendorMetrics(registers: Registry[], buckets: number[]): VendorMetrics {
  const vendorRequests = new Counter({
    name: 'jobyard_vendor_requests_total',
    help: 'Requests sent to vendors; result is the HTTP status or a problem code',
    labelNames: ['system', 'purpose', 'result'] as const,
    registers,
  });
  const vendorSeconds = new Histogram({
    name: 'jobyard_vendor_request_duration_seconds',
    help: 'Time from sending a vendor request to the end of its response',
    labelNames: ['system', 'purpose'] as const,
    buckets,
    registers,
  });
  const vendorRetries = new Counter({
    name: 'jobyard_vendor_retries_total',
    help: 'Vendor requests retried after a transient failure; they also count as requests',
    labelNames: ['system', 'purpose'] as const,
    registers,
  });
  const blocked = new Counter({
    name: 'jobyard_vendor_requests_blocked_total',
    help: 'Requests not sent: by the circuit breaker, throttling by the vendor, rejected credentials, or limits of the caller',
    labelNames: ['system', 'reason'] as const,
    registers,
  });
  const breaker = new Gauge({
    name: 'jobyard_vendor_breaker_state',
    help: '1 for the current state of the circuit breaker of a system',
    labelNames: ['system', 'state'] as const,
    registers,
  });
  const observeBreaker = (system: string, current: BreakerState): void => {
    for (const state of breakerStates) breaker.set({ system, state }, state === current ? 1 : 0);
  };
  return {
    addSystem(system) {
      for (const purpose of purposes) {
        for (const result of defaultResults) vendorRequests.inc({ system, purpose, result }, 0);
        vendorSeconds.zero({ system, purpose });
        vendorRetries.inc({ system, purpose }, 0);
      }
      for (const reason of blockReasons) blocked.inc({ system, reason }, 0);
      observeBreaker(system, 'closed');
    },
    observeVendorRequest({ systemId, purpose, result, durationMs, isRetry }) {
      vendorRequests.inc({ system: systemId, purpose, result });
      vendorSeconds.observe({ system: systemId, purpose }, durationMs / 1000);
      if (isRetry) vendorRetries.inc({ system: systemId, purpose });
    },
    observeBlocked: (system, reason) => blocked.inc({ system, reason }),
    observeBreaker,
  };
}
