import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DCLinter } from 'dclint';
import { describe, expect, onTestFinished, test } from 'vitest';
import { defaultServer } from '../../src/config/config.ts';
import { maxStopMs } from '../../src/process/stop-limit.ts';
import { maxRssMiB } from '../abuse/max-rss.ts';
import { writeTemporaryFile } from '../config/load.ts';
import { blocksOf, page } from '../docs/markdown.ts';
import { readImageSettings } from './dockerfile.ts';
import { findCommand, type Manifest, readDeployedConfig, readText, readYaml, toMilliseconds } from './files.ts';

const folder = 'deploy/compose';
const compose = readYaml(`${folder}/compose.yaml`);
const replicas = Object.entries<Manifest>(compose.services).filter(([name]) => name.startsWith('jobyard-'));
const { postgres, caddy } = compose.services;

/** The problems of a Compose file: what breaks the Compose specification's JSON Schema, and what its linter counts as an error. */
function lint(file: string): string[] {
  // Caddy is for callers from everywhere. The other rules are of style.
  const linter = new DCLinter({ rules: { 'no-unbound-port-interfaces': 0 }, quiet: true, debug: false, exclude: [] });
  // The package's own types name a file that it doesn't have.
  const results: { messages: { type: string; message: string }[] }[] = linter.lintFiles([file], false);
  return results.flatMap(({ messages }) => messages.filter(({ type }) => type === 'error').map(({ message }) => message));
}

describe('compose.yaml', () => {
  test('is valid in the Compose specification', () => {
    expect(lint(fileURLToPath(new URL(`../../${folder}/compose.yaml`, import.meta.url)))).toEqual([]);
    const wrong = readText(`${folder}/compose.yaml`).replace('read_only:', 'readonly:');
    expect(lint(writeTemporaryFile(wrong, 'compose.yaml'))).not.toEqual([]);
  });

  test('starts two replicas that differ in nothing, read-only and without privileges', () => {
    expect(replicas).toHaveLength(2);
    for (const [, replica] of replicas) {
      expect(replica).toEqual(replicas[0]?.[1]);
      expect(replica).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
      expect(Number.parseInt(replica.mem_limit, 10)).toBeGreaterThan(maxRssMiB);
      expect(replica.mem_limit).toMatch(/^\d+m$/);
    }
  });

  test('gives a stop its time, and Caddy the time to notice it', () => {
    const { server } = readDeployedConfig(`${folder}/jobyard.yaml`);
    for (const [, replica] of replicas) expect(toMilliseconds(replica.stop_grace_period)).toBeGreaterThan(maxStopMs(server));
    const intervalMs = toMilliseconds(/health_interval (\w+)/.exec(readText(`${folder}/Caddyfile`))?.[1] ?? '');
    expect(server.drainMs).toBeGreaterThanOrEqual(intervalMs + 2_000);
  });

  test('mounts each secret and file that is used', () => {
    const { secretFiles } = readDeployedConfig(`${folder}/jobyard.yaml`);
    for (const [, { secrets, configs }] of replicas) {
      expect(secrets.map((name: string) => `/run/secrets/${name}`).toSorted()).toEqual(secretFiles.toSorted());
      expect(configs).toEqual([{ source: 'jobyard', target: readImageSettings().environment.JOBYARD_CONFIG }]);
    }
    expect(postgres.secrets.map((name: string) => `/run/secrets/${name}`)).toEqual([postgres.environment.POSTGRES_PASSWORD_FILE]);
    const used = new Set([...replicas.flatMap(([, { secrets }]) => secrets), ...postgres.secrets]);
    expect(new Set(Object.keys(compose.secrets))).toEqual(used);
    for (const { file } of Object.values<Manifest>(compose.configs)) expect(readText(`${folder}/${file}`)).not.toBe('');
  });

  test("lets only Caddy reach the replicas, and only the replicas reach PostgreSQL's network", () => {
    const networksOf = Object.fromEntries(Object.entries<Manifest>(compose.services).map(([name, { networks }]) => [name, networks]));
    expect(networksOf).toEqual({
      'jobyard-1': ['proxy', 'store'],
      'jobyard-2': ['proxy', 'store'],
      postgres: ['store'],
      caddy: ['proxy'],
    });
    expect(compose.networks.store).toEqual({ internal: true });
    const published = Object.entries<Manifest>(compose.services).filter(([, { ports }]) => ports);
    expect(published.map(([name]) => name)).toEqual(['caddy']);
    expect(caddy.depends_on.toSorted()).toEqual(replicas.map(([name]) => name).toSorted());
  });
});

test("docs/deploy.md's commands create the secrets of PostgreSQL", () => {
  const commands = blocksOf(page('docs/deploy.md'), 'sh').find(({ text }) => text.includes('secrets'))?.text ?? '';
  const checkout = mkdtempSync(join(tmpdir(), 'jobyard-secrets-'));
  onTestFinished(() => rmSync(checkout, { recursive: true, force: true }));
  mkdirSync(join(checkout, folder), { recursive: true });
  const { status, stderr } = spawnSync('bash', ['-euc', commands], { cwd: checkout, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  const secretFolder = join(checkout, folder, 'secrets');
  expect(statSync(secretFolder).mode & 0o777).toBe(0o700);
  const files = Object.values<Manifest>(compose.secrets).map(({ file }) => basename(file));
  // The systems' secrets are the operator's.
  expect(readdirSync(secretFolder).toSorted()).toEqual(files.filter((file) => file !== 'kylin_password').toSorted());
  const read = (file: string): string => readFileSync(join(secretFolder, file), 'utf8').trim();
  const url = new URL(read('store_url'));
  expect(url).toMatchObject({ protocol: 'postgres:', hostname: 'postgres', password: read('postgres_password') });
  expect([url.username, url.pathname]).toEqual([postgres.environment.POSTGRES_USER, `/${postgres.environment.POSTGRES_DB}`]);
  expect(Object.keys(compose.services)).toContain(url.hostname);
});

describe('the Caddyfile', () => {
  const text = readText(`${folder}/Caddyfile`);

  test('names the replicas of compose.yaml, with their port', () => {
    const [, upstreams = ''] = /reverse_proxy \{\$JOBYARD_REPLICAS:([^}]*)\}/.exec(text) ?? [];
    expect(upstreams.split(' ')).toEqual(replicas.map(([name]) => `${name}:${defaultServer.port}`));
  });

  test('closes idle connections before Jobyard does', () => {
    expect(toMilliseconds(/\bkeepalive (\w+)/.exec(text)?.[1] ?? '')).toBeLessThan(defaultServer.keepAliveTimeoutMs);
  });

  const caddyCommand = findCommand(['caddy', 'version']);
  test.skipIf(!caddyCommand)('is valid and formatted for the installed Caddy', () => {
    const file = fileURLToPath(new URL(`../../${folder}/Caddyfile`, import.meta.url));
    const validated = spawnSync('caddy', ['validate', '--adapter', 'caddyfile', '--config', file], { encoding: 'utf8' });
    expect(validated.status, validated.stderr).toBe(0);
    // It prints the text as it should be.
    expect(spawnSync('caddy', ['fmt', file], { encoding: 'utf8' }).stdout).toBe(text);
  });
});
