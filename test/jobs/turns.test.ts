import { expect, test } from 'vitest';
import { createTurns } from '../../src/jobs/turns.ts';

test('as many as fit into a round of the event loop begin at once, the others in the next ones, callers taking turns', async () => {
  const turns = createTurns(2);
  const begun: string[] = [];
  const begin = async (name: string): Promise<void> => {
    const turn = turns.take(name.slice(0, 3));
    if (turn) await turn;
    begun.push(name);
  };
  const all = Promise.all(['ann 1', 'ann 2', 'ann 3', 'ann 4', 'ann 5', 'bob 1'].map(begin));
  expect(begun).toEqual(['ann 1', 'ann 2']);
  const rounds: number[] = [];
  while (begun.length < 6) {
    await new Promise((resolve) => setImmediate(resolve));
    rounds.push(begun.length);
  }
  await all;
  expect(begun).toEqual(['ann 1', 'ann 2', 'bob 1', 'ann 3', 'ann 4', 'ann 5']);
  expect(rounds.length).toBeGreaterThan(1);
});
