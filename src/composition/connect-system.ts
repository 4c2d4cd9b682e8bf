import { createSharedActions } from '../actions/shared-actions.ts';
import type { Clock } from '../concurrency/clock.ts';
import type { Limits } from '../config/limits.ts';
import type { SystemConfig } from '../config/systems.ts';
import type { ServedSystem } from '../job-service/served-system.ts';
import type { JobSystemAdapter } from '../jobs/adapter.ts';
import { createHealthMonitor, type HealthMonitor } from '../jobs/health.ts';
import { toLine } from '../jobs/storable-text.ts';
import { createKnownRowsStore } from '../listing/known-rows.ts';
import { createPagePlaces } from '../listing/list-jobs.ts';
import type { JobRead } from '../reading/job-read.ts';
import { createJobReader } from '../reading/reader.ts';
import type { Redactor } from '../secrets/redactor.ts';
import { containAdapter } from '../systems/contained-adapter.ts';
import type { Connection } from '../systems/replaceable-systems.ts';
import { createSystemRecord, type SystemRecord } from '../systems/system-record.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { coolDownMs } from '../transport/credential-gate.ts';
import type { ProxySettings } from '../transport/proxy-settings.ts';
import type { TransportSettings } from '../transport/transport-settings.ts';
import type { SystemSettings } from '../vendors/vendor.ts';

/** Called with each job that a read or a list shows. */
export type OnSeen = (systemId: string, vendorId: string, read: JobRead, byId: boolean) => void;

/** What all systems share. */
export interface SystemConnection {
  proxy: ProxySettings | null;
  limits: Limits;
  metrics: Metrics;
  onRead: OnSeen;
  /** Called when the state of a system's circuit breaker or credentials changes. */
  onChange(systemId: string): void;
  /** Called with each bug of an adapter. */
  onBug(error: unknown): void;
  clock: Clock;
  redactor: Redactor;
  /** Default: the transport's own. */
  createDispatcher: TransportSettings['createDispatcher'];
}

/** Throws an error that names the system, for the operator. */
function createAdapter({ vendor, settings }: SystemConfig, system: SystemSettings): JobSystemAdapter {
  try {
    return vendor.createAdapter(system, settings);
  } catch (error) {
    const reason = toLine(error instanceof Error ? error.message : String(error));
    throw new Error(`${system.id} can't be connected, as the adapter of ${vendor.title} threw: ${reason}`, { cause: error });
  }
}

/** Creates the adapter of a configured system, and everything that Jobyard keeps about the system. */
export function connectSystem(config: SystemConfig, common: SystemConnection): Connection {
  const { proxy, limits, metrics, onChange, onBug, clock, redactor, createDispatcher } = common;
  const { id, url, timeoutMs, concurrency, maxResponseBytes, certificateAuthorities } = config;
  const record = createSystemRecord(clock.nowMs, coolDownMs, () => {
    if (connection.isCurrent) onChange(id);
  });
  const transport: TransportSettings = {
    timeoutMs,
    concurrency,
    maxQueuedPerCaller: limits.maxQueuedRequestsPerCaller,
    maxResponseBytes,
    connection: { certificateAuthorities, proxy },
    observe(report) {
      connection.lastRequestAtMs = clock.nowMs();
      record.observe(report);
      metrics.observeVendorRequest(report);
    },
    onBreakerChange(state) {
      if (connection.isCurrent) metrics.observeBreaker(id, state);
      health.forget();
      record.onBreakerChange(state);
    },
    onCredentialsJudged(verdict) {
      if (verdict === 'rejected') connection.credentialsRejected = true;
      record.onCredentialsJudged(verdict);
    },
    onBlocked(reason) {
      metrics.observeBlocked(id, reason);
      record.onBlocked(reason);
    },
    showTraffic: record.showTraffic,
    ...(createDispatcher && { createDispatcher }),
  };
  const adapter = containAdapter(id, createAdapter(config, { id, url, transport, redactor }), onBug);
  metrics.addSystem(id, adapter.actions);
  const health = createHealthMonitor(adapter, { needsCredential: config.credentials === 'passthrough' });
  const system = createServedSystem(config, adapter, health, record, common);
  const connection: Connection = { system, lastRequestAtMs: clock.nowMs(), credentialsRejected: false, isCurrent: true };
  return connection;
}

function createServedSystem(
  { id, vendor, title, concurrency, scanLimit, links }: SystemConfig,
  adapter: JobSystemAdapter,
  health: HealthMonitor,
  state: SystemRecord,
  { clock, onRead }: Pick<SystemConnection, 'clock' | 'onRead'>,
): ServedSystem {
  return {
    id,
    vendor: vendor.name,
    title,
    adapter,
    concurrency,
    scanLimit,
    links,
    pagePlaces: createPagePlaces(concurrency),
    knownRows: createKnownRowsStore(),
    sharedActions: createSharedActions(),
    reader: createJobReader({
      systemId: id,
      adapter,
      concurrency,
      scanLimit,
      nowMs: clock.nowMs,
      onRead: (vendorId, read, byId) => onRead(id, vendorId, read, byId),
    }),
    health,
    state,
  };
}
