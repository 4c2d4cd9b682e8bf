// Telemetry: what the process counts for Prometheus, and its spans.

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
import { showBulk, showEvents, showStore, showWatcher } from './shown-metrics.ts';
import { createVendorMetrics, type VendorMetrics } from './vendor-metrics.ts';

/** What `GET /metrics` shows, for Prometheus. */
export interface Metrics extends Omit<VendorMetrics, 'addSystem'>, RequestMetrics {
  /** Puts a system's series at 0, so that the first of anything is seen as a rise. */
  addSystem(systemId: string, actions: JobSystemAdapter['actions']): void;
  observeActions(systemId: string, action: JobAction, jobs: readonly JobActionRecord[]): void;
  observeAuditFailure(): void;
  /** The identity provider's keys could not be fetched. */
  observeKeySetFailure(): void;
  /** `isUp` is asked at each print; null: not known. */
  observeStore(isUp: () => boolean | null): void;
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
/** Each outcome with the codes that it comes with. */
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
    help: 'Lines of the audit that could not be written; what they announced was not done',
    registers,
  });
  const keySetFailures = new Counter({
    name: 'jobyard_key_set_failures_total',
    help: "Attempts to fetch the identity provider's keys that failed; the keys that were fetched last are used for up to an hour",
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
    help: '1, with the versions of Jobyard and Node',
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
  };
}
