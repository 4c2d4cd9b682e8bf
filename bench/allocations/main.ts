import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { baselineFile, readBaseline } from './baseline.ts';
import { type Allocations, countedWorkloads, measureAllocations } from './measure-allocations.ts';

/** `npm run bench -- allocations`: what Jobyard allocates for one operation, beside the baseline. */
const { values } = parseArgs({ allowPositionals: true, options: { write: { type: 'boolean', default: false } } });
const measured = await measureAllocations();
const baseline = readBaseline();
for (const name of countedWorkloads) {
  const print = ({ allocated, promoted }: Allocations): string => `${toKilobytes(allocated)} allocated, ${toKilobytes(promoted)} promoted`;
  process.stdout.write(`${name.padEnd(4)} ${print(measured[name])}; baseline: ${print(baseline[name])}\n`);
}
const round = (bytes: number): number => Number(bytes.toPrecision(3));
const rounded = Object.fromEntries(
  countedWorkloads.map((name) => [name, { allocated: round(measured[name].allocated), promoted: round(measured[name].promoted) }]),
);
if (values.write) writeFileSync(baselineFile, `${JSON.stringify(rounded, null, 2)}\n`);
process.exit();

function toKilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0)} kB`;
}
