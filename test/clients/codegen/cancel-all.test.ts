import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWithSandboxes, type WithSandboxes } from '../../start.ts';
import { cancelAllThatCanBe } from './cancel-all.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

describe('a typed client', () => {
  let jobyard: WithSandboxes;
  beforeAll(async () => {
    jobyard = await startWithSandboxes();
  });
  afterAll(() => jobyard.close());

  test('lists, pages, and cancels jobs, and has a message for every outcome', async () => {
    const { seen, sentences } = await cancelAllThatCanBe(`${jobyard.origin}/graphql`, { statuses: ['RUNNING', 'QUEUED', 'SCHEDULED'] });
    expect(seen.length).toBeGreaterThan(20);
    expect(new Set(seen).size).toBe(seen.length);
    expect(sentences).toHaveLength(seen.length);
    expect(sentences.some((sentence) => sentence.endsWith(': CONFIRMED'))).toBe(true);
  });
});

describe('the compiler', () => {
  test('accepts the client', async () => {
    expect(await compileCopy((source) => source)).toBe('');
  });

  test.each(['JobNotFound', 'VendorRejected', 'OutcomeUnknown', 'NotAttempted'])(
    'rejects a copy of the client that forgets %s',
    async (member) => {
      const output = await compileCopy((source) => {
        const without = source.replace(new RegExp(`    case '${member}':\n.*\n`), '');
        expect(without).not.toBe(source);
        return without;
      });
      expect(output).toContain(`"${member}"`);
      expect(output).toMatch(/not assignable to parameter of type 'never'/);
    },
  );
});

/** Compiles the client in its own folder; returns the compiler's errors, or ''. */
async function compileCopy(change: (source: string) => string): Promise<string> {
  // Below node_modules, so that packages are found from there.
  const folder = await mkdtemp(join(root, 'node_modules', '.client-'));
  try {
    for (const name of ['generated', 'operations.ts', 'cancel-all.ts'])
      await cp(join(root, 'test/clients/codegen', name), join(folder, name), { recursive: true });
    const story = join(folder, 'cancel-all.ts');
    await writeFile(story, change(await readFile(story, 'utf8')));
    await writeFile(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ extends: join(root, 'tsconfig.json'), include: [], files: ['cancel-all.ts'] }),
    );
    return await new Promise((resolve) => {
      execFile(join(root, 'node_modules/.bin/tsc'), ['-p', folder], (_error, stdout) => resolve(stdout.trim()));
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}
