import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { lstatSync, renameSync, rmSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type MessagePort, parentPort, Worker, workerData } from 'node:worker_threads';
import { moduleOf } from '../package.js';
import { checkDatabaseFolder, draftFolderOf } from './database-folder.ts';
import { describePgliteFailure, PgliteError, type PgliteFailure } from './pglite-failure.ts';
import { type FailureMessage, type OpenedPglite, openPglite } from './pglite-open.ts';
import { UnusableStoreError } from './unusable.ts';

/** The start data of the thread of an embedded PostgreSQL. */
export interface PgliteWorkerData {
  /** A folder, or `memory://`. */
  dataDirectory: string;
  /** Whether to create the database. If not, a missing folder is a failure. */
  creates: boolean;
}

/** Messages to the parent: the database was created, or why the thread ends. */
export type PgliteWorkerMessage = 'created' | FailureMessage;

const parent = parentPort;
if (!parent) throw new Error('This file runs in a worker thread.');

// The optimizing compiler needs 600 MB and seconds of CPU time for one function of PGlite, the interpreter of expressions (105 kB). Without it,
// small statements are as fast, and large ones about half as fast. --liftoff-only does the same, but only on the command line.
setFlagsFromString('--no-wasm-dynamic-tiering');
setFlagsFromString('--no-wasm-tier-up');

const { dataDirectory, creates }: PgliteWorkerData = workerData;
const { database, describeFailure } = await open().catch((error: unknown) => fail(describePgliteFailure(error, [])));

if (dataDirectory === 'memory://') collectGarbage();

// Each message has the bytes of PostgreSQL's protocol. Statements of all connections run one after the other.
let last: Promise<unknown> = Promise.resolve();
const next = (work: () => Promise<void>): void => {
  last = last.then(work).catch((error: unknown) => fail(describeFailure(error)));
};

parent.on('message', (message: { connection: MessagePort } | 'close') => {
  next(() => (message === 'close' ? close() : accept(message.connection)));
});

async function accept(connection: MessagePort): Promise<void> {
  // All connections share one session: end the previous one's transaction, and drop its prepared statements.
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

/** Ends the thread: PGlite can't continue after an internal error. */
function fail(failure: PgliteFailure): never {
  send({ failure });
  process.exit();
}

function send(message: PgliteWorkerMessage): void {
  parent?.postMessage(message);
}

/** Creating the database leaves 300 MB outside of the heap, and only the size of the heap triggers the collector. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
}

async function open(): Promise<OpenedPglite> {
  if (dataDirectory === 'memory://') return openPglite(dataDirectory);
  if (creates) await createDatabase();
  // PGlite creates a missing database. Here it must exist: an earlier process or this one created it.
  try {
    if (checkDatabaseFolder(dataDirectory) === 'absent') throw new UnusableStoreError(`${dataDirectory} is missing`);
  } catch (error) {
    if (error instanceof UnusableStoreError) throw new PgliteError({ message: error.message, isLasting: true });
    throw error;
  }
  return openPglite(dataDirectory);
}

/** In a temporary thread, which frees its memory (500 MB), and under another name, so that an interrupted creation is never mistaken for a complete one. */
async function createDatabase(): Promise<void> {
  const draft = draftFolderOf(dataDirectory, randomUUID().slice(0, 8));
  const creating = new Worker(moduleOf('store/pglite-create'), { workerData: draft });
  const failures: PgliteFailure[] = [];
  creating.on('message', ({ failure }: FailureMessage) => failures.push(failure));
  try {
    await once(creating, 'exit');
    if (failures[0]) throw new PgliteError(failures[0]);
    if (lstatSync(dataDirectory, { throwIfNoEntry: false })) {
      throw new PgliteError({ message: `${dataDirectory} already exists`, isLasting: true });
    }
    if (checkDatabaseFolder(draft) === 'absent') throw new Error(`${draft} is missing`);
    renameSync(draft, dataDirectory);
    send('created');
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
