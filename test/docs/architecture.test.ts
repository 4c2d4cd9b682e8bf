import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const source = new URL('../../src/', import.meta.url);
const page = readFileSync(new URL('../../docs/architecture.md', import.meta.url), 'utf8');
const rooms = readdirSync(source, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

test('each folder of src has its line in the table of rooms, and no other has', () => {
  const table = page.slice(page.indexOf('## Rooms'), page.indexOf('## The path of a cancel'));
  const named = Array.from(table.matchAll(/^\| `([\w-]+)` \|/gm), ([, room]) => room ?? '');
  expect(named.toSorted()).toEqual(rooms.toSorted());
});

test('each file that is named is there', () => {
  const named = Array.from(page.matchAll(/`([\w-]+(?:\/[\w-]+)+\.ts)`/g), ([, path]) => path ?? '');
  expect(named.length).toBeGreaterThan(10);
  const missing = named.filter((path) => !path.startsWith('adapter/') && !existsSync(new URL(path.replace('NAME', 'kylin'), source)));
  expect(missing).toEqual([]);
});

test('the linter finds import cycles: Biome runs the rule for no file if only an override has it', () => {
  const { linter, overrides } = JSON.parse(readFileSync(new URL('../../biome.json', import.meta.url), 'utf8'));
  expect(linter.rules.suspicious.noImportCycles).toEqual({ level: 'error', options: { ignoreTypes: false } });
  expect(JSON.stringify(overrides)).not.toContain('noImportCycles');
});
