import { createHash } from 'node:crypto';
import { Pool } from 'undici';
import { quantile } from './quantile.ts';
import { toMeshRequest } from './targets/mesh/requests.ts';
import { workloads } from './workloads.ts';

/** The load process: a closed loop on each connection, in windows that its parent starts. No request is under way between them. */

export interface LoadOptions {
  workload: string;
  /** Operations take turns with them. */
  origins: string[];
  /** The headers of each caller; operations take turns with them, too. */
  callers: Record<string, string>[];
  /** Each connection is one caller instead. */
  callerPerConnection: boolean;
  connections: number;
  /** Whose schema the requests are for. */
  dialect: 'jobyard' | 'mesh';
}

export type LoadCommand = { seconds: number; leastOperations: number } | { operations: number };

export interface LoadReport {
  kind: 'window';
  operations: number;
  seconds: number;
  latenciesMs: number[];
  /** See Measurement. */
  slowestCallerMs: number;
  fastestCallerMs: number;
  worstCallerTail: number;
  /** Of the answer to operation 0. */
  digest: string;
}

export interface LoadFailure {
  kind: 'failed';
  reason: string;
}

const options = JSON.parse(process.argv[2] ?? '{}') as LoadOptions;
const found = workloads.find(({ name }) => name === options.workload);
if (!found) throw new Error(`There is no workload ${options.workload}`);
const workload = found;

const callers = options.callers.map((headers) => ({ ...headers, 'content-type': 'application/json', accept: 'application/json' }));
const expects = options.dialect === 'mesh' ? '"data":' : workload.expects;
let nextOperation = 0;
let digest = '';
let defaultLength = 0;

async function operate(pools: readonly Pool[], connection: number): Promise<void> {
  const operation = nextOperation++;
  const pool = pools[operation % pools.length] as Pool;
  const headers = callers[(options.callerPerConnection ? connection : operation) % callers.length] ?? {};
  const request = options.dialect === 'mesh' ? toMeshRequest(workload, operation) : workload.request(operation);
  const answer = await pool.request({ method: 'POST', path: '/graphql', headers, body: JSON.stringify(request) });
  const text = await answer.body.text();
  if (operation === 0) digest = createHash('sha256').update(text.trim()).digest('hex').slice(0, 16);
  defaultLength ||= text.trimEnd().length;
  // Ids have a fixed width, so that right answers have one length.
  if (answer.statusCode !== 200 || text.includes('"errors":') || text.trimEnd().length !== defaultLength || !text.includes(expects)) {
    throw new Error(`${workload.name}: a wrong answer, HTTP ${answer.statusCode}, ${text.length} bytes: ${text.slice(0, 2000)}`);
  }
}

async function runWindow(command: LoadCommand): Promise<LoadReport> {
  // New connections for each window: the server may close those that idled in between.
  const pools = options.origins.map((origin) => new Pool(origin, { connections: options.connections, headersTimeout: 0, bodyTimeout: 0 }));
  const latenciesMs: number[] = [];
  const byConnection = Array.from({ length: options.connections }, (): number[] => []);
  const startedAtMs = performance.now();
  const goesOn = (): boolean =>
    'operations' in command
      ? latenciesMs.length < command.operations
      : performance.now() - startedAtMs < command.seconds * 1000 || latenciesMs.length < command.leastOperations;
  await Promise.all(
    byConnection.map(async (ownMs, connection) => {
      while (goesOn()) {
        const sentAtMs = performance.now();
        await operate(pools, connection);
        const latencyMs = performance.now() - sentAtMs;
        latenciesMs.push(latencyMs);
        ownMs.push(latencyMs);
      }
    }),
  );
  const seconds = (performance.now() - startedAtMs) / 1000;
  await Promise.all(pools.map((pool) => pool.close()));
  return { kind: 'window', operations: latenciesMs.length, seconds, latenciesMs, ...judgeCallers(byConnection), digest };
}

function judgeCallers(byConnection: readonly number[][]): Pick<LoadReport, 'slowestCallerMs' | 'fastestCallerMs' | 'worstCallerTail'> {
  const sorted = byConnection.filter(({ length }) => length > 0).map((ownMs) => ownMs.toSorted((a, b) => a - b));
  const medians = sorted.map((ownMs) => quantile(ownMs, 0.5));
  const tails = sorted.map((ownMs) => quantile(ownMs, 0.99) / quantile(ownMs, 0.5));
  return { slowestCallerMs: Math.max(...medians), fastestCallerMs: Math.min(...medians), worstCallerTail: Math.max(...tails) };
}

process.on('message', (command: LoadCommand) => {
  runWindow(command).then(
    (report) => process.send?.(report),
    (error: unknown) => process.send?.({ kind: 'failed', reason: String(error) } satisfies LoadFailure),
  );
});
process.on('disconnect', () => process.exit());
