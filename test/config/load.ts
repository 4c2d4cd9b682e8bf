import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Config, openConfig, toConfig } from '../../src/config/config.ts';
import type { ConfigError } from '../../src/config/config-errors.ts';

/** Creates a file with this text or these bytes, in a folder that is deleted with the test. */
export function writeTemporaryFile(text: string | Buffer, name = 'jobyard.yaml'): string {
  const folder = mkdtempSync(join(tmpdir(), 'jobyard-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** What `loadConfig` returns for a configuration whose vendors are all Jobyard's own, at once. */
export function readConfig(
  commandLine: readonly string[],
  environment: Record<string, string | undefined>,
): Config | { errors: ConfigError[] } {
  const sources = openConfig(commandLine, environment);
  return 'errors' in sources ? sources : toConfig(sources, new Map());
}

/** What a file of this text configures. */
export function load(yaml: string, environment: Record<string, string> = {}) {
  const config = readConfig(['--config', writeTemporaryFile(yaml)], environment);
  if ('errors' in config) throw new Error(config.errors.join('\n'));
  return config;
}

/** The errors in a file of this text, each without the file's name that it must begin with. */
export function errorsIn(yaml: string, environment: Record<string, string> = {}): string[] {
  const file = writeTemporaryFile(yaml);
  const config = readConfig(['--config', file], environment);
  const errors = 'errors' in config ? config.errors : [];
  return errors.map((error) => {
    if (!error.startsWith(`${file}: `)) throw new Error(`Does not name its file: ${error}`);
    return error.slice(file.length + 2);
  });
}

/** A file with one Kinetica system and these further keys of it, as YAML in braces. */
export function withSystem(keys: string): string {
  return `systems:\n  - { id: k, vendor: kinetica, url: "http://h:9191"${keys && `, ${keys}`} }\n`;
}
