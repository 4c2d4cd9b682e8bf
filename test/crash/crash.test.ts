import { expect, test } from 'vitest';
import { runRound } from './round.ts';

// `npm run crash-test` does twenty rounds of 10,000 jobs, which takes minutes.
test.each([{ seed: 1 }, { seed: 2 }])(
  'killed twice at random points: every item ends with its one true outcome (seed $seed)',
  async ({ seed }) => {
    const { violations, settledAtKills } = await runRound({ seed, jobs: 2_000, kills: 2 });
    expect(violations).toEqual([]);
    expect(settledAtKills).toHaveLength(2);
  },
  240_000,
);
