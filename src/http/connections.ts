import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { isStalled, type Movement, move } from './movement.ts';

/** The connections of a server. On every connection, whatever its protocol, requests must arrive and responses must be read in time. */
export interface Connections {
  add(socket: Socket): void;
  /** A request has started to arrive. False: its connection is closed, so the request must not be handled. */
  begin(request: IncomingMessage, response: ServerResponse): boolean;
  /** The connection no longer speaks HTTP. */
  upgrade(socket: Duplex): void;
  stop(): void;
}

export interface ConnectionsOptions {
  /**
   * A transfer that makes no progress for this long ends its connection. Within three times this long, it must be fast enough; see
   * isStalled.
   */
  stalledTimeoutMs: number;
  /** Responds to a request that stopped arriving, and closes its connection. */
  onStalledRequest(request: IncomingMessage, response: ServerResponse): void;
  /** Called when a request exceeded `maxUnansweredRequests` on a connection, which has been closed. */
  onTooManyRequests(request: IncomingMessage): void;
}

/**
 * The maximum number of requests on one connection that wait for their responses, including the newest. Clients that pipeline requests send
 * a few; Node accepts any number, each for some kilobytes.
 */
export const maxUnansweredRequests = 100;

interface Connection {
  socket: Socket;
  isUpgraded: boolean;
  /** The newest request. Only this one can be incomplete. */
  newest: { request: IncomingMessage; response: ServerResponse } | null;
  responsesInFlight: number;
  /** The number of bytes read when the last response ended. */
  bytesReadWhenIdle: number;
  incoming: Movement | null;
  outgoing: Movement | null;
}

/** A WebSocket message that hasn't arrived in full. */
export interface PartialMessage {
  /** The number of the message on its connection. */
  number: number;
  bytes: number;
}

const partialMessages = new WeakMap<Duplex, () => PartialMessage | null>();

/** Ends the connection if a message on it stalls. */
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
      // Node also emits requests that arrived in one piece with the request that closed the connection.
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
  // The bytes written, minus those that wait for the client.
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

/** What is arriving, and how many bytes of it have arrived. */
function incomingOf({ socket, isUpgraded, newest, responsesInFlight, bytesReadWhenIdle }: Connection): { of: unknown; bytes: number } {
  if (isUpgraded) {
    const message = partialMessages.get(socket)?.() ?? null;
    return { of: message?.number ?? null, bytes: message?.bytes ?? 0 };
  }
  const bytes = socket.bytesRead;
  if (newest && !newest.request.complete) return { of: newest.request, bytes };
  // An incomplete request head: the parser reports nothing until it is complete.
  const isHead = responsesInFlight === 0 && bytes > bytesReadWhenIdle;
  return { of: isHead ? bytesReadWhenIdle : null, bytes };
}
