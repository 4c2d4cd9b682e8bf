import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { nextMessage, startHelper, startServer, stop } from '../child.ts';
import { createKeys, describeKeys, toCallers } from '../keys.ts';
import { freePort } from '../requests.ts';
import { readStartParameters } from '../start-command.ts';
import type { VendorsReady } from './vendors.ts';

/** Jobyard as `npm start` starts it, and sandboxes with jobs that can be canceled, each in a process of its own. */
export interface Sandboxed {
  origin: string;
  jobyard: ChildProcess & { pid: number };
  /** The process of the sandboxes. */
  vendorsProcessId: number;
  // biome-ignore lint/suspicious/noExplicitAny: an answer has the shape of what was asked
  query(text: string): Promise<any>;
  /** The headers of each caller; `query` sends the first one's. */
  callers: Record<string, string>[];
  stop(): Promise<void>;
}

export interface SandboxedOptions {
  /** Of all systems together. */
  jobs: number;
  /** The store: a folder or an address. */
  store: string;
  workDirectory: string;
  /** Callers, each with an API key. 0, the default: everyone is anonymous. */
  callers?: number;
  /** Requests per 5 minutes after which Vault delays its responses. */
  burstLimit?: number;
}

/** Returns when Jobyard and its store answer. */
export async function startSandboxed({ jobs, store, workDirectory, callers: count = 0, burstLimit }: SandboxedOptions): Promise<Sandboxed> {
  const limits = burstLimit === undefined ? [] : [String(burstLimit)];
  const vendors = startHelper(new URL('vendors.ts', import.meta.url), String(jobs), ...limits);
  const { systems } = await nextMessage<VendorsReady>(vendors);
  const port = await freePort();
  const keys = createKeys(count);
  const callers = toCallers(keys);
  const origin = `http://127.0.0.1:${port}`;
  const jobyard = startServer(
    [
      process.execPath,
      ...readStartParameters(fileURLToPath(new URL('../../', import.meta.url))),
      '--config',
      writeConfig(port, systems, keys, workDirectory),
    ],
    { JOBYARD_STORE: store, NODE_ENV: 'production' },
    join(workDirectory, 'jobyard.log'),
  );
  const { pid } = jobyard;
  const { pid: vendorsProcessId } = vendors;
  if (pid === undefined || vendorsProcessId === undefined) throw new Error('Jobyard could not be started');
  const query: Sandboxed['query'] = async (text) => {
    const response = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: { ...callers[0], 'content-type': 'application/json' },
      body: JSON.stringify({ query: text }),
    });
    const answer = (await response.json()) as { data?: unknown; errors?: unknown };
    if (answer.errors) throw new Error(JSON.stringify(answer.errors));
    return answer.data;
  };
  while ((await query('{ bulkOperations { nodes { id } } }').catch(() => null)) === null) await delay(250);
  return {
    origin,
    jobyard: Object.assign(jobyard, { pid }),
    vendorsProcessId,
    query,
    callers,
    async stop() {
      await stop(jobyard);
      await stop(vendors);
    },
  };
}

function writeConfig(port: number, systems: VendorsReady['systems'], keys: readonly string[], workDirectory: string): string {
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
  writeFileSync(
    file,
    JSON.stringify({
      server: { port },
      audit: { file: join(workDirectory, 'audit.jsonl') },
      systems: entries,
      ...(keys.length > 0 && { access: { apiKeys: describeKeys(keys) } }),
    }),
  );
  return file;
}
