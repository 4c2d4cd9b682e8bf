import { expect, test } from 'vitest';
import { checks } from '../../src/conformance/index.ts';
import { writeTemporaryFile } from '../config/load.ts';
import { run } from '../processes.ts';
import { writePlugIn } from './plug-in-module.ts';

const runConformance = (...parameters: string[]) => run('src/jobyard.js', ['conformance', ...parameters]);

test("checks a vendor's adapter on its sandbox, also with actions", async () => {
  const conformance = runConformance('--vendor', 'aodocs');
  expect(await conformance.exit()).toBe(0);
  const lines = conformance.stdout().trimEnd().split('\n');
  expect(lines).toEqual(checks.map(({ id, statement }) => `ok    aodocs  ${id}  ${statement}`));
  expect(conformance.stderr()).toBe('');
});

test.each([
  ['a vendor that is unknown', ['--vendor', 'kilyn'], /^--vendor: expected a vendor, got "kilyn" \(did you mean "kylin"\?\)\n$/],
  ['a parameter without a value', ['--vendor'], /^--vendor: expected a vendor, got nothing\n$/],
  ['two subjects', ['--vendor', 'kylin', '--config', 'jobyard.yaml'], /^command line: expected --config or --vendor, got both\n$/],
  ['no subject', [], /^--config: expected a configuration file with systems, got nothing\n$/],
  ['no such file', ['--config', 'nowhere.yaml'], /^nowhere\.yaml: [^\n]*ENOENT[^\n]*\n$/],
])('exits with 2 and one line for %s', async (_what, parameters, complaint) => {
  const conformance = runConformance(...parameters);
  expect(await conformance.exit()).toBe(2);
  expect(conformance.stderr()).toMatch(complaint);
  expect(conformance.stdout()).toBe('');
});

test('exits with 2 for a plug-in without a sandbox', async () => {
  const conformance = runConformance('--vendor', writeTemporaryFile(writePlugIn(), 'memo.mjs'));
  expect(await conformance.exit()).toBe(2);
  expect(conformance.stderr()).toBe('--vendor: expected a vendor with a sandbox, memo has none\n');
});
