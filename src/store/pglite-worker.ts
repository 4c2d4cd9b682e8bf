import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { lstatSync, renameSync, rmSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type MessagePort, parentPort, Worker, workerData } from 'node:worker_threads';
import { checkDatabaseFolder, draftFolderOf } from './database-folder.ts';
import { describePgliteFailure, PgliteError, type PgliteFailure } from './pglite-failure.ts';
import { type FailureMessage, type OpenedPglite, openPglite } from './pglite-open.ts';
import { UnusableStoreError } from './unusable.ts';

/** What the thread of an embedded PostgreSQL is started with. */
export interface PgliteWorkerData {
  /** A folder, or `memory://`. */
  dataDirectory: string;
  /** Whether to create the database. If not, a folder that is gone is a failure. */
  creates: boolean;
}

/** What it tells its parent: it has created the database, or why it ends. */
export type PgliteWorkerMessage = 'created' | FailureMessage;

// The bytes of PostgreSQL's protocol come and go by message.

const parent = parentPort;
if (!parent) throw new Error('This file runs in a worker thread.');

// The optimizing compiler takes 600 MB and seconds of a processor for a single function of PGlite's, the interpreter of expressions (105 kB).
// Without it small statements are as fast, and large ones about half as fast. --liftoff-only says the same, but only on the command line.
setFlagsFromString('--no-wasm-dynamic-tiering');
setFlagsFromString('--no-wasm-tier-up');

const { dataDirectory, creates } = workerData as PgliteWorkerData;
const { database, describeFailure } = await open().catch((error: unknown) => fail(describePgliteFailure(error, [])));

if (dataDirectory === 'memory://') collectGarbage();

// One message in, one out: the bytes of PostgreSQL's own protocol. Statements run one after the other, whichever connection they come from.
let last: Promise<unknown> = Promise.resolve();
const next = (work: () => Promise<void>): void => {
  last = last.then(work).catch((error: unknown) => fail(describeFailure(error)));
};

parent.on('message', (message: { connection: MessagePort } | 'close') => {
  next(() => (message === 'close' ? close() : accept(message.connection)));
});

async function accept(connection: MessagePort): Promise<void> {
  // There is one session for all connections: what the one before left unfinished goes, and the names of its statements.
  await database.exec('ROLLBACK; DEALLOCATE ALL');
  connection.on('message', (request: Uint8Array) => {
    next(async () => connection.postMessage(await database.execProtocolRaw(request)));
  });
  connection.postMessage('accepted');
}

async function close(): Promise<void> {
  await database.close();
  process.exit();
}

/** Ends the thread: PGlite can't go on after an error of its own. */
function fail(failure: PgliteFailure): never {
  tell({ failure });
  process.exit();
}

function tell(message: PgliteWorkerMessage): void {
  parent?.postMessage(message);
}

/** Making the database leaves 300 MB, outside of the heap, whose size alone makes the collector run. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

async function open(): Promise<OpenedPglite> {
  if (dataDirectory === 'memory://') return openPglite(dataDirectory);
  if (creates) await createDatabase();
  // PGlite creates a database where it finds none: what a process before, or this one, has made must be there.
  try {
    if (checkDatabaseFolder(dataDirectory) === 'absent') throw new UnusableStoreError(`${dataDirectory} is gone`);
  } catch (error) {
    if (error instanceof UnusableStoreError) throw new PgliteError({ message: error.message, isLasting: true });
    throw error;
  }
  return openPglite(dataDirectory);
}

/** In a thread that ends, for the memory it takes (500 MB), and under another name, so that one that was cut off is never taken for whole. */
async function createDatabase(): Promise<void> {
  const draft = draftFolderOf(dataDirectory, randomUUID().slice(0, 8));
  const creating = new Worker(new URL('./pglite-create.ts', import.meta.url), { workerData: draft });
  const failures: PgliteFailure[] = [];
  creating.on('message', ({ failure }: FailureMessage) => failures.push(failure));
  try {
    await once(creating, 'exit');
    if (failures[0]) throw new PgliteError(failures[0]);
    if (lstatSync(dataDirectory, { throwIfNoEntry: false })) {
      throw new PgliteError({ message: `${dataDirectory} is there by now`, isLasting: true });
    }
    if (checkDatabaseFolder(draft) === 'absent') throw new Error(`${draft} is gone`);
    renameSync(draft, dataDirectory);
    tell('created');
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
