import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { retryAfterSeconds } from '../../src/transport/failures.ts';
import { connect } from './client.ts';
import { startServer } from './start-server.ts';

test("each request contains Jobyard's name and version", async () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const names: (string | undefined)[] = [];
  const server = await startServer((request, response) => {
    names.push(request.headers['user-agent']);
    response.end();
  });
  const client = connect(server.origin);
  await client.read();
  await client.act();
  expect(names).toEqual([`jobyard/${version}`, `jobyard/${version}`]);
});

describe('Retry-After', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  const read = (retryAfter: string | string[] | undefined, date?: string): number | null =>
    retryAfterSeconds({ status: 429, headers: { 'retry-after': retryAfter, date }, text: '' });

  test.each([
    ['0', 0],
    ['7', 7],
    ['1.5', 2],
    ['2.0', 2],
    ['2.', 2],
    ['0.001', 1],
    ['86400', 86_400],
  ])('%j is %d s', (value, seconds) => {
    expect(read(value)).toBe(seconds);
  });

  test.each([
    undefined,
    '',
    '-5',
    '-1.5',
    '+5',
    '5s',
    '1e3',
    '0x10',
    '1,5',
    '.',
    'soon',
    'NaN',
    'Infinity',
    'May 2030',
    '2030-05-01T00:00:00Z',
    'Sun, 99 Foo 2030 08:49:37 GMT',
  ])('%j is ignored', (value) => {
    expect(read(value)).toBeNull();
  });

  test.each(['Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994'])(
    '%j counts from the Date of the response, not from the local clock',
    (value) => {
      expect(read(value, 'Sun, 06 Nov 1994 08:49:07 GMT')).toBe(30);
      expect(read(value, 'Sun, 06 Nov 1994 08:50:00 GMT')).toBe(0);
    },
  );

  test.each([undefined, 'yesterday'])('as a date counts from now where the Date of the answer is %j', (date) => {
    vi.useFakeTimers({ now: Date.UTC(1994, 10, 6, 8, 49, 6, 500) });
    expect(read('Sun, 06 Nov 1994 08:49:37 GMT', date)).toBe(31);
  });
});
