import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { subjects, vendorNames } from './subjects.ts';

test('the vendors of the registry have a subject, and no other folder has one', () => {
  const folders = readdirSync(new URL('.', import.meta.url), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).sort()).toEqual([...vendorNames].sort());
  expect(Object.keys(subjects).sort()).toEqual([...vendorNames].sort());
});
