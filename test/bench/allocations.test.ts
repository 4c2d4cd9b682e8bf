import { expect, test } from 'vitest';
import { readBaseline } from '../../bench/allocations/baseline.ts';
import { countedWorkloads, measureAllocations } from '../../bench/allocations/measure-allocations.ts';

const tolerance = 1.1;

test('an operation allocates at most 10% more than the baseline', { timeout: 300_000 }, async () => {
  const baseline = readBaseline();
  const measured = await measureAllocations();
  for (const name of countedWorkloads) {
    const message = `${name}: see bench/README.md; if the change is worth it, npm run bench -- allocations --write`;
    // An empty trace would pass as well.
    expect(measured[name], message).toBeGreaterThan(baseline[name] / 2);
    expect(measured[name], message).toBeLessThanOrEqual(baseline[name] * tolerance);
  }
});
