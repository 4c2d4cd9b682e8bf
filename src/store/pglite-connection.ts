import { Duplex } from 'node:stream';
import { MessageChannel, Worker } from 'node:worker_threads';
import { moduleOf } from '../package.js';
import { describePgliteFailure, type PgliteFailure } from './pglite-failure.ts';
import type { PgliteWorkerData, PgliteWorkerMessage } from './pglite-worker.ts';
import { UnusableStoreError } from './unusable.ts';

/** PGlite in its own thread, so that its statements never block the server's event loop. */
export interface PgliteThread {
  /** Creates what node-postgres uses as its socket to a server. Only one at a time, because they share one session. */
  connect(): Duplex;
  close(): Promise<void>;
}

// "You are authenticated" and "ready for a query, in no transaction".
const greeting = Buffer.from('R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I', 'latin1');
const terminate = 'X'.charCodeAt(0);

export interface PgliteThreadOptions {
  /** A folder, or `memory://`. */
  dataDirectory: string;
  /** Whether the folder has no database yet. */
  isNew: boolean;
  /** Called when the database has been created. */
  onCreated(): void;
  /** Called when the thread has ended. UnusableStoreError: because of its files, so that the next start would fail, too. */
  onFailure(error: Error): void;
}

/** The thread starts with the first connection, and again with the next one after a failure. */
export function createPgliteThread({ dataDirectory, isNew, onCreated, onFailure }: PgliteThreadOptions): PgliteThread {
  let worker: PgliteWorker | null = null;
  let creates = isNew && dataDirectory !== 'memory://';
  let closed = Promise.resolve();
  let isClosing = false;

  const start = (): PgliteWorker => {
    const thread = new Worker(moduleOf('store/pglite-worker'), {
      workerData: { dataDirectory, creates } satisfies PgliteWorkerData,
    });
    const started: PgliteWorker = { thread, failure: new Error('PGlite has ended.') };
    thread.on('error', (error) => {
      started.failure = toFailure(describePgliteFailure(error, []), dataDirectory);
    });
    thread.on('message', (message: PgliteWorkerMessage) => {
      if (message !== 'created') {
        started.failure = toFailure(message.failure, dataDirectory);
        return;
      }
      creates = false;
      onCreated();
    });
    closed = new Promise((resolve) => {
      thread.once('exit', () => {
        worker = null;
        resolve();
        if (!isClosing) onFailure(started.failure);
      });
    });
    return started;
  };

  return {
    connect() {
      worker ??= start();
      return createConnection(worker);
    },
    async close() {
      isClosing = true;
      worker?.thread.postMessage('close');
      await closed;
    },
  };
}

interface PgliteWorker {
  thread: Worker;
  /** Why the thread has ended, when it has. */
  failure: Error;
}

function toFailure({ message, isLasting }: PgliteFailure, dataDirectory: string): Error {
  if (!isLasting) return new Error(`PGlite has ended: ${message}.`);
  return new UnusableStoreError(
    `store: can't open the database ${dataDirectory}: ${message}. Restore a copy of the store's folder. To start with an empty store, move the folder away.`,
  );
}

function createConnection(worker: PgliteWorker): Duplex {
  const { thread } = worker;
  const { port1: port, port2 } = new MessageChannel();
  const onExit = (): void => void duplex.destroy(worker.failure);
  let isStarting = true;
  const send = (bytes: Uint8Array): void => {
    // node-postgres sends a startup message first, which PGlite doesn't expect.
    if (isStarting) {
      isStarting = false;
      thread.postMessage({ connection: port2 }, [port2]);
    } else if (bytes[0] !== terminate) {
      const copy = new Uint8Array(bytes);
      port.postMessage(copy, [copy.buffer]);
    }
  };
  const duplex = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      send(chunk);
      done();
    },
    // One message for all the chunks of a statement.
    writev(chunks, done) {
      // Strings are decoded before they come here (decodeStrings).
      send(Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer)));
      done();
    },
    final(done) {
      duplex.push(null);
      done();
    },
    destroy(error, done) {
      thread.off('exit', onExit);
      port.close();
      done(error);
    },
  });
  thread.once('exit', onExit);
  port.on('message', (message: Uint8Array | 'accepted') => duplex.push(message === 'accepted' ? greeting : message));
  // The methods of a socket that node-postgres calls.
  const socket = {
    connect: () => process.nextTick(() => duplex.emit('connect')),
    setNoDelay() {},
    setKeepAlive() {},
    ref() {},
    unref() {},
  };
  return Object.assign(duplex, socket);
}
