import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { watchMessages } from './connections.ts';

/** Smaller parts of a message aren't counted for the caller. */
const uncountedBytes = 16_384;
/** The size of a client frame without its payload, if the payload is short. */
const frameBytes = 6;

/** Counts the bytes of an incomplete message, which ws buffers. Ends the connection if its caller exceeds its limit. */
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
  // Before ws gets the data, as it immediately emits the messages that end with it.
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

/**
 * The maximum number of client pings and pongs between two pings of the server. They aren't messages, which take turns, but each costs CPU
 * time.
 */
const maxControlFrames = 1_000;

/** Ends a connection whose client doesn't answer a ping before the next one, or only sends such frames. */
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
