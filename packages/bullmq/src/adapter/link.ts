import { isIP } from 'node:net';
import { getCACertificates } from 'node:tls';
import { createRedisRelayBackend, Queue, type RedisRelayBackend } from 'bullmq';
import { Redis, type RedisOptions } from 'ioredis';

export interface LinkOptions {
  /** `redis://host:port/database`, or `rediss` for TLS. The port is 6379 and the database 0 if they are missing. */
  url: string;
  username: string | undefined;
  password: string | undefined;
  /** Certificates in PEM, trusted in addition to the machine's own. Null: only those. */
  certificateAuthorities: string | null;
  prefix: string;
  relayNamespace: string;
  /** The maximum time from connecting to the last reply to the handshake. */
  connectTimeoutMs: number;
}

/**
 * One connection, from its opening to its end. It never reconnects: ioredis would send commands again whose replies were lost, and a WATCH
 * ends with its connection.
 */
export interface Link {
  redis: Redis;
  isOpen(): boolean;
  /** Performs a script of BullMQ. */
  runScript(name: BullmqScript, parameters: ScriptParameters): Promise<unknown>;
  /** Performs a script if no watched key has changed; else null. Resolves with the script's own result. */
  runGuardedScript(name: BullmqScript, parameters: ScriptParameters): Promise<{ result: unknown } | null>;
  publish: RedisRelayBackend['publish'];
  /** Commands without a reply are rejected. */
  close(): void;
}

export type BullmqScript = 'removeJob' | 'reprocessJob' | 'promote';
/** The keys, and then the values, of a script of bullmq 6.7.0. */
export type ScriptParameters = readonly (string | number)[];

/** Connects, or rejects with what Redis or the network said. */
export async function openLink(options: LinkOptions): Promise<Link> {
  const redis = new Redis(toRedisOptions(options));
  let lastError: Error | null = null;
  redis.on('error', (error: Error) => {
    lastError = error;
  });
  const timer = setTimeout(() => {
    lastError ??= new Error('the connection timed out');
    redis.disconnect();
  }, options.connectTimeoutMs);
  try {
    await redis.connect();
    // Not by the option `db`: if Redis rejects that, as while it loads, ioredis goes on with database 0.
    await redis.select(databaseOf(options.url));
    return await loadBullmq(redis, options);
  } catch (error) {
    redis.disconnect();
    // On a rejected password, `connect` only says that the connection closed.
    throw lastError ?? error;
  } finally {
    clearTimeout(timer);
  }
}

async function loadBullmq(redis: Redis, { prefix, relayNamespace }: LinkOptions): Promise<Link> {
  const shared = { connection: redis, prefix, skipVersionCheck: true };
  // Any queue has the scripts. Without `skipMetasUpdate`, it would overwrite what the producers set.
  const queue = new Queue('jobyard', { ...shared, skipMetasUpdate: true });
  queue.on('error', ignore);
  const relay = createRedisRelayBackend({ ...shared, namespace: relayNamespace });
  relay.on('error', ignore);
  const backend = queue.getBackend();
  const client = await backend.client;
  return {
    redis,
    isOpen: () => redis.status === 'ready',
    runScript: (name, parameters) => backend.execCommand(client, name, [...parameters]),
    async runGuardedScript(name, parameters) {
      const transaction = client.multi();
      backend.execCommand(transaction, name, [...parameters]);
      const replies = await transaction.exec();
      const [error, result] = replies?.[0] ?? [null, null];
      if (error) throw error;
      return replies === null ? null : { result };
    },
    publish: relay.publish.bind(relay),
    close: () => redis.disconnect(),
  };
}

/** Each command's own promise has the error. */
function ignore(): void {}

function toRedisOptions({
  url,
  username,
  password,
  certificateAuthorities,
  connectTimeoutMs,
}: LinkOptions): Omit<RedisOptions, 'replyMapping'> {
  const { protocol, hostname, port } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const ca = certificateAuthorities === null ? {} : { ca: [...getCACertificates('default'), certificateAuthorities] };
  return {
    host,
    port: port === '' ? 6379 : Number(port),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    // The name of a host only: TLS has none for addresses.
    ...(protocol === 'rediss:' && { tls: { ...(isIP(host) === 0 && { servername: host }), ...ca } }),
    lazyConnect: true,
    connectTimeout: connectTimeoutMs,
    // A command is sent once, and only on an open connection.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    // It needs permission for INFO. A server that loads says so.
    enableReadyCheck: false,
    protocol: 2,
    disableClientInfo: true,
  };
}

function databaseOf(url: string): number {
  const path = new URL(url).pathname;
  if (!/^\/?\d*$/.test(path)) throw new Error(`url: expected the number of a database as its path, got ${path}`);
  return Number(path.slice(1));
}
