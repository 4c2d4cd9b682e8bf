import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { isStalled, type Movement, move } from './movement.ts';

/** The connections of a server. On each of them, whatever its protocol, requests must come in and responses must be taken in time. */
export interface Connections {
  add(socket: Socket): void;
  /** A request has begun to come in over its connection. False: the connection is over, and the request is not to be handled. */
  begin(request: IncomingMessage, response: ServerResponse): boolean;
  /** The connection is no HTTP any more. */
  upgrade(socket: Duplex): void;
  stop(): void;
}

export interface ConnectionsOptions {
  /** What doesn't move for this long ends its connection. Three times as long, it must have moved fast enough; see isStalled. */
  stalledTimeoutMs: number;
  /** Answers a request whose rest doesn't come, and closes its connection. */
  onStalledRequest(request: IncomingMessage, response: ServerResponse): void;
  /** A request came on a connection on which `maxUnansweredRequests` wait for their responses. The connection has been closed. */
  onTooManyRequests(request: IncomingMessage): void;
}

/**
 * Requests that may wait on one connection for their responses, this one included. Clients that don't wait for one response before they
 * send the next request (pipelining) do so with a few; Node takes in as many as come, each for some kilobytes.
 */
export const maxUnansweredRequests = 100;

interface Connection {
  socket: Socket;
  isUpgraded: boolean;
  /** The newest request; only it can be incomplete. */
  newest: { request: IncomingMessage; response: ServerResponse } | null;
  responsesInFlight: number;
  /** How many bytes had come when its last response was over. */
  bytesReadWhenIdle: number;
  incoming: Movement | null;
  outgoing: Movement | null;
}

/** Of WebSockets: a message that has not come in whole. */
export interface PartialMessage {
  /** The number of the message on its connection. */
  number: number;
  bytes: number;
}

const partialMessages = new WeakMap<Duplex, () => PartialMessage | null>();

/** Lets the connection end if a message on it stalls. */
export function watchMessages(socket: Duplex, partialMessage: () => PartialMessage | null): void {
  partialMessages.set(socket, partialMessage);
}

export function createConnections(options: ConnectionsOptions): Connections {
  const { stalledTimeoutMs } = options;
  const connections = new Map<Duplex, Connection>();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    for (const connection of connections.values()) endIfStalled(connection, nowMs, options);
  }, stalledTimeoutMs / 4).unref();

  return {
    add(socket) {
      connections.set(socket, createConnection(socket));
      socket.once('close', () => connections.delete(socket));
    },
    begin(request, response) {
      const { socket } = request;
      // Node hands on the requests that came in one piece with the one that closed the connection.
      if (socket.destroyed) return false;
      const connection = connections.get(socket);
      if (!connection) return true;
      if (connection.responsesInFlight === maxUnansweredRequests) {
        socket.destroy();
        options.onTooManyRequests(request);
        return false;
      }
      connection.newest = { request, response };
      connection.responsesInFlight += 1;
      response.once('close', () => {
        connection.responsesInFlight -= 1;
        connection.bytesReadWhenIdle = connection.socket.bytesRead;
      });
      return true;
    },
    upgrade(socket) {
      const connection = connections.get(socket);
      if (connection) connection.isUpgraded = true;
    },
    stop: () => clearInterval(timer),
  };
}

function createConnection(socket: Socket): Connection {
  return { socket, isUpgraded: false, newest: null, responsesInFlight: 0, bytesReadWhenIdle: 0, incoming: null, outgoing: null };
}

function endIfStalled(connection: Connection, nowMs: number, { stalledTimeoutMs, onStalledRequest }: ConnectionsOptions): void {
  const { socket, newest } = connection;
  const { writableLength } = socket;
  // Written, less what waits for the other side.
  const sentBytes = socket.bytesWritten - writableLength;
  connection.outgoing = move(connection.outgoing, writableLength > 0 ? 'output' : null, sentBytes, nowMs);
  if (isStalled(connection.outgoing, nowMs, stalledTimeoutMs)) {
    socket.destroy();
    return;
  }
  const { of, bytes } = incomingOf(connection);
  connection.incoming = move(connection.incoming, of, bytes, nowMs);
  if (!isStalled(connection.incoming, nowMs, stalledTimeoutMs)) return;
  if (newest && of === newest.request && !newest.response.headersSent) onStalledRequest(newest.request, newest.response);
  else socket.destroy();
}

/** What is coming in, and how much of it has. */
function incomingOf({ socket, isUpgraded, newest, responsesInFlight, bytesReadWhenIdle }: Connection): { of: unknown; bytes: number } {
  if (isUpgraded) {
    const message = partialMessages.get(socket)?.() ?? null;
    return { of: message?.number ?? null, bytes: message?.bytes ?? 0 };
  }
  const bytes = socket.bytesRead;
  if (newest && !newest.request.complete) return { of: newest.request, bytes };
  // The head of a request, as far as it has come: the parser says nothing of it until it is whole.
  const isHead = responsesInFlight === 0 && bytes > bytesReadWhenIdle;
  return { of: isHead ? bytesReadWhenIdle : null, bytes };
}
