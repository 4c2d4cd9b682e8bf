import { readFile } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { run } from '../processes.ts';

const folder = new URL('../../examples/federation/', import.meta.url);

test('the example starts with one command, responds to the query it prints, and leaves no process', async () => {
  const example = run('examples/federation/main.ts', ['--port', '0']);
  // Asked, not killed: it has a process of its own to end.
  onTestFinished(async () => {
    example.child.kill('SIGTERM');
    await example.exit();
  });
  await expect.poll(example.stdout, { timeout: 60_000 }).toContain('Stop with Ctrl-C');
  const [gateway = '', ...subgraphs] = example.stdout().match(/http:\/\/\S+/g) ?? [];
  const printed = /^Try\n(.*)^Stop/ms.exec(example.stdout())?.[1]?.trim();

  const response = await fetch(gateway, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: printed }),
  });
  const { data, errors } = await response.json();
  expect(errors).toBeUndefined();
  expect(data.incidents).toHaveLength(3);
  for (const { system, jobs, causedBy } of data.incidents) {
    expect(system).toMatchObject({ title: expect.stringContaining('sandbox'), health: { status: 'UP' } });
    expect(jobs).toMatchObject([{ status: 'FAILED', problem: null }]);
    expect(causedBy.actions).toHaveLength(5);
  }

  example.child.kill('SIGTERM');
  expect(await example.exit()).toBe(0);
  expect(example.stderr()).toBe('');
  expect(subgraphs).toHaveLength(2);
  for (const url of [gateway, ...subgraphs]) await expect(fetch(url)).rejects.toThrow('fetch failed');
});

test('its page shows the query that it prints, and the files that there are', async () => {
  const page = await readFile(new URL('README.md', folder), 'utf8');
  expect(page).toContain(`\`\`\`graphql\n${await readFile(new URL('query.graphql', folder), 'utf8')}\`\`\``);
  const files = Array.from(page.matchAll(/\[`([\w.]+)`\]\(\1\)/g), ([, file = '']) => file);
  expect(files).toHaveLength(5);
  for (const file of files) expect(await readFile(new URL(file, folder), 'utf8')).not.toBe('');
});
