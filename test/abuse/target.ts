import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { readStartParameters } from '../../bench/start-command.ts';
import { createApiKey } from '../../src/access/api-keys.ts';
import { findOrigin } from '../find-origin.ts';
import type { Target } from './attack.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface RunningTarget extends Target {
  processId: number;
  /** Where its audit, store and log are. */
  folder: string;
  isRunning(): boolean;
  stop(): Promise<void>;
}

export interface RunningSandboxes {
  systems: readonly object[];
  environment: Record<string, string>;
  stop(): Promise<void>;
}

/** The sandboxes in a process of their own, so that their work isn't Jobyard's. */
export async function startSandboxes(jobs: number, latencyMs: number): Promise<RunningSandboxes> {
  const child = start(['src/jobyard.js', 'sandbox', '--base-port', '0', '--jobs', String(jobs), '--latency-ms', String(latencyMs)], {});
  const output = await outputUntil(child, /\nsystems:\n.*\n\n/s);
  const variables = output.matchAll(/^export (\w+)='(.*)'$/gm);
  const { systems } = parse(output.slice(output.indexOf('\nsystems:\n'))) as { systems: object[] };
  return { systems, environment: Object.fromEntries(Array.from(variables, ([, name, value]) => [name, value])), stop: () => stop(child) };
}

/** A Jobyard as it is deployed, with its default limits. `hostileUrl`: a vendor that attacks, or null. */
export async function startTarget(sandboxes: RunningSandboxes, folder: string, hostileUrl: string | null): Promise<RunningTarget> {
  const all = ['jobs:read', 'jobs:cancel', 'jobs:operate', 'jobs:raw', 'systems:read', 'audit:read'];
  const callers = new Map([
    ['bystander', all],
    ['reader', ['jobs:read', 'systems:read']],
    ...Array.from({ length: 50 }, (_, index) => [`operator-${index}`, all] as const),
  ]);
  const made = Array.from(callers, ([name, scopes]) => ({ name, scopes, ...createApiKey() }));
  const keyOf = (name: string): string => made.find((each) => each.name === name)?.key ?? '';
  const hostile = { id: 'hostile', vendor: 'kylin', url: hostileUrl, username: 'u', password: { env: 'HOSTILE_PASSWORD' } };
  const file = join(folder, 'jobyard.yaml');
  const config = {
    access: { apiKeys: made.map(({ name, scopes, sha256 }) => ({ name, scopes, sha256 })) },
    audit: { file: join(folder, 'audit.jsonl') },
    store: join(folder, 'store'),
    log: { level: 'warn' },
    systems: [...sandboxes.systems, ...(hostileUrl === null ? [] : [hostile])],
  };
  // JSON is YAML.
  await writeFile(file, JSON.stringify(config));
  const child = start([...readStartParameters(root), '--port', '0', '--config', file], {
    ...sandboxes.environment,
    HOSTILE_PASSWORD: 'secret',
  });
  const output = await outputUntil(child, /"msg":"listening"/);
  return {
    origin: findOrigin(output) ?? '',
    keys: {
      bystander: keyOf('bystander'),
      reader: keyOf('reader'),
      operators: Array.from({ length: 50 }, (_, index) => keyOf(`operator-${index}`)),
    },
    processId: child.pid as number,
    folder,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    stop: () => stop(child),
  };
}

const running = new Set<ChildProcess>();
// However this process ends, the others end with it.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

function start(parameters: readonly string[], environment: Record<string, string>): ChildProcess {
  const env = { PATH: process.env.PATH, ...environment };
  const child = spawn(process.execPath, parameters, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** What it has printed when the pattern has come. What comes later is read and dropped. */
function outputUntil(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.once('exit', (code) => reject(new Error(`A process ended with ${code}: ${output}`)));
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (output.length < 1_000_000) output += text;
      if (pattern.test(output)) resolve(output);
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(timer);
}
