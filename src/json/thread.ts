import { Worker } from 'node:worker_threads';
import { parseJson } from './parse.ts';
import { createAssembly } from './parts.ts';
import type { FromThread, ToThread } from './worker.ts';

/** Longer texts are parsed in the thread: a text of this length takes the main thread about 10 ms. */
export const maxMainThreadBytes = 1_000_000;

/** Parses large JSON beside the main thread, which goes on answering meanwhile. */
export interface JsonThread {
  /**
   * As `parseJson`; undefined also for a text that takes longer than the time limit or holds more than 2 million values. The bytes are moved to the thread: they can't be used afterwards.
   * Texts are parsed one after the other; undefined for one that isn't `isWanted` any more when its turn comes. Must be nested no deeper than functions can recurse.
   */
  parse(bytes: Uint8Array<ArrayBuffer>, isWanted?: () => boolean): Promise<unknown>;
  close(): Promise<void>;
}

const defaultTimeLimitMs = 15_000;
/** Ended when there was nothing to do for so long, the thread gives its memory back. */
const idleMs = 2_000;

export function createJsonThread(timeLimitMs = defaultTimeLimitMs): JsonThread {
  let worker: Worker | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let idle: NodeJS.Timeout | null = null;

  const start = (): Worker => {
    const started = new Worker(new URL('./worker.ts', import.meta.url));
    started.unref();
    // Its exit, which follows, is what matters.
    started.on('error', () => {});
    started.once('exit', () => {
      if (worker === started) worker = null;
    });
    return started;
  };
  const end = async (): Promise<void> => {
    const ended = worker;
    worker = null;
    await ended?.terminate();
  };

  const parseNext = (bytes: Uint8Array<ArrayBuffer>): Promise<unknown> => {
    worker ??= start();
    const thread = worker;
    const assembly = createAssembly();
    return new Promise((resolve) => {
      const settle = (value: unknown): void => {
        clearTimeout(timer);
        thread.off('message', take).off('exit', giveUp);
        resolve(value);
      };
      const giveUp = (): void => settle(undefined);
      const timer = setTimeout(() => {
        giveUp();
        void end();
      }, timeLimitMs);
      const take = (message: FromThread): void => {
        if ('isJson' in message) {
          settle(message.isJson ? assembly.value() : undefined);
          return;
        }
        assembly.add(message.part);
        // Others have their turn between two parts.
        setImmediate(() => send(thread, 'next'));
      };
      thread.on('message', take).on('exit', giveUp);
      send(thread, { bytes });
    });
  };

  return {
    parse(bytes, isWanted = () => true) {
      if (idle) clearTimeout(idle);
      waiting += 1;
      const parsed = last.then(() => (isWanted() ? parseNext(bytes) : undefined));
      last = parsed.finally(() => {
        waiting -= 1;
        if (waiting === 0) idle = setTimeout(end, idleMs).unref();
      });
      return parsed;
    },
    close: end,
  };
}

function send(thread: Worker, message: ToThread): void {
  thread.postMessage(message, message === 'next' ? [] : [message.bytes.buffer as ArrayBuffer]);
}

/** The one of this process. Ends by itself. */
const sharedThread = createJsonThread();

/** As `parseJson`, for texts of any length: a long one keeps others from their turn for some milliseconds only. */
export async function parseLargeJson(text: string | Buffer, isWanted?: () => boolean): Promise<unknown> {
  if (text.length <= maxMainThreadBytes) return parseJson(text.toString());
  const bytes = Buffer.from(text);
  // Its memory may be shared with other buffers, which must not move with it.
  const isWhole = bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength;
  return sharedThread.parse(isWhole ? new Uint8Array(bytes.buffer) : new Uint8Array(bytes), isWanted);
}
