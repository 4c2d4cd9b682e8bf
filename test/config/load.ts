import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';

/** A file of this text or these bytes, in a folder of its own that goes with the test. */
export function writeTemporaryFile(text: string | Buffer, name = 'jobyard.yaml'): string {
  const folder = mkdtempSync(join(tmpdir(), 'jobyard-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** What a file of this text configures. */
export function load(yaml: string, environment: Record<string, string> = {}) {
  const config = loadConfig(['--config', writeTemporaryFile(yaml)], environment);
  if ('mistakes' in config) throw new Error(config.mistakes.join('\n'));
  return config;
}

/** The mistakes in a file of this text, each without the file's name that it must begin with. */
export function mistakesIn(yaml: string, environment: Record<string, string> = {}): string[] {
  const file = writeTemporaryFile(yaml);
  const config = loadConfig(['--config', file], environment);
  const mistakes = 'mistakes' in config ? config.mistakes : [];
  return mistakes.map((mistake) => {
    if (!mistake.startsWith(`${file}: `)) throw new Error(`Does not name its file: ${mistake}`);
    return mistake.slice(file.length + 2);
  });
}

/** A file with one Kinetica system and these further keys of it, as YAML in braces. */
export function withSystem(keys: string): string {
  return `systems:\n  - { id: k, vendor: kinetica, url: "http://h:9191"${keys && `, ${keys}`} }\n`;
}
