import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { findBreach, readPages, select } from './complete-or-reported.ts';
import { type World, worlds } from './world.ts';

/*
 * Checks in many generated worlds that lists are complete or report that they are not: `npm run simulate -- --only lists --worlds 10000
 * --seed 1`. One seed is one run: the same worlds in the same order. Prints the seed, and the smallest world with a wrong list, if there is
 * one; then the exit code is 1.
 */
const { values } = parseArgs({
  options: { worlds: { type: 'string', default: '10000' }, seed: { type: 'string' }, only: { type: 'string' } },
});
const numRuns = Number(values.worlds);
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
if (!Number.isSafeInteger(numRuns) || numRuns < 1 || !Number.isSafeInteger(seed)) {
  console.error('Expected --worlds N (1 or more) and --seed N, whole numbers.');
  process.exit(2);
}

console.log(`seed ${seed}, ${numRuns} worlds`);
let incomplete = 0;
const isCompleteOrReported = async (world: World): Promise<boolean> => {
  const readings = [await readPages(world), await select(world)];
  incomplete += readings.some(({ reasons }) => reasons.length > 0) ? 1 : 0;
  for (const reading of readings) {
    const breach = findBreach(reading, world);
    if (breach !== null) throw new Error(breach);
  }
  return true;
};
const startedMs = performance.now();
const result = await fc.check(fc.asyncProperty(worlds, isCompleteOrReported), { numRuns, seed });
const seconds = (performance.now() - startedMs) / 1000;
if (result.failed) {
  console.error(fc.defaultReportMessage(result));
  process.exitCode = 1;
} else console.log(`All lists are complete or report that they aren't (${incomplete} of them reported it). ${seconds.toFixed(1)} s.`);
