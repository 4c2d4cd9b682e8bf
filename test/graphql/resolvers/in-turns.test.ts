import { setImmediate as nextRound } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { turns } from '../../../src/concurrency/turns.ts';
import { inTurns } from '../../../src/graphql/resolvers/in-turns.ts';
import { startWithSandboxes } from '../../start.ts';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

test('returns a short list immediately, and the first hundred of a long one, in order', async () => {
  const few = numbers(100);
  expect(inTurns(few, 'ann')).toBe(few);
  const shown = inTurns(numbers(250), 'ann');
  expect(shown.slice(0, 100)).toEqual(numbers(100));
  expect(shown.slice(100).every((row) => row instanceof Promise)).toBe(true);
  expect(await Promise.all(shown)).toEqual(numbers(250));
});

test("lets other requests run before a caller's next hundred rows", async () => {
  // This round of the event loop has used up its time.
  turns.take('ann');
  const busyUntilMs = performance.now() + 20;
  while (performance.now() < busyUntilMs);
  const order: string[] = [];
  const rows = Promise.all(inTurns(numbers(150), 'ann')).then(() => order.push('rows'));
  const others = new Promise<void>((resolve) => process.nextTick(resolve)).then(() => order.push('others'));
  await Promise.all([rows, others, nextRound()]);
  expect(order).toEqual(['others', 'rows']);
});

test('returns 500 rows and 500 edges completely, compiled or not', async () => {
  const jobyard = await startWithSandboxes({ jobs: 150 });
  try {
    const query = '{ page: jobs(first: 500) { nodes { id } edges { node { id status } cursor } pageInfo { endCursor } } }';
    for (let execution = 0; execution < 8; execution += 1) {
      const { data, errors } = await jobyard.query(query);
      expect(errors).toBeUndefined();
      const { nodes, edges, pageInfo } = data.page;
      expect(nodes.length).toBeGreaterThan(400);
      expect(new Set(nodes.map(({ id }: { id: string }) => id)).size).toBe(nodes.length);
      expect(edges.map(({ node }: { node: { id: string } }) => node.id)).toEqual(nodes.map(({ id }: { id: string }) => id));
      expect(edges.at(-1).cursor).toBe(pageInfo.endCursor);
    }
  } finally {
    await jobyard.close();
  }
});
