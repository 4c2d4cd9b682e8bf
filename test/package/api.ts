import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleDeclarations, compile, type Entry, entries, root } from '../../build/declarations.ts';

/** The report of the last release. */
export function readReleased(entry: Entry): Promise<string> {
  return readFile(releasedFile(entry), 'utf8');
}

export function releasedFile(entry: Entry): string {
  return join(root, 'test/package/released', `${entry}.d.ts`);
}

/** The report of each export: all declarations that its types reach, in one text, without comments. */
export async function createReports(): Promise<ReadonlyMap<Entry, string>> {
  // Below node_modules, so that packages are found from there.
  const folder = await mkdtemp(join(root, 'node_modules', '.api-'));
  try {
    compile('--emitDeclarationOnly', '--sourceMap', 'false', '--inlineSources', 'false', '--removeComments', '--outDir', folder);
    return new Map(await Promise.all(entries.map(async (entry) => [entry, await bundleDeclarations(folder, entry)] as const)));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/**
 * What breaks users of a report: a declaration, or a line of one, that is missing now; and a new member that isn't optional, as authors of
 * adapters write values of these types.
 */
export function findBreaks(before: string, after: string): string[] {
  const current = toDeclarations(after);
  return Array.from(toDeclarations(before)).flatMap(([name, lines]) => {
    const now = current.get(name);
    if (!now) return [`${name} is missing`];
    const removed = missingLines(lines, now).map((line) => `${name}: changed or missing: ${line.trim()}`);
    const isMember = (line: string): boolean => /^ {2}(?:readonly )?[\w$]+[(<:]/.test(line);
    const added = missingLines(now, lines)
      .filter(isMember)
      .map((line) => `${name}: new and not optional: ${line.trim()}`);
    return removed.length > 0 ? removed : added;
  });
}

/** Each line of `lines` that `others` doesn't have as often. */
function missingLines(lines: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return lines.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** The lines of each declaration by its first words; the exported names are declarations of their own. */
function toDeclarations(report: string): Map<string, string[]> {
  const declarations = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of report.split('\n')) {
    const names = /^export (?:type )?\{ (.*) \};$/.exec(line)?.[1];
    if (names) for (const name of names.split(', ')) declarations.set(`export ${name}`, []);
    else if (/^\w/.test(line) && !line.startsWith('import ')) {
      current = [line];
      declarations.set(/^[\w ]+/.exec(line)?.[0].trim() ?? line, current);
    } else current.push(line);
  }
  return declarations;
}
