// Telemetry: metrics for Prometheus, and traces.

import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { isFailure } from '../actions/action-result.ts';
import type { JobActionRecord } from '../actions/audit.ts';
import type { BulkBacklog } from '../bulk/backlog.ts';
import type { LostCounts } from '../history/event-writer.ts';
import type { JobSystemAdapter } from '../jobs/adapter.ts';
import { type JobAction, jobActions } from '../jobs/job.ts';
import { outcomeProjections, outcomes } from '../jobs/outcome.ts';
import { version } from '../version.ts';
import { createRequestMetrics, type RequestMetrics } from './request-metrics.ts';
import { showBulk, showEvents, showStore, showWatcher, type WatchCounts } from './shown-metrics.ts';
import { createVendorMetrics, type VendorMetrics } from './vendor-metrics.ts';

/** The metrics of `GET /metrics`, for Prometheus. */
export interface Metrics extends Omit<VendorMetrics, 'addSystem'>, RequestMetrics {
  /** Starts a system's series at 0, so that the first count shows as an increase. */
  addSystem(systemId: string, actions: JobSystemAdapter['actions']): void;
  observeActions(systemId: string, action: JobAction, jobs: readonly JobActionRecord[]): void;
  observeAuditFailure(): void;
  /** Counts a failed attempt to fetch the identity provider's keys. */
  observeKeySetFailure(): void;
  /** `isUp`: called at each scrape; null: unknown. */
  observeStore(isUp: () => boolean | null): void;
  /** `counts`: of the event writer; called at each scrape. */
  showEvents(counts: () => { waiting: number } & LostCounts): void;
  /** `read`: the backlog of bulk operations; called at each scrape. Null: the store is unavailable. */
  showBulk(read: () => Promise<BulkBacklog | null>): void;
  /** `watcher`: its functions are called at each scrape. */
  showWatcher(watcher: WatchCounts): void;
  contentType: string;
  print(): Promise<string>;
}

const buckets = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** Each outcome with its codes. */
const actionSeries = outcomes.flatMap((outcome) => {
  const { codes } = outcomeProjections[outcome];
  return codes.length === 0 ? [{ outcome, code: '' }] : codes.map((code) => ({ outcome, code }));
});

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  showBuild(registers);
  const { addSystem, ...ofVendors } = createVendorMetrics(registers, buckets);
  const ofActions = createActionMetrics(registers);
  const auditFailures = new Counter({
    name: 'jobyard_audit_failures_total',
    help: "Audit log entries that couldn't be written; nothing was done, except for an outcome entry, whose action was already performed",
    registers,
  });
  const keySetFailures = new Counter({
    name: 'jobyard_key_set_failures_total',
    help: "Failed attempts to fetch the identity provider's keys; the last fetched keys are used for up to an hour",
    registers,
  });
  const systems = new Set<string>();
  let isStoreUp: () => boolean | null = () => null;
  showStore(registers, () => isStoreUp());

  return {
    ...ofVendors,
    ...createRequestMetrics(registers, buckets),
    addSystem(system, actions) {
      systems.add(system);
      addSystem(system);
      ofActions.addSystem(system, actions);
    },
    observeActions: ofActions.observeActions,
    observeAuditFailure: () => auditFailures.inc(),
    observeKeySetFailure: () => keySetFailures.inc(),
    observeStore(isUp) {
      isStoreUp = isUp;
    },
    showEvents: (counts) => showEvents(registers, counts),
    showBulk: (read) => showBulk(registers, systems, read),
    showWatcher: (watcher) => showWatcher(registers, watcher),
    contentType: registry.contentType,
    print: () => registry.metrics(),
  };
}

function showBuild(registers: Registry[]): void {
  new Gauge({
    name: 'jobyard_build_info',
    help: 'Always 1; the labels have the versions of Jobyard and Node',
    labelNames: ['version', 'node'] as const,
    registers,
  }).set({ version, node: process.versions.node }, 1);
}

function createActionMetrics(registers: Registry[]): Pick<Metrics, 'addSystem' | 'observeActions'> {
  const actionOutcomes = new Counter({
    name: 'jobyard_actions_total',
    help: 'Actions on jobs, one per job; code is the problem code of a failure, empty for a success',
    labelNames: ['system', 'action', 'outcome', 'code'] as const,
    registers,
  });
  return {
    addSystem(system, actions) {
      for (const action of jobActions.filter((each) => actions[each].support !== 'UNSUPPORTED')) {
        for (const series of actionSeries) actionOutcomes.inc({ system, action, ...series }, 0);
      }
    },
    observeActions(system, action, jobs) {
      // One call per series, because each call resolves the labels.
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
  };
}
