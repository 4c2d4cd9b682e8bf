import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findBreach, readPages, select } from './complete-or-reported.ts';
import { worlds } from './world.ts';

// `npm run simulate` tries many more.
const settings = { numRuns: 300 };

test('in any world, the pages contain every job that stayed once, or report that they are incomplete', async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async (world) => {
      expect(findBreach(await readPages(world), world)).toBeNull();
    }),
    settings,
  );
});

test('in any world, a bulk selection contains every job that stayed, or reports that it is incomplete', async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async (world) => {
      expect(findBreach(await select(world), world)).toBeNull();
    }),
    settings,
  );
});
