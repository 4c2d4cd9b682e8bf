import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';

const parent = parentPort;
if (!parent) throw new Error('This file runs in a worker thread.');

const database = await PGlite.create(String(workerData));

// One message in, one out: the bytes of PostgreSQL's own protocol. Statements run one after the other, whichever connection they come from.
let last: Promise<unknown> = Promise.resolve();

parent.on('message', (message: { connection: MessagePort } | 'close') => {
  last = last.then(() => (message === 'close' ? close() : accept(message.connection)));
});

async function accept(connection: MessagePort): Promise<void> {
  // There is one session for all connections: what the one before left unfinished goes.
  await database.exec('ROLLBACK');
  connection.on('message', (request: Uint8Array) => {
    last = last.then(async () => connection.postMessage(await database.execProtocolRaw(request)));
  });
  connection.postMessage('accepted');
}

async function close(): Promise<void> {
  await database.close();
  process.exit();
}
