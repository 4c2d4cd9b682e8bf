import { createServer, type Server as HttpServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { turns } from '../concurrency/turns.ts';
import { requestIdOf } from '../graphql/request-context.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { answerClientError } from './client-errors.ts';
import { createConnections } from './connections.ts';
import { awaitContinue } from './expectation.ts';
import type { GraphqlEndpoint } from './graphql-endpoint.ts';
import { checkHost, type OriginRules } from './origin.ts';
import { createPlayground } from './playground.ts';
import type { RecordRefusal } from './rejections.ts';
import { findHeadMistake } from './request-head.ts';
import { commonHeaders, type ErrorAnswer } from './response-headers.ts';
import { send, sendError } from './send.ts';
import type { WebSockets } from './websocket.ts';

/** A listening HTTP server. */
export interface Server {
  /** e.g. http://127.0.0.1:4000 */
  origin: string;
  /** From now on `/readyz` answers 503 and each connection ends with its next response; requests are still served. */
  drain(): void;
  /** Takes no new requests, finishes those in flight, then closes: at the latest when an operation that came in whole has had `deadlineMs`. */
  close(deadlineMs: number): Promise<void>;
}

export interface ServerOptions {
  host: string;
  port: number;
  graphql: GraphqlEndpoint;
  metrics: Metrics;
  logger: Logger;
  upgrade: WebSockets['upgrade'];
  origins: OriginRules;
  recordRefusal: RecordRefusal;
  maxConnections: number;
  /** See Connections. */
  stalledTimeoutMs: number;
  keepAliveTimeoutMs: number;
  /** Brings connections to the server; its origin. Default: listens on `host` and `port`. */
  listen?: ((server: HttpServer) => Promise<string>) | undefined;
}

/** Node's own limits come after ours, as they don't know what moves. A connection that was opened in advance may stay as long as an idle one. */
const nodesMarginMs = 5_000;
const dropWarningPauseMs = 60_000;
/** What a request that comes in while the server closes has left until it is whole: an operation that began later would outlive the close. */
const lastArrivalMs = 1_000;
/** Of a response, after the last operation's end, until it is taken. */
const lastResponseMs = 1_000;

/** GraphQL at /graphql, over HTTP and WebSocket, the playground at / and /playground, and /livez, /readyz, /metrics. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { graphql, metrics, logger, upgrade, origins, stalledTimeoutMs, keepAliveTimeoutMs } = options;
  const { listen = (server) => listenOnPort(server, options) } = options;
  const playground = createPlayground('/graphql');
  const inFlight = new Set<ServerResponse>();
  const printMetrics = createPacedPrint(metrics.print);
  let draining = false;
  let closing = false;
  let isTooLate = false;

  const refuse = (response: ServerResponse, { status, code, message, headers }: ErrorAnswer): void => {
    const requestId = requestIdOf(response.req.headers);
    options.recordRefusal({ status, code, caller: null, requestId, transport: 'http' });
    sendError(response, status, code, message, { ...headers, 'x-request-id': requestId });
  };

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const target = request.url ?? '/';
    const cut = target.indexOf('?');
    const path = cut < 0 ? target : target.slice(0, cut);
    const mistake = findHeadMistake(request);
    if (mistake) {
      // What follows may be a request to one and a body to another.
      return refuse(response, { ...mistake, headers: { connection: 'close' } });
    }
    const refusal = isProbe(request.headers, path) ? null : checkHost(request.headers, origins);
    if (refusal !== null) return sendError(response, 403, 'FORBIDDEN', refusal);
    switch (path) {
      case '/graphql':
        return graphql(request, response, cut < 0 ? '' : target.slice(cut));
      case '/':
      case '/playground': {
        const page = await playground();
        return send(response, 200, page.headers, page.body);
      }
      case '/livez':
        return send(response, 200, { 'content-type': 'text/plain' }, 'ok\n');
      case '/readyz':
        return send(response, draining ? 503 : 200, { 'content-type': 'text/plain' }, draining ? 'closing\n' : 'ok\n');
      case '/metrics':
        return send(response, 200, { 'content-type': metrics.contentType }, await printMetrics());
      default:
        return sendError(response, 404, 'NOT_FOUND', 'There is nothing here. GraphQL is at /graphql, the playground at /.');
    }
  };

  /** Browsers open connections on suspicion; one without a request would outlive the close. */
  const closeUnused = (): void => {
    if (closing && inFlight.size === 0) server.closeAllConnections();
  };

  const connections = createConnections({
    stalledTimeoutMs,
    onStalledRequest(_request, response) {
      const message = `The rest of the request did not arrive: it must not pause for ${stalledTimeoutMs} ms, nor arrive too slowly.`;
      refuse(response, { status: 408, code: 'BAD_REQUEST', message, headers: { connection: 'close' } });
    },
    onTooManyRequests({ headers }) {
      options.recordRefusal({ status: 429, code: 'RATE_LIMITED', caller: null, requestId: requestIdOf(headers), transport: 'http' });
    },
  });

  const refuseLate = (response: ServerResponse): void => {
    refuse(response, {
      status: 503,
      code: 'UNAVAILABLE',
      message: 'Jobyard is stopping.',
      headers: { connection: 'close', 'retry-after': '1' },
    });
  };

  const refuseExpectation = async (_request: IncomingMessage, response: ServerResponse): Promise<void> => {
    refuse(response, { status: 417, code: 'BAD_REQUEST', message: 'The only expectation that is met is 100-continue.' });
  };

  /** Ends requests that have not come in whole: their senders, also unknown ones, could take any time. */
  const endArrivals = (): void => {
    isTooLate = true;
    for (const response of inFlight) {
      if (response.req.complete) continue;
      if (response.headersSent) response.req.destroy();
      else refuseLate(response);
    }
  };

  const handle = (request: IncomingMessage, response: ServerResponse, answer = route): void => {
    if (!connections.begin(request, response)) return;
    for (const name in commonHeaders) response.setHeader(name, commonHeaders[name] as string);
    if (draining) response.setHeader('connection', 'close');
    inFlight.add(response);
    response.once('close', () => {
      inFlight.delete(response);
      closeUnused();
    });
    if (isTooLate) {
      refuseLate(response);
      return;
    }
    answer(request, response).catch((error: unknown) => {
      if (request.destroyed && !request.complete) return;
      logger.error({ err: error }, 'bug');
      if (response.headersSent) response.destroy();
      else sendError(response, 500, 'INTERNAL_SERVER_ERROR', 'Internal error. It has been logged.');
    });
  };
  const headersTimeout = keepAliveTimeoutMs + nodesMarginMs;
  const server = createServer(
    {
      shouldUpgradeCallback: isWebSocket,
      // Without a Host Node would answer itself, and without the common headers.
      requireHostHeader: false,
      keepAliveTimeout: keepAliveTimeoutMs,
      headersTimeout,
      // Ours knows what moves, and lets a large body take its time.
      requestTimeout: 0,
    },
    (request, response) => handle(request, response),
  );
  // Who waits for `100 Continue` sends the body after its caller is known.
  server.on('checkContinue', (request, response) => {
    awaitContinue(request);
    handle(request, response);
  });
  server.on('connection', connections.add);
  server.on('connection', turns.noteConnection);
  server.on('upgrade', (request, socket, head) => {
    connections.upgrade(socket);
    upgrade(request, socket, head);
  });
  server.maxConnections = options.maxConnections;
  let warnedAtMs = Number.NEGATIVE_INFINITY;
  server.on('drop', () => {
    metrics.observeRefusal(503);
    // Those between two requests make room for the next.
    server.closeIdleConnections();
    if (performance.now() - warnedAtMs < dropWarningPauseMs) return;
    warnedAtMs = performance.now();
    logger.warn({ maxConnections: options.maxConnections }, 'as many connections as allowed: new ones are closed');
  });
  server.on('clientError', (error, socket) => {
    answerClientError(error, socket, Array.from(inFlight).find(({ req }) => req.socket === socket) ?? null);
  });
  server.on('checkExpectation', (request, response: ServerResponse) => {
    awaitContinue(request);
    handle(request, response, refuseExpectation);
  });
  const origin = await listen(server);

  const drain = (): void => {
    draining = true;
    // A connection that is kept alive would outlive the close.
    for (const response of inFlight) if (!response.headersSent) response.setHeader('connection', 'close');
  };

  return {
    origin,
    drain,
    close(deadlineMs) {
      drain();
      closing = true;
      return new Promise((resolve) => {
        const timers = [
          setTimeout(endArrivals, lastArrivalMs),
          setTimeout(() => server.closeAllConnections(), lastArrivalMs + deadlineMs + lastResponseMs),
        ];
        server.close(() => {
          timers.forEach(clearTimeout);
          connections.stop();
          resolve();
        });
        closeUnused();
      });
    },
  };
}

async function listenOnPort(server: HttpServer, { host, port }: Pick<ServerOptions, 'host' | 'port'>): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}

/**
 * Load balancers that check health by HTTP/1.0 send no Host. Browsers always do: no page that got at this machine by a name of its own
 * (DNS rebinding) can ask like that, and the two answers say nothing of jobs.
 */
function isProbe({ host }: IncomingHttpHeaders, path: string): boolean {
  return host === undefined && (path === '/livez' || path === '/readyz');
}

/** Other upgrades (curl's to HTTP/2) are not taken: the request is answered as it is. */
function isWebSocket({ headers, httpVersion }: IncomingMessage): boolean {
  // An upgrade in HTTP/1.0 means nothing (RFC 9110, section 7.8).
  return httpVersion === '1.1' && headers.upgrade?.toLowerCase() === 'websocket';
}

/** The part of the time that printing the metrics, which anybody may ask for, can take. */
const printingShare = 0.1;

/** What is printed after the call. Calls that come meanwhile share the next print, which is put off after a long one. */
function createPacedPrint(print: () => Promise<string>): () => Promise<string> {
  let next: Promise<string> | null = null;
  let pause: Promise<void> = Promise.resolve();
  const printNext = async (): Promise<string> => {
    await pause;
    next = null;
    const startedAtMs = performance.now();
    const printed = print();
    const rest = (): Promise<void> => delay((performance.now() - startedAtMs) * (1 / printingShare - 1), undefined, { ref: false });
    pause = printed.then(rest, rest);
    return printed;
  };
  return () => {
    next ??= printNext();
    return next;
  };
}
