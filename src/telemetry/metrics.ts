import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { isFailure } from '../actions/action-result.ts';
import type { JobActionRecord } from '../actions/audit.ts';
import type { BulkBacklog } from '../bulk/backlog.ts';
import type { LostCounts } from '../history/event-writer.ts';
import type { JobSystemAdapter } from '../jobs/adapter.ts';
import { type JobAction, jobActions } from '../jobs/job.ts';
import { outcomeProjections, outcomes } from '../jobs/outcome.ts';
import type { AttemptReport, BlockReason } from '../transport/http-client.ts';
import type { BreakerState } from '../transport/policy.ts';
import { version } from '../version.ts';

/** What `GET /metrics` shows, for Prometheus. */
export interface Metrics {
  /** Puts a system's series at 0, so that the first of anything is seen as a rise. */
  addSystem(systemId: string, actions: JobSystemAdapter['actions']): void;
  observeVendorRequest(report: AttemptReport): void;
  observeHeldBack(systemId: string, reason: BlockReason): void;
  observeBreaker(systemId: string, state: BreakerState): void;
  observeActions(systemId: string, action: JobAction, jobs: readonly JobActionRecord[]): void;
  observeAuditFailure(): void;
  /** The identity provider's keys could not be fetched. */
  observeKeySetFailure(): void;
  /** An error in a response; by its code. */
  observeError(code: unknown): void;
  observeOperation(httpStatus: number, durationSeconds: number): void;
  /** A request, a connection or an operation that was turned away before GraphQL; by the status of HTTP. */
  observeRefusal(httpStatus: number): void;
  /** `isUp` is asked at each print; null: not known. */
  observeStore(isUp: () => boolean | null): void;
  /** Counts a connection that stays open; what it gives back uncounts it. */
  openConnection(transport: 'websocket' | 'event-stream'): () => void;
  /** Counts a subscription that goes on; what it gives back uncounts it. */
  openSubscription(): () => void;
  /** Shows what the writer of events counts. */
  showEvents(counts: () => { waiting: number } & LostCounts): void;
  /** Shows the work of bulk operations; asked for at each print. Null: the store can't be asked. */
  showBulk(read: () => Promise<BulkBacklog | null>): void;
  /** Shows what the watcher counts. */
  showWatcher(watcher: { watchedJobs(): number; polls(): number }): void;
  contentType: string;
  print(): Promise<string>;
}

const buckets = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const purposes = ['read', 'action'] as const;
/** Those that dashboards and alarms ask for; others show when they come. */
const defaultResults = ['200', '401', '429', '500', '503', 'SYSTEM_UNAVAILABLE', 'TIMED_OUT', 'INVALID_VENDOR_RESPONSE'];
const holdReasons: readonly BlockReason[] = ['breaker', 'vendor', 'credentials', 'caller'];
const breakerStates: readonly BreakerState[] = ['closed', 'open', 'half_open'];
const refusalStatuses = [400, 401, 403, 408, 413, 429, 503];
/** Each outcome with the codes that it comes with. */
const actionSeries = outcomes.flatMap((outcome) => {
  const { codes } = outcomeProjections[outcome];
  return codes.length === 0 ? [{ outcome, code: '' }] : codes.map((code) => ({ outcome, code }));
});

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
  const actionOutcomes = new Counter({
    name: 'jobyard_actions_total',
    help: 'Actions on jobs, one per job; code is the problem code of a failure, empty for a success',
    labelNames: ['system', 'action', 'outcome', 'code'] as const,
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
    name: 'jobyard_rejected_requests_total',
    help: 'Requests, connections and operations turned away before GraphQL: 429 by a limit, 401 without a caller, 413 too large',
    labelNames: ['status'] as const,
    registers,
  });
  const auditFailures = new Counter({
    name: 'jobyard_audit_failures_total',
    help: 'Lines of the audit that could not be written; what they announced was not done',
    registers,
  });
  const keySetFailures = new Counter({
    name: 'jobyard_key_set_failures_total',
    help: "Attempts to fetch the identity provider's keys that failed; the keys that were fetched last are used for up to an hour",
    registers,
  });
  const errors = new Counter({
    name: 'jobyard_graphql_errors_total',
    help: 'Errors in GraphQL responses by their code; OTHER: any other code',
    labelNames: ['code'] as const,
    registers,
  });
  for (const code of [...errorCodes, otherCode]) errors.inc({ code }, 0);
  new Gauge({
    name: 'jobyard_build_info',
    help: '1, with the versions of Jobyard and Node',
    labelNames: ['version', 'node'] as const,
    registers,
  }).set({ version, node: process.versions.node }, 1);
  operationSeconds.zero({ status: '200' });
  for (const status of refusalStatuses) refusals.inc({ status }, 0);

  const systems = new Set<string>();
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
    showEvents(counts) {
      new Gauge({
        name: 'jobyard_events_waiting',
        help: 'Events that wait in memory for the store',
        registers,
        collect() {
          this.set(counts().waiting);
        },
      });
      new Counter({
        name: 'jobyard_events_dropped_total',
        help: 'Events that are not stored and never will be; the audit has each',
        labelNames: ['reason'] as const,
        registers,
        collect() {
          const { dropped, setAside } = counts();
          this.reset();
          this.inc({ reason: 'full' }, dropped);
          this.inc({ reason: 'refused' }, setAside);
        },
      });
    },
    showBulk(read) {
      new Gauge({
        name: 'jobyard_bulk_items_pending',
        help: 'Pending items of bulk operations; the same at all replicas, absent while the store is not reached',
        labelNames: ['system'] as const,
        registers,
        async collect() {
          const backlog = await read();
          this.reset();
          if (!backlog) return;
          for (const system of systems) this.set({ system }, 0);
          for (const [system, count] of backlog.pending) this.set({ system }, count);
        },
      });
      new Gauge({
        name: 'jobyard_bulk_oldest_pending_seconds',
        help: 'Age of the oldest bulk operation that has pending items and is not suspended; absent while the store is not reached',
        registers,
        async collect() {
          const backlog = await read();
          if (backlog) this.set(backlog.oldestSeconds);
          else this.remove();
        },
      });
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
      systems.add(system);
      for (const purpose of purposes) {
        for (const result of defaultResults) vendorRequests.inc({ system, purpose, result }, 0);
        vendorSeconds.zero({ system, purpose });
        vendorRetries.inc({ system, purpose }, 0);
      }
      for (const reason of holdReasons) heldBack.inc({ system, reason }, 0);
      for (const action of jobActions.filter((each) => actions[each].support !== 'UNSUPPORTED')) {
        for (const series of actionSeries) actionOutcomes.inc({ system, action, ...series }, 0);
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
      // Each series once: for each call the registry looks up what the labels mean.
      const counts = new Map<string, { outcome: string; code: string; count: number }>();
      for (const { result } of jobs) {
        const { outcome } = result;
        const code = isFailure(result) ? result.problem.code : '';
        const key = `${outcome} ${code}`;
        const series = counts.get(key) ?? { outcome, code, count: 0 };
        series.count += 1;
        counts.set(key, series);
      }
      for (const { outcome, code, count } of counts.values()) actionOutcomes.inc({ system, action, outcome, code }, count);
    },
    observeAuditFailure: () => auditFailures.inc(),
    observeKeySetFailure: () => keySetFailures.inc(),
    observeError: (code) => errors.inc({ code: knownErrorCodes.has(code) ? String(code) : otherCode }),
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
