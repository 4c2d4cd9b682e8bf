import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { Caller } from '../access/caller.ts';
import type { Revocations } from '../access/revocations.ts';
import type { Shares } from '../access/shares.ts';
import type { Limits } from '../config/limits.ts';
import type { OperationParts } from '../graphql/run-operation.ts';
import type { Admission } from './admission.ts';
import type { RecordRejection } from './rejections.ts';
import { closeCodes, closeWith } from './websocket-close.ts';
import type { Sender } from './websocket-sender.ts';

/** What all WebSockets share. */
export interface WebSocketParts extends OperationParts {
  admission: Admission;
  shares: Shares;
  revocations: Revocations;
  limits: Limits;
  recordRejection: RecordRejection;
}

/** A WebSocket. */
export interface SocketConnection {
  socket: WebSocket;
  sender: Sender;
  request: IncomingMessage;
  gone: AbortSignal;
  operations: Set<SocketOperation>;
  /** The messages being handled; a query's until its response is sent. */
  handling: Set<Promise<void>>;
  /** The request ID of the upgrade. An operation's ID appends a dot and its number, from 1. */
  requestId: string;
  operationCount: number;
  /** The caller's access changed or ended: the connection is closing. */
  isLeaving: boolean;
  /** Set when the caller was authenticated. */
  identity?: { caller: Caller; headers: IncomingHttpHeaders };
}

/** A running operation, even if its client no longer waits for it. */
export interface SocketOperation {
  ended: Promise<void>;
  /** For open subscriptions: ends it without a `complete` message, which would mean that no more events exist. */
  endQuietly?: () => void;
}

export const closeTimeoutMs = 1_000;

/**
 * Ends the subscriptions of a connection and, after the responses to its queries and mutations, the connection itself. Resolves when it has
 * closed.
 */
export async function closeGracefully({ socket, operations, handling }: SocketConnection): Promise<void> {
  const closed = new Promise((resolve) => socket.once('close', resolve));
  for (const { endQuietly } of operations) endQuietly?.();
  await Promise.race([Promise.all(Array.from(operations, ({ ended }) => ended)), closed]);
  const timer = setTimeout(() => socket.terminate(), closeTimeoutMs);
  await Promise.race([Promise.all(handling), closed]);
  closeWith(socket, closeCodes.goingAway, 'Going away');
  await closed;
  clearTimeout(timer);
}
