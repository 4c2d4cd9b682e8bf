import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { vendors } from '../../src/vendors/index.ts';

/** Where a vendor's settings and traps are described. */
export function vendorPage(vendor: string): string {
  return `src/vendors/${vendor}/README.md`;
}

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** A page of the documentation: its path from the root, and its text. */
export interface Page {
  file: string;
  text: string;
}

/** The pages at the root, all of docs/, and one of each vendor. */
export const pages: readonly Page[] = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  ...readdirSync(`${root}docs`)
    .sort()
    .map((name) => `docs/${name}`),
  ...vendors.map(({ name }) => vendorPage(name)),
]
  .filter((file) => file.endsWith('.md'))
  .map((file) => ({ file, text: readFileSync(root + file, 'utf8') }));

/** A sample in the documentation, and its place. */
export interface Sample {
  place: string;
  text: string;
}

/** The fenced blocks of these languages. */
export function blocksOf({ file, text }: Page, ...languages: string[]): Sample[] {
  return Array.from(text.matchAll(/^( *)```(\w+)\n([\s\S]*?)^ *```$/gm))
    .filter(([, , language]) => languages.includes(String(language)))
    .map(({ 1: indent, 3: body, index }) => ({
      place: `${file}:${lineAt(text, index)}`,
      text: String(body).replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }));
}

/** The code in the running text: between backticks, outside of fenced blocks. */
export function codeSpansOf({ file, text }: Page): Sample[] {
  const withoutBlocks = text.replaceAll(/^ *```[\s\S]*?^ *```$/gm, (block) => block.replaceAll(/[^\n]/g, ' '));
  return Array.from(withoutBlocks.matchAll(/`([^`\n]+)`/g), ({ 1: code, index }) => ({
    place: `${file}:${lineAt(text, index)}`,
    text: String(code),
  }));
}

/** The rows of all tables: the text of their cells. */
export function tableRowsOf({ text }: Page): string[][] {
  return Array.from(text.matchAll(/^\| (.+) \|$/gm), ([, row]) =>
    String(row)
      .split(' | ')
      .map((cell) => cell.trim()),
  );
}

export function page(file: string): Page {
  const found = pages.find((candidate) => candidate.file === file);
  if (!found) throw new Error(`There is no ${file}`);
  return found;
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
