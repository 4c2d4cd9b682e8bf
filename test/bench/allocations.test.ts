import { expect, test } from 'vitest';
import { readBaseline } from '../../bench/allocations/baseline.ts';
import { countedWorkloads, measureAllocations } from '../../bench/allocations/measure-allocations.ts';

const maxAllocated = 1.1;
/** Which operations a collection interrupts is a matter of chance. A state that outlives its operation promotes many times as much. */
const maxPromoted = 2;
/** What Jobyard does every few seconds, for the operations of a slow machine. */
const backgroundBytes = 2_000;

test('an operation allocates at most 10% more than the baseline, and leaves at most twice as much to full collections', {
  timeout: 300_000,
}, async () => {
  const baseline = readBaseline();
  const measured = await measureAllocations();
  for (const name of countedWorkloads) {
    const message = `${name}: see bench/README.md; if the change is worth it, npm run bench -- allocations --write`;
    const { allocated, promoted } = baseline[name];
    // An empty trace would pass as well.
    expect(measured[name].allocated, message).toBeGreaterThan(allocated / 2);
    expect(measured[name].allocated, message).toBeLessThanOrEqual(allocated * maxAllocated);
    expect(measured[name].promoted, message).toBeLessThanOrEqual(promoted * maxPromoted + backgroundBytes);
  }
});
