import { once } from 'node:events';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type MessagePort, parentPort, Worker, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';

// The thread of an embedded PostgreSQL: the bytes of its protocol come and go by message. `workerData` is its folder, or `memory://`.

const parent = parentPort;
if (!parent) throw new Error('This file runs in a worker thread.');

// The optimizing compiler takes 600 MB and seconds of a processor for a single function of PGlite's, the interpreter of expressions (105 kB).
// Without it small statements are as fast, and large ones about half as fast. --liftoff-only says the same, but only on the command line.
setFlagsFromString('--no-wasm-dynamic-tiering');
setFlagsFromString('--no-wasm-tier-up');

const dataDirectory = String(workerData);
if (dataDirectory !== 'memory://' && !existsSync(dataDirectory)) await createDatabase();

const database = await PGlite.create(dataDirectory, {
  // Else it tries 128 MB.
  initDbStartParams: ['--set', 'shared_buffers=8MB'],
  // Sizes for one session, and not for a server: with the 128 MB of PostgreSQL's own default the thread takes twice the memory.
  startParams: [
    ...PGlite.defaultStartParams,
    ...['shared_buffers=8MB', 'min_wal_size=32MB', 'max_wal_size=64MB'].flatMap((s) => ['-c', s]),
  ],
});

if (dataDirectory === 'memory://') collectGarbage();

// One message in, one out: the bytes of PostgreSQL's own protocol. Statements run one after the other, whichever connection they come from.
let last: Promise<unknown> = Promise.resolve();

parent.on('message', (message: { connection: MessagePort } | 'close') => {
  last = last.then(() => (message === 'close' ? close() : accept(message.connection)));
});

async function accept(connection: MessagePort): Promise<void> {
  // There is one session for all connections: what the one before left unfinished goes, and the names of its statements.
  await database.exec('ROLLBACK; DEALLOCATE ALL');
  connection.on('message', (request: Uint8Array) => {
    last = last.then(async () => connection.postMessage(await database.execProtocolRaw(request)));
  });
  connection.postMessage('accepted');
}

async function close(): Promise<void> {
  await database.close();
  process.exit();
}

/** Making the database leaves 300 MB, outside of the heap, whose size alone makes the collector run. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

/** In a thread that ends, for the memory it takes (500 MB), and under another name, so that one that was cut off is never taken for whole. */
async function createDatabase(): Promise<void> {
  const unfinished = `${dataDirectory}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  const creating = new Worker(new URL('./pglite-create.ts', import.meta.url), { workerData: unfinished });
  await once(creating, 'exit');
  renameSync(unfinished, dataDirectory);
}
