import { expect, onTestFinished, test } from 'vitest';
import { parseJson } from '../../src/json/parse.ts';
import { createJsonThread } from '../../src/json/thread.ts';

function start(timeLimitMs?: number) {
  const thread = createJsonThread(timeLimitMs);
  onTestFinished(() => thread.close());
  return (text: string) => thread.parse(new Uint8Array(Buffer.from(text)));
}

test('texts are parsed as on the main thread, in the order of the asking', async () => {
  const parse = start();
  const texts = ['{"id":9223372036854775807}', 'null', '"é\\ud83d"', '[1,', '', `[${'12345678901234567890,'.repeat(20_000)}1]`];
  expect(await Promise.all(texts.map(parse))).toEqual(texts.map(parseJson));
});

test('the main thread has its turn while a large text is parsed', async () => {
  const parse = start();
  let turns = 0;
  const count = setInterval(() => {
    turns += 1;
  }, 0);
  const parsed = await parse(`{"rows":[${`{"id":1,"name":"${'x'.repeat(100)}"},`.repeat(50_000)}{}]}`);
  clearInterval(count);
  expect((parsed as { rows: unknown[] }).rows).toHaveLength(50_001);
  expect(turns).toBeGreaterThan(20);
});

test('a text that takes too long is given up, and the next one is parsed', async () => {
  const parse = start(1);
  expect(await parse(`[${'12345678901234567890,'.repeat(300_000)}1]`)).toBeUndefined();
  const patient = start();
  expect(await patient('[1]')).toEqual([1]);
});

test('a text that holds more values than memory should is not parsed, and the next one is', async () => {
  const parse = start();
  const values = (count: number): string => `[${'0,'.repeat(count - 2)}0]`;
  expect(await parse(values(2_000_001))).toBeUndefined();
  expect(await parse(`["${',{['.repeat(1_000_000)}\\"", 1]`)).toHaveLength(2);
});

test('a text that is not wanted any more when its turn comes is not parsed', async () => {
  const thread = createJsonThread();
  onTestFinished(() => thread.close());
  const bytes = (text: string) => new Uint8Array(Buffer.from(text));
  let isWanted = true;
  const first = thread.parse(bytes('[1]'), () => isWanted);
  const second = thread.parse(bytes('[2]'), () => isWanted);
  const third = thread.parse(bytes('[3]'));
  void first.then(() => {
    isWanted = false;
  });
  expect(await Promise.all([first, second, third])).toEqual([[1], undefined, [3]]);
});
