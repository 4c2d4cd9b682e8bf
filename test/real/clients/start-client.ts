import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';

/** A line of call.py. */
type Answer = { value: unknown } | { error: string; message: string };

/** A vendor's own client, in a Python process of its own. */
export interface VendorClient {
  /** Calls a function of the client. Rejects with the message of its exception. */
  // biome-ignore lint/suspicious/noExplicitAny: as the vendor's client returns it
  call(name: string, positional?: readonly unknown[], named?: object): Promise<any>;
  close(): void;
}

const environment = process.env.JOBYARD_VENDOR_CLIENTS;

/** Why there are no clients in this run of the tests; null: there are. */
export const whyNot: string | null = environment
  ? null
  : 'JOBYARD_VENDOR_CLIENTS is not set: it is the folder of a Python environment with the packages of test/real/clients/requirements.txt';

/** Starts a client and connects it. Rejects with the message of its exception. */
export async function startClient(name: 'gpudb' | 'kylinpy' | 'airflow', settings: object): Promise<VendorClient> {
  const child = spawn(`${environment}/bin/python`, [fileURLToPath(new URL('call.py', import.meta.url))]);
  const ask = createCalls(child);
  await ask([name, settings]);
  return {
    call: (function_, positional = [], named = {}) => ask([function_, positional, named]),
    close: () => void child.kill(),
  };
}

function createCalls(child: ChildProcessWithoutNullStreams): (line: unknown) => Promise<unknown> {
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  return async (line) => {
    child.stdin.write(`${JSON.stringify(line)}\n`);
    const next = await lines.next();
    if (next.done) throw new Error(`The client ended:\n${errors}`);
    const answer: Answer = JSON.parse(next.value);
    if ('error' in answer) throw new Error(`${answer.error}: ${answer.message}`);
    return answer.value;
  };
}
