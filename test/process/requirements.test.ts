import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { describeIncompleteCheckout, describeOldNode } from '../../src/process/requirements.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const tooOld = (version: string) => `Jobyard requires Node.js 22.19 or newer, got ${version}. Install a newer version: https://nodejs.org`;

test.each(['0.12.18', '20.20.2', '22.0.0', '22.18.0', '21.99.0'])('Node.js %s is too old', (version) => {
  expect(describeOldNode(version)).toBe(tooOld(version));
});

test.each(['22.19.0', '22.20.1', '23.0.0', '24.21.0', '100.0.0'])('Node.js %s runs Jobyard', (version) => {
  expect(describeOldNode(version)).toBeNull();
});

test('a checkout without the packages for development is incomplete', () => {
  expect(describeIncompleteCheckout(pathToFileURL(root))).toBeNull();
  expect(describeIncompleteCheckout(pathToFileURL(`${tmpdir()}/`))).toMatch(/^This checkout has not all packages/);
});

describe('the script', () => {
  const checks = ['./src/process/requirements.js', './src/process/runtime.js', './src/jobyard.js'];
  const starting = Object.entries(manifest.scripts).filter(([, command]) => /(?:^| )node /.test(command));

  test.each(starting)('%s checks the version before it loads TypeScript', async (_name, command) => {
    const parameters = command.split(' ').slice(1);
    // Any module before the check would be loaded by the old Node first.
    const first = parameters.find((parameter) => /\.[jt]s$/.test(parameter)) ?? '';
    expect(checks.map((check) => check.replace('./', ''))).toContain(first.replace('./', ''));
  });

  test.each(checks)('that imports %s prints one line with an old Node.js and exits with 1', async (check) => {
    const older = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.19.0' } })";
    // The last module doesn't exist: the check ends the process before Node loads it.
    const parameters = ['--import', `data:text/javascript,${older}`, '--import', check, 'nowhere.ts'];
    const child = spawn(process.execPath, parameters, { cwd: root });
    let written = '';
    child.stderr.on('data', (chunk: Buffer) => {
      written += chunk.toString();
    });
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(written).toBe(`${tooOld('20.19.0')}\n`);
  });
});
