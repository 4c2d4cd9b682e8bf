/** Connects the rooms: creates them, applies new settings to a running Jobyard, and stops them in order. */
import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import { createBacklogReader } from './bulk/backlog.ts';
import { createBulk } from './bulk/bulk.ts';
import { createBeginOperation } from './composition/begin-operation.ts';
import type { OnSeen } from './composition/connect-system.ts';
import { createDoor } from './composition/create-door.ts';
import { createHistory } from './composition/create-history.ts';
import { createSystems } from './composition/create-systems.ts';
import type { Foundation, JobyardConfig } from './composition/foundation.ts';
import { type Network, startHttp } from './composition/start-http.ts';
import { type Clock, systemClock } from './concurrency/clock.ts';
import type { AccessSettings } from './config/access.ts';
import type { Limits } from './config/limits.ts';
import type { SystemConfig } from './config/systems.ts';
import { createGraphqlHandler } from './graphql/graphql.ts';
import { createReplaceableHandler } from './graphql/replaceable-handler.ts';
import { readConsoleManifests } from './http/console.ts';
import { createIdempotencyKeys } from './idempotency/idempotency-keys.ts';
import type { ServedSystem } from './job-service/served-system.ts';
import { type CursorKeys, createCursorKeys } from './listing/cursor-keys.ts';
import { createListWatcher } from './live/list-watcher.ts';
import { createReplicaChannel } from './live/replica-channel.ts';
import { createSystemWatcher } from './live/system-watcher.ts';
import { createJobWatcher } from './live/watcher.ts';
import { consoleFolder } from './package.js';
import { awaitSharedKey } from './store/shared-key.ts';
import { createMetrics } from './telemetry/metrics.ts';

/** A running Jobyard. */
export interface Jobyard {
  origin: string;
  systems: readonly ServedSystem[];
  /**
   * Applies settings at runtime; running operations finish with the previous ones. Returns the changes: `access`, `limits`,
   * `server.cors`, or IDs of systems.
   */
  reload(settings: ReloadableSettings): Promise<string[]>;
  /** Accepts requests for `server.drainMs` more, finishes those in flight, then closes the systems and the store. */
  close(): Promise<void>;
}

/** The settings that can change while Jobyard runs. */
export interface ReloadableSettings {
  access: AccessSettings;
  limits: Limits;
  allowedOrigins: readonly string[];
  /** Systems with unchanged IDs, vendors, and sources of credentials. Others are ignored. */
  systems: readonly SystemConfig[];
}

/** Connects the systems and starts the server. Vendors may be unavailable. */
export async function startJobyard(
  config: JobyardConfig,
  logger: Logger,
  clock: Clock = systemClock,
  network: Network = {},
): Promise<Jobyard> {
  const foundation = createFoundation(config, logger, clock);
  const rooms = createRooms(foundation, network);
  const door = createDoor(foundation);
  const graphql = await createGraphql(foundation);
  const beginOperation = createBeginOperation(foundation, { ...rooms, shares: door.shares });
  const http = await startHttp(foundation, { ...door, graphql: graphql.handler, beginOperation }, network);
  config.store.resume();
  return {
    origin: http.origin,
    systems: rooms.systems,
    async reload(settings) {
      const changed: string[] = [];
      // First: only this can fail.
      if (await graphql.replaceLimits(settings.limits)) {
        door.admission.forgetDocuments();
        changed.push('limits');
      }
      if (door.replaceAccess(settings.access)) changed.push('access');
      if (door.replaceOrigins(settings.allowedOrigins)) changed.push('server.cors');
      return [...changed, ...rooms.connected.replace(settings.systems)];
    },
    async close() {
      await http.drain();
      const closeByMs = performance.now() + config.server.deadlineMs;
      // Concurrently, as each may take as long as a request.
      await Promise.all([http.close(rooms.endLive), rooms.bulk.close(config.server.deadlineMs)]);
      await graphql.handler.stop(Math.max(0, closeByMs - performance.now()));
      await rooms.close();
      await config.store.close();
      rooms.history.closeAudit();
    },
  };
}

function createFoundation(config: JobyardConfig, logger: Logger, clock: Clock): Foundation {
  const metrics = createMetrics();
  metrics.observeStore(config.store.isUp);
  return {
    config,
    limits: { ...config.limits },
    metrics,
    logger,
    clock,
    onBug: (error) => logger.error({ err: error }, 'bug'),
    passthrough: new Set(config.systems.filter(({ credentials }) => credentials === 'passthrough').map(({ id }) => id)),
  };
}

/** What callers' operations use. */
function createRooms(foundation: Foundation, { createDispatcher }: Network) {
  const { config, logger, metrics, passthrough } = foundation;
  const { store } = config;
  const { watcher, replicas } = createLive(foundation);
  const { cursorKeys, stopAwaitingKey } = createListing(foundation);
  const lists = createListWatcher({ clock: foundation.clock, keys: cursorKeys, onBug: foundation.onBug });
  const polls = (): number => watcher.polls() + lists.polls();
  metrics.showWatcher({ watchedJobs: watcher.watchedJobs, polledLists: lists.polledLists, polls });
  const onRead: OnSeen = (systemId, vendorId, read, byId) => {
    watcher.note(systemId, vendorId, read, byId);
    lists.note(systemId, vendorId, read);
    if (read.kind === 'job') history.events.observe(read.job);
  };
  const systemWatcher = createSystemWatcher(foundation);
  const connected = createSystems(foundation, { onRead, onChange: systemWatcher.note }, createDispatcher);
  const systems = connected.all;
  const history = createHistory(foundation, systems);
  const { events } = history;
  const bulk = createBulk({
    store,
    systems,
    passthrough,
    ...(config.bulkRetry && { retry: config.bulkRetry }),
    ...config.bulk,
    recordOf: history.recordOf,
    storeEvents: events.storeWithin,
    onResults: metrics.observeActions,
    logger,
  });
  metrics.showBulk(createBacklogReader(store));
  const idempotencyKeys = createIdempotencyKeys(store, logger);
  const endLive = (): void => {
    watcher.close();
    lists.close();
    systemWatcher.close();
    events.endFeed();
  };
  const close = async (): Promise<void> => {
    await events.close();
    await idempotencyKeys.close();
    await connected.close();
    await replicas?.stop();
    stopAwaitingKey();
  };
  return { systems, connected, watcher, lists, systemWatcher, history, bulk, idempotencyKeys, cursorKeys, endLive, close };
}

function createLive({ config, clock, logger, onBug }: Foundation) {
  const onTrouble = (error: unknown): void => logger.warn({ err: error }, "replicas can't notify each other");
  const replicas = config.store.isShared ? createReplicaChannel(config.store, clock, onTrouble) : null;
  return { watcher: createJobWatcher({ clock, replicas, onBug }), replicas };
}

/** Listing doesn't wait for the store: until the store opens, cursors are valid in this process only. */
function createListing({ config, clock, logger }: Foundation): { cursorKeys: CursorKeys; stopAwaitingKey(): void } {
  const { cursorKey } = config.server;
  const cursorKeys = createCursorKeys(cursorKey);
  if (cursorKey !== null) return { cursorKeys, stopAwaitingKey() {} };
  return { cursorKeys, stopAwaitingKey: awaitSharedKey(config.store, { name: 'cursor', onKey: cursorKeys.adopt, clock, logger }) };
}

async function createGraphql({ config, limits, logger, metrics }: Foundation) {
  const { deadlineMs, sdlProfile } = config.server;
  const ownManifests = readConsoleManifests({ folder: consoleFolder, isEnabled: config.server.console });
  const create = (of: Limits) =>
    createGraphqlHandler({ limits: of, ownManifests, deadlineMs, sdlProfile, logger, onError: metrics.observeError });
  const handler = createReplaceableHandler(await create(limits));
  return {
    handler,
    /** Returns whether they differ. */
    async replaceLimits(settings: Limits): Promise<boolean> {
      if (isDeepStrictEqual(limits, settings)) return false;
      handler.replace(await create(settings), deadlineMs);
      Object.assign(limits, settings);
      return true;
    },
  };
}
