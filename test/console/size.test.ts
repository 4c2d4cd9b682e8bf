import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { consoleFolder } from '../../src/package.js';

const assets = join(fileURLToPath(consoleFolder), 'assets');

/** Thousands of bytes, of all files with this ending. */
function sizeOf(ending: string): number {
  const names = readdirSync(assets).filter((name) => name.endsWith(ending));
  return names.reduce((sum, name) => sum + statSync(join(assets, name)).size, 0) / 1000;
}

test('the scripts of all pages are at most 250 kB gzipped', () => {
  expect(sizeOf('.js.gz')).toBeGreaterThan(50);
  expect(sizeOf('.js.gz')).toBeLessThanOrEqual(250);
});

test('every script, style, and symbol has its compressed forms', () => {
  const names = readdirSync(assets);
  const plain = names.filter((name) => /\.(js|css|svg)$/.test(name));
  expect(plain.length).toBeGreaterThan(5);
  expect(plain.filter((name) => !names.includes(`${name}.gz`) || !names.includes(`${name}.br`))).toEqual([]);
});
