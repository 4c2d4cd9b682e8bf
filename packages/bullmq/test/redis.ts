import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { TestContext } from 'vitest';

/** Why the tests are skipped, or null. */
export const skipReason: string | null =
  spawnSync('redis-server', ['--version']).error === undefined ? null : "there is no redis-server (Debian's package redis-server)";

/** Skips the test, and says why, where there is no Redis. */
export function skipWithoutRedis({ skip }: TestContext): void {
  if (skipReason !== null) skip(skipReason);
}

/** A Redis server of its own for a file of tests, which keeps nothing. */
export interface RedisServer {
  port: number;
  url: string;
  /** For what tests prepare and inspect. */
  redis: Redis;
  /** Runs commands at once: one per line, as redis-cli reads them. */
  runSync(commands: readonly (readonly string[])[]): void;
  close(): Promise<void>;
}

export interface RedisServerOptions {
  /** Lines of redis.conf. */
  settings?: readonly string[];
  /** Of the default user. Default: it needs none. */
  password?: string;
}

export async function startRedis({ settings = [], password }: RedisServerOptions = {}): Promise<RedisServer> {
  const port = await findFreePort();
  const folder = mkdtempSync(join(tmpdir(), 'redis '));
  const file = join(folder, 'redis.conf');
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    'save ""',
    `dir "${folder}"`,
    ...(password ? [`requirepass ${password}`] : []),
    ...settings,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const server = spawn('redis-server', [file], { stdio: ['ignore', 'pipe', 'ignore'] });
  const closed = once(server, 'close');
  await new Promise<void>((resolve, reject) => {
    let output = '';
    server.on('close', () => reject(new Error(`redis-server ended: ${output}`)));
    server.stdout.on('data', (part: Buffer) => {
      output += part;
      if (output.includes('Ready to accept connections')) resolve();
    });
  });
  const redis = new Redis({ port, host: '127.0.0.1', ...(password && { password }), maxRetriesPerRequest: null });
  const login = password ? ['-a', password, '--no-auth-warning'] : [];
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    redis,
    runSync(commands) {
      for (const words of commands) execFileSync('redis-cli', ['-p', String(port), ...login, ...words]);
    },
    async close() {
      redis.disconnect();
      server.kill('SIGKILL');
      await closed;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port');
  return address.port;
}
