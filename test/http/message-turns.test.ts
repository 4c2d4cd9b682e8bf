import { expect, test } from 'vitest';
import { createMessageTurns } from '../../src/http/message-turns.ts';

/** The messages of a connection whose caller's turns the test gives. */
function start() {
  const log: string[] = [];
  const turns: (() => void)[] = [];
  let isBusy = false;
  let waitingBytes = 0;
  const take = createMessageTurns({
    takeTurn: () => (isBusy ? new Promise((resolve) => turns.push(resolve)) : null),
    handle: (message) => void log.push(String(message)),
    count(bytes) {
      waitingBytes += bytes;
    },
    connection: { pause: () => void log.push('pause'), resume: () => void log.push('resume') },
  });
  const giveTurn = async (): Promise<void> => {
    turns.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    log,
    send: (text: string) => take(Buffer.from(text)),
    giveTurn,
    waitingBytes: () => waitingBytes,
    setBusy(busy: boolean) {
      isBusy = busy;
    },
  };
}

test('handles a message immediately if it is its turn', () => {
  const { log, send, waitingBytes } = start();
  send('a');
  send('b');
  expect(log).toEqual(['a', 'b']);
  expect(waitingBytes()).toBe(0);
});

test('lets each message wait for a turn, in order and counted, and pauses the connection', async () => {
  const { log, send, giveTurn, waitingBytes, setBusy } = start();
  setBusy(true);
  for (const text of ['a', 'bb', 'ccc']) send(text);
  expect(log).toEqual(['pause']);
  expect(waitingBytes()).toBe(6);
  await giveTurn();
  expect(log).toEqual(['pause', 'a']);
  // A caller that arrives when no other one waits doesn't overtake.
  setBusy(false);
  send('d');
  await giveTurn();
  expect(log).toEqual(['pause', 'a', 'bb', 'ccc', 'd', 'resume']);
  expect(waitingBytes()).toBe(0);
  setBusy(true);
  send('e');
  await giveTurn();
  expect(log.slice(6)).toEqual(['pause', 'e', 'resume']);
});
