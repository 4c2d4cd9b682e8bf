import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { blocksOf, page, root } from './markdown.ts';

const folder = `${root}test/clients/`;
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.startsWith('generated'))
  .map((file) => withoutIndent(readFileSync(folder + file, 'utf8')));
// Tests run the configuration of GraphQL Code Generator as it is.
const samples = blocksOf(page('docs/clients.md'), 'ts').filter(({ text }) => !text.includes('CodegenConfig'));

test('docs/clients.md has code for each client', () => {
  expect(samples.length).toBeGreaterThan(12);
});

test.each(samples)('the code at $place is part of the clients in test/clients, which the compiler and tests check', ({ text }) => {
  const sample = withoutIndent(text).trim();
  expect(sources.filter((source) => source.includes(sample))).toHaveLength(1);
});

/** The lines without what differs by where they are: their indent, and the folder of an import. */
function withoutIndent(text: string): string {
  return text.replaceAll(/^ +/gm, '').replaceAll("from '../", "from './");
}
