import type { WebSocket } from 'ws';

/** What a connection may send before Jobyard knows its caller: a `connection_init` with a token and credentials of vendors. */
export const maxBytesBeforeInit = 16 * 1024;

/** From now on messages may have so many bytes. */
export function allowMessagesUpTo(maxBytes: number, socket: WebSocket): void {
  // ws has one limit for a whole server, so that a connection begins with the low one. Its receiver is not public: a test notices a change.
  const { _receiver: receiver } = socket as unknown as { _receiver?: { _maxPayload?: number } };
  if (receiver?._maxPayload === undefined) throw new Error('ws keeps the limit of a connection in another place');
  receiver._maxPayload = maxBytes;
}
