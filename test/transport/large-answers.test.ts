import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { expect, test, vi } from 'vitest';
import { maxBytesAtOnce } from '../../src/json/large.ts';
import { readJson } from '../../src/transport/exchange.ts';
import { describeInvalidResponse } from '../../src/transport/failures.ts';
import { connect } from './client.ts';
import { startServer } from './start-server.ts';

async function read(body: string | Buffer, headers: Record<string, string> = {}) {
  const server = await startServer((_request, response) => void response.writeHead(200, headers).end(body));
  const outcome = await connect(server.origin, { maxResponseBytes: 40_000_000, timeoutMs: 30_000 }).read();
  if (!outcome.answered) throw new Error(outcome.problem.message);
  return outcome;
}

const rows = Array.from({ length: 40_000 }, (_, index) => ({ id: index, name: 'é'.repeat(20) }));
const body = JSON.stringify({ rows });

test.each<[string, string | Buffer, Record<string, string>]>([
  ['plain', body, {}],
  ['behind a byte order mark', `\uFEFF${body}`, {}],
  ['compressed', gzipSync(body), { 'content-encoding': 'gzip' }],
])('a large response is read like others: %s', async (_how, sent, headers) => {
  expect(readJson(await read(sent, headers))).toEqual({ rows });
});

test('64-bit integers in a large response keep all their digits', async () => {
  const answer = await read(`{"ids":[${'9223372036854775807,'.repeat(60_000)}1]}`);
  const { ids } = readJson(answer) as { ids: unknown[] };
  expect(new Set(ids)).toEqual(new Set(['9223372036854775807', 1]));
});

test.each([
  ['numbers', '1'.repeat(2_000_000).concat(' 1')],
  ['a page', `<html>${'x'.repeat(2_000_000)}`],
  ['JSON that is cut off', body.slice(0, -10)],
])("a large response that isn't JSON is unreadable, and the problem has its size: %s", async (_what, sent) => {
  const answer = await read(sent, { 'content-type': 'application/json' });
  expect(readJson(answer)).toBeUndefined();
  expect(describeInvalidResponse('vendor', answer)).toMatchObject({
    code: 'INVALID_VENDOR_RESPONSE',
    message: `vendor returned HTTP 200 with application/json (${Buffer.byteLength(sent)} bytes), not its documented JSON. Check url.`,
  });
});

test.each([
  ['nested', '['.repeat(1_000), 'nested more than 250 levels deep'],
  ['large and nested', '['.repeat(5_000_000), 'nested more than 250 levels deep'],
  ['of many values', `[${'0,'.repeat(1_000_000)}0]`, 'JSON of more than 600,000 values, the maximum'],
])("a response that would take too much memory isn't read, with the reason: %s", async (_what, sent, reason) => {
  const answer = await read(sent);
  expect(readJson(answer)).toBeUndefined();
  expect(describeInvalidResponse('vendor', answer)).toMatchObject({
    code: 'INVALID_VENDOR_RESPONSE',
    message: `vendor returned HTTP 200 with an unreadable body: it is ${reason}.`,
  });
});

test("a response that announces too large a body isn't read", async () => {
  // The server never sends the body.
  const server = await startServer((_request, response) => response.writeHead(200, { 'content-length': 1_000_001 }).flushHeaders());
  const outcome = await connect(server.origin, { maxResponseBytes: 1_000_000, timeoutMs: 30_000 }).read();
  expect(outcome).toMatchObject({ answered: false, problem: { code: 'INVALID_VENDOR_RESPONSE' } });
});

const large = JSON.stringify(Array.from({ length: 150_000 }, (_, index) => ({ id: index, name: 'e'.repeat(145) })));
const pieceLength = 100_000;
const haltedAt = Math.floor(large.length / pieceLength) * pieceLength;

/** Responds with a large body whose end is sent on demand; the first time with a small one. */
async function startHalting() {
  const halted: ServerResponse[] = [];
  const written: number[] = [];
  let isEnding = false;
  const server = await startServer((_request, response, index) => {
    if (index === 0) return void response.end('{}');
    const write = (from: number): void => {
      written[index - 1] = from;
      if (from === haltedAt) {
        if (isEnding) response.end(large.slice(from));
        else halted.push(response);
      } else if (response.write(large.slice(from, from + pieceLength))) write(from + pieceLength);
      else response.once('drain', () => write(from + pieceLength));
    };
    write(0);
  });
  const client = connect(server.origin, { maxResponseBytes: 40_000_000, timeoutMs: 30_000 });
  // Until credentials were accepted requests go out one at a time.
  await client.read();
  const end = (): void => {
    isEnding = true;
    for (const response of halted) response.end(large.slice(haltedAt));
  };
  return { client, halted, written, end };
}

test('large responses are read one at a time, the next when the previous one has ended or was aborted', async () => {
  const { client, halted, written, end } = await startHalting();
  const controllers = [1, 2, 3].map(() => new AbortController());
  const outcomes = controllers.map(({ signal }) => client.read({ signal }));
  await vi.waitUntil(() => halted.length === 1 && written.length === 3 && Math.min(...written) > maxBytesAtOnce, { timeout: 30_000 });
  const reading = written.indexOf(Math.max(...written));
  // Those that wait are blocked by full sockets.
  expect(written.filter((length) => length < haltedAt)).toHaveLength(2);
  controllers[reading]?.abort();
  await vi.waitUntil(() => halted.length === 2, { timeout: 30_000 });
  halted.shift();
  end();
  const results = (await Promise.all(outcomes)).map((outcome) =>
    outcome.answered ? (readJson(outcome) as unknown[]).length : outcome.problem.code,
  );
  expect(results.sort()).toEqual([150_000, 150_000, 'TIMED_OUT']);
});
