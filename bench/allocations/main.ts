import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { baselineFile, readBaseline } from './baseline.ts';
import { countedWorkloads, measureAllocations } from './measure-allocations.ts';

/** `npm run bench -- allocations`: what Jobyard allocates for one operation, beside the baseline. */
const { values } = parseArgs({ allowPositionals: true, options: { write: { type: 'boolean', default: false } } });
const measured = await measureAllocations();
const baseline = readBaseline();
for (const name of countedWorkloads) {
  const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(0)} kB`;
  process.stdout.write(`${name.padEnd(4)} ${kilobytes(measured[name])}, baseline ${kilobytes(baseline[name])}\n`);
}
const rounded = Object.fromEntries(countedWorkloads.map((name) => [name, Number(measured[name].toPrecision(3))]));
if (values.write) writeFileSync(baselineFile, `${JSON.stringify(rounded, null, 2)}\n`);
process.exit();
