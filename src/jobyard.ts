import type { Logger } from 'pino';
import type { ServerConfig, SystemConfig } from './config/config.ts';
import { createHealthMonitor } from './jobs/health.ts';
import { createJobOperation } from './jobs/operation.ts';
import { createJobReader } from './jobs/reader.ts';
import type { JobSystem } from './jobs/system.ts';
import { createMetrics, type Metrics } from './server/metrics.ts';
import { startServer } from './server/server.ts';

/** A running Jobyard. */
export interface Jobyard {
  origin: string;
  systems: readonly JobSystem[];
  close(): Promise<void>;
}

/** Connects the systems and starts the server. Vendors need not be up. */
export async function startJobyard(config: { server: ServerConfig; systems: readonly SystemConfig[] }, logger: Logger): Promise<Jobyard> {
  const metrics = createMetrics();
  const systems = config.systems.map((system) => connectSystem(system, metrics));
  const { host, port, deadlineMs } = config.server;
  const server = await startServer({
    host,
    port,
    deadlineMs,
    logger,
    metrics,
    beginOperation: (signals) => createJobOperation({ systems, ...signals }),
  });
  return {
    origin: server.origin,
    systems,
    async close() {
      await server.close();
      await Promise.all(systems.map(({ adapter }) => adapter.close()));
    },
  };
}

function connectSystem(config: SystemConfig, metrics: Metrics): JobSystem {
  const { id, vendor, title, url, timeoutMs, concurrency, maxAnswerBytes, scanLimit } = config;
  const transport = { timeoutMs, concurrency, maxAnswerBytes, observe: metrics.observeVendorRequest };
  const adapter = vendor.createAdapter({ id, url, transport }, config.settings);
  return {
    id,
    vendor: vendor.name,
    title,
    adapter,
    concurrency,
    scanLimit,
    reader: createJobReader({ systemId: id, adapter, concurrency, scanLimit }),
    health: createHealthMonitor(adapter),
  };
}
