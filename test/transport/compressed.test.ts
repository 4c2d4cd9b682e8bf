import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { describeInvalidResponse } from '../../src/transport/failures.ts';
import { inflate } from '../../src/transport/inflate.ts';
import { connect, describe as inShort } from './client.ts';
import { startServer, type TestServer } from './start-server.ts';

const text = JSON.stringify({ name: 'Zoë 😀', rows: Array.from({ length: 500 }, (_, index) => index) });

function startWith(body: Buffer, contentEncoding: string | string[], status = 200): Promise<TestServer> {
  return startServer((_request, response) => {
    response.setHeader('content-encoding', contentEncoding);
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
}

describe('a response that is compressed without being requested', () => {
  test.each([
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['GZip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['zstd', zstdCompressSync(text)],
    ['identity', Buffer.from(text)],
    ['IDENTITY, gzip', gzipSync(text)],
    ['gzip, br', brotliCompressSync(gzipSync(text))],
    [' deflate ,, gzip', gzipSync(deflateSync(text))],
    [['gzip', 'deflate'], deflateSync(gzipSync(text))],
  ])('as %j is inflated', async (contentEncoding, body) => {
    const server = await startWith(body, contentEncoding);
    const outcome = await connect(server.origin).read();
    expect(outcome).toMatchObject({ answered: true, status: 200, text });
    expect(outcome).not.toHaveProperty('defect');
  });

  test.each([200, 204, 304])('and has no content (HTTP %d) is empty', async (status) => {
    const server = await startWith(Buffer.alloc(0), 'gzip', status);
    expect(await connect(server.origin).read()).toMatchObject({ status, text: '' });
  });
});

describe('the inflated size of a response', () => {
  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ])('is limited (%s)', async (coding, compress) => {
    const atTheCap = await startWith(compress('x'.repeat(100_000)), coding);
    expect(await connect(atTheCap.origin).read()).toMatchObject({ text: 'x'.repeat(100_000) });
    const beyond = await startWith(compress('x'.repeat(100_001)), coding);
    expect(inShort(await connect(beyond.origin).act())).toBe('INVALID_VENDOR_RESPONSE, may have arrived');
  });

  test("is limited at each step, so that a bomb doesn't expand", async () => {
    const bomb = gzipSync(gzipSync(Buffer.alloc(100_000_000)));
    expect(bomb.length).toBeLessThan(20_000);
    const before = process.memoryUsage().arrayBuffers;
    expect(await inflate(bomb, 'gzip, gzip', 100_000)).toEqual({ kind: 'too-large' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
  });
});

describe('a response with an unreadable body', () => {
  const whole = gzipSync(text);
  test.each([
    ['gzip', whole.subarray(0, -20), 'damaged or truncated (coding gzip)'],
    ['gzip', Buffer.concat([whole.subarray(0, 20), Buffer.alloc(whole.length - 20)]), 'damaged or truncated (coding gzip)'],
    ['gzip', Buffer.from('{}'), 'damaged or truncated (coding gzip)'],
    ['br', brotliCompressSync(text).subarray(0, 40), 'damaged or truncated (coding br)'],
    ['gzip, deflate', gzipSync(text), 'damaged or truncated (coding deflate)'],
    ['compress', Buffer.from('x'), 'in the content coding "compress", which was not requested'],
    ['"}\\<script>', Buffer.from('x'), 'in the content coding "\\"}\\\\<script>", which was not requested'],
    ['gzip, gzip, gzip, gzip, gzip, gzip', whole, 'compressed 6 times'],
  ])('as it is %j has its status, no text, and the reason', async (contentEncoding, body, defect) => {
    const server = await startWith(body, contentEncoding);
    const outcome = await connect(server.origin).act();
    expect(outcome).toMatchObject({ answered: true, status: 200, text: '', defect });
    expect(server.requests).toHaveLength(1);
    expect(outcome.answered && describeInvalidResponse('vendor', outcome)).toMatchObject({
      code: 'INVALID_VENDOR_RESPONSE',
      message: `vendor returned HTTP 200 with an unreadable body: it is ${defect}.`,
    });
  });

  test('keeps the meaning of its status', async () => {
    const server = await startWith(Buffer.from('x'), 'foo', 429);
    expect(await connect(server.origin).act()).toMatchObject({ status: 429, defect: expect.any(String) });
  });

  test.each([
    ['little', Buffer.from('\uFEFF{}', 'utf16le')],
    ['big', Buffer.from('\uFEFF{}', 'utf16le').swap16()],
  ])('as it is in UTF-16 (%s-endian)', async (_which, body) => {
    const server = await startServer((_request, response) => void response.end(body));
    expect(await connect(server.origin).read()).toMatchObject({ text: '', defect: 'in UTF-16, not in UTF-8' });
  });
});

test.each([
  ['plain', Buffer.from('\uFEFF{"a":1}')],
  ['compressed', gzipSync('\uFEFF{"a":1}')],
])("a byte order mark before a response isn't part of its text (%s)", async (how, body) => {
  const server = await startServer((_request, response) => {
    if (how === 'compressed') response.setHeader('content-encoding', 'gzip');
    response.end(body);
  });
  expect(await connect(server.origin).read()).toMatchObject({ text: '{"a":1}' });
});
