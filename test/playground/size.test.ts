import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { playgroundFolder } from '../../src/package.js';

const assets = join(fileURLToPath(playgroundFolder), 'playground');
const names = readdirSync(assets);

/** Thousands of bytes, of all files with this ending. */
function sizeOf(ending: string): number {
  return names.filter((name) => name.endsWith(ending)).reduce((sum, name) => sum + statSync(join(assets, name)).size, 0) / 1000;
}

test('the files are at most 1,850 kB gzipped, and 1,500 kB with Brotli, with those that only formatting loads', () => {
  expect(sizeOf('.gz')).toBeGreaterThan(1_000);
  expect(sizeOf('.gz')).toBeLessThanOrEqual(1_850);
  expect(sizeOf('.br')).toBeLessThanOrEqual(1_500);
});

test('the package has every file in its two compressed forms only', () => {
  expect(names.filter((name) => !/\.(gz|br)$/.test(name))).toEqual([]);
  const zipped = names.filter((name) => name.endsWith('.gz')).map((name) => name.slice(0, -'.gz'.length));
  expect(zipped.length).toBeGreaterThan(10);
  expect(zipped.filter((name) => !names.includes(`${name}.br`))).toEqual([]);
});

test('the only languages of the editor are GraphQL and JSON', () => {
  const workers = names.filter((name) => /worker.*\.br$/.test(name)).map((name) => name.replace(/-.*/, ''));
  expect(workers).toEqual(['editor.worker', 'graphql.worker', 'json.worker']);
});
