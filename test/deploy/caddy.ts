import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { expect, onTestFinished } from 'vitest';
import { root } from '../../build/declarations.ts';
import { startInTest } from '../package/installed.ts';
import { findFreePorts } from '../processes.ts';

export interface Caddy {
  /** https://localhost:PORT. Its certificate is trusted in this process until the test ends. */
  origin: string;
  /** http://localhost:PORT. */
  plainOrigin: string;
  /** What it has logged so far. */
  log(): string;
}

/** Starts Caddy with the Caddyfile of deploy/compose, which signs its certificate itself, in front of these addresses (HOST:PORT). */
export async function startCaddy(replicas: readonly string[]): Promise<Caddy> {
  const folder = mkdtempSync(join(tmpdir(), 'jobyard-caddy-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const port = await findFreePorts(2);
  const caddy = startInTest('caddy', ['run', '--adapter', 'caddyfile', '--config', join(root, 'deploy/compose/Caddyfile')], {
    cwd: folder,
    env: {
      JOBYARD_SITE: 'localhost',
      JOBYARD_HTTP_PORT: String(port),
      JOBYARD_HTTPS_PORT: String(port + 1),
      JOBYARD_REPLICAS: replicas.join(' '),
      XDG_DATA_HOME: folder,
      XDG_CONFIG_HOME: folder,
    },
  });
  await expect.poll(caddy.stderr, { timeout: 20_000 }).toContain('serving initial configuration');
  const trusted = getCACertificates('default');
  onTestFinished(() => setDefaultCACertificates(trusted));
  setDefaultCACertificates([...trusted, await readFile(join(folder, 'caddy/pki/authorities/local/root.crt'), 'utf8')]);
  return { origin: `https://localhost:${port + 1}`, plainOrigin: `http://localhost:${port}`, log: caddy.stderr };
}
