import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { nextMessage, startHelper, startServer, stop } from '../child.ts';
import { readUsage } from '../process-usage.ts';
import { readStartParameters } from '../start-command.ts';
import type { ProbeReport } from './probe.ts';
import type { VendorsReady } from './vendors.ts';

/** `npm run bench -- bulk`: one bulk cancel on the sandboxes, and its effect on other callers. */
const { values } = parseArgs({
  allowPositionals: true,
  options: { jobs: { type: 'string', default: '10000' }, store: { type: 'string' } },
});
const jobs = Number(values.jobs);
const workDirectory = mkdtempSync(join(tmpdir(), 'jobyard-bench-bulk-'));
const vendors = startHelper(new URL('vendors.ts', import.meta.url), String(jobs));
const { systems } = await nextMessage<VendorsReady>(vendors);
const port = await freePort();
const origin = `http://127.0.0.1:${port}`;
const jobyard = startServer(
  [process.execPath, ...readStartParameters(fileURLToPath(new URL('../../', import.meta.url))), '--config', writeConfig()],
  { JOBYARD_STORE: values.store ?? join(workDirectory, 'data'), NODE_ENV: 'production' },
  join(workDirectory, 'jobyard.log'),
);
const processIds = [jobyard.pid as number];
await untilReady();
const probe = startHelper(new URL('probe.ts', import.meta.url), origin);
await delay(2_000);
const quiet = await report();
const before = readUsage(processIds);

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

const tenth = Math.max(1, Math.floor(rssMiB.length / 10));
const median = (list: number[]): number => list.sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;
process.stdout.write(`bulk cancel of ${operation.counts.selected} jobs: ${operation.status}, ${operation.counts.succeeded} succeeded
  ${seconds.toFixed(1)} s, ${(operation.counts.selected / seconds).toFixed(0)} jobs/s (the start answered after ${(selectedAfterMs / 1000).toFixed(1)} s)
  CPU ${((after.cpuMs - before.cpuMs) / operation.counts.selected).toFixed(3)} ms a job
  others meanwhile, from another process: ${describe(during)}
  and before:                             ${describe(quiet)}
  RSS ${before.rssMiB.toFixed(0)} MiB before; ${median(rssMiB.slice(0, tenth)).toFixed(0)} in the first tenth, ${median(rssMiB.slice(-tenth)).toFixed(0)} in the last, ${after.peakRssMiB.toFixed(0)} at most
`);
await stop(probe);
await stop(jobyard);
await stop(vendors);
rmSync(workDirectory, { recursive: true });
process.exit();

async function report(): Promise<ProbeReport> {
  probe.send('report');
  return nextMessage<ProbeReport>(probe);
}

function describe({ requests, p50Ms, p99Ms, maxMs }: ProbeReport): string {
  return `p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, longest ${maxMs.toFixed(0)} ms of ${requests} requests`;
}

function writeConfig(): string {
  const secrets = new Set(['password', 'securityCode', 'token']);
  const entries = systems.map(({ id, url, settings }) => {
    const own = Object.entries(settings).map(([key, value]) => {
      if (!secrets.has(key)) return [key, value];
      const file = join(workDirectory, `${id}-${key}`);
      writeFileSync(file, String(value));
      return [key, { file }];
    });
    return { id, vendor: id, url, ...Object.fromEntries(own) };
  });
  const file = join(workDirectory, 'jobyard.yaml');
  // JSON is YAML.
  writeFileSync(file, JSON.stringify({ server: { port }, audit: { file: join(workDirectory, 'audit.jsonl') }, systems: entries }));
  return file;
}

async function untilReady(): Promise<void> {
  for (;;) {
    const answer = await query('{ bulkOperations { nodes { id } } }').catch(() => null);
    if (answer) return;
    await delay(250);
  }
}

// biome-ignore lint/suspicious/noExplicitAny: an answer has the shape of what was asked
async function query(text: string): Promise<any> {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: text }),
  });
  const answer = (await response.json()) as { data?: unknown; errors?: unknown };
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
