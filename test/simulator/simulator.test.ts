import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { fourSystems } from '../start.ts';
import { mutants } from './mutants.ts';
import { readSeeds } from './seeds.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));

/** In a process of its own: there time and chance are the simulator's. */
async function simulate(...flags: string[]): Promise<{ exitCode: number; output: string }> {
  const run = promisify(execFile)(process.execPath, ['--max-semi-space-size=32', main, ...flags], { maxBuffer: 64 * 1024 * 1024 });
  return run.then(
    ({ stdout, stderr }) => ({ exitCode: 0, output: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ exitCode: code, output: stdout + stderr }),
  );
}

test('the first 25 worlds keep all rules, and each is the same when it is lived through again', { timeout: 300_000 }, async () => {
  expect(await simulate('--seed', '1', '--worlds', '25', '--twice')).toEqual({ exitCode: 0, output: expect.stringContaining('25 worlds') });
});

test('the worlds that once broke a rule keep it', { timeout: 300_000 }, async () => {
  expect(readSeeds().length).toBeGreaterThan(0);
  expect(await simulate('--vendors', fourSystems.join(), '--kept')).toEqual({ exitCode: 0, output: expect.any(String) });
});

test('the simulator finds each seeded bug within 400 worlds', { timeout: 600_000 }, async () => {
  const names = Object.keys(mutants);
  expect(names.length).toBeGreaterThanOrEqual(10);
  // Of these vendors, because with others all worlds are others, and mutants.ts says in which a bug shows.
  const { output } = await simulate(
    '--vendors',
    fourSystems.join(),
    '--seed',
    '1',
    '--worlds',
    '400',
    ...names.flatMap((name) => ['--mutant', name]),
  );
  const found = output.split('\n').flatMap((line) => /^found in world \d+: (.*)/.exec(line)?.[1] ?? []);
  expect(found).toEqual(names);
});
