import type { IncomingHttpHeaders } from 'node:http';
import { CloseCode } from 'graphql-ws';
import type { Caller } from '../access/caller.ts';
import { systemClock } from '../concurrency/clock.ts';
import { describeTooManyConnections } from './admission.ts';
import { allowMessagesUpTo } from './message-limits.ts';
import { closeCodes, closeWith } from './websocket-close.ts';
import { closeGracefully, type SocketConnection, type WebSocketParts } from './websocket-connection.ts';

/** The time from opening a connection to its `connection_init`. */
export const initTimeoutMs = 3_000;

/**
 * Authenticates the caller of a connection at its `connection_init`. Returns the payload of the acknowledgment; false: the connection was
 * closed.
 */
export async function identifyConnection(
  connection: SocketConnection,
  connectionParams: Record<string, unknown> | undefined,
  { admission, limits, recordRejection, revocations, logger }: WebSocketParts,
): Promise<{ requestId: string } | false> {
  const { socket, requestId } = connection;
  const reject = (status: number, code: string, caller: Caller | null, closeCode: number, reason: string): false => {
    recordRejection({ status, code, caller, requestId, transport: 'websocket' });
    return closeWith(socket, closeCode, reason);
  };
  const headers = { ...asHeaders(connectionParams), ...connection.request.headers };
  const authentication = await admission.authenticate(headers);
  if (authentication.kind === 'rejected') return reject(401, 'UNAUTHENTICATED', null, CloseCode.Unauthorized, authentication.message);
  if (authentication.kind === 'unreachable') {
    return reject(503, 'IDENTITY_PROVIDER_UNAVAILABLE', null, closeCodes.tryAgainLater, authentication.message);
  }
  const { caller } = authentication;
  const endConnection = admission.openConnection(caller);
  if (!endConnection) {
    return reject(429, 'RATE_LIMITED', caller, closeCodes.tryAgainLater, describeTooManyConnections(caller, limits));
  }
  const stopWatching = watchAccess(connection, caller, { revocations, logger });
  const leave = (): void => {
    endConnection();
    stopWatching();
  };
  connection.gone.addEventListener('abort', leave);
  if (connection.gone.aborted) leave();
  connection.identity = { caller, headers };
  allowMessagesUpTo(limits.maxBodyBytes, socket);
  return { requestId };
}

/** Ends the connection when its token expires or its caller's access changes. */
function watchAccess(
  connection: SocketConnection,
  { name, expiresAtMs }: Caller,
  { revocations, logger }: Pick<WebSocketParts, 'revocations' | 'logger'>,
): () => void {
  const expire = (): void => {
    connection.isLeaving = true;
    // Not 4401, which clients consider final: they may reconnect with a new token.
    closeWith(connection.socket, CloseCode.Forbidden, 'The token has expired');
  };
  const stopExpiry = expiresAtMs === null ? null : systemClock.at(expiresAtMs, expire);
  const stopRevocation = revocations.watch(name, () => {
    connection.isLeaving = true;
    closeGracefully(connection).catch((error: unknown) => logger.error({ err: error }, 'bug'));
  });
  return () => {
    stopExpiry?.();
    stopRevocation();
  };
}

/** Reads the credentials that browsers send in `connection_init`, as they can't set headers on a WebSocket. */
function asHeaders(connectionParams: Record<string, unknown> | undefined): IncomingHttpHeaders {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(connectionParams ?? {})) {
    const header = name.toLowerCase();
    if (typeof value === 'string' && /^(authorization|x-api-key|x-jobyard-credential-.+)$/.test(header)) headers[header] = value;
  }
  return headers;
}
