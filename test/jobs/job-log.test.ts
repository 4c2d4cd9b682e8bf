import { describe, expect, test } from 'vitest';
import { startOfList } from '../../src/jobs/adapter.ts';
import { type LogLine, type LogRequest, type LogSeverity, takeLines } from '../../src/jobs/job-log.ts';
import { toPlainText, toShownLine } from '../../src/jobs/log-text.ts';

const line = (message: string, severity: LogSeverity | null = null): LogLine => ({
  loggedAt: null,
  severity,
  message,
  source: null,
  stepId: null,
});

const request = (overrides: Partial<LogRequest> = {}): LogRequest => ({
  stepId: null,
  at: startOfList,
  count: 2,
  minSeverity: null,
  ...overrides,
});

describe('lines of a part', () => {
  const rows = ['a', 'b', '', 'c'];
  const toLine = (row: string) => (row === '' ? null : line(row));

  test('are taken up to the count, each with the row that follows it', () => {
    const part = takeLines(rows, request(), toLine);
    expect(part.lines.map(({ message, nextRow }) => [message, nextRow])).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    expect(part).toMatchObject({ next: { part: null, row: 2 }, hasMore: true, omission: null });
  });

  test('continue at the position, without rows that are no lines, until the end, where later rows start', () => {
    const part = takeLines(rows, request({ at: { part: null, row: 2 } }), toLine);
    expect(part.lines.map(({ message, nextRow }) => [message, nextRow])).toEqual([['c', 4]]);
    expect(part).toMatchObject({ next: { part: null, row: 4 }, hasMore: false });
    expect(takeLines([...rows, 'd'], request({ at: part.next }), toLine).lines.map(({ message }) => message)).toEqual(['d']);
  });

  test('continue with the next part only after all rows of this one', () => {
    expect(takeLines(rows, request(), toLine, { nextPart: 'p2' })).toMatchObject({ next: { part: null, row: 2 }, hasMore: true });
    const part = takeLines(rows, request({ at: { part: 'p1', row: 2 } }), toLine, { nextPart: 'p2' });
    expect(part).toMatchObject({ next: { part: 'p2', row: 0 }, hasMore: true });
  });

  test('that are less severe are left out, but none without a severity', () => {
    const mixed = [line('debug', 'DEBUG'), line('warning', 'WARNING'), line('unknown'), line('error', 'ERROR')];
    const from = (minSeverity: LogSeverity) =>
      takeLines(mixed, request({ count: 9, minSeverity }), (each) => each).lines.map(({ message }) => message);
    expect(from('DEBUG')).toEqual(['debug', 'warning', 'unknown', 'error']);
    expect(from('WARNING')).toEqual(['warning', 'unknown', 'error']);
    expect(from('ERROR')).toEqual(['unknown', 'error']);
  });

  test('of a log that has become shorter are none, which is said', () => {
    const part = takeLines(rows, request({ at: { part: null, row: 5 } }), toLine);
    expect(part).toMatchObject({ lines: [], hasMore: false, omission: expect.stringMatching(/fewer lines than before/) });
  });
});

describe('the text of a line', () => {
  test.each([
    ['colors', '\u001b[31mred\u001b[0m and \u001b[1;4mbold\u001b[m', 'red and bold'],
    ['a title of a terminal', '\u001b]0;owned\u0007text', 'text'],
    ['a link of a terminal', '\u001b]8;;https://evil.example\u0007here\u001b]8;;\u0007', 'here'],
    ['carriage returns', '10%\r20%\r\ndone', '10%\n20%\ndone'],
    ['other control characters', 'a\0b\bc\u009bd', 'a\uFFFDb\uFFFDc\uFFFDd'],
    ['tabs and line feeds', 'a\tb\nc', 'a\tb\nc'],
    ['HTML', '<b onclick="x()">&amp;</b>', '<b onclick="x()">&amp;</b>'],
  ])('loses what changes a terminal: %s', (_what, text, expected) => {
    expect(toPlainText(text)).toBe(expected);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there.
    expect(toPlainText(text)).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f]/);
  });

  test('has at most 10,000 characters, and says if its end is missing', () => {
    expect(toShownLine(line('x'.repeat(10_000)))).toMatchObject({ message: 'x'.repeat(10_000), truncated: false });
    const long = toShownLine(line('x'.repeat(10_001)));
    expect(long.message).toHaveLength(10_000);
    expect(long).toMatchObject({ message: expect.stringMatching(/x…$/), truncated: true });
  });

  test('has no line feeds at its end', () => {
    expect(toShownLine(line('done\r\n'))).toMatchObject({ message: 'done', truncated: false });
  });

  test('of many megabytes takes little time', () => {
    const startedAtMs = performance.now();
    expect(toShownLine(line('\u001b['.repeat(8_000_000))).message.length).toBeLessThanOrEqual(10_000);
    expect(performance.now() - startedAtMs).toBeLessThan(1_000);
  });
});
