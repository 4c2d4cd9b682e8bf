import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { nextMessage, startHelper, stop } from '../child.ts';
import { type ProcessUsage, readUsage } from '../process-usage.ts';
import { median } from '../report.ts';
import { startSandboxed } from '../sandboxed/start.ts';
import { listPage } from '../workloads.ts';
import { openLiveList } from './live-list.ts';
import type { ProbeOptions, ProbeReport } from './probe.ts';

/** `npm run bench -- bulk`: one bulk cancel on the sandboxes, and its effect on other callers; `--list`: on W1, with a live list open. */
const { values } = parseArgs({
  allowPositionals: true,
  options: {
    jobs: { type: 'string', default: '10000' },
    store: { type: 'string' },
    list: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
  },
});
const jobs = Number(values.jobs);
/** The time without the bulk operation. */
const [warmUpMs, quietMs] = values.quick ? [500, 1_000] : values.list ? [10_000, 30_000] : [0, 2_000];
const workDirectory = mkdtempSync(join(tmpdir(), 'jobyard-bench-bulk-'));
const {
  origin,
  jobyard,
  vendorsProcessId,
  query,
  callers,
  stop: stopAll,
} = await startSandboxed({
  jobs,
  store: values.store ?? join(workDirectory, 'data'),
  workDirectory,
  // W1 reads all of Vault's monitors: after some operations, the measured time would be the delay of Vault's responses.
  ...(values.list && { callers: 3, burstLimit: 1_000_000 }),
});
const processIds = [jobyard.pid];
const [, reader = {}, watcher = {}] = callers;
const probeOptions: ProbeOptions = values.list
  ? { origin, headers: reader, query: listPage, everyMs: 50 }
  : { origin, headers: {}, query: '{ jobSystems { id } }', everyMs: 10 };
const probe = startHelper(new URL('probe.ts', import.meta.url), JSON.stringify(probeOptions));
await delay(warmUpMs);
if (warmUpMs > 0) await report();
await delay(quietMs);
const quiet = await report();
const liveList = values.list ? await openLiveList(origin, watcher) : null;
if (liveList) await report();
const before = readUsage(processIds);
const vendorsBefore = readUsage([vendorsProcessId]);

const startedAtMs = performance.now();
const { startBulkAction } = await query(
  `mutation { startBulkAction(input: { action: CANCEL, filter: {}, reason: "benchmark" }) { ... on BulkOperation { id } ... on Problem { message } } }`,
);
if (!startBulkAction.id) throw new Error(startBulkAction.message);
const selectedAfterMs = performance.now() - startedAtMs;
const rssMiB: number[] = [];
let operation: { status: string; finishedAt: string | null; counts: { selected: number; succeeded: number } };
do {
  await delay(500);
  rssMiB.push(readUsage(processIds).rssMiB);
  operation = (await query(`{ bulkOperation(id: "${startBulkAction.id}") { status finishedAt counts { selected succeeded } } }`))
    .bulkOperation;
} while (!operation.finishedAt);
const seconds = (performance.now() - startedAtMs) / 1000;
const during = await report();
const after = readUsage(processIds);
const vendorsAfter = readUsage([vendorsProcessId]);
const busyCores = (from: ProcessUsage, to: ProcessUsage): string => ((to.cpuMs - from.cpuMs) / seconds / 1000).toFixed(2);

const tenth = Math.max(1, Math.floor(rssMiB.length / 10));
process.stdout.write(`bulk cancel of ${operation.counts.selected} jobs: ${operation.status}, ${operation.counts.succeeded} succeeded
  ${seconds.toFixed(1)} s, ${(operation.counts.selected / seconds).toFixed(0)} jobs/s (the start answered after ${(selectedAfterMs / 1000).toFixed(1)} s)
  CPU ${((after.cpuMs - before.cpuMs) / operation.counts.selected).toFixed(3)} ms a job; busy cores: Jobyard ${busyCores(before, after)}, sandboxes ${busyCores(vendorsBefore, vendorsAfter)}
  ${values.list ? 'W1 of another caller meanwhile:        ' : 'others meanwhile, from another process:'} ${describe(during)}
  and before:                             ${describe(quiet)}
  p99 meanwhile ÷ before: ${(during.p99Ms / quiet.p99Ms).toFixed(2)}${liveList ? `; live list of a third caller: ${liveList.events()} events` : ''}
  RSS ${before.rssMiB.toFixed(0)} MiB before; ${median(rssMiB.slice(0, tenth)).toFixed(0)} in the first tenth, ${median(rssMiB.slice(-tenth)).toFixed(0)} in the last, ${after.peakRssMiB.toFixed(0)} at most
`);
liveList?.close();
await stop(probe);
await stopAll();
rmSync(workDirectory, { recursive: true });
process.exit();

async function report(): Promise<ProbeReport> {
  probe.send('report');
  return nextMessage<ProbeReport>(probe);
}

function describe({ requests, p50Ms, p99Ms, maxMs }: ProbeReport): string {
  return `p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, longest ${maxMs.toFixed(0)} ms of ${requests} requests`;
}
