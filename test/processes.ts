import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { findOrigin } from './find-origin.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

const compileCache = join(root, 'node_modules/.cache/node');

/** A command in its own process, which is killed when the test ends. */
export interface RunningProcess {
  child: ChildProcess;
  /** What it has written so far. */
  stdout(): string;
  stderr(): string;
  /** Waits for the exit; its code, or the name of the signal that killed it. */
  exit(): Promise<number | string>;
}

/** Starts `node SCRIPT ARGUMENTS` with no variables but these and PATH, in an empty folder: in a shared folder, another process would lock the store. */
export function run(
  script: string,
  argumentList: readonly string[] = [],
  environment: Record<string, string> = {},
  /** A descriptor in the place of a pipe that is read here. */
  standardOutput: number | 'pipe' = 'pipe',
): RunningProcess {
  const cwd = mkdtempSync(join(tmpdir(), 'jobyard-cwd-'));
  const child = spawn(process.execPath, [join(root, script), ...argumentList], {
    cwd,
    // What one process has compiled, as `npm start` keeps it: a third of a start.
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: compileCache, ...environment },
    stdio: ['ignore', standardOutput, 'pipe'],
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await closed;
    rmSync(cwd, { recursive: true, force: true });
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // 'close' and not 'exit': all of its output has come then.
  const closed = once(child, 'close').then(([code, signal]): number | string => code ?? signal);
  return { child, stdout: () => stdout, stderr: () => stderr, exit: () => closed };
}

/** `node src/main.ts`, once it listens; its origin. */
export async function runJobyard(argumentList: readonly string[] = [], environment: Record<string, string> = {}) {
  const jobyard = run('src/main.ts', ['--port', '0', ...argumentList], environment);
  return { ...jobyard, origin: await waitUntilListening(jobyard) };
}

/** Waits until Jobyard listens; returns its origin. */
export async function waitUntilListening({ stdout }: Pick<RunningProcess, 'stdout'>): Promise<string> {
  await expect.poll(() => findOrigin(stdout()), { timeout: 30_000 }).not.toBeNull();
  return findOrigin(stdout()) ?? '';
}

/** Posts a GraphQL query. Returns the whole response. */
export async function post(origin: string, query: string) {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

/** The first of `count` ports in a row that were all free a moment ago. */
export async function findFreePorts(count: number): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 10_000);
    const ports = Array.from({ length: count }, (_, index) => first + index);
    const free = await Promise.all(ports.map(isFree));
    if (free.every(Boolean)) return first;
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
