import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHelper, startServer, stop } from '../child.ts';
import type { LoadOptions } from '../load.ts';
import { resetStub, runWindow } from '../measure.ts';
import { awaitAnswer, freePort } from '../requests.ts';
import { type Stub, startStub } from '../stub/start.ts';
import { jobyardCheckout } from '../targets/jobyard/target.ts';
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

/** Bytes on V8's heap for one operation. Buffers are not counted. */
export interface Allocations {
  allocated: number;
  /** What was still referred to when the young generation was collected twice: only full collections, which take longer, free it. */
  promoted: number;
}

/**
 * What Jobyard allocates for one operation of each workload, without V8's optimizing compilers. Unlike time, it depends on the code only, so
 * that one run on a busy machine shows a change.
 */
export async function measureAllocations(): Promise<Record<CountedWorkload, Allocations>> {
  const workDirectory = mkdtempSync(join(tmpdir(), 'jobyard-allocations-'));
  const stub = await startStub();
  try {
    await jobyardCheckout.prepare?.(stub.origins, workDirectory);
    const counted: [CountedWorkload, Allocations][] = [];
    for (const name of countedWorkloads) counted.push([name, await measureWorkload(name, stub, workDirectory)]);
    // One for each name.
    return Object.fromEntries(counted) as Record<CountedWorkload, Allocations>;
  } finally {
    await stop(stub.process);
    rmSync(workDirectory, { recursive: true });
  }
}

async function measureWorkload(name: CountedWorkload, stub: Stub, workDirectory: string): Promise<Allocations> {
  const workload = workloads.find((each) => each.name === name);
  if (!workload) throw new Error(`There is no workload ${name}`);
  await resetStub(stub, workload);
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const log = join(workDirectory, `${name}.log`);
  const command = [process.execPath, '--trace-gc-nvp', ...withoutOptimizer, ...jobyardCheckout.command(port, stub.origins, workDirectory)];
  const server = startServer(command, { NODE_ENV: 'production' }, log);
  const loadOptions: LoadOptions = {
    workload: name,
    origins: [origin],
    callers: jobyardCheckout.callers,
    callerPerConnection: false,
    connections: 1,
    dialect: 'jobyard',
  };
  const load = startHelper(new URL('../load.ts', import.meta.url), JSON.stringify(loadOptions));
  try {
    await awaitAnswer({ server, name, origin, headers: jobyardCheckout.callers[0] ?? {}, query: jobyardCheckout.firstQuery });
    const { before, counted } = operations[name];
    await runWindow(load, { operations: before });
    const start = statSync(log).size;
    await runWindow(load, { operations: counted });
    const { allocated, promoted } = sumUp(readFileSync(log).subarray(start).toString());
    return { allocated: allocated / counted, promoted: promoted / counted };
  } finally {
    await stop(load);
    await stop(server);
  }
}

/**
 * The sums of what V8 reports at each scavenge: the bytes that were allocated since the last collection, and that it promoted. Full collections
 * are left out: what concurrent sweeping frees before one makes its number too small, and sometimes negative.
 */
function sumUp(trace: string): Allocations {
  const sums = { allocated: 0, promoted: 0 };
  for (const [, allocated, promoted] of trace.matchAll(/ gc=s .* allocated=(\d+) promoted=(\d+) /g)) {
    sums.allocated += Number(allocated);
    sums.promoted += Number(promoted);
  }
  return sums;
}
