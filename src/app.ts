import type { IncomingHttpHeaders } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import { type AccessSettings, type Authenticate, type Authentication, createAuthenticators } from './access/authenticate.ts';
import { type Caller, countsFor } from './access/caller.ts';
import type { Limits } from './access/limits.ts';
import { createRevocations } from './access/revocations.ts';
import { createShares } from './access/shares.ts';
import { type ActionAudit, combineAudits } from './actions/audit.ts';
import { createSharedActions } from './actions/shared-actions.ts';
import { createBacklogReader } from './bulk/backlog.ts';
import { type BulkOptions, createBulk } from './bulk/bulk.ts';
import { type Clock, systemClock } from './concurrency/clock.ts';
import { turns } from './concurrency/turns.ts';
import { isLoopback } from './config/access.ts';
import type { Config } from './config/config.ts';
import type { SystemConfig } from './config/systems.ts';
import { createGraphqlHandler, createReplaceableHandler } from './graphql/graphql.ts';
import type { RequestContext } from './graphql/request-context.ts';
import type { Context } from './graphql/resolvers/context.ts';
import { type Actor, createAuditLog } from './history/audit-log.ts';
import { type AuditOutput, openAuditOutput } from './history/audit-output.ts';
import { startJobEvents } from './history/job-events.ts';
import { createAdmission } from './http/admission.ts';
import { createEventStreams } from './http/event-stream.ts';
import { createGraphqlEndpoint } from './http/graphql-endpoint.ts';
import type { OriginRules } from './http/origin.ts';
import { createRefusalRecord } from './http/rejections.ts';
import { type ServerOptions, startServer } from './http/server.ts';
import { createWebSockets } from './http/websocket.ts';
import { createIdempotencyKeys } from './idempotency/idempotency-keys.ts';
import { createJobService } from './job-service/job-service.ts';
import { createReadsOfCopies } from './job-service/reads-of-copies.ts';
import type { ServedSystem } from './job-service/served-system.ts';
import { createHealthMonitor } from './jobs/health.ts';
import type { Permissions } from './jobs/permissions.ts';
import { createCursorKeys } from './listing/cursor-keys.ts';
import { createKnownRowsStore } from './listing/known-rows.ts';
import { createPagePlaces } from './listing/list-jobs.ts';
import { createLiveJobs } from './live/live-jobs.ts';
import { createReplicaChannel } from './live/replica-channel.ts';
import { createJobWatcher } from './live/watcher.ts';
import { createJobReader, type JobRead } from './reading/reader.ts';
import { createRedactor, type Redactor } from './secrets/redactor.ts';
import { secretsOfUrl } from './secrets/url-secrets.ts';
import { awaitSharedKey } from './store/shared-key.ts';
import type { Store } from './store/store.ts';
import { type Connection, createReplaceableSystems } from './systems/replaceable-systems.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import type { ProxySettings } from './transport/dispatcher.ts';
import type { TransportSettings } from './transport/http-client.ts';
import { createKeySetFetch } from './transport/key-set.ts';

/** A running Jobyard. */
export interface Jobyard {
  origin: string;
  systems: readonly ServedSystem[];
  /** Takes over settings while it runs; what has begun is finished as it began. Returns what has changed: `access`, `limits`, `server.allowedOrigins` or systems' ids. */
  reload(settings: ReloadableSettings): Promise<string[]>;
  /** Takes requests for `server.drainMs` more, finishes those in flight, then closes the systems and the store. */
  close(): Promise<void>;
}

/** What can change while Jobyard runs. */
export interface ReloadableSettings {
  access: AccessSettings;
  limits: Limits;
  allowedOrigins: readonly string[];
  /** Systems of the same ids, vendors and sources of credentials; others are left out. */
  systems: readonly SystemConfig[];
}

/** A configuration whose systems are settled, be they real or sandboxes, and whose store is there. */
export type JobyardConfig = Omit<Config, 'systems' | 'store' | 'tracing' | 'log'> & {
  systems: readonly SystemConfig[];
  store: Store;
  /** Default: opened as `audit.file` says. */
  auditOutput?: AuditOutput;
  bulkRetry?: BulkOptions['retry'];
  /** What also keeps the secrets out of the log. Default: one of its own. */
  redactor?: Redactor;
};

/** What Jobyard has instead of sockets, where it runs without: in the simulator (test/simulator). */
export interface Network {
  createDispatcher?: NonNullable<TransportSettings['createDispatcher']>;
  listen?: NonNullable<ServerOptions['listen']>;
}

/** Connects the systems and starts the server. Vendors need not be up. */
export async function startJobyard(
  config: JobyardConfig,
  logger: Logger,
  clock: Clock = systemClock,
  network: Network = {},
): Promise<Jobyard> {
  const { server, audit, store } = config;
  let { access } = config;
  // Changed in place by a reload: everything that bounds callers looks here each time.
  const limits = { ...config.limits };
  const metrics = createMetrics();
  metrics.observeStore(store.isUp);
  const auditOutput = config.auditOutput ?? openAuditOutput(audit.file);
  const auditLog = createAuditLog({ output: auditOutput, onFailure: metrics.observeAuditFailure, logger });
  const onBug = (error: unknown): void => logger.error({ err: error }, 'bug');
  const onReplicaTrouble = (error: unknown): void => logger.warn({ err: error }, 'the replicas do not hear of each other');
  const replicas = store.isShared ? createReplicaChannel(store, clock, onReplicaTrouble) : null;
  const watcher = createJobWatcher({ clock, replicas, onBug });
  metrics.showWatcher(watcher);
  const onSeen: OnSeen = (systemId, vendorId, read, byId) => {
    watcher.note(systemId, vendorId, read, byId);
    if (read.kind === 'job') events.observe(read.job);
  };
  const { redactor = createRedactor(), proxy } = config;
  for (const url of [proxy?.httpProxy, proxy?.httpsProxy]) if (url) secretsOfUrl(url).forEach(redactor.add);
  const common: SystemConnection = { proxy, limits, metrics, onSeen, clock, redactor, network };
  const connect = (system: SystemConfig): Connection => connectSystem(system, common);
  const { deadlineMs } = server;
  const connected = createReplaceableSystems(config.systems, { connect, maxOperationMs: deadlineMs, clock, onBug });
  const systems = connected.all;
  const passthrough = new Set(config.systems.filter(({ credentials }) => credentials === 'passthrough').map(({ id }) => id));
  const events = startJobEvents({ store, systems, canTrack: (id) => !passthrough.has(id), ...audit, logger });
  metrics.showEvents(events.counts);
  metrics.showBulk(createBacklogReader(store));
  const idempotencyKeys = createIdempotencyKeys(store, logger);
  const auditOf = (actor: Actor): ActionAudit => combineAudits(auditLog(actor), events.audit(actor));
  const bulk = createBulk({
    store,
    systems,
    passthrough,
    ...(config.bulkRetry && { retry: config.bulkRetry }),
    ...config.bulk,
    recordOf(operationId, caller) {
      const actor: Actor = { caller, requestId: operationId, operation: null, bulkOperationId: operationId };
      const gathered = events.gather(actor);
      const lines = auditLog(actor);
      return { actor, lines, audit: combineAudits(lines, gathered.audit), events: gathered.events };
    },
    storeEvents: (made, query) => events.storeWithin(query, made),
    onResults: metrics.observeActions,
    logger,
  });
  const graphql = createReplaceableHandler(await createGraphqlHandler(limits, deadlineMs, logger, metrics.observeError));

  const ofCopies = createReadsOfCopies();
  const cursorKeys = createCursorKeys(server.cursorKey);
  // Listing waits for no store: until it is open, cursors are good in this process only.
  const keyIsConfigured = server.cursorKey !== null;
  const stopAwaitingKey = keyIsConfigured ? () => {} : awaitSharedKey(store, { name: 'cursor', onKey: cursorKeys.adopt, clock, logger });
  const waitMarginMs = Math.min(1_000, deadlineMs / 5);

  // An operation that has waited still has half its time.
  const shares = createShares({ limits, maxWaitMs: deadlineMs / 2 });
  const beginOperation = (context: RequestContext): Context => {
    const { caller, requestId, operationName, readSignal, actSignal, sendSignal } = context;
    const permissions = permissionsOf(caller);
    const credentialFor = (systemId: string): string | null => (passthrough.has(systemId) ? context.credentialFor(systemId) : null);
    const countRequest = (): void => {
      context.vendorRequests.count += 1;
    };
    const requestsCountFor = countsFor(caller, requestId);
    const jobs = createJobService({
      systems,
      caller: requestsCountFor,
      permissions,
      audit: auditOf({ caller: caller.name, requestId, operation: operationName }),
      readSignal,
      actSignal,
      sendSignal,
      credentialFor,
      onRequest: countRequest,
      onResults: metrics.observeActions,
      ofCopies,
      turns,
      cursorKeys,
    });
    return {
      caller,
      jobs,
      bulk: bulk.of({
        name: caller.name,
        requestsCountFor,
        requestId,
        permissions,
        noteControl: (control, bulkOperationId) =>
          auditLog({ caller: caller.name, requestId, operation: operationName }).control({ control, bulkOperationId }),
        signal: readSignal,
        waitSignal: sendSignal,
        onRequest: countRequest,
      }),
      events: events.beginOperation(permissions, readSignal),
      once: (key, input, work, leavesFree) =>
        idempotencyKeys.once({ caller: caller.name, key, input, timeoutMs: deadlineMs, signal: readSignal }, work, leavesFree),
      // What has been waited for must still be told in time.
      live: createLiveJobs({
        watcher,
        clock,
        jobs,
        caller: requestsCountFor,
        credentialFor,
        readSignal,
        deadlineAtMs: clock.nowMs() + deadlineMs - waitMarginMs,
        callerName: caller.name,
        maxFollowedJobs: limits.maxFollowedJobsPerCaller,
        followJobs: (count) => shares.follow(caller, count),
      }),
    };
  };

  const origins: OriginRules = { allowsHost: access ? null : isLoopback, allowedOrigins: server.allowedOrigins };
  const authenticatorFor = createAuthenticators({
    createFetch: ({ jwksUri, certificateAuthorities }, timeoutMs) =>
      createKeySetFetch(jwksUri, timeoutMs, { certificateAuthorities, proxy: config.proxy }),
    onFailure({ reason, keysGoodUntil }) {
      metrics.observeKeySetFailure();
      logger.warn({ reason, keysGoodUntil }, "the identity provider's keys can't be fetched");
    },
  });
  let authenticate = authenticatorFor(access);
  const revocations = createRevocations();
  const admission = createAdmission({ authenticate: (headers) => authenticateAsOfNow(() => authenticate, headers), limits });
  const recordRefusal = createRefusalRecord(metrics, logger);
  const rules = { admission, shares, revocations, limits, origins };
  const parts = { ...rules, graphql, beginOperation, recordRefusal, deadlineMs, logger, metrics };
  const eventStreams = createEventStreams(parts);
  const webSockets = createWebSockets(parts);
  const endpoint = createGraphqlEndpoint({ ...parts, eventStreams });
  const { upgrade } = webSockets;
  const { maxConnections } = limits;
  const { listen } = network;
  const serving = { ...server, maxConnections, logger, metrics, upgrade, origins, recordRefusal, graphql: endpoint, listen };
  const listening = await startServer(serving);
  store.resume();
  return {
    origin: listening.origin,
    systems,
    async reload(settings) {
      const changed: string[] = [];
      if (!isDeepStrictEqual(limits, settings.limits)) {
        // First: only this can fail.
        graphql.replace(await createGraphqlHandler(settings.limits, deadlineMs, logger, metrics.observeError), deadlineMs);
        Object.assign(limits, settings.limits);
        admission.forgetDocuments();
        changed.push('limits');
      }
      if (!isDeepStrictEqual(access, settings.access)) {
        const before = access;
        access = settings.access;
        authenticate = authenticatorFor(access);
        origins.allowsHost = access ? null : isLoopback;
        revocations.apply(before, access);
        changed.push('access');
      }
      if (!isDeepStrictEqual(origins.allowedOrigins, settings.allowedOrigins)) {
        origins.allowedOrigins = settings.allowedOrigins;
        changed.push('server.allowedOrigins');
      }
      return [...changed, ...connected.replace(settings.systems)];
    },
    async close() {
      listening.drain();
      if (server.drainMs > 0) await new Promise<void>((resolve) => clock.at(clock.nowMs() + server.drainMs, resolve));
      const closeByMs = performance.now() + deadlineMs;
      const closed = listening.close(deadlineMs);
      // Before the watching ends, which would tell them that nothing more is to come.
      const goodbye = webSockets.close();
      eventStreams.close();
      watcher.close();
      // Together, as each of them may take as long as a request.
      await Promise.all([closed, goodbye, bulk.close(deadlineMs)]);
      await graphql.stop(Math.max(0, closeByMs - performance.now()));
      await events.close();
      await idempotencyKeys.close();
      await connected.close();
      await replicas?.stop();
      stopAwaitingKey();
      await store.close();
      auditOutput.close();
    },
  };
}

/** Whoever was asked before a reload answers as of then: a key taken away meanwhile would be let in, and nothing would end what it opens. */
async function authenticateAsOfNow(current: () => Authenticate, headers: IncomingHttpHeaders): Promise<Authentication> {
  for (;;) {
    const authenticate = current();
    const authentication = await authenticate(headers);
    if (authenticate === current()) return authentication;
  }
}

function permissionsOf(caller: Caller): Permissions {
  return {
    mayRead: (systemId) => caller.may('jobs:read', systemId),
    mayReadRaw: (systemId) => caller.may('jobs:raw', systemId),
    mayReadEvents: (systemId) => caller.may('audit:read', systemId),
    mayAct: (systemId, action) => caller.may(action === 'CANCEL' ? 'jobs:cancel' : 'jobs:operate', systemId),
    maySeeSystem: (systemId) => caller.may('systems:read', systemId),
  };
}

type OnSeen = (systemId: string, vendorId: string, read: JobRead, byId: boolean) => void;

/** What the systems have in common. */
interface SystemConnection {
  proxy: ProxySettings | null;
  limits: Limits;
  metrics: Metrics;
  onSeen: OnSeen;
  clock: Clock;
  redactor: Redactor;
  network: Network;
}

function connectSystem(config: SystemConfig, common: SystemConnection): Connection {
  const { proxy, limits, metrics, onSeen, clock, redactor } = common;
  const { createDispatcher } = common.network;
  const { id, vendor, title, url, timeoutMs, concurrency, maxResponseBytes, scanLimit, certificateAuthorities } = config;
  const transport: TransportSettings = {
    timeoutMs,
    concurrency,
    maxQueuedPerCaller: limits.maxQueuedRequestsPerCaller,
    maxResponseBytes,
    connection: { certificateAuthorities, proxy },
    observe(report) {
      connection.lastRequestAtMs = clock.nowMs();
      metrics.observeVendorRequest(report);
    },
    onBreakerChange(state) {
      if (connection.isCurrent) metrics.observeBreaker(id, state);
      health.forget();
    },
    onCredentialsRefused() {
      connection.credentialsRefused = true;
    },
    onHeldBack: (reason) => metrics.observeHeldBack(id, reason),
    ...(createDispatcher && { createDispatcher }),
  };
  const adapter = vendor.createAdapter({ id, url, transport, redactor }, config.settings);
  metrics.addSystem(id, adapter.actions);
  const health = createHealthMonitor(adapter, { needsCredential: config.credentials === 'passthrough' });
  const system: ServedSystem = {
    id,
    vendor: vendor.name,
    title,
    adapter,
    concurrency,
    scanLimit,
    pagePlaces: createPagePlaces(concurrency),
    knownRows: createKnownRowsStore(),
    sharedActions: createSharedActions(),
    reader: createJobReader({
      systemId: id,
      adapter,
      concurrency,
      scanLimit,
      nowMs: clock.nowMs,
      onSeen: (vendorId, read, byId) => onSeen(id, vendorId, read, byId),
    }),
    health,
  };
  const connection: Connection = { system, lastRequestAtMs: clock.nowMs(), credentialsRefused: false, isCurrent: true };
  return connection;
}
