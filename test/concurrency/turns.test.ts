import { expect, test } from 'vitest';
import { createTurns, type TurnSize } from '../../src/concurrency/turns.ts';

/** Turns of a process whose work takes as long as the test defines. `begun`: the callers in the order in which they began. */
function start() {
  let atMs = 0;
  const turns = createTurns(() => atMs);
  const begun: string[] = [];
  const begin = async (caller: string, takesMs: number, size?: TurnSize): Promise<void> => {
    const turn = turns.take(caller, size);
    if (turn) await turn;
    begun.push(caller);
    atMs += takesMs;
  };
  return { begin, begun, noteConnection: turns.noteConnection };
}

const nextRound = () => new Promise<void>((resolve) => setImmediate(resolve));
const nextRounds = async (count: number): Promise<void> => {
  for (let round = 0; round < count; round += 1) await nextRound();
};

test('little work begins at once', () => {
  const { begin, begun } = start();
  for (let count = 0; count < 5; count += 1) void begin('ann', 1);
  expect(begun).toHaveLength(5);
});

test('much work of one caller lets I/O be handled, and another caller begin', async () => {
  const { begin, begun } = start();
  for (let count = 0; count < 20; count += 1) void begin('ann', 6);
  // 10 ms of work, and what had begun by then.
  expect(begun).toEqual(['ann', 'ann']);
  void begin('bob', 1);
  await nextRound();
  expect(begun.length).toBeLessThan(6);
  await nextRound();
  expect(begun.indexOf('bob')).toBeLessThanOrEqual(3);
  await nextRounds(20);
  expect(begun).toHaveLength(21);
});

test('callers take turns, however much work one of them has', async () => {
  const { begin, begun } = start();
  void begin('first', 100);
  for (let count = 0; count < 6; count += 1) void begin('ann', 100);
  for (let count = 0; count < 2; count += 1) void begin('bob', 100);
  void begin('cat', 100);
  await nextRounds(30);
  expect(begun).toEqual(['first', 'ann', 'bob', 'cat', 'ann', 'bob', 'ann', 'ann', 'ann', 'ann']);
});

test('a caller whose turns take long has fewer of them', async () => {
  const { begin, begun } = start();
  void begin('first', 100);
  for (let count = 0; count < 4; count += 1) void begin('ann', 100);
  for (let count = 0; count < 20; count += 1) void begin('bob', 20);
  await nextRounds(60);
  const beforeLastOfAnn = begun.slice(0, begun.lastIndexOf('ann')).filter((caller) => caller === 'bob');
  expect(beforeLastOfAnn.length).toBeGreaterThanOrEqual(10);
});

test('a new caller does not wait for a whole round of fifty callers with much to do', async () => {
  const { begin, begun } = start();
  void begin('first', 100);
  for (let count = 0; count < 10; count += 1) for (let caller = 0; caller < 50; caller += 1) void begin(`busy ${caller}`, 20);
  // All of them have had turns.
  await nextRounds(100);
  const before = begun.length;
  void begin('ann', 1);
  await nextRounds(60);
  expect(begun.indexOf('ann')).toBeGreaterThanOrEqual(before);
  expect(begun.indexOf('ann')).toBeLessThan(before + 5);
});

test('a small turn does not wait for the large ones of fifty callers, though its caller has used as much as they', async () => {
  const { begin, begun } = start();
  void begin('first', 100);
  for (let caller = 0; caller < 50; caller += 1) void begin(`busy ${caller}`, 20);
  for (let count = 0; count < 3; count += 1) {
    const before = begun.length;
    void begin('ann', 20, 'small');
    await nextRounds(2);
    expect(begun.slice(before)).toContain('ann');
    await nextRounds(3);
  }
});

test('small turns, however many wait, leave half of the time to large ones', async () => {
  const { begin, begun } = start();
  void begin('first', 100);
  for (let count = 0; count < 200; count += 1) void begin('small', 2, 'small');
  for (let count = 0; count < 20; count += 1) void begin('large', 10);
  await nextRounds(20);
  const ofEach = Map.groupBy(begun, (caller) => caller);
  expect(ofEach.get('small')?.length).toBeGreaterThanOrEqual(40);
  expect(ofEach.get('large')?.length).toBeGreaterThanOrEqual(8);
});

test('many callers with one turn each do not block the next turn of another caller', async () => {
  const { begin, begun } = start();
  void begin('first', 100);
  for (let count = 0; count < 3; count += 1) void begin('ann', 100);
  for (let round = 0; round < 200; round += 1) {
    void begin(`once ${round}`, 20);
    await nextRound();
  }
  expect(begun.filter((caller) => caller === 'ann')).toHaveLength(3);
});

test('waiting work begins after all connections were accepted, one per round, but at most after 64 rounds', async () => {
  const { begin, begun, noteConnection } = start();
  void begin('first', 100);
  void begin('ann', 1);
  for (let round = 0; round < 5; round += 1) {
    noteConnection();
    await nextRound();
    expect(begun).toEqual(['first']);
  }
  await nextRounds(2);
  expect(begun).toEqual(['first', 'ann']);

  void begin('first', 100);
  void begin('ann', 1);
  for (let round = 0; round < 100; round += 1) {
    noteConnection();
    await nextRound();
  }
  expect(begun.at(-1)).toBe('ann');
});
