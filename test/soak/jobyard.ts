import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { readStartParameters } from '../../bench/start-command.ts';
import { createApiKey } from '../../src/access/api-keys.ts';
import { configureSystems } from '../configure-systems.ts';
import { findOrigin } from '../find-origin.ts';
import type { Sandboxes } from '../start.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const memorySchema = z.object({ heapBytes: z.number(), rssBytes: z.number() });
export type Memory = z.infer<typeof memorySchema>;

/** A Jobyard as it is deployed, in a process of its own. */
export interface SoakedJobyard {
  origin: string;
  keys: Keys;
  /** After collecting the garbage. */
  measureMemory(): Promise<Memory>;
  /** Bugs that it has logged. */
  countBugs(): number;
  isRunning(): boolean;
  /** Asks it to stop; its exit code, or the name of the signal that ended it. */
  stop(): Promise<number | string>;
  kill(): void;
}

/** API keys of callers that may do everything, only read, and cancel on Kylin only. */
export type Keys = Record<'operator' | 'reader' | 'kylinOnly', string>;

export async function startSoakedJobyard(sandboxes: Sandboxes, folder: string): Promise<SoakedJobyard> {
  const operator = createApiKey();
  const reader = createApiKey();
  const kylinOnly = createApiKey();
  const { systems, environment } = configureSystems(Object.values(sandboxes), { timeoutMs: 2000 });
  const apiKeys = [
    { name: 'operator', sha256: operator.sha256, scopes: ['jobs:read', 'jobs:cancel', 'jobs:operate', 'systems:read'] },
    { name: 'reader', sha256: reader.sha256, scopes: ['jobs:read', 'systems:read'] },
    { name: 'kylin-only', sha256: kylinOnly.sha256, scopes: ['jobs:read', 'jobs:cancel'], systems: ['kylin'] },
  ];
  const file = join(folder, 'jobyard.yaml');
  const config = { access: { apiKeys }, audit: { file: join(folder, 'audit.jsonl') }, limits: { requestsPerMinute: null }, systems };
  // JSON is YAML.
  await writeFile(file, JSON.stringify(config));

  const memory = fileURLToPath(new URL('memory.ts', import.meta.url));
  const parameters = ['--expose-gc', '--import', memory, ...readStartParameters(root), '--port', '0', '--config', file];
  const child = spawn(process.execPath, parameters, {
    cwd: root,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit').then(([code, signal]): number | string => code ?? signal);
  let bugs = 0;
  let output = '';
  let isListening = false;
  const listening = new Promise<string>((resolve) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      bugs += text.split('"msg":"bug"').length - 1;
      if (isListening) return;
      output += text;
      const origin = findOrigin(output);
      if (!origin) return;
      isListening = true;
      resolve(origin);
    });
  });
  const origin = await Promise.race([
    listening,
    exited.then((code) => {
      throw new Error(`Jobyard did not start: exit code ${code}`);
    }),
  ]);
  return {
    origin,
    keys: { operator: operator.key, reader: reader.key, kylinOnly: kylinOnly.key },
    async measureMemory() {
      const answer = once(child, 'message');
      child.send('memory');
      return memorySchema.parse((await answer)[0]);
    },
    countBugs: () => bugs,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    stop() {
      child.kill('SIGTERM');
      return exited;
    },
    kill: () => void child.kill('SIGKILL'),
  };
}
