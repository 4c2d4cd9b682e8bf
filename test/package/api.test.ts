import { beforeAll, describe, expect, test } from 'vitest';
import { type Entry, entries } from '../../build/declarations.ts';
import { createReports, findBreaks, readReleased } from './api.ts';
import { announcesMajor } from './changelog.ts';

// The exports of the last release. At a release: npm run api
let reports: ReadonlyMap<Entry, string>;
beforeAll(async () => {
  reports = await createReports();
});

test.each(entries)('no change breaks users of the export %s, or CHANGELOG.md announces a major version', async (entry) => {
  const breaks = findBreaks(await readReleased(entry), reports.get(entry) ?? '');
  if (!announcesMajor()) expect(breaks).toEqual([]);
});

describe('detects', () => {
  test.each([
    ['an export that goes', ', type SystemSettings', '', ['export type SystemSettings is missing']],
    ['a type that changes', '  url: string;', '  url: URL;', [expect.stringContaining('changed or missing: url: string;')]],
    ['a member that goes', '  title: string;\n', '', [expect.stringContaining('changed or missing: title: string;')]],
    [
      'a member that must be written',
      '  title: string;\n',
      '  title: string;\n  logo: string;\n',
      [expect.stringContaining('new and not optional: logo: string;')],
    ],
    [
      'a function that must be written',
      '  title: string;\n',
      '  title: string;\n  draw(): void;\n',
      [expect.stringContaining('new and not optional: draw(): void;')],
    ],
  ])('%s', async (_what, before, after, breaks) => {
    const released = await readReleased('adapter');
    const changed = released.replace(before, after);
    expect(changed).not.toBe(released);
    expect(findBreaks(released, changed)).toEqual(breaks);
  });

  test('nothing in an optional member and a new declaration', async () => {
    const released = await readReleased('adapter');
    const changed = `${released.replace('  title: string;\n', '  title: string;\n  logo?: string;\n')}\nexport declare const more: number;\n`;
    expect(changed).not.toBe(released);
    expect(findBreaks(released, changed)).toEqual([]);
  });
});

test.each([
  ['## Unreleased\n\n### Breaking changes\n\n- One\n', true],
  ['## Unreleased\n\n- One\n\n## 2.0.0\n\n### Breaking changes\n', false],
  ['## 2.0.0\n\n### Breaking changes\n', false],
])('%j announces a major version: %s', (text, expected) => expect(announcesMajor(`# Changelog\n\n${text}`)).toBe(expected));
