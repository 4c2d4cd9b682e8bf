import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { mutants } from './mutants.ts';
import { readSeeds } from './seeds.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));

/** In a process of its own: there time and chance are the simulator's. */
async function simulate(...flags: string[]): Promise<{ exitCode: number; output: string }> {
  const run = promisify(execFile)(process.execPath, [main, ...flags], { maxBuffer: 64 * 1024 * 1024 });
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
  expect(await simulate('--kept')).toEqual({ exitCode: 0, output: expect.any(String) });
});

describe('the simulator finds, within 150 worlds:', () => {
  test.each(Object.keys(mutants))('%s', { timeout: 300_000 }, async (name) => {
    const { exitCode, output } = await simulate('--mutant', name, '--seed', '1', '--worlds', '150');
    expect(output).toContain('broke a rule');
    expect(output).not.toContain('does not fit');
    expect(exitCode).toBe(1);
  });
});
