import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findBreach, readPages, select } from './law.ts';
import { worlds } from './world.ts';

// `npm run simulate` tries many more.
const settings = { numRuns: 300 };

test('the pages of any world hold every job that stayed, none twice, or say that they are not complete', async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async (world) => {
      expect(findBreach(await readPages(world), world)).toBeNull();
    }),
    settings,
  );
});

test('the selection of a bulk operation in any world holds every job that stayed, or says that it is not complete', async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async (world) => {
      expect(findBreach(await select(world), world)).toBeNull();
    }),
    settings,
  );
});
