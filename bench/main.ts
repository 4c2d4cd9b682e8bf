import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stop } from './child.ts';
import { type Measurement, type MeasureOptions, measure, profileName } from './measure.ts';
import { type Options, readOptions } from './options.ts';
import { summarise } from './profile.ts';
import { printCallers, printGrowth, printRatios, printSeconds, printWorkload, type Result, toMedian } from './report.ts';
import { type Stub, startStub } from './stub/start.ts';
import type { Target } from './targets/target.ts';
import type { Workload } from './workloads.ts';

// Measurements of their own, which need none of the peers; each ends the process.
if (process.argv[2] === 'bulk') await import('./bulk/main.ts');
if (process.argv[2] === 'console') await import('./console/main.ts');
if (process.argv[2] === 'allocations') await import('./allocations/main.ts');

const here = new URL('.', import.meta.url).pathname;
const options = readOptionsOrExit();

if (!isInstalled()) {
  say('Installing what Jobyard is measured beside (bench/package.json) …');
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: here, stdio: 'inherit' });
}

const workDirectory = mkdtempSync(join(tmpdir(), 'jobyard-bench-'));
const results: Result[] = [];
const failures: string[] = [];
try {
  const stub = await startStub();
  for (const target of options.targets) await target.prepare?.(stub.origins, workDirectory);
  for (const workload of options.workloads) await measureWorkload(workload, stub);
  await stop(stub.process);
  if (options.fromStartSeconds === 0) say(printRatios(results));
  const growth = printGrowth(results, options.workloads);
  if (growth !== null) say(`\n${growth}`);
  save();
} catch (error) {
  failures.push(error instanceof Error ? error.message : String(error));
}
if (failures.length > 0 || options.profile) say(`${failures.join('\n')}\nLogs and profiles are in ${workDirectory}`);
else rmSync(workDirectory, { recursive: true });
process.exitCode = failures.length > 0 ? 1 : 0;
// Whatever is still running ends with this process.
process.exit();

function isInstalled(): boolean {
  const installed = join(here, 'node_modules/.package-lock.json');
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(here, 'package-lock.json')).mtimeMs;
}

function readOptionsOrExit(): Options {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}

async function measureWorkload(workload: Workload, stub: Stub): Promise<void> {
  const { latencyMs, profile } = options;
  const measureOptions = { stub, workDirectory, latencyMs, profile, ...chooseWindows() };
  const repetitions = new Map<Run, Measurement[]>(listRuns(workload).map((run) => [run, []]));
  for (let repetition = 0; repetition < options.repetitions; repetition += 1) {
    // A B C, C B A: what changes slowly on the machine meets all alike.
    const inTurn = [...repetitions];
    for (const [run, measurements] of repetition % 2 === 0 ? inTurn : inTurn.reverse()) {
      const { target, connections } = run;
      try {
        const ofRun = await measure(target, workload, { ...measureOptions, connections });
        measurements.push(...ofRun);
        process.stderr.write(
          `${workload.name} ${target.name} ×${connections} ${ofRun.map((one) => one.cpuMsPerOperation.toFixed(3)).join(' ')} ms/op\n`,
        );
        if (options.minutes > 0) say(describeWindows(target, ofRun));
        if (profile) say(summarise(join(workDirectory, profileName(target, workload, connections)), `${target.name} ${workload.name}`));
      } catch (error) {
        failures.push(`${target.name} failed ${workload.name}: ${error instanceof Error ? error.message : String(error)}`);
        say(failures.at(-1) ?? '');
        repetitions.delete(run);
      }
    }
  }
  const ofWorkload = Array.from(repetitions, ([{ target, connections }, measurements]) => ({
    workload: workload.name,
    target: target.name,
    connections,
    repetitions: measurements,
    median: toMedian(measurements),
  }));
  results.push(...ofWorkload);
  const { fromStartSeconds } = options;
  say(fromStartSeconds > 0 ? printSeconds(workload, ofWorkload, fromStartSeconds) : printWorkload(workload, ofWorkload, options.targets));
  if (workload.judgesCallers) say(`${printCallers(ofWorkload)}\n`);
}

function chooseWindows(): Pick<MeasureOptions, 'warmUpSeconds' | 'seconds' | 'windows'> {
  const { fromStartSeconds, minutes, seconds, warmUpSeconds } = options;
  if (fromStartSeconds > 0) return { warmUpSeconds: null, seconds: 1, windows: fromStartSeconds };
  return { warmUpSeconds, seconds, windows: minutes > 0 ? Math.max(2, Math.round((minutes * 60) / seconds)) : 1 };
}

/** A row of a table. */
interface Run {
  target: Target;
  connections: number;
}

function listRuns({ connections: own, oneAtATime }: Workload): Run[] {
  const numbers = oneAtATime ? [1] : (options.connections ?? [own]);
  return options.targets.flatMap((target) => numbers.map((connections) => ({ target, connections })));
}

/** Whether a target is as fast and as small at the end as at the beginning. */
function describeWindows(target: Target, windows: readonly Measurement[]): string {
  const describe = ({ cpuMsPerOperation, p50Ms, endRssMiB }: Measurement): string =>
    `${cpuMsPerOperation.toFixed(3)} ms/op, p50 ${p50Ms.toFixed(2)} ms, RSS ${endRssMiB.toFixed(0)} MiB`;
  const tenth = Math.max(1, Math.floor(windows.length / 10));
  const [first, last] = [toMedian(windows.slice(0, tenth)), toMedian(windows.slice(-tenth))];
  return `${target.name}, first tenth: ${describe(first)}; last tenth: ${describe(last)}`;
}

function save(): void {
  mkdirSync(dirname(options.output), { recursive: true });
  const machine = { processor: cpus()[0]?.model, cores: availableParallelism(), node: process.version };
  const settings = { ...options, workloads: undefined, targets: undefined, output: undefined };
  writeFileSync(options.output, `${JSON.stringify({ at: new Date().toISOString(), machine, settings, failures, results }, null, 2)}\n`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
