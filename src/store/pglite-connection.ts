import { Duplex } from 'node:stream';
import { MessageChannel, Worker } from 'node:worker_threads';

/** PGlite in a thread of its own, so that its statements never hold up the requests that the server answers. */
export interface PgliteThread {
  /** What node-postgres takes for its socket to a server. Only one at a time: they share one session. */
  connect(): Duplex;
  close(): Promise<void>;
}

// "You are authenticated" and "ready for a query, in no transaction".
const greeting = Buffer.from('R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I', 'latin1');
const terminate = 'X'.charCodeAt(0);

/**
 * `dataDirectory`: a folder, or `memory://`. The thread starts with the first connection, and anew with the next after it has failed;
 * `onFailure` hears of that.
 */
export function createPgliteThread(dataDirectory: string, onFailure: (error: Error) => void): PgliteThread {
  let worker: Worker | null = null;
  let closed = Promise.resolve();
  let isClosing = false;

  const start = (): Worker => {
    const started = new Worker(new URL('./pglite-worker.ts', import.meta.url), { workerData: dataDirectory });
    let failure = new Error('PGlite has ended.');
    started.on('error', (error) => {
      failure = error as Error;
    });
    closed = new Promise((resolve) => {
      started.once('exit', () => {
        worker = null;
        resolve();
        if (!isClosing) onFailure(failure);
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
      worker?.postMessage('close');
      await closed;
    },
  };
}

function createConnection(worker: Worker): Duplex {
  const { port1: port, port2 } = new MessageChannel();
  const fail = (error: Error): void => void duplex.destroy(error);
  const onExit = (): void => fail(new Error('PGlite has ended.'));
  let isStarting = true;
  const send = (bytes: Uint8Array): void => {
    // node-postgres introduces itself first; PGlite asks for no such thing.
    if (isStarting) {
      isStarting = false;
      worker.postMessage({ connection: port2 }, [port2]);
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
    // All that belongs to one statement comes together, so that it is one message.
    writev(chunks, done) {
      send(Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer)));
      done();
    },
    final(done) {
      duplex.push(null);
      done();
    },
    destroy(error, done) {
      worker.off('error', fail).off('exit', onExit);
      port.close();
      done(error);
    },
  });
  worker.once('error', fail).once('exit', onExit);
  port.on('message', (message: Uint8Array | 'accepted') => duplex.push(message === 'accepted' ? greeting : message));
  // What node-postgres calls of a socket.
  const socket = {
    connect: () => process.nextTick(() => duplex.emit('connect')),
    setNoDelay() {},
    setKeepAlive() {},
    ref() {},
    unref() {},
  };
  return Object.assign(duplex, socket);
}
