import type { WebSocket } from 'ws';

/** The limit before the caller is authenticated: a `connection_init` with a token and vendor credentials. */
export const maxBytesBeforeInit = 16 * 1024;

/** Allows messages of this size from now on. */
export function allowMessagesUpTo(maxBytes: number, socket: WebSocket): void {
  // ws has one limit per server, so connections start with the low one. Its receiver is internal: a test detects changes.
  const receiver: { _maxPayload?: number } | undefined = Reflect.get(socket, '_receiver');
  if (receiver?._maxPayload === undefined) throw new Error('ws has moved the message limit of a connection');
  receiver._maxPayload = maxBytes;
}
