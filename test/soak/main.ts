import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createRandom } from '../../src/sandbox-kit/random.ts';
import { startSandboxes, systemNames } from '../start.ts';
import { injectFaults } from './inject-faults.ts';
import { createJobPool } from './job-pool.ts';
import { startSoakedJobyard } from './jobyard.ts';
import { call } from './load.ts';
import { createTally, faultKinds } from './tally.ts';

/** `npm run soak`: a Jobyard under mixed load while its vendors misbehave; on this machine only, and it ends by itself. */
const usage = 'npm run soak -- [--minutes N] [--seed N]';
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '2' }, seed: { type: 'string', default: '' } } });
const minutes = Number(values.minutes);
const seed = values.seed === '' ? Date.now() % 2 ** 31 : Number(values.seed);
if (!(minutes > 0 && minutes <= 24 * 60) || !Number.isInteger(seed)) {
  process.stderr.write(`${usage}\n`);
  process.exit(2);
}

const callers = 8;
/** After 2 minutes, cached copies are still added: 300 bytes per operation, on a fast machine 10% in all. */
const maxHeapGrowth = 0.2;
/** Compiled code and connections have their size by then. */
const warmUpShare = 0.25;

const folder = await mkdtemp(join(tmpdir(), 'jobyard-soak-'));
const sandboxes = await startSandboxes(150);
const { switches } = sandboxes['veeva-vault'];
// Days of work in minutes: the limits of a real Vault would only slow it down.
Object.assign(switches, { burstLimit: 1_000_000_000, loginLimit: 1_000_000_000 });
const jobyard = await startSoakedJobyard(sandboxes, folder);
const watchdog = setTimeout(
  () => {
    process.stderr.write('The soak did not end in time\n');
    jobyard.kill();
    process.exit(1);
  },
  minutes * 60_000 + 120_000,
);

const tally = createTally();
const pool = createJobPool(sandboxes, (id, isForbidden) => {
  tally.note(
    isForbidden ? 'unauthorizedSuccesses' : 'doubleSends',
    `${id} reached its vendor, although no authorized caller had requested it or waited`,
  );
});
const random = createRandom(seed);
let sessionEndedAtMs = 0;
const load = { jobyard, pool, random, tally, sessionEndedAtMs: () => sessionEndedAtMs };

async function soak(ms: number): Promise<void> {
  const untilMs = Date.now() + ms;
  const faults = injectFaults(sandboxes, createRandom(seed + 1), untilMs, () => {
    sessionEndedAtMs = Date.now();
  });
  await Promise.all([faults, ...Array.from({ length: callers }, () => call(load, untilMs))]);
}

process.stdout.write(`Soaking for ${minutes} minutes, seed ${seed} …\n`);
const durationMs = minutes * 60_000;
await soak(durationMs * warmUpShare);
const before = await jobyard.measureMemory();
await soak(durationMs * (1 - warmUpShare));
const after = await jobyard.measureMemory();
const isAlive = jobyard.isRunning();
const exitCode = await jobyard.stop();
const bugs = jobyard.countBugs();
await Promise.all(systemNames.map((system) => sandboxes[system].close()));
await rm(folder, { recursive: true });
clearTimeout(watchdog);

const heapGrowth = after.heapBytes / before.heapBytes - 1;
const rssGrowth = after.rssBytes / before.rssBytes - 1;
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const megabytes = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(1)} MB`;
process.stdout.write(
  `${[
    ['operations', tally.operations],
    ['results of actions', Array.from(tally.results, ([type, count]) => `${type} ${count}`).join(', ')],
    ['transport errors', tally.counts.transportErrors],
    ['lost results', tally.counts.lostResults],
    ['untrue results', tally.counts.untrueResults],
    ['double sends', tally.counts.doubleSends],
    ['unauthorized successes', `${tally.counts.unauthorizedSuccesses} (of ${tally.refusals} attempts)`],
    ['bugs logged', bugs],
    ['heap growth after warm-up', `${percent(heapGrowth)} (${megabytes(before.heapBytes)} → ${megabytes(after.heapBytes)})`],
    ['RSS growth after warm-up', `${percent(rssGrowth)} (${megabytes(before.rssBytes)} → ${megabytes(after.rssBytes)})`],
    ['exit code at SIGTERM', exitCode],
  ]
    .map(([name, value]) => `${String(name).padEnd(28)}${value}`)
    .join('\n')}\n`,
);
for (const example of tally.examples()) process.stdout.write(`  ${example}\n`);

const isClean = faultKinds.every((kind) => tally.counts[kind] === 0) && bugs === 0;
process.exitCode = isClean && isAlive && exitCode === 0 && heapGrowth < maxHeapGrowth && tally.operations > 0 ? 0 : 1;
