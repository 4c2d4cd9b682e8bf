import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { Caller } from '../access/caller.ts';
import type { Revocations } from '../access/revocations.ts';
import type { Shares } from '../access/shares.ts';
import type { Limits } from '../config/limits.ts';
import type { OperationParts } from '../graphql/run-operation.ts';
import type { Admission } from './admission.ts';
import type { RecordRefusal } from './rejections.ts';
import { closeCodes, closeWith } from './websocket-close.ts';
import type { Sender } from './websocket-sender.ts';

/** What WebSockets are served with. */
export interface WebSocketParts extends OperationParts {
  admission: Admission;
  shares: Shares;
  revocations: Revocations;
  limits: Limits;
  recordRefusal: RecordRefusal;
}

/** One WebSocket. */
export interface SocketConnection {
  socket: WebSocket;
  sender: Sender;
  request: IncomingMessage;
  gone: AbortSignal;
  operations: Set<SocketOperation>;
  /** The messages that are being handled: a query's until its answer is sent. */
  handling: Set<Promise<void>>;
  /** Of its upgrade. That of an operation has its number, counted from 1, behind a dot. */
  requestId: string;
  operationCount: number;
  /** The access of its caller has changed or is over: it is to end. */
  isLeaving: boolean;
  /** Set when it has said who it is. */
  identity?: { caller: Caller; headers: IncomingHttpHeaders };
}

/** One that runs, also where its client does not want the answer any more. */
export interface SocketOperation {
  ended: Promise<void>;
  /** Of a subscription that goes on: ends it without a word, as `complete` would say that nothing more is to come. */
  endQuietly?: () => void;
}

export const goodbyeMs = 1_000;

/** Ends the subscriptions of a connection and, when its queries and mutations have been answered, the connection itself. Resolves when it has gone. */
export async function sayGoodbye({ socket, operations, handling }: SocketConnection): Promise<void> {
  const closed = new Promise((resolve) => socket.once('close', resolve));
  for (const { endQuietly } of operations) endQuietly?.();
  await Promise.race([Promise.all(Array.from(operations, ({ ended }) => ended)), closed]);
  const timer = setTimeout(() => socket.terminate(), goodbyeMs);
  await Promise.race([Promise.all(handling), closed]);
  closeWith(socket, closeCodes.goingAway, 'Going away');
  await closed;
  clearTimeout(timer);
}
