import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { readStartParameters } from '../../bench/start-command.ts';
import { createRandom } from '../../src/sandbox-kit/random.ts';
import { findOrigin } from '../find-origin.ts';
import { systemNames } from '../start.ts';
import { type EventSeen, findViolations, type ItemSeen, judgeEvents } from './judge.ts';
import type { VendorsReady, VendorsReport } from './vendors.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface RoundOptions {
  /** Decides when the process is killed. */
  seed: number;
  /** Jobs to cancel, over all systems. */
  jobs: number;
  /** How often Jobyard is killed before it may finish. */
  kills: number;
  /** postgres://…; default: a folder of its own. */
  store?: string | undefined;
  /** How many replicas run; the first of them is killed. Default 1. */
  replicas?: number;
}

export interface RoundReport {
  violations: string[];
  /** The number of items with an outcome at each kill. */
  settledAtKills: number[];
  items: number;
  /** Items that were begun more than once. */
  repeated: number;
  seconds: number;
}

/** Runs a bulk operation whose process is killed at random moments and restarted. Returns the violations. */
export async function runRound({ seed, jobs, kills, store, replicas = 1 }: RoundOptions): Promise<RoundReport> {
  const random = createRandom(seed);
  const folder = await mkdtemp(join(tmpdir(), 'jobyard-crash-'));
  const vendors = fork(fileURLToPath(new URL('vendors.ts', import.meta.url)), [String(Math.ceil(jobs / systemNames.length)), '50'], {
    execArgv: [],
  });
  const running: Jobyard[] = [];
  const startedAtMs = performance.now();
  try {
    const [ready] = (await once(vendors, 'message')) as [VendorsReady];
    const start = await prepare(ready, folder, store ?? join(folder, 'data'));
    for (let index = 0; index < replicas; index += 1) running.push(await start());
    const id = await startBulk(running.at(-1) as Jobyard, ready);

    const settledAtKills: number[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      // After a random share of the remaining items, so that the kills hit all stages of the operation.
      const pending = (await readCounts(running.at(-1) as Jobyard, id)).pending;
      const until = Math.floor(pending * random.integer(20, 95) * 0.01);
      settledAtKills.push(await waitUntilPending(running.at(-1) as Jobyard, id, until));
      await delay(random.integer(0, 30));
      const victim = running.shift() as Jobyard;
      victim.child.kill('SIGKILL');
      await once(victim.child, 'exit');
      if (replicas === 1) running.push(await start());
    }
    const last = running.at(-1) as Jobyard;
    await waitUntilPending(last, id, 0);
    const items = await readItems(last, id);
    const events = await readEvents(last, id);
    vendors.send('report');
    const [report] = (await once(vendors, 'message')) as [VendorsReport];
    return {
      violations: [...findViolations(ready, items, await readCounts(last, id), report), ...judgeEvents(items, events)],
      settledAtKills,
      items: items.length,
      repeated: items.filter(({ attempts }) => attempts > 1).length,
      seconds: (performance.now() - startedAtMs) / 1000,
    };
  } finally {
    for (const { child } of running) child.kill('SIGKILL');
    vendors.kill('SIGKILL');
    await rm(folder, { recursive: true, maxRetries: 3 });
  }
}

interface Jobyard {
  child: ChildProcess;
  origin: string;
}

/** Writes the configuration; what it gives back starts a Jobyard with it. */
async function prepare({ systems, environment: secrets }: VendorsReady, folder: string, store: string): Promise<() => Promise<Jobyard>> {
  const file = join(folder, 'jobyard.yaml');
  await writeFile(file, stringify({ audit: { file: join(folder, 'audit.jsonl') }, systems }));
  const environment = { ...secrets, JOBYARD_STORE: store };
  return async () => {
    const child = spawn(process.execPath, [...readStartParameters(root), '--port', '0', '--config', file], {
      cwd: root,
      env: { PATH: process.env.PATH, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout.setEncoding('utf8');
    let output = '';
    for await (const text of child.stdout.iterator({ destroyOnReturn: false })) {
      output += text;
      const origin = findOrigin(output);
      if (origin) {
        child.stdout.resume();
        return { child, origin };
      }
    }
    throw new Error(`Jobyard ended: ${output}`);
  };
}

// biome-ignore lint/suspicious/noExplicitAny: an answer has the shape of what was asked
async function query({ origin }: Jobyard, text: string, variables: object): Promise<any> {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: text, variables }),
  });
  const answer = (await response.json()) as { data?: unknown; errors?: { message: string; extensions?: { code: string } }[] };
  if (answer.errors?.every(({ extensions }) => extensions?.code === 'STORE_UNAVAILABLE'))
    return query({ origin } as Jobyard, text, variables);
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}

async function startBulk(jobyard: Jobyard, ready: VendorsReady): Promise<string> {
  const input = { action: 'CANCEL', filter: { createdTo: ready.cutOff }, reason: 'crash test' };
  const text = `mutation($input: StartBulkActionInput!) { startBulkAction(input: $input) { ... on BulkOperation { id } ... on Problem { code message } } }`;
  const { startBulkAction } = await query(jobyard, text, { input });
  // On a busy machine an embedded store takes longer to open than a caller's patience.
  if (startBulkAction.code === 'STORE_UNAVAILABLE') return startBulk(jobyard, ready);
  if (!startBulkAction.id) throw new Error(startBulkAction.message);
  return startBulkAction.id;
}

async function readCounts(jobyard: Jobyard, id: string) {
  const text = 'query($id: ID!) { bulkOperation(id: $id) { status counts { selected pending succeeded failed unknown } } }';
  const { bulkOperation } = await query(jobyard, text, { id });
  const { status, counts } = bulkOperation;
  return status === 'SELECTING' ? { ...counts, pending: Number.POSITIVE_INFINITY } : counts;
}

/** Waits until so few items are pending. Returns the number of items with an outcome. */
async function waitUntilPending(jobyard: Jobyard, id: string, most: number): Promise<number> {
  const patienceMs = 180_000;
  const startedAtMs = performance.now();
  for (;;) {
    const { selected, pending } = await readCounts(jobyard, id);
    if (pending <= most) return selected - pending;
    if (performance.now() - startedAtMs > patienceMs) throw new Error(`Still ${pending} of ${selected} are pending after ${patienceMs} ms`);
    await delay(20);
  }
}

async function readItems(jobyard: Jobyard, id: string): Promise<ItemSeen[]> {
  const text = `query($id: ID!, $after: String) { bulkOperation(id: $id) { items(first: 500, after: $after) {
    nodes { jobId status attempts } pageInfo { hasNextPage endCursor } } } }`;
  const items: ItemSeen[] = [];
  for (let after: string | null = null; ; ) {
    const { bulkOperation } = await query(jobyard, text, { id, after });
    items.push(...bulkOperation.items.nodes);
    if (!bulkOperation.items.pageInfo.hasNextPage) return items;
    after = bulkOperation.items.pageInfo.endCursor;
  }
}

/** Those of what was done, without those of what became of it later. */
async function readEvents(jobyard: Jobyard, id: string): Promise<EventSeen[]> {
  const text = `query($id: ID!, $after: String) { jobEvents(first: 500, after: $after, filter: { bulkOperationId: $id, kind: ACTION }) {
    nodes { jobId outcome sent } pageInfo { hasNextPage endCursor } } }`;
  const events: EventSeen[] = [];
  for (let after: string | null = null; ; ) {
    const { jobEvents } = await query(jobyard, text, { id, after });
    events.push(...jobEvents.nodes);
    if (!jobEvents.pageInfo.hasNextPage) return events;
    after = jobEvents.pageInfo.endCursor;
  }
}
