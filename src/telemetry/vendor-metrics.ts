import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { BreakerState } from '../transport/policy.ts';
import type { AttemptReport, BlockReason } from '../transport/transport-settings.ts';

/** What is counted of requests to vendors. */
export interface VendorMetrics {
  addSystem(systemId: string): void;
  observeVendorRequest(report: AttemptReport): void;
  observeBlocked(systemId: string, reason: BlockReason): void;
  observeBreaker(systemId: string, state: BreakerState): void;
}

const purposes = ['read', 'action'] as const;
/** Those that dashboards and alarms ask for; others show when they come. */
const defaultResults = ['200', '401', '429', '500', '503', 'SYSTEM_UNAVAILABLE', 'TIMED_OUT', 'INVALID_VENDOR_RESPONSE'];
const holdReasons: readonly BlockReason[] = ['breaker', 'vendor', 'credentials', 'caller'];
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
    help: 'Time from sending a vendor request to the end of its answer',
    labelNames: ['system', 'purpose'] as const,
    buckets,
    registers,
  });
  const vendorRetries = new Counter({
    name: 'jobyard_vendor_retries_total',
    help: 'Requests sent to vendors again after a failure in passing; they count as requests too',
    labelNames: ['system', 'purpose'] as const,
    registers,
  });
  const heldBack = new Counter({
    name: 'jobyard_vendor_requests_blocked_total',
    help: 'Requests kept from going out: by the circuit breaker, the vendor asking for a pause, or credentials it refused lately',
    labelNames: ['system', 'reason'] as const,
    registers,
  });
  const breaker = new Gauge({
    name: 'jobyard_vendor_breaker_state',
    help: '1 for the state that the circuit breaker of a system is in',
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
      for (const reason of holdReasons) heldBack.inc({ system, reason }, 0);
      observeBreaker(system, 'closed');
    },
    observeVendorRequest({ systemId, purpose, result, durationMs, isRetry }) {
      vendorRequests.inc({ system: systemId, purpose, result });
      vendorSeconds.observe({ system: systemId, purpose }, durationMs / 1000);
      if (isRetry) vendorRetries.inc({ system: systemId, purpose });
    },
    observeBlocked: (system, reason) => heldBack.inc({ system, reason }),
    observeBreaker,
  };
}
