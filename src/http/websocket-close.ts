import type { WebSocket } from 'ws';

/** By RFC 6455 and its registry. Those of the protocol itself are graphql-ws' CloseCode. */
export const closeCodes = { goingAway: 1001, internalError: 1011, tryAgainLater: 1013 };

/** What a reason may have. */
const maxReasonBytes = 123;

/** Closes with a reason. False, for who has nothing else to say. */
export function closeWith(socket: WebSocket, code: number, reason: string): false {
  // Whole characters only.
  const text = Buffer.from(reason)
    .subarray(0, maxReasonBytes)
    .toString('utf8')
    .replace(/\uFFFD$/, '');
  socket.close(code, text);
  return false;
}
