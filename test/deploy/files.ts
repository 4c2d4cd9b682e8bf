import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { ServerConfig } from '../../src/config/config.ts';
import { readConfig, writeTemporaryFile } from '../config/load.ts';

/** The text of a file of the checkout. */
export function readText(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

// biome-ignore lint/suspicious/noExplicitAny: the tests say what the files must have
export type Manifest = any;

export function readYaml(path: string): Manifest {
  return parse(readText(path), { merge: true });
}

/** A configuration of deploy/, read as Jobyard reads it in its container. */
export interface DeployedConfig {
  server: ServerConfig;
  /** The paths of its secrets. */
  secretFiles: string[];
}

/** Reads a jobyard.yaml whose secrets are in files that only its container has. Throws if it has errors. */
export function readDeployedConfig(path: string): DeployedConfig {
  const secretFiles: string[] = [];
  const withSecrets = readText(path).replaceAll(/\{ file: (\/[^ ]+) \}/g, (_text, file: string) => {
    secretFiles.push(file);
    const secret = file.includes('store') ? 'postgres://jobyard:secret@postgres/jobyard' : 'a secret of more than 32 characters';
    return `{ file: ${writeTemporaryFile(secret, 'secret')} }`;
  });
  // As in the image: it listens on all addresses, so it needs access control.
  const config = readConfig(['--config', writeTemporaryFile(withSecrets)], { HOST: '0.0.0.0' });
  if ('errors' in config) throw new Error(config.errors.join('\n'));
  return { server: config.server, secretFiles };
}

/** The milliseconds of `45s` or `2m`. */
export function toMilliseconds(duration: string): number {
  const [, number, unit = ''] = /^(\d+)(s|m)$/.exec(duration) ?? [];
  if (!number) throw new Error(`Not a duration in seconds or minutes: ${duration}`);
  return Number(number) * { s: 1_000, m: 60_000 }[unit as 's' | 'm'];
}

/** The first of these commands that this machine has: it runs with these parameters. */
export function findCommand(...commands: (readonly [string, ...string[]])[]): string | null {
  return commands.find(([name, ...parameters]) => spawnSync(name, parameters).status === 0)?.[0] ?? null;
}
