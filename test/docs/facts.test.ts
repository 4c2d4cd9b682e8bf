import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { assertEnumType, assertUnionType } from 'graphql';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { accessKeys } from '../../src/config/access.ts';
import { auditSchema } from '../../src/config/config.ts';
import { scopes } from '../../src/config/grants.ts';
import { limitsSchema } from '../../src/config/limits.ts';
import type { JobSystemAdapter } from '../../src/jobs/adapter.ts';
import { jobActions } from '../../src/jobs/job.ts';
import { createProblem, type ProblemCode } from '../../src/jobs/problem.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { vendors } from '../../src/vendors/index.ts';
import { contract } from '../schema/schema.ts';
import { type Page, page, pages, root, tableRowsOf, vendorPage } from './markdown.ts';

/** The first cells of a page's rows that begin with code, without the backticks; a cell may name several. */
function namedIn(file: string): string[] {
  return tableRowsOf(page(file)).flatMap(([first]) => Array.from(first?.matchAll(/`([^`]+)`/g) ?? [], ([, name]) => String(name)));
}

describe('docs/errors.md', () => {
  test('has a row for every problem code, with the usual retryable', () => {
    const codes = assertEnumType(contract.getType('ProblemCode')).getValues();
    const table = tableRowsOf(page('docs/errors.md')).filter((cells) => cells.length === 4 && /^`[A-Z_]+`$/.test(cells[0] ?? ''));
    const rows = new Map(table.map((cells) => [cells[0]?.replaceAll('`', ''), cells]));
    for (const { name } of codes) {
      const usual = createProblem(name as ProblemCode, '').retryable;
      expect(rows.get(name)?.[3], name).toMatch(usual ? /^yes/ : /^no/);
    }
    expect(table).toHaveLength(codes.length);
  });

  test('has a row for every type of result and every outcome', () => {
    const unions = ['JobResult', 'CancelResult', 'JobActionResult'].map((name) => assertUnionType(contract.getType(name)));
    const types = new Set(unions.flatMap((union) => union.getTypes().map(({ name }) => name)));
    const outcomes = assertEnumType(contract.getType('SuccessOutcome')).getValues();
    expect(namedIn('docs/errors.md')).toEqual(expect.arrayContaining([...types, ...outcomes.map(({ name }) => name)]));
  });
});

describe('docs/configure.md', () => {
  const rows = new Map(tableRowsOf(page('docs/configure.md')).map((cells) => [cells[0]?.replaceAll('`', ''), cells]));

  test('has every limit with its default', () => {
    const defaults = { ...limitsSchema.parse({}), introspection: 'false if' };
    for (const key of Object.keys(limitsSchema.shape)) {
      const value = Object.entries(defaults).find(([name]) => name === key)?.[1];
      const written = typeof value === 'number' ? value.toLocaleString('en-US') : String(value);
      expect(rows.get(key)?.[2], key).toContain(written);
    }
  });

  test('has every key of audit with its default', () => {
    // The first: `bulk` has a `retentionDays` too.
    const rows = new Map(
      tableRowsOf(page('docs/configure.md'))
        .toReversed()
        .map((cells) => [cells[0]?.replaceAll('`', ''), cells]),
    );
    for (const [key, value] of Object.entries(auditSchema.parse({}))) {
      expect(rows.get(key)?.[2], key).toBe(value === null ? 'standard output' : value.toLocaleString('en-US'));
    }
  });

  test('has every scope and every key of access', () => {
    expect([...rows.keys()]).toEqual(expect.arrayContaining([...scopes]));
    for (const key of accessKeys) expect(page('docs/configure.md').text).toMatch(new RegExp(`\\b${key}\\b`));
  });
});

/** Not every vendor has these. */
const optionalFiles = new Set([
  'adapter/read.ts',
  'adapter/steps.ts',
  'adapter/log.ts',
  'adapter/outputs.ts',
  'adapter/failure.ts',
  'adapter/progress.ts',
]);
/** The files in the table of docs/add-a-vendor.md, of which only the first of a row has its folder. */
const vendorFiles = tableRowsOf(page('docs/add-a-vendor.md'))
  .flatMap(([cell = '']) => {
    const [first = '', ...others] = Array.from(cell.matchAll(/`([\w/-]+\.(?:ts|md))`/g), ([, file = '']) => file);
    return [first, ...others.map((file) => first.slice(0, first.lastIndexOf('/') + 1) + file)];
  })
  .filter((file) => file !== '' && !optionalFiles.has(file));

/** The text of the tests of a vendor's traps: `traps.test.ts`, or several files, such as `traps-of-errors.test.ts`. */
function readTests(vendor: string): string {
  const folder = new URL(`../vendors/${vendor}/`, import.meta.url);
  return readdirSync(folder)
    .filter((file) => file.startsWith('traps'))
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .join('\n');
}

describe.each(vendors)('the page of $title', ({ name, title, defaults, settings }) => {
  const { text } = page(vendorPage(name));

  test('has its title, its keys and its defaults', () => {
    expect(text).toMatch(new RegExp(`^# ${title}\n`));
    expect(text).toContain(
      `Default \`timeoutMs\`: ${defaults.timeoutMs.toLocaleString('en-US')}. Default \`concurrency\`: ${defaults.concurrency}.`,
    );
    const schema = settings(z.string());
    if (!(schema instanceof z.ZodObject)) throw new Error('The settings are no object');
    expect(namedIn(vendorPage(name))).toEqual(expect.arrayContaining(['url', ...Object.keys(schema.shape)]));
  });

  const folder = new URL(`../../src/vendors/${name}/`, import.meta.url);
  const tests = readTests(name);
  const traps = tableRowsOf(page(vendorPage(name))).filter((cells) => cells.length === 5 && cells[2]?.startsWith('`'));

  test.each(vendorFiles)('has the file %s of docs/add-a-vendor.md', (file) => {
    expect(existsSync(new URL(file, folder))).toBe(true);
  });

  test.runIf(tests !== '')('has a table of traps', () => expect(traps.length).toBeGreaterThan(10));

  test.each(traps)('names code, tests and a source of: %s', (_vendor, _adapter, code = '', tested = '', source = '') => {
    for (const [, file = '', symbol = ''] of code.matchAll(/`([\w/.-]+)`: `(\w+)`/g)) {
      expect(readFileSync(new URL(file, folder), 'utf8'), code).toMatch(new RegExp(`\\b${symbol}\\b`));
    }
    expect(code).toMatch(/^`[\w/.-]+`: `\w+`/);
    for (const title of tested.split('<br>'))
      expect(
        ["'", '"', '`'].some((quote) => tests.includes(quote + title + quote)),
        title,
      ).toBe(true);
    expect(source).toMatch(/^\[[^\]]+\]\(https:\/\/[^)]+\)/);
  });
});

test('docs/audit.md has every outcome of an event', () => {
  const outcomes = assertEnumType(contract.getType('ActionOutcome')).getValues();
  expect(namedIn('docs/audit.md')).toEqual(expect.arrayContaining(outcomes.map(({ name }) => name)));
});

test('docs/operate.md has every metric of Jobyard with its labels', async () => {
  const metrics = createMetrics();
  metrics.addSystem(
    'a',
    Object.fromEntries(jobActions.map((action) => [action, { support: 'NATIVE_BATCH' }])) as JobSystemAdapter['actions'],
  );
  metrics.observeStore(() => true);
  metrics.showEvents(() => ({ waiting: 0, dropped: 0, setAside: 0 }));
  metrics.showBulk(async () => ({ pending: new Map(), oldestSeconds: 0 }));
  metrics.showWatcher({ watchedJobs: () => 0, polledLists: () => 0, polls: () => 0 });
  const labels = new Map<string, string>();
  for (const [, name, list] of (await metrics.print()).matchAll(/^(jobyard_\w+?)(?:_count)?(?:\{(.*)\})? /gm)) {
    if (!String(name).endsWith('_bucket') && !String(name).endsWith('_sum')) {
      labels.set(String(name), Array.from((list ?? '').matchAll(/(\w+)="/g), ([, label]) => `\`${label}\``).join(', ') || '–');
    }
  }
  const rows = tableRowsOf(page('docs/operate.md')).filter(([name]) => name?.startsWith('`jobyard_'));
  expect(Object.fromEntries(rows.map(([name, list]) => [name?.replaceAll('`', ''), list]))).toEqual(Object.fromEntries(labels));
});

/** The source text of a folder. */
function codeOf(folder: string): string {
  return readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.[jt]s$/.test(file))
    .map((file) => readFileSync(`${root}${folder}/${file}`, 'utf8'))
    .join('\n');
}

test('docs/errors.md has every code with which Jobyard rejects a request', () => {
  const code = ['src/http', 'src/graphql', 'src/access'].map(codeOf).join('\n');
  const codes = Array.from(code.matchAll(/(?:\bcode: |\b[45]\d\d, )'([A-Z_]+)'/g), ([, name]) => String(name));
  const rows = tableRowsOf(page('docs/errors.md')).filter((cells) => cells.length === 3 && /\b[2-5]\d\d\b/.test(cells[1] ?? ''));
  const named = rows.flatMap(([cell]) => Array.from(cell?.matchAll(/`([^`]+)`/g) ?? [], ([, name]) => String(name)));
  expect(codes).toContain('NOT_FOUND');
  // Its client has completed the operation or disconnected, and doesn't receive it.
  const received = codes.filter((name) => name !== 'CLIENT_CLOSED_REQUEST');
  expect(named).toEqual(expect.arrayContaining(received));
});

describe('a log line on a page', () => {
  const code = codeOf('src');
  const lines = pages.flatMap(({ file, text }) =>
    Array.from(text.matchAll(/\bline\s\(?`([^`]+)`|"msg":"([^"]+)"/g), ([, line, message]) => [file, String(line ?? message)] as const),
  );

  test('is found', () => expect(lines.length).toBeGreaterThan(5));

  test.each(lines)('%s: `%s` is a message in src', (_file, line) => {
    expect(["'", '"'].some((quote) => code.includes(`${quote}${line}${quote}`))).toBe(true);
  });
});

describe('links', () => {
  const links = pages.flatMap((from) =>
    Array.from(from.text.matchAll(/\]\(([^)\s]+)\)/g), ([, target]) => ({ from, target: String(target) })).filter(
      ({ target }) => !/^https?:/.test(target),
    ),
  );

  test.each(links.map(({ from, target }) => [from.file, target]))('from %s to %s lead somewhere', (file, target) => {
    const [path, anchor] = target.split('#');
    const goal = path ? join(dirname(file), path) : file;
    expect(existsSync(new URL(`../../${goal}`, import.meta.url))).toBe(true);
    if (anchor) expect(anchorsOf(page(goal))).toContain(anchor);
  });

  test('lead to every page', () => {
    const goals = new Set(links.map(({ from, target }) => join(dirname(from.file), target.split('#')[0] ?? '')));
    // The folder of the vendors represents their pages.
    const isReached = (file: string): boolean => goals.has(file) || goals.has(dirname(dirname(file)));
    expect(pages.map(({ file }) => file).filter((file) => file !== 'README.md' && !isReached(file))).toEqual([]);
  });
});

/** As GitHub makes them from headings. */
function anchorsOf({ text }: Page): string[] {
  return Array.from(text.matchAll(/^#+ (.+)$/gm), ([, heading]) =>
    String(heading)
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}
