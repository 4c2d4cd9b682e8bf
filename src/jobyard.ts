import type { Logger } from 'pino';
import { createAuthenticator } from './access/authenticate.ts';
import type { Caller } from './access/caller.ts';
import { openAuditLog } from './audit/audit-log.ts';
import { isLoopback } from './config/access.ts';
import type { Config } from './config/config.ts';
import type { SystemConfig } from './config/systems.ts';
import { createHealthMonitor } from './jobs/health.ts';
import { createJobOperation } from './jobs/operation.ts';
import type { Permissions } from './jobs/permissions.ts';
import { createJobReader } from './jobs/reader.ts';
import type { JobSystem } from './jobs/system.ts';
import { createGraphqlHandler } from './server/graphql.ts';
import { createGraphqlEndpoint } from './server/graphql-endpoint.ts';
import { createMetrics, type Metrics } from './server/metrics.ts';
import { startServer } from './server/server.ts';

/** A running Jobyard. */
export interface Jobyard {
  origin: string;
  systems: readonly JobSystem[];
  /** Finishes the requests in flight, then closes the systems. */
  close(): Promise<void>;
}

/** A configuration whose systems are settled, be they real or sandboxes. */
export type JobyardConfig = Omit<Config, 'systems' | 'tracing'> & { systems: readonly SystemConfig[] };

/** Connects the systems and starts the server. Vendors need not be up. */
export async function startJobyard(config: JobyardConfig, logger: Logger): Promise<Jobyard> {
  const { server, access, limits, audit } = config;
  const metrics = createMetrics();
  const auditLog = openAuditLog(audit.file, logger);
  const systems = config.systems.map((system) => connectSystem(system, metrics));
  const passthrough = new Set(config.systems.filter(({ credentials }) => credentials === 'passthrough').map(({ id }) => id));
  const graphql = await createGraphqlHandler(limits, logger);

  const listening = await startServer({
    host: server.host,
    port: server.port,
    logger,
    metrics,
    allowsHost: access ? null : isLoopback,
    graphql: createGraphqlEndpoint({
      graphql,
      authenticate: createAuthenticator(access),
      limits,
      deadlineMs: server.deadlineMs,
      logger,
      metrics,
      beginOperation: (context) =>
        createJobOperation({
          systems,
          permissions: permissionsOf(context.caller),
          audit: auditLog({ caller: context.caller.name, requestId: context.requestId, operation: context.operationName }),
          readSignal: context.readSignal,
          actSignal: context.actSignal,
          credentialFor: (systemId) => (passthrough.has(systemId) ? context.credentialFor(systemId) : null),
          onRequest: () => {
            context.vendorRequests.count += 1;
          },
        }),
    }),
  });
  return {
    origin: listening.origin,
    systems,
    async close() {
      await listening.close();
      await graphql.stop();
      await Promise.all(systems.map(({ adapter }) => adapter.close()));
    },
  };
}

function permissionsOf(caller: Caller): Permissions {
  return {
    mayRead: (systemId) => caller.may('jobs:read', systemId),
    mayReadRaw: (systemId) => caller.may('jobs:raw', systemId),
    mayAct: (systemId, action) => caller.may(action === 'CANCEL' ? 'jobs:cancel' : 'jobs:operate', systemId),
    maySeeSystem: (systemId) => caller.may('systems:read', systemId),
  };
}

function connectSystem(config: SystemConfig, metrics: Metrics): JobSystem {
  const { id, vendor, title, url, timeoutMs, concurrency, maxAnswerBytes, scanLimit } = config;
  const onBreakerChange = (): void => health.forget();
  const transport = { timeoutMs, concurrency, maxAnswerBytes, observe: metrics.observeVendorRequest, onBreakerChange };
  const adapter = vendor.createAdapter({ id, url, transport }, config.settings);
  const health = createHealthMonitor(adapter, { needsCredential: config.credentials === 'passthrough' });
  return {
    id,
    vendor: vendor.name,
    title,
    adapter,
    concurrency,
    scanLimit,
    reader: createJobReader({ systemId: id, adapter, concurrency, scanLimit }),
    health,
  };
}
