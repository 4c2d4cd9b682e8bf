import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { DCLinter } from 'dclint';
import { describe, expect, test } from 'vitest';
import { defaultServer } from '../../src/config/config.ts';
import { maxStopMs } from '../../src/process/stop-limit.ts';
import { maxRssMiB } from '../abuse/max-rss.ts';
import { writeTemporaryFile } from '../config/load.ts';
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
