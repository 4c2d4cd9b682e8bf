import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { createJob } from '../../src/jobs/create-job.ts';
import type { JobFields, JobStep } from '../../src/jobs/job.ts';
import { isUsableVendorId, parseJobId } from '../../src/jobs/job-id.ts';
import { createProblem } from '../../src/jobs/problem.ts';
import { toBoundedText } from '../../src/jobs/storable-text.ts';
import { toShownOutputs, toShownRaw, toStep, toTags } from '../../src/jobs/vendor-facts.ts';
import { jobFields } from './memory-adapter.ts';

function create(fields: Partial<JobFields>) {
  return createJob('vendor', { ...jobFields('1'), ...fields }, new Date());
}

const half = '\ud83d';
const texts = [
  ['of ordinary length', 'Zoë 😀', 'Zoë 😀'],
  ['of none', '', ''],
  ['at the bound', 'x'.repeat(1000), 'x'.repeat(1000)],
  ['beyond the bound', 'x'.repeat(1001), `${'x'.repeat(999)}…`],
  ['of 5 MB', 'x'.repeat(5_000_000), `${'x'.repeat(999)}…`],
  ['that would be cut within a character', `${'x'.repeat(998)}😀😀`, `${'x'.repeat(998)}…`],
  ['that is cut right after a character', `${'x'.repeat(997)}😀😀`, `${'x'.repeat(997)}😀…`],
  ['with half a surrogate pair', `a${half}b`, 'a\ufffdb'],
  ['that ends in half a surrogate pair', `a${half}`, 'a\ufffd'],
  ['with half a pair where it is cut', `${'x'.repeat(998)}${half}yz`, `${'x'.repeat(998)}\ufffd…`],
  ['with NUL', 'a\0b', 'a\ufffdb'],
] as const;

describe('text', () => {
  test.each(texts)('%s', (_what, text, fit) => {
    expect(create({ name: text, type: text, owner: text, vendorStatus: text })).toMatchObject({
      name: fit,
      type: fit,
      owner: fit,
      vendorStatus: fit,
    });
  });

  test.each(texts)('%s, of a step', (_what, text, fit) => {
    const step: JobStep = {
      id: text,
      name: text,
      status: 'RUNNING',
      vendorStatus: text,
      startedAt: new Date(Number.NaN),
      finishedAt: new Date(253_402_300_800_000),
      durationSeconds: -1,
      waitSeconds: Number.NaN,
      message: null,
      failureCode: text,
      advice: null,
      substeps: [],
      links: [
        { title: text, url: 'https://spark.example/1' },
        { title: 'odd characters', url: `HTTPS://spark.example/${half}\n\u0007a` },
        { title: 'a script', url: 'javascript:alert(1)' },
        { title: 'a login', url: 'https://svc:secret@spark.example/' },
      ],
    };
    const none = { startedAt: null, finishedAt: null, durationSeconds: null, waitSeconds: null };
    const links = [
      { title: fit, url: 'https://spark.example/1' },
      { title: 'odd characters', url: 'https://spark.example/%EF%BF%BD%07a' },
    ];
    expect(toStep(step)).toEqual({ ...step, id: fit, name: fit, vendorStatus: fit, failureCode: fit, ...none, links });
    expect(toStep({ ...step, substeps: [step] }).substeps).toEqual([toStep(step)]);
    expect(toStep({ ...step, message: `${half}${'x'.repeat(3000)}` }).message).toBe(`\ufffd${'x'.repeat(1998)}…`);
  });

  test('of an id and a scope is left alone', () => {
    const odd = `${half}${'x'.repeat(2000)}`;
    expect(create({ vendorId: odd, scope: odd })).toMatchObject({ id: `vendor:${odd}`, vendorId: odd, scope: odd });
  });

  test('of a problem is bounded, and so is its time', () => {
    const problem = createProblem('RATE_LIMITED', 'x'.repeat(5000), 1e12);
    expect(problem).toMatchObject({ message: `${'x'.repeat(1999)}…`, retryAfterSeconds: 2_147_483_647 });
  });

  test('that is cut does not keep the whole alive', () => {
    const cuts: string[] = [];
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    for (let count = 0; count < 50; count += 1) cuts.push(toBoundedText(String(count).padEnd(4_000_000, 'x'), 1000));
    collectGarbage();
    expect(cuts).toHaveLength(50);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(20_000_000);
  });
});

describe('a date', () => {
  test.each([
    ['0001-01-01T00:00:00.000Z', true],
    ['1969-07-20T00:00:00.000Z', true],
    ['9999-12-31T23:59:59.999Z', true],
    ['0000-12-31T23:59:59.999Z', false],
    ['-000001-01-01T00:00:00.000Z', false],
    ['+010000-01-01T00:00:00.000Z', false],
    ['soon', false],
  ])('%s stays: %s', (text, stays) => {
    const date = new Date(text);
    const kept = stays ? date : null;
    expect(create({ createdAt: date, startedAt: date, finishedAt: date })).toMatchObject({
      createdAt: kept,
      startedAt: kept,
      finishedAt: kept,
    });
  });
});

test.each([
  [0, 0],
  [5.5, 5.5],
  [-1, null],
  [Number.NaN, null],
  [Number.POSITIVE_INFINITY, null],
])('a duration of %d s is %j', (seconds, fit) => {
  expect(create({ durationSeconds: seconds }).durationSeconds).toBe(fit);
});

describe('progress', () => {
  const known = { fraction: 0.5, succeededTasks: 1, failedTasks: 0, remainingTasks: 2_147_483_647 };

  test.each([null, undefined, known])('%j stays as it is', (progress) => {
    expect(create({ progress }).progress).toBe(progress);
  });

  test.each([
    [{ fraction: 1.5 }, { fraction: 1 }],
    [{ fraction: -1 }, { fraction: 0 }],
    [{ fraction: Number.NaN }, { fraction: null }],
    [{ succeededTasks: -1 }, { succeededTasks: null }],
    [{ failedTasks: 0.5 }, { failedTasks: null }],
    [{ remainingTasks: 2_147_483_648 }, { remainingTasks: null }],
  ])('of %j is %j', (odd, fit) => {
    expect(create({ progress: { ...known, ...odd } }).progress).toEqual({ ...known, ...fit });
  });
});

describe('the raw fields', () => {
  const show = (value: unknown) => toShownRaw({ raw: () => value });

  test('are returned unchanged', () => {
    const value = { a: [1, null, { b: '😀' }] };
    expect(show(value)).toBe(value);
    expect(show(null)).toBeNull();
  });

  test('are returned without broken characters', () => {
    expect(show({ [`n${half}`]: [`v${half}`, { deep: 'x\0', __proto__: null }], '\\u0000': '\\ud83d', plain: 1 })).toEqual({
      'n\ufffd': ['v\ufffd', { deep: 'x\ufffd' }],
      '\\u0000': '\\ud83d',
      plain: 1,
    });
  });

  test('are replaced by a text if they are too long', () => {
    const fits = 'x'.repeat(65_534);
    expect(show(fits)).toBe(fits);
    expect(show(`${fits}x`)).toBe('(not shown: 65537 characters of JSON; the maximum is 65536)');
  });

  test("are replaced by a text if they aren't JSON", () => {
    let deep: unknown = null;
    for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
    expect(show(deep)).toBe('(not shown: nested too deeply, or not JSON)');
    expect(show(1n)).toBe('(not shown: nested too deeply, or not JSON)');
  });
});

test.each([
  ['1', true],
  ['AP::x/y z', true],
  ['Zoë😀', true],
  ['x'.repeat(993), true],
  ['x'.repeat(994), false],
  ['', false],
  [half, false],
  ['a\0', false],
  ['a\nb', false],
  ['a\u007f', false],
])('an id of %j is usable: %s', (vendorId, isUsable) => {
  expect(isUsableVendorId('vendor', vendorId)).toBe(isUsable);
  if (isUsable) expect(parseJobId(`vendor:${vendorId}`)).toEqual({ systemId: 'vendor', vendorId });
});

describe('outputs', () => {
  const shown = (value: unknown) => toShownOutputs([{ name: 'x', stepId: null, value }])[0];

  test('have any JSON as their value', () => {
    for (const value of [null, 0, false, 'text', [1, { a: [] }]])
      expect(shown(value)).toEqual({ name: 'x', stepId: null, value, truncated: false });
    expect(shown(undefined)).toMatchObject({ truncated: false });
    expect(shown('a\0b\ud800')).toMatchObject({ value: 'a\uFFFDb\uFFFD' });
  });

  test('that are too long, or no JSON, are left out, which is said', () => {
    expect(shown('x'.repeat(65_534))).toMatchObject({ truncated: false });
    expect(shown('x'.repeat(65_535))).toEqual({ name: 'x', stepId: null, value: null, truncated: true });
    expect(shown(10n)).toMatchObject({ value: null, truncated: true });
  });

  test('are at most 100', () => {
    expect(toShownOutputs(Array.from({ length: 150 }, () => ({ name: 'x', stepId: null, value: 1 })))).toHaveLength(100);
  });
});

test('tags are at most 100, of at most 1,000 characters', () => {
  const tags = toTags(Array.from({ length: 150 }, () => 'x'.repeat(1_001)));
  expect([tags.length, tags[0]?.length]).toEqual([100, 1_000]);
});
