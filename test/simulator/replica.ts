import { createHash } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { Duplex } from 'node:stream';
import { Pool, type PoolConfig } from 'pg';
import { pino } from 'pino';
import { type Jobyard, startJobyard } from '../../src/app.ts';
import { systemClock } from '../../src/concurrency/clock.ts';
import type { Config } from '../../src/config/config.ts';
import type { Grant } from '../../src/config/grants.ts';
import { limitsSchema } from '../../src/config/limits.ts';
import type { SystemConfig } from '../../src/config/systems.ts';
import { openAuditOutput } from '../../src/history/audit-output.ts';
import { createReload } from '../../src/process/reload.ts';
import { createClockComparison } from '../../src/store/clocks.ts';
import { throwStoreError } from '../../src/store/database-error.ts';
import { createNotifications } from '../../src/store/notifications.ts';
import { createPoolStore } from '../../src/store/pool-store.ts';
import type { Store } from '../../src/store/store.ts';
import { createUnavailableStore } from '../unavailable-store.ts';
import type { Database } from './database.ts';
import type { Network } from './network.ts';
import type { Life, VirtualTime } from './virtual-time.ts';

/** A caller of a world, and what its key may do. */
export interface CallerPlan {
  name: string;
  grants: Grant[];
}

export const keyOf = ({ name }: CallerPlan): string => `jobyard_simulated-key-of-${name}`;

export interface ReplicaParts {
  time: VirtualTime;
  database: Database;
  network: Network;
  /** Its current configuration file. */
  settings(): Settings;
  /** How far the clock of its machine is ahead of the store's. */
  clockAheadMs: number;
  drainMs: number;
  isShared: boolean;
  hasStore: boolean;
  deadlineMs: number;
  overdueAfterMs: number;
  auditFile: string;
}

/** What a reload takes over. */
export interface Settings {
  callers: readonly CallerPlan[];
  systems: SystemConfig[];
}

export interface HttpAnswer {
  status: number;
  headers: string;
  /** All of it; of an event stream all events. */
  body: string;
}

/** One process of Jobyard. */
export interface Replica {
  life: Life;
  /** Lines of its log. */
  log: string[];
  /** Calls back with the response; null: the connection was lost, or the caller has left. Call the returned function to leave. */
  post(headers: Record<string, string>, body: unknown, onEnd: (answer: HttpAnswer | null) => void): () => void;
  /** Like SIGKILL: nothing that was in progress continues. `finishes`: what it had sent to its store is still carried out. */
  kill(finishes: boolean): void;
  /** As a SIGTERM; resolves when the process would have ended. */
  close(): Promise<void>;
  /** As a SIGHUP. */
  reload(): void;
  /** The names of the callers whose keys it took, each list from a moment on. */
  keys: readonly { fromMs: number; names: readonly string[] }[];
  /** The lines that it wrote before it died. */
  readAudit(): string[];
}

/** Starts a Jobyard that has no sockets, sees the virtual clock, and shares the database with the other replicas of its world. */
export async function startReplica(name: string, parts: ReplicaParts): Promise<Replica> {
  const { time, auditFile } = parts;
  const life: Life = { name, isDead: false, clockAheadMs: parts.clockAheadMs };
  const log: string[] = [];
  const connections = new Set<Duplex>();
  let server: Server | null = null;
  let auditBytes: number | null = null;
  writeFileSync(auditFile, '');
  const logger = pino({}, { write: (line) => void (life.isDead || log.push(line)) });

  const keys: { fromMs: number; names: string[] }[] = [];
  const noteKeys = ({ access }: Pick<Config, 'access'>): void =>
    void keys.push({ fromMs: time.nowMs(), names: (access?.apiKeys ?? []).map((key) => key.name) });
  const config = toConfig(parts);
  noteKeys(config);
  const auditOutput = openAuditOutput(auditFile);
  const jobyard: Jobyard = await time.within(life, () =>
    startJobyard(
      {
        ...config,
        systems: config.systems ?? [],
        auditOutput,
        store: parts.hasStore ? openStore(life, parts, logger) : createUnavailableStore(),
        bulkRetry: { times: 4, delaySeconds: 1, maxDelaySeconds: 5 },
      },
      logger,
      systemClock,
      {
        createDispatcher: parts.network.createDispatcher,
        listen: async (listening) => {
          server = listening;
          // Node keeps track of them only for a server that listens.
          server.closeAllConnections = () => {
            for (const connection of connections) connection.destroy();
          };
          return `http://${name}.jobyard.test`;
        },
      },
    ),
  );

  const reload = createReload({
    config,
    read: async () => toConfig(parts),
    jobyard: {
      async reload(settings) {
        const changed = await jobyard.reload(settings);
        noteKeys(settings);
        return changed;
      },
    },
    auditOutput,
    logger,
  });

  const die = (): void => {
    auditBytes ??= statSync(auditFile).size;
    life.isDead = true;
    for (const connection of connections) connection.destroy();
  };

  return {
    life,
    log,
    post(headers, body, onEnd) {
      const chunks: Buffer[] = [];
      let isOver = false;
      const end = (answer: HttpAnswer | null): void => {
        if (isOver) return;
        isOver = true;
        connections.delete(socket);
        onEnd(answer);
      };
      const socket: Duplex = new Duplex({
        read() {},
        write(chunk: Buffer, _encoding, done) {
          chunks.push(chunk);
          done();
        },
        final(done) {
          if (!life.isDead) end(readHttp(Buffer.concat(chunks)));
          done();
          socket.destroy();
        },
        destroy(error, done) {
          end(null);
          done(error);
        },
      });
      socket.on('error', () => {});
      if (life.isDead || !server) {
        end(null);
        return () => {};
      }
      connections.add(socket);
      const text = JSON.stringify(body);
      const lines = Object.entries({ ...headers, host: 'localhost', connection: 'close', 'content-length': Buffer.byteLength(text) });
      const head = lines.map(([field, value]) => `${field}: ${value}\r\n`).join('');
      const listening: Server = server;
      countConnection(listening, socket);
      time.within(life, () => {
        listening.emit('connection', socket);
        socket.push(`POST /graphql HTTP/1.1\r\ncontent-type: application/json\r\n${head}\r\n${text}`);
      });
      return () => socket.destroy();
    },
    kill(finishes) {
      die();
      parts.database.kill(life, finishes);
    },
    async close() {
      await time.within(life, () => jobyard.close());
      die();
    },
    reload: () => time.within(life, reload),
    keys,
    readAudit() {
      const bytes = readFileSync(auditFile).subarray(0, auditBytes ?? undefined);
      return bytes.toString('utf8').split('\n').slice(0, -1);
    },
  };
}

/** As in its current configuration file. */
function toConfig({ settings, deadlineMs, overdueAfterMs, drainMs, auditFile }: ReplicaParts): Config {
  const { callers, systems } = settings();
  return {
    server: {
      host: '127.0.0.1',
      port: 0,
      cors: { origins: [] },
      sdlProfile: 'core',
      deadlineMs,
      console: false,
      playground: false,
      drainMs,
      stalledTimeoutMs: 20_000,
      keepAliveTimeoutMs: 72_000,
      cursorKey: 'the-same-in-every-world-and-process-of-it',
    },
    proxy: null,
    access: {
      apiKeys: callers.map((caller) => ({
        name: caller.name,
        sha256: createHash('sha256').update(keyOf(caller)).digest('hex'),
        grants: caller.grants,
      })),
      jwt: null,
    },
    limits: { ...limitsSchema.parse({}), introspection: false },
    audit: { file: auditFile, retentionDays: 365, overdueAfterMs },
    bulk: { retentionDays: 90 },
    store: { kind: 'memory' },
    log: { level: 'info' },
    tracing: false,
    systems,
  };
}

/** What Node counts the connections of a server with. Its types don't have these. */
type CountingServer = Server & { _connections: number; _emitCloseIfDrained(): void };

function isCountingServer(server: Server): server is CountingServer {
  return '_connections' in server && '_emitCloseIfDrained' in server;
}

/** As Node does for sockets that it has accepted itself: a server has closed when the last of them has. */
function countConnection(server: Server, socket: Duplex): void {
  if (!isCountingServer(server)) throw new Error('This Node.js counts the connections of a server in another way');
  server._connections += 1;
  socket.once('close', () => {
    server._connections -= 1;
    server._emitCloseIfDrained();
  });
}

function openStore(life: Life, { database, isShared }: ReplicaParts, logger: pino.Logger): Store {
  const settings: PoolConfig = {
    stream: () => database.connect(life),
    max: 1,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: 15_000,
  };
  const notifications = createNotifications(
    (onConnect) => new Pool({ ...settings, ...(isShared && { query_timeout: 5_000 }), onConnect }),
    // That would only cost statements: a connection that is lost is noticed at once.
    null,
  );
  const pool = isShared ? new Pool({ ...settings, max: 3, query_timeout: 60_000 }) : notifications.pool;
  if (isShared) notifications.pool.on('error', () => {});
  const clocks = createClockComparison();
  const connections = {
    pool,
    isShared,
    // What the replica before it left is to be found.
    isNew: false,
    name: 'the simulated store',
    keepsStatements: true,
    notifications,
    aheadMs: clocks.aheadMs,
    async prepare() {
      // Where the clocks are the same that would only cost a statement.
      if (life.clockAheadMs === 0) return;
      const sentAtMs = Date.now();
      const { rows } = await pool.query<{ now: Date }>('SELECT clock_timestamp() AS now').catch(throwStoreError);
      if (rows[0]) clocks.note(sentAtMs, rows[0].now, Date.now());
    },
    begin: () => 'BEGIN',
    onLost() {},
    async close() {
      if (isShared) await notifications.pool.end();
    },
  };
  return createPoolStore(connections, { openingTimeoutMs: 15_000, onUnusable() {}, logger });
}

function readHttp(bytes: Buffer): HttpAnswer {
  const cut = bytes.indexOf('\r\n\r\n');
  const headers = bytes.toString('utf8', 0, cut);
  const status = Number(/^HTTP\/1\.1 (\d+)/.exec(headers)?.[1]);
  const body = bytes.subarray(cut + 4);
  return { status, headers, body: (/transfer-encoding: chunked/i.test(headers) ? joinChunks(body) : body).toString('utf8') };
}

function joinChunks(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
  return Buffer.concat(parts);
}
