import { parentPort } from 'node:worker_threads';
import { hasMoreValues } from './nesting.ts';
import { parseJson } from './parse.ts';
import { type Part, toParts } from './parts.ts';

/** What the thread is sent: a text to parse in UTF-8, then a word for each further part. */
export type ToThread = { bytes: Uint8Array } | 'next';
/** What it answers: a part each time, and in the end whether the text was JSON. */
export type FromThread = { part: Part } | { isJson: boolean };

/** 33 MB of `{},` would take 3 GB in both threads, and V8 ends the whole process when a thread's JSON.parse finds no memory. */
const maxValues = 2_000_000;

let parts: Iterator<Part> | null = null;

parentPort?.on('message', (message: ToThread) => {
  if (message !== 'next') {
    const value = hasMoreValues(message.bytes, maxValues) ? undefined : parseJson(new TextDecoder().decode(message.bytes));
    if (value === undefined) return reply({ isJson: false });
    parts = toParts(value);
  }
  const next = parts?.next();
  if (next && !next.done) return reply({ part: next.value });
  parts = null;
  reply({ isJson: true });
});

function reply(message: FromThread): void {
  parentPort?.postMessage(message);
}
