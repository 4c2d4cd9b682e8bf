import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { type Profile, printSdl } from '../../src/graphql/type-definitions.ts';
import { blocksOf, page, root } from './markdown.ts';

const run = promisify(execFile);

/** A front end's folder with the schema and an empty src. */
async function createFrontEnd(parent: string, profile: Profile): Promise<string> {
  const folder = await mkdtemp(join(parent, '.front-end-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'src'));
  await writeFile(join(folder, 'jobyard.graphql'), printSdl(profile));
  return folder;
}

function sampleOf(language: string, mark: string): string {
  const found = blocksOf(page('docs/clients.md'), language).filter(({ text }) => text.includes(mark));
  expect(found).toHaveLength(1);
  return String(found[0]?.text);
}

test('the configuration of GraphQL Code Generator in docs/clients.md generates the types of operations', async () => {
  // Packages are found from there.
  const folder = await createFrontEnd(join(root, 'node_modules'), 'direct');
  await writeFile(join(folder, 'codegen.ts'), sampleOf('ts', 'CodegenConfig'));
  const operations = await readFile(join(root, 'test/clients/codegen/operations.ts'), 'utf8');
  await writeFile(join(folder, 'src/operations.ts'), operations.replace('./generated/index.ts', './gql/index.ts'));
  await run(join(root, 'node_modules/.bin/graphql-codegen'), ['--config', 'codegen.ts'], { cwd: folder });
  expect(await readFile(join(folder, 'src/gql/graphql.ts'), 'utf8')).toContain('export type CancelJobsMutation =');
});

test("the configuration of Relay's compiler in docs/clients.md generates the artifacts of operations", async () => {
  // Relay's compiler ignores what is below node_modules.
  const folder = await createFrontEnd(tmpdir(), 'plain');
  await writeFile(join(folder, 'relay.config.json'), sampleOf('json', 'customScalarTypes'));
  await cp(join(root, 'test/clients/relay/job-list.ts'), join(folder, 'src/job-list.ts'));
  await run(join(root, 'node_modules/.bin/relay-compiler'), [], { cwd: folder });
  const generated = await readdir(join(folder, 'src/__generated__'));
  expect(generated).toContain('jobListQuery.graphql.ts');
  for (const file of generated)
    expect(await readFile(join(folder, 'src/__generated__', file), 'utf8')).toBe(
      await readFile(join(root, 'test/clients/generated/relay', file), 'utf8'),
    );
});
