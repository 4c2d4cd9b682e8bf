import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { watchMessages } from './connections.ts';

/** A smaller part of a message is not counted for its caller. */
const uncountedBytes = 16_384;
/** What frames of the client's have besides their payload, where that is short. */
const frameBytes = 6;

/** Counts the bytes of a message that has not come whole: ws keeps them. Ends the connection where its caller may have no more. */
export function countPartialMessage(connection: Socket, socket: WebSocket, count: (bytes: number) => boolean): () => void {
  let number = 0;
  let bytes = 0;
  let counted = 0;
  const countAll = (): boolean => {
    const wanted = bytes > uncountedBytes ? bytes : 0;
    const more = wanted - counted;
    counted = wanted;
    return more === 0 || count(more);
  };
  // Before ws is told, which at once tells of the messages that end with it.
  connection.prependListener('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (!countAll()) socket.terminate();
  });
  socket.on('message', () => {
    number += 1;
    bytes = 0;
    countAll();
  });
  const leaveOut = (payload: Buffer): void => {
    bytes = Math.max(0, bytes - payload.length - frameBytes);
  };
  socket.on('ping', leaveOut).on('pong', leaveOut);
  watchMessages(connection, () => (bytes > 0 ? { number, bytes } : null));
  return () => {
    bytes = 0;
    countAll();
  };
}

const pingIntervalMs = 12_000;

/** Pings and pongs of the client's between two pings of ours. They are no messages, which take turns, and each costs processor time. */
const maxControlFrames = 1_000;

/** Ends the connection of one who does not answer a ping by the next, or does nothing but send such frames. */
export function keepAlive(socket: WebSocket): () => void {
  let hasAnswered = true;
  let controlFrames = 0;
  const count = (): void => {
    controlFrames += 1;
    if (controlFrames > maxControlFrames) socket.terminate();
  };
  socket.on('ping', count).on('pong', () => {
    hasAnswered = true;
    count();
  });
  const timer = setInterval(() => {
    if (!hasAnswered) return socket.terminate();
    hasAnswered = false;
    controlFrames = 0;
    socket.ping();
  }, pingIntervalMs);
  return () => clearInterval(timer);
}
