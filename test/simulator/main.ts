import { parseArgs } from 'node:util';
import { createGround } from './ground.ts';
import { importWithMutant, mutants } from './mutants.ts';
import { readSeeds } from './seeds.ts';

/*
 * `npm run simulate -- --seed N --worlds K`: lives through worlds of bad days, each by its seed, and judges them. `--seconds N`: as many as
 * there is time for. `--trace`: prints what happened. `--twice`: lives through each twice, which must be the same. `--kept`: only the seeds of
 * seeds.txt, which come first anyway unless a seed is given. `--mutant NAME`, as often as wanted: with each of these bugs put into the source (see mutants.ts), until it is found.
 * `--vendors NAMES`, with commas: only these are in the worlds, in this order. `--only lists`: the worlds of lists alone (test/complete-lists), which change while they are read.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    worlds: { type: 'string' },
    seconds: { type: 'string' },
    trace: { type: 'boolean', default: false },
    twice: { type: 'boolean', default: false },
    kept: { type: 'boolean', default: false },
    mutant: { type: 'string', multiple: true, default: [] },
    only: { type: 'string' },
    vendors: { type: 'string' },
  },
});
const number = (text: string | undefined): number | null => {
  if (text === undefined) return null;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  console.error('Expected whole numbers for --seed, --worlds and --seconds.');
  process.exit(2);
};

if (values.only === 'lists') {
  await import('../complete-lists/main.ts');
  process.exit();
}
if (values.only !== undefined) {
  console.error('Expected --only lists.');
  process.exit(2);
}

const startSeed = number(values.seed) ?? Date.now() % 2 ** 31;
const seconds = number(values.seconds);
const worlds = values.kept ? 0 : (number(values.worlds) ?? (seconds === null ? 100 : Number.POSITIVE_INFINITY));

const ground = await createGround();
// Modules that load at their first use would make the time of that use unpredictable.
await Promise.all(['pg-boss', 'graphql-jit'].map((name) => import(name)));
const sources = await import('./sources.ts');
sources.separateProcesses(ground.time);
const choice = chooseVendors(values.vendors);
await sources.prepareGround(ground, choice);

const replay = (seed: number): string => `npm run simulate -- --seed ${seed} --worlds 1 --trace`;
const startedMs = ground.time.realMs();
const usedBefore = process.cpuUsage();
const isTimeUp = (): boolean => seconds !== null && ground.time.realMs() - startedMs > seconds * 1000;

type Sources = typeof sources;

function chooseVendors(names: string | undefined): Sources['vendorNames'] {
  const { vendorNames } = sources;
  if (names === undefined) return vendorNames;
  const wanted = names.split(',');
  const chosen = wanted.flatMap((name) => vendorNames.find((each) => each === name) ?? []);
  if (chosen.length === wanted.length) return chosen;
  console.error(`--vendors: expected names of vendors (${vendorNames.join()}), got "${names}".`);
  process.exit(2);
}

/** Whether the world of this seed keeps all the rules. */
async function live(seed: number, { liveWorld, judge }: Sources): Promise<boolean> {
  const world = await liveWorld(seed, ground, choice);
  const breaches = judge(world);
  if (values.trace) console.log(world.trace.lines.join('\n'));
  if (values.twice) {
    const again = await liveWorld(seed, ground, choice);
    if (again.trace.hash() !== world.trace.hash()) {
      const at = world.trace.lines.findIndex((line, index) => line !== again.trace.lines[index]);
      breaches.push({ rule: 'the same seed is the same world', what: `line ${at}: ${world.trace.lines[at]} / ${again.trace.lines[at]}` });
    }
  }
  for (const { rule, what } of breaches) console.error(`seed ${seed}: ${rule}: ${what}`);
  if (breaches.length === 0) return true;
  const named = breaches.flatMap(({ what }) => what.match(/[\w-]+:[\w-]+|op-\d+/g) ?? []);
  if (!values.trace && values.mutant.length === 0) {
    const lines = world.trace.lines.filter((line) => named.some((name) => line.includes(name)) || / (crash|begin|store|calm)/.test(line));
    console.error(
      lines
        .slice(0, 60)
        .map((line) => `  ${line.slice(0, 300)}`)
        .join('\n'),
    );
  }
  console.error(`Replay it: ${replay(seed)}`);
  return false;
}

let lived = 0;
let failed = 0;
let living: number | null = null;
// Also for uncaught errors, and for a world in which nothing more can happen: both end the process.
process.on('exit', () => {
  if (living !== null) console.error(`seed ${living}: the process ended within this world.\nReplay it: ${replay(living)}`);
});
const run = async (seed: number, from: Sources = sources): Promise<boolean> => {
  lived += 1;
  living = seed;
  const isWell = await live(seed, from).catch((error: unknown) => {
    console.error(`seed ${seed}: ${error instanceof Error ? error.stack : String(error)}\nReplay it: ${replay(seed)}`);
    return false;
  });
  living = null;
  if (!isWell) failed += 1;
  return isWell;
};

/** The worlds that it took to find the mutant; null: they were too few. */
async function hunt(name: string): Promise<number | null> {
  const mutated = await importWithMutant<Sources>(name, new URL('sources.ts', import.meta.url));
  mutated.separateProcesses(ground.time);
  // A world that can't be lived through shows nothing: the error ends the process.
  const fromSeed = mutants[name]?.fromSeed ?? startSeed;
  for (let index = 0; index < worlds; index += 1) if (!(await live(fromSeed + index, mutated))) return index + 1;
  return null;
}

console.log(`seed ${startSeed}`);
for (const name of values.mutant) {
  const found = await hunt(name);
  console.log(found === null ? `not found in ${worlds} worlds: ${name}` : `found in world ${found}: ${name}`);
}
if (values.mutant.length === 0) {
  if (number(values.seed) === null) for (const seed of readSeeds()) await run(seed);
  for (let index = 0; index < worlds && !isTimeUp(); index += 1) await run(startSeed + index);
}
const tookSeconds = (ground.time.realMs() - startedMs) / 1000;
const { user, system } = process.cpuUsage(usedBefore);
const processorSeconds = (user + system) / 1e6;
const rate = (inSeconds: number): number => Math.round(lived / (inSeconds / 60));
console.log(
  `${lived} worlds in ${tookSeconds.toFixed(1)} s (${rate(tookSeconds)} a minute; ${rate(processorSeconds)} a minute of the processor, of which they took ${processorSeconds.toFixed(1)} s): ${failed} broke a rule.`,
);
process.exit(failed > 0 ? 1 : 0);
