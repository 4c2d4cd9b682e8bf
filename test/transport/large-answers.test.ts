import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readJson } from '../../src/transport/exchange.ts';
import { describeUnreadable } from '../../src/transport/failures.ts';
import { connect } from './client.ts';
import { startServer } from './start-server.ts';

async function read(body: string | Buffer, headers: Record<string, string> = {}) {
  const server = await startServer((_request, response) => void response.writeHead(200, headers).end(body));
  const outcome = await connect(server.origin, { maxAnswerBytes: 40_000_000, timeoutMs: 30_000 }).read();
  if (!outcome.answered) throw new Error(outcome.problem.message);
  return outcome;
}

const rows = Array.from({ length: 40_000 }, (_, index) => ({ id: index, name: 'é'.repeat(20) }));
const body = JSON.stringify({ rows });

test.each<[string, string | Buffer, Record<string, string>]>([
  ['plain', body, {}],
  ['behind a byte order mark', `\uFEFF${body}`, {}],
  ['compressed', gzipSync(body), { 'content-encoding': 'gzip' }],
])('a large answer is read like others: %s', async (_how, sent, headers) => {
  expect(readJson(await read(sent, headers))).toEqual({ rows });
});

test('64-bit integers of a large answer keep all their digits', async () => {
  const answer = await read(`{"ids":[${'9223372036854775807,'.repeat(60_000)}1]}`);
  const { ids } = readJson(answer) as { ids: unknown[] };
  expect(new Set(ids)).toEqual(new Set(['9223372036854775807', 1]));
});

test.each([
  ['brackets', '['.repeat(5_000_000)],
  ['a page', `<html>${'x'.repeat(2_000_000)}`],
  ['JSON that is cut off', body.slice(0, -10)],
])('a large answer that is no JSON is unreadable, with its size: %s', async (_what, sent) => {
  const answer = await read(sent, { 'content-type': 'application/json' });
  expect(readJson(answer)).toBeUndefined();
  expect(describeUnreadable('vendor', answer)).toMatchObject({
    code: 'BAD_VENDOR_ANSWER',
    message: `vendor answered HTTP 200 with something other than its documented JSON (${Buffer.byteLength(sent)} bytes, application/json).`,
  });
});
