import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { load, writeTemporaryFile } from '../config/load.ts';
import { post, runJobyard } from '../processes.ts';
import { blocksOf, page, pages, root } from './markdown.ts';

const samplesOf = (language: string) => pages.flatMap((from) => blocksOf(from, language).map(({ place, text }) => [place, text] as const));

describe('a configuration', () => {
  const configurations = samplesOf('yaml');

  test('is shown in README.md', () => {
    expect(configurations[0]?.[0]).toMatch(/^README\.md:/);
  });

  test.each(configurations)('at %s is loaded unchanged', (_place, yaml) => {
    const environment = Object.fromEntries(Array.from(yaml.matchAll(/\{ env: (\w+) \}/g), ([, name]) => [String(name), 'swordfish']));
    const withSecrets = yaml.replaceAll(/\/run\/secrets\/\w+/g, () => writeTemporaryFile('swordfish', 'secret'));
    const { systems } = load(withSecrets, environment);
    expect(systems?.length).toBe(yaml.match(/vendor: /g)?.length);
  });
});

test('the JSON lines of docs/operate.md have the keys of real ones', async () => {
  const samples = blocksOf(page('docs/operate.md'), 'json').flatMap(({ text }) => text.trim().split('\n'));
  expect(samples).toHaveLength(4);
  const jobyard = await runJobyard();
  const { data } = await post(jobyard.origin, '{ jobs(first: 1, filter: { availableAction: CANCEL }) { nodes { id } } }');
  await post(jobyard.origin, `mutation CancelJobs { cancelJobs(input: { ids: ["${data.jobs.nodes[0].id}"] }) { summary { succeeded } } }`);
  const realLines = () =>
    jobyard
      .stdout()
      .split('\n')
      .filter((line) => line.startsWith('{'));
  await expect.poll(() => realLines().filter((line) => line.includes('"CancelJobs"')).length).toBe(4);
  const keysByKind = (lines: string[]) => Object.fromEntries(lines.map((line) => [kindOf(line), Object.keys(JSON.parse(line))]));
  expect(keysByKind(samples)).toEqual(keysByKind(realLines().filter((line) => line.includes('"CancelJobs"'))));
});

function kindOf(line: string): string {
  const { audit, msg }: { audit?: string; msg?: string } = JSON.parse(line);
  return audit ?? msg ?? 'neither';
}

test('TypeScript is accepted by the compiler', { timeout: 60_000 }, async () => {
  // That of docs/clients.md is part of test/clients.
  const samples = samplesOf('ts').filter(([place]) => !place.startsWith('docs/clients.md'));
  expect(samples.length).toBeGreaterThan(0);
  // Below node_modules, so that packages are found from there.
  const folder = await mkdtemp(join(root, 'node_modules', '.docs-'));
  try {
    await Promise.all(samples.map(([, text], index) => writeFile(join(folder, `sample${index}.ts`), text)));
    const files = samples.map((_sample, index) => `sample${index}.ts`);
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ extends: join(root, 'tsconfig.json'), include: [], files }));
    const complaints = await new Promise((resolve) => {
      execFile(join(root, 'node_modules/.bin/tsc'), ['-p', folder], (_error, stdout) => resolve(stdout.trim()));
    });
    expect(complaints).toBe('');
  } finally {
    await rm(folder, { recursive: true });
  }
});
