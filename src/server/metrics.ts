import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { JobSystemAdapter } from '../jobs/adapter.ts';
import type { SettledJob } from '../jobs/audit.ts';
import { type JobAction, jobActions } from '../jobs/job.ts';
import type { ProblemCode } from '../jobs/problem.ts';
import type { SuccessKind } from '../jobs/settle-action.ts';
import type { AttemptReport, HoldReason } from '../transport/http-client.ts';
import type { BreakerState } from '../transport/policy.ts';

/** What `GET /metrics` shows, for Prometheus. */
export interface Metrics {
  /** Puts a system's series at 0, so that the first of anything is seen as a rise. */
  addSystem(systemId: string, actions: JobSystemAdapter['actions']): void;
  observeVendorRequest(report: AttemptReport): void;
  observeHeldBack(systemId: string, reason: HoldReason): void;
  observeBreaker(systemId: string, state: BreakerState): void;
  observeActions(systemId: string, action: JobAction, jobs: readonly SettledJob[]): void;
  observeAuditFailure(): void;
  observeOperation(httpStatus: number, durationSeconds: number): void;
  /** A request, a connection or an operation that was turned away before GraphQL; by the status of HTTP. */
  observeRefusal(httpStatus: number): void;
  /** `isUp` is asked at each print; null: not known. */
  observeStore(isUp: () => boolean | null): void;
  /** Counts a connection that stays open; what it gives back uncounts it. */
  openConnection(transport: 'websocket' | 'event-stream'): () => void;
  /** Counts a subscription that goes on; what it gives back uncounts it. */
  openSubscription(): () => void;
  /** Shows what the watcher counts. */
  showWatcher(watcher: { watchedJobs(): number; polls(): number }): void;
  contentType: string;
  print(): Promise<string>;
}

const buckets = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const purposes = ['read', 'action'] as const;
/** Those that dashboards and alarms ask for; others show when they come. */
const usualResults = ['200', '401', '429', '500', '503', 'SYSTEM_UNAVAILABLE', 'TIMED_OUT', 'BAD_VENDOR_ANSWER'];
const holdReasons: readonly HoldReason[] = ['breaker', 'vendor', 'credentials', 'caller'];
const breakerStates: readonly BreakerState[] = ['closed', 'open', 'halfOpen'];
const refusalStatuses = [400, 401, 403, 413, 429, 503];
const actionResults: readonly (SuccessKind | ProblemCode)[] = [
  ...(['DONE', 'PENDING', 'ALREADY', 'GONE', 'DRY_RUN'] as const),
  ...(['JOB_NOT_FOUND', 'WRONG_STATUS', 'NOT_ELIGIBLE', 'ACCESS_DENIED', 'VENDOR_CREDENTIALS', 'SYSTEM_UNAVAILABLE'] as const),
  ...(['TIMED_OUT', 'RATE_LIMITED', 'BAD_VENDOR_ANSWER', 'VENDOR_REJECTED', 'OUTCOME_UNKNOWN', 'NOT_ATTEMPTED'] as const),
];

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
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
    name: 'jobyard_vendor_requests_held_back_total',
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
  const actionOutcomes = new Counter({
    name: 'jobyard_actions_total',
    help: 'Actions on jobs, one per job; result is how it succeeded or a problem code',
    labelNames: ['system', 'action', 'result'] as const,
    registers,
  });
  const operationSeconds = new Histogram({
    name: 'jobyard_graphql_request_duration_seconds',
    help: 'Time from a GraphQL request to its answer',
    labelNames: ['status'] as const,
    buckets,
    registers,
  });
  const refusals = new Counter({
    name: 'jobyard_refused_requests_total',
    help: 'Requests, connections and operations turned away before GraphQL: 429 by a limit, 401 without a caller, 413 too large',
    labelNames: ['status'] as const,
    registers,
  });
  const auditFailures = new Counter({
    name: 'jobyard_audit_failures_total',
    help: 'Lines of the audit that could not be written; what they announced was not done',
    registers,
  });
  operationSeconds.zero({ status: '200' });
  for (const status of refusalStatuses) refusals.inc({ status }, 0);

  const observeBreaker = (system: string, current: BreakerState): void => {
    for (const state of breakerStates) breaker.set({ system, state }, state === current ? 1 : 0);
  };

  const connections = new Gauge({
    name: 'jobyard_connections',
    help: 'Connections that stay open for live updates',
    labelNames: ['transport'] as const,
    registers: [registry],
  });
  for (const transport of ['websocket', 'event-stream'] as const) connections.set({ transport }, 0);
  const subscriptions = new Gauge({ name: 'jobyard_subscriptions', help: 'Subscriptions that go on', registers: [registry] });
  let isStoreUp: () => boolean | null = () => null;
  new Gauge({
    name: 'jobyard_store_up',
    help: 'Whether the last use of the store reached it; absent until it is used',
    registers: [registry],
    collect() {
      const isUp = isStoreUp();
      if (isUp === null) this.remove();
      else this.set(Number(isUp));
    },
  });

  return {
    openConnection(transport) {
      connections.inc({ transport });
      return () => connections.dec({ transport });
    },
    openSubscription() {
      subscriptions.inc();
      return () => subscriptions.dec();
    },
    showWatcher(watcher) {
      new Gauge({
        name: 'jobyard_watched_jobs',
        help: 'Jobs that are polled for those who follow them or wait',
        registers: [registry],
        collect() {
          this.set(watcher.watchedJobs());
        },
      });
      new Counter({
        name: 'jobyard_watch_polls_total',
        help: 'Batches of reads for those who follow jobs or wait',
        registers: [registry],
        collect() {
          this.reset();
          this.inc(watcher.polls());
        },
      });
    },
    addSystem(system, actions) {
      for (const purpose of purposes) {
        for (const result of usualResults) vendorRequests.inc({ system, purpose, result }, 0);
        vendorSeconds.zero({ system, purpose });
        vendorRetries.inc({ system, purpose }, 0);
      }
      for (const reason of holdReasons) heldBack.inc({ system, reason }, 0);
      for (const action of jobActions.filter((each) => actions[each].support !== 'UNSUPPORTED')) {
        for (const result of actionResults) actionOutcomes.inc({ system, action, result }, 0);
      }
      observeBreaker(system, 'closed');
    },
    observeVendorRequest({ systemId, purpose, result, durationMs, isRetry }) {
      vendorRequests.inc({ system: systemId, purpose, result });
      vendorSeconds.observe({ system: systemId, purpose }, durationMs / 1000);
      if (isRetry) vendorRetries.inc({ system: systemId, purpose });
    },
    observeHeldBack: (system, reason) => heldBack.inc({ system, reason }),
    observeBreaker,
    observeActions(system, action, jobs) {
      // Each word once: for each call the registry looks up what the labels mean.
      const counts = new Map<string, number>();
      for (const { result } of jobs) {
        const word = result.kind === 'succeeded' ? result.how : result.problem.code;
        counts.set(word, (counts.get(word) ?? 0) + 1);
      }
      for (const [result, count] of counts) actionOutcomes.inc({ system, action, result }, count);
    },
    observeAuditFailure: () => auditFailures.inc(),
    observeOperation(httpStatus, durationSeconds) {
      operationSeconds.observe({ status: String(httpStatus) }, durationSeconds);
    },
    observeRefusal: (status) => refusals.inc({ status }),
    observeStore(isUp) {
      isStoreUp = isUp;
    },
    contentType: registry.contentType,
    print: () => registry.metrics(),
  };
}
