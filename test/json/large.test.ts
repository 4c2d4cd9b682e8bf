import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { parseLargeJson } from '../../src/json/large.ts';

const never = new AbortController().signal;
const rows = (count: number): Buffer => Buffer.from(`{"rows":[${`{"id":1,"name":"${'x'.repeat(100)}"},`.repeat(count)}{}]}`);

test('others have their turn while a large text is parsed', async () => {
  let turns = 0;
  const count = setInterval(() => {
    turns += 1;
  }, 0);
  const parsed = await parseLargeJson(rows(100_000), 'one', never);
  clearInterval(count);
  expect(parsed).toMatchObject({ kind: 'value', value: { rows: { length: 100_001 } } });
  expect(turns).toBeGreaterThan(3);
});

test('texts are parsed one at a time, owners taking turns', async () => {
  const ended: string[] = [];
  const parse = (owner: string, name: string) => parseLargeJson(rows(5_000), owner, never).then(() => ended.push(name));
  await Promise.all([parse('one', 'first'), parse('one', 'second'), parse('one', 'third'), parse('two', 'other')]);
  expect(ended).toEqual(['first', 'other', 'second', 'third']);
});

test('a text that is not wanted any more is left at once, in its turn and before, and the next one has its turn', async () => {
  const underWay = new AbortController();
  const waiting = new AbortController();
  const ended: string[] = [];
  const parse = async (name: string, bytes: Buffer, signal: AbortSignal) => {
    const { kind } = await parseLargeJson(bytes, 'one', signal);
    ended.push(`${name}: ${kind}`);
  };
  const all = Promise.all([
    parse('under way', rows(200_000), underWay.signal),
    parse('waiting', rows(10), waiting.signal),
    parse('next', rows(10), never),
  ]);
  await nextTurn();
  waiting.abort();
  await nextTurn();
  underWay.abort();
  await all;
  expect(ended).toEqual(['waiting: aborted', 'under way: aborted', 'next: value']);
});
