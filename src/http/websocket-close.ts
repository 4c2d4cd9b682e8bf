import type { WebSocket } from 'ws';

/** Close codes of RFC 6455 and its registry. The protocol's own are in graphql-ws' CloseCode. */
export const closeCodes = { goingAway: 1001, internalError: 1011, tryAgainLater: 1013 };

/** The maximum length of a reason. */
const maxReasonBytes = 123;

/** Closes the connection with a reason. Returns false, which callers pass on. */
export function closeWith(socket: WebSocket, code: number, reason: string): false {
  // Keeps whole characters only.
  const text = Buffer.from(reason)
    .subarray(0, maxReasonBytes)
    .toString('utf8')
    .replace(/\uFFFD$/, '');
  socket.close(code, text);
  return false;
}
