import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHelper, startServer, stop } from '../child.ts';
import type { LoadOptions } from '../load.ts';
import { resetStub, runWindow } from '../measure.ts';
import { awaitAnswer, freePort } from '../requests.ts';
import { type Stub, startStub } from '../stub/start.ts';
import { jobyard } from '../targets/jobyard/target.ts';
import { workloads } from '../workloads.ts';

/** How often each workload is done: first while caches fill, then counted, until a scavenge more or less doesn't matter. */
const operations = {
  W1: { before: 300, counted: 500 },
  W3v: { before: 60, counted: 100 },
  W4: { before: 4_000, counted: 20_000 },
} as const;

export type CountedWorkload = keyof typeof operations;
export const countedWorkloads = Object.keys(operations) as CountedWorkload[];

/** The optimizing compilers leave out allocations, and which ones depends on when they run: on a busy machine W1 varied by 15%. */
const withoutOptimizer = ['--no-opt', '--no-maglev'];

/**
 * The bytes that Jobyard allocates on V8's heap for one operation of each workload, without V8's optimizing compilers. Unlike time, they
 * depend on the code only, so that one run on a busy machine shows a change. Buffers are not counted.
 */
export async function measureAllocations(): Promise<Record<CountedWorkload, number>> {
  const workDirectory = mkdtempSync(join(tmpdir(), 'jobyard-allocations-'));
  const stub = await startStub();
  try {
    await jobyard.prepare?.(stub.origins, workDirectory);
    const counted: [CountedWorkload, number][] = [];
    for (const name of countedWorkloads) counted.push([name, await measureWorkload(name, stub, workDirectory)]);
    const { W1 = Number.NaN, W3v = Number.NaN, W4 = Number.NaN } = Object.fromEntries(counted);
    return { W1, W3v, W4 };
  } finally {
    await stop(stub.process);
    rmSync(workDirectory, { recursive: true });
  }
}

async function measureWorkload(name: CountedWorkload, stub: Stub, workDirectory: string): Promise<number> {
  const workload = workloads.find((each) => each.name === name);
  if (!workload) throw new Error(`There is no workload ${name}`);
  await resetStub(stub, workload);
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const log = join(workDirectory, `${name}.log`);
  const command = [process.execPath, '--trace-gc-nvp', ...withoutOptimizer, ...jobyard.command(port, stub.origins, workDirectory)];
  const server = startServer(command, { NODE_ENV: 'production' }, log);
  const loadOptions: LoadOptions = {
    workload: name,
    origins: [origin],
    callers: jobyard.callers,
    callerPerConnection: false,
    connections: 1,
    dialect: 'jobyard',
  };
  const load = startHelper(new URL('../load.ts', import.meta.url), JSON.stringify(loadOptions));
  try {
    await awaitAnswer({ server, name, origin, headers: jobyard.callers[0] ?? {}, query: jobyard.firstQuery });
    const { before, counted } = operations[name];
    await runWindow(load, { operations: before });
    const start = statSync(log).size;
    await runWindow(load, { operations: counted });
    return countAllocated(readFileSync(log).subarray(start).toString()) / counted;
  } finally {
    await stop(load);
    await stop(server);
  }
}

/**
 * The sum of what V8 reports at each scavenge: the bytes that were allocated since the last collection. Full collections are left out: what
 * concurrent sweeping frees before one makes its number too small, and sometimes negative.
 */
function countAllocated(trace: string): number {
  let bytes = 0;
  for (const [, allocated] of trace.matchAll(/ gc=s .* allocated=(\d+) /g)) bytes += Number(allocated);
  return bytes;
}
