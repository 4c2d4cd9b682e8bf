import { rm } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { runRound } from '../crash/round.ts';
import { systemNames } from '../start.ts';
import { createStorePlace, isPostgres } from '../store.ts';

const timeout = 240_000;

async function placeOf() {
  const place = createStorePlace();
  onTestFinished(() => place.remove());
  // A lock that a killed process leaves is beside its folder.
  onTestFinished(() => rm(`${place.text}.lock`, { force: true }));
  return place.text;
}

// `npm run crash-test` does twenty rounds of 10,000 jobs, which takes a quarter of an hour.
test.each([1, 2])('killed twice at random points: every item ends with its one true outcome (seed %i)', { timeout }, async (seed) => {
  const { violations, settledAtKills } = await runRound({ seed, jobs: 2_000, kills: 2, store: await placeOf() });
  expect(violations).toEqual([]);
  expect(settledAtKills).toHaveLength(2);
});

test.runIf(isPostgres)('three replicas share an operation, and two take over the chunks of the killed one', { timeout }, async () => {
  const { violations, items } = await runRound({ seed: 3, jobs: 4_000, kills: 1, replicas: 3, store: await placeOf() });
  expect(violations).toEqual([]);
  // As many of each system.
  expect(items).toBe(systemNames.length * Math.ceil(4_000 / systemNames.length));
});
