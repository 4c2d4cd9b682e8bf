import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { expect, onTestFinished } from 'vitest';
import { findFreePorts } from '../../processes.ts';

/** Debian's package `pgbouncer`; .ci/run installs it. */
export const hasPgbouncer = spawnSync('pgbouncer', ['--version']).status === 0;

/** A pooler in transaction mode in front of the server of a store's URL; the URL through it. Gone when the test ends. */
export async function startPgbouncer(storeUrl: string, settings: Record<string, string> = {}): Promise<string> {
  const { hostname, port: serverPort, username, password } = new URL(storeUrl);
  const folder = mkdtempSync(join(tmpdir(), 'jobyard-pgbouncer-'));
  chmodSync(folder, 0o755);
  const port = await findFreePorts(1);
  const lines = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    auth_type: 'any',
    pool_mode: 'transaction',
    default_pool_size: 4,
    max_client_conn: 200,
    ...settings,
  };
  const config = join(folder, 'pgbouncer.ini');
  writeFileSync(
    config,
    `[databases]\n* = host=${hostname} port=${serverPort} user=${username} password=${password}\n[pgbouncer]\n${Object.entries(lines)
      .map(([name, value]) => `${name} = ${value}`)
      .join('\n')}\n`,
  );
  // It doesn't run as root.
  const asUser = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const pooler = spawn('pgbouncer', ['-q', ...asUser, config], { stdio: 'ignore' });
  onTestFinished(async () => {
    const ended = pooler.exitCode === null && pooler.signalCode === null ? once(pooler, 'exit') : null;
    pooler.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  const url = new URL(storeUrl);
  url.port = String(port);
  await expect.poll(() => accepts(url.href), { timeout: 15_000 }).toBe(true);
  return url.href;
}

async function accepts(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}
