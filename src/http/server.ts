// HTTP: Jobyard's one port. Connections and their speed, GraphQL over requests, event streams, and WebSocket, the playground, health, and
// metrics.

import { createServer, type Server as HttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { turns } from '../concurrency/turns.ts';
import { internalError } from '../graphql/error-format.ts';
import { requestIdOf } from '../graphql/request-context.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { respondToClientError } from './client-errors.ts';
import { type Connections, type ConnectionsOptions, createConnections } from './connections.ts';
import { awaitContinue } from './expectation.ts';
import type { GraphqlEndpoint } from './graphql-endpoint.ts';
import type { OriginRules } from './origin.ts';
import type { PageFiles } from './page-files.ts';
import { type RecordRejection, shuttingDown } from './rejections.ts';
import type { ErrorResponse } from './response-headers.ts';
import { createRoutes, type Route } from './routes.ts';
import { sendError } from './send.ts';
import type { WebSockets } from './websocket.ts';

/** A listening HTTP server. */
export interface Server {
  /** For example http://127.0.0.1:4000 */
  origin: string;
  /** From now on, `/readyz` returns 503 and each connection closes after its next response. Requests are still served. */
  drain(): void;
  /** Accepts no new requests, finishes those in flight, then closes: at the latest when a complete operation has had `deadlineMs`. */
  close(deadlineMs: number): Promise<void>;
}

export interface ServerOptions {
  host: string;
  port: number;
  graphql: GraphqlEndpoint;
  consoleFiles: PageFiles;
  playgroundFiles: PageFiles;
  metrics: Metrics;
  logger: Logger;
  isReady(): boolean;
  upgrade: WebSockets['upgrade'];
  origins: OriginRules;
  recordRejection: RecordRejection;
  maxConnections: number;
  /** See Connections. */
  stalledTimeoutMs: number;
  keepAliveTimeoutMs: number;
  /** Passes connections to the server and returns its origin. Default: listens on `host` and `port`. */
  listen?: ((server: HttpServer) => Promise<string>) | undefined;
}

/**
 * Node's own limits apply after Jobyard's, as Node's don't measure progress. A connection opened in advance may stay as long as an idle
 * one.
 */
const nodesMarginMs = 5_000;
const dropWarningPauseMs = 60_000;
/** The time for an incomplete request to arrive while the server closes: a later operation would outlive the close. */
const lastArrivalMs = 1_000;
/** The time for a response to be read after the last operation has ended. */
const lastResponseMs = 1_000;

/** The stage of the server on its way to closing. */
interface Stage {
  draining: boolean;
  closing: boolean;
  /** Incomplete requests are rejected. */
  isTooLate: boolean;
}

/** Serves GraphQL at /graphql, over HTTP and WebSocket, and the pages of createRoutes. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { upgrade, recordRejection } = options;
  const { listen = (server) => listenOnPort(server, options) } = options;
  const stage: Stage = { draining: false, closing: false, isTooLate: false };
  const inFlight = new Set<ServerResponse>();
  const reject = createReject(recordRejection);
  const connections = createConnections(toConnectionsOptions(options, reject));
  const server = createHttpServer(options);
  /** Browsers open connections in advance; one without a request would outlive the close. */
  const closeUnused = (): void => {
    if (stage.closing && inFlight.size === 0) server.closeAllConnections();
  };
  const handle = createHandler({ connections, inFlight, stage, reject, logger: options.logger, onOver: closeUnused });
  const route = createRoutes({ ...options, reject, isDraining: () => stage.draining });

  handleRequests(server, handle, route, reject);
  server.on('connection', connections.add);
  server.on('connection', turns.noteConnection);
  server.on('upgrade', (request, socket, head) => {
    connections.upgrade(socket);
    upgrade(request, socket, head);
  });
  server.on('clientError', (error, socket) => {
    respondToClientError(error, socket, Array.from(inFlight).find(({ req }) => req.socket === socket) ?? null);
  });
  warnOfDrops(server, options);
  const origin = await listen(server);

  const drain = (): void => {
    stage.draining = true;
    // A kept-alive connection would outlive the close.
    for (const response of inFlight) if (!response.headersSent) response.setHeader('connection', 'close');
  };
  return {
    origin,
    drain,
    async close(deadlineMs) {
      drain();
      stage.closing = true;
      const endArrivals = (): void => {
        stage.isTooLate = true;
        for (const response of inFlight) endArrival(response, reject);
      };
      const closed = closeServer(server, endArrivals, deadlineMs);
      closeUnused();
      await closed;
      connections.stop();
    },
  };
}

function handleRequests(server: HttpServer, handle: ReturnType<typeof createHandler>, route: Route, reject: Reject): void {
  server.on('request', (request, response) => handle(request, response, route));
  // A client that waits for `100 Continue` sends the body after its caller was authenticated.
  server.on('checkContinue', (request, response) => {
    awaitContinue(request);
    handle(request, response, route);
  });
  server.on('checkExpectation', (request, response: ServerResponse) => {
    awaitContinue(request);
    handle(request, response, async () => reject(response, unmetExpectation));
  });
}

type Reject = (response: ServerResponse, answer: ErrorResponse) => void;

function createReject(recordRejection: RecordRejection): Reject {
  return (response, { status, code, message, headers }) => {
    const requestId = requestIdOf(response.req.headers);
    recordRejection({ status, code, caller: null, requestId, transport: 'http' });
    sendError(response, status, code, message, { ...headers, 'x-request-id': requestId });
  };
}

const unmetExpectation: ErrorResponse = { status: 417, code: 'BAD_REQUEST', message: 'Expect: expected "100-continue" or nothing.' };

const stopping: ErrorResponse = {
  status: 503,
  code: 'UNAVAILABLE',
  message: shuttingDown,
  headers: { connection: 'close', 'retry-after': '1' },
};

/** Ends an incomplete request: its sender, possibly unauthenticated, could take any time. */
function endArrival(response: ServerResponse, reject: Reject): void {
  if (response.req.complete) return;
  if (response.headersSent) response.req.destroy();
  else reject(response, stopping);
}

function toConnectionsOptions({ stalledTimeoutMs, recordRejection }: ServerOptions, reject: Reject): ConnectionsOptions {
  return {
    stalledTimeoutMs,
    onStalledRequest(_request, response) {
      const message = `The request didn't arrive in full: it paused for ${stalledTimeoutMs} ms, or was too slow (stalledTimeoutMs).`;
      reject(response, { status: 408, code: 'BAD_REQUEST', message, headers: { connection: 'close' } });
    },
    onTooManyRequests({ headers }) {
      recordRejection({ status: 429, code: 'RATE_LIMITED', caller: null, requestId: requestIdOf(headers), transport: 'http' });
    },
  };
}

interface HandlerParts {
  connections: Connections;
  inFlight: Set<ServerResponse>;
  stage: Readonly<Stage>;
  reject: Reject;
  logger: Logger;
  /** Called when a response has ended. */
  onOver(): void;
}

/** Handles a request, and responds itself if that throws. */
function createHandler({ connections, inFlight, stage, reject, logger, onOver }: HandlerParts) {
  return (request: IncomingMessage, response: ServerResponse, answer: Route): void => {
    if (!connections.begin(request, response)) return;
    if (stage.draining) response.setHeader('connection', 'close');
    inFlight.add(response);
    response.once('close', () => {
      inFlight.delete(response);
      onOver();
    });
    if (stage.isTooLate) {
      reject(response, stopping);
      return;
    }
    answer(request, response).catch((error: unknown) => {
      if (request.destroyed && !request.complete) return;
      logger.error({ err: error }, 'bug');
      if (response.headersSent) response.destroy();
      else sendError(response, 500, 'INTERNAL_SERVER_ERROR', internalError);
    });
  };
}

function createHttpServer({ keepAliveTimeoutMs, maxConnections }: ServerOptions): HttpServer {
  const server = createServer({
    shouldUpgradeCallback: isWebSocket,
    // Otherwise, Node responds itself if Host is missing, without the common headers.
    requireHostHeader: false,
    keepAliveTimeout: keepAliveTimeoutMs,
    headersTimeout: keepAliveTimeoutMs + nodesMarginMs,
    // Jobyard's own limits measure progress and give a large body its time.
    requestTimeout: 0,
  });
  server.maxConnections = maxConnections;
  return server;
}

/** Counts connections that are dropped because there are too many, and logs a warning at intervals. */
function warnOfDrops(server: HttpServer, { metrics, logger, maxConnections }: ServerOptions): void {
  let warnedAtMs = Number.NEGATIVE_INFINITY;
  server.on('drop', () => {
    metrics.observeRejection(503);
    // Idle connections make room for the next.
    server.closeIdleConnections();
    if (performance.now() - warnedAtMs < dropWarningPauseMs) return;
    warnedAtMs = performance.now();
    logger.warn({ maxConnections }, 'maxConnections reached: new connections are closed');
  });
}

/** Resolves when all connections have closed. */
function closeServer(server: HttpServer, endArrivals: () => void, deadlineMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timers = [
      setTimeout(endArrivals, lastArrivalMs),
      setTimeout(() => server.closeAllConnections(), lastArrivalMs + deadlineMs + lastResponseMs),
    ];
    server.close(() => {
      timers.forEach(clearTimeout);
      resolve();
    });
  });
}

async function listenOnPort(server: HttpServer, { host, port }: Pick<ServerOptions, 'host' | 'port'>): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port');
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}

/** Other upgrades, such as curl's to HTTP/2, are ignored: the request is served as it is. */
function isWebSocket({ headers, httpVersion }: IncomingMessage): boolean {
  // HTTP/1.0 has no upgrades (RFC 9110, section 7.8).
  return httpVersion === '1.1' && headers.upgrade?.toLowerCase() === 'websocket';
}
