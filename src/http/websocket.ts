import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FormattedExecutionResult } from 'graphql';
import { CloseCode, handleProtocols, makeServer, type Server } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { type TurnSize, turns } from '../concurrency/turns.ts';
import { internalError } from '../graphql/error-format.ts';
import { requestIdOf } from '../graphql/request-context.ts';
import { nestedTooDeep } from '../json/caller-json.ts';
import { isNestedTooDeep, maxCallerNesting } from '../json/nesting.ts';
import { maxBytesBeforeInit } from './message-limits.ts';
import { createMessageOrder } from './message-order.ts';
import { createMessageTurns } from './message-turns.ts';
import type { OriginRules } from './origin.ts';
import { type ErrorResponse, respondOnSocket } from './response-headers.ts';
import { closeCodes, closeWith } from './websocket-close.ts';
import { closeGracefully, closeTimeoutMs, type SocketConnection, type WebSocketParts } from './websocket-connection.ts';
import { countPartialMessage, keepAlive } from './websocket-health.ts';
import { identifyConnection, initTimeoutMs } from './websocket-init.ts';
import { resultsOf, startSocketOperation } from './websocket-operation.ts';
import { createSender } from './websocket-sender.ts';
import { checkUpgrade } from './websocket-upgrade.ts';

/** GraphQL over WebSocket (graphql-transport-ws) at /graphql: queries, mutations, and subscriptions, under the rules of HTTP. */
export interface WebSockets {
  /** Accepts a WebSocket request, or rejects it. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /**
   * Accepts no new connections and ends the subscriptions; closes each connection with 1001 after the responses to its queries and
   * mutations, and resolves when all have closed.
   */
  close(): Promise<void>;
}

export interface WebSocketsOptions extends WebSocketParts {
  origins: OriginRules;
}

/** The maximum length of a `ping` message. */
const maxPingLength = 16_384;

export function createWebSockets(options: WebSocketsOptions): WebSockets {
  const { limits, recordRejection, origins } = options;
  const connections = new Set<SocketConnection>();
  let closing = false;
  const protocol = createProtocol(options, () => closing);
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: Math.min(limits.maxBodyBytes, maxBytesBeforeInit),
    // Missing in the types of ws.
    ...{ closeTimeout: closeTimeoutMs },
    handleProtocols: (offered) => handleProtocols(offered),
  });
  const rejectUpgrade = (request: IncomingMessage, socket: Duplex, answer: ErrorResponse): void => {
    const { status, code } = answer;
    recordRejection({ status, code, caller: null, requestId: requestIdOf(request.headers), transport: 'websocket' });
    respondOnSocket(socket, answer);
  };
  sockets.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    const connection = openConnection(socket, request, protocol, options);
    connections.add(connection);
    socket.once('close', () => connections.delete(connection));
  });
  sockets.on('wsClientError', (error, socket, request) => {
    rejectUpgrade(request, socket, { status: 400, code: 'BAD_REQUEST', message: `Can't open the WebSocket: ${error.message}.` });
  });

  return {
    upgrade(request, socket, head) {
      socket.on('error', () => {});
      const rejection = checkUpgrade(request, origins, closing);
      if (rejection) rejectUpgrade(request, socket, rejection);
      else sockets.handleUpgrade(request, socket, head, (accepted) => sockets.emit('connection', accepted, request));
    },
    async close() {
      closing = true;
      const giveUp = setTimeout(() => {
        for (const { socket } of connections) socket.terminate();
      }, options.deadlineMs);
      await Promise.all(Array.from(connections, closeGracefully));
      clearTimeout(giveUp);
    },
  };
}

type Protocol = Server<SocketConnection>;

function createProtocol(parts: WebSocketParts, isClosing: () => boolean): Protocol {
  return makeServer<Record<string, unknown>, SocketConnection>({
    connectionInitWaitTimeout: initTimeoutMs,
    onConnect: ({ connectionParams, extra }) => identifyConnection(extra, connectionParams, parts),
    onSubscribe: ({ extra, subscriptions }, id, payload) => startSocketOperation(extra, { subscriptions, id, payload }, isClosing, parts),
    // Errors are formatted already. The result is sent as text, which graphql-ws takes for a result.
    onNext: ({ extra }, _id, _payload, _arguments, result) => extra.sender.toPayload(result as FormattedExecutionResult),
    subscribe: resultsOf,
  });
}

/** Serves a WebSocket until it closes. */
function openConnection(socket: WebSocket, request: IncomingMessage, protocol: Protocol, parts: WebSocketParts): SocketConnection {
  const { metrics, recordRejection, logger } = parts;
  const uncount = metrics.openConnection('websocket');
  const gone = new AbortController();
  const addUnsent = createUnsentCount(() => connection, parts);
  const connection: SocketConnection = {
    socket,
    sender: createSender(socket, addUnsent),
    request,
    gone: gone.signal,
    operations: new Set(),
    handling: new Set(),
    requestId: requestIdOf(request.headers),
    operationCount: 0,
    isLeaving: false,
  };
  // ws itself rejects invalid frames, with the matching close code.
  socket.on('error', (error) => {
    if (!('code' in error) || error.code !== 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return;
    const { requestId, identity } = connection;
    recordRejection({ status: 413, code: 'BAD_REQUEST', caller: identity?.caller ?? null, requestId, transport: 'websocket' });
  });
  const stopPings = keepAlive(socket);
  const stopCounting = countPartialMessage(request.socket, socket, addUnsent);
  const onClosed = protocol.opened(toProtocolSocket(connection, addUnsent, logger), connection);
  socket.once('close', (code, reason) => {
    stopPings();
    stopCounting();
    uncount();
    gone.abort();
    onClosed(code, String(reason)).catch((error: unknown) => logger.error({ err: error }, 'bug'));
  });
  return connection;
}

/** Counts bytes that wait for the client or for their turn, for the connection's caller. False: the caller exceeds its limit. */
function createUnsentCount(connectionOf: () => SocketConnection, { shares }: WebSocketParts): (bytes: number) => boolean {
  let bytesBeforeCaller = 0;
  return (bytes) => {
    const { identity } = connectionOf();
    // Bytes that were counted before the caller was authenticated aren't subtracted from the caller.
    const beforeCaller = identity ? Math.max(-bytesBeforeCaller, Math.min(0, bytes)) : bytes;
    bytesBeforeCaller += beforeCaller;
    return !identity || shares.addUnsent(identity.caller, bytes - beforeCaller);
  };
}

/** Adapts a connection to graphql-ws. */
function toProtocolSocket(
  connection: SocketConnection,
  addUnsent: (bytes: number) => boolean,
  logger: WebSocketParts['logger'],
): Parameters<Protocol['opened']>[0] {
  const { socket, sender } = connection;
  return {
    protocol: socket.protocol,
    send: sender.send,
    async onPing(payload) {
      const pong = JSON.stringify({ type: 'pong', payload });
      // The payload returns in the pong, which waits until it is read.
      if (pong.length > maxPingLength)
        closeWith(socket, CloseCode.BadRequest, `Ping too long: expected at most ${maxPingLength} characters.`);
      else await sender.send(pong);
    },
    close: (code, reason) => void closeWith(socket, code ?? CloseCode.InternalServerError, reason ?? ''),
    onMessage(take) {
      const handle = createMessageHandler(connection, take, logger);
      const takeTurn = (size: TurnSize) => (connection.identity ? turns.take(connection.identity.caller.name, size) : null);
      socket.on('message', createMessageTurns({ takeTurn, handle, count: addUnsent, connection: socket }));
    },
  };
}

/** Handles the messages of a connection in their turn. */
function createMessageHandler(
  connection: SocketConnection,
  take: (text: string) => Promise<void>,
  logger: WebSocketParts['logger'],
): (data: Buffer) => void {
  const { socket, handling } = connection;
  const takeInOrder = createMessageOrder(take);
  let bytesBeforeInit = 0;
  return (data) => {
    // A connection that is closing accepts no more messages.
    if (socket.readyState !== socket.OPEN) return;
    // Before the acknowledgment, the protocol allows any number of pings.
    if (!connection.identity) bytesBeforeInit += data.length;
    if (bytesBeforeInit > maxBytesBeforeInit) {
      closeWith(
        socket,
        CloseCode.Unauthorized,
        `Too many bytes before connection_ack: expected at most ${maxBytesBeforeInit}. Send connection_init first.`,
      );
      return;
    }
    if (isNestedTooDeep(data, maxCallerNesting)) {
      closeWith(socket, CloseCode.BadRequest, nestedTooDeep);
      return;
    }
    const handled = takeInOrder(String(data))
      .catch((error: unknown) => {
        logger.error({ err: error }, 'bug');
        closeWith(socket, closeCodes.internalError, internalError);
      })
      .finally(() => handling.delete(handled));
    handling.add(handled);
  };
}
