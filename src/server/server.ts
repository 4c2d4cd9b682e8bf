import { createServer, type Server as HttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { commonHeaders } from './answer-headers.ts';
import { answerClientError } from './client-errors.ts';
import type { GraphqlEndpoint } from './graphql-endpoint.ts';
import type { Metrics } from './metrics.ts';
import { type OriginRules, refuseHost } from './origin.ts';
import { createPlayground } from './playground.ts';
import { send, sendError } from './send.ts';
import type { WebSockets } from './websocket.ts';

/** A listening HTTP server. */
export interface Server {
  /** e.g. http://127.0.0.1:4000 */
  origin: string;
  /** Takes no new requests, finishes those in flight, then closes. */
  close(): Promise<void>;
}

export interface ServerOptions {
  host: string;
  port: number;
  graphql: GraphqlEndpoint;
  metrics: Metrics;
  logger: Logger;
  upgrade: WebSockets['upgrade'];
  origins: OriginRules;
  /** Brings connections to the server; its origin. Default: listens on `host` and `port`. */
  listen?: ((server: HttpServer) => Promise<string>) | undefined;
}

/** GraphQL at /graphql, over HTTP and WebSocket, the playground at / and /playground, and /livez, /readyz, /metrics. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { graphql, metrics, logger, upgrade, origins } = options;
  const { listen = (server) => listenOnPort(server, options) } = options;
  const playground = createPlayground('/graphql');
  const inFlight = new Set<ServerResponse>();
  let closing = false;

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const target = request.url ?? '/';
    const cut = target.indexOf('?');
    const path = cut < 0 ? target : target.slice(0, cut);
    if (request.headers.host === undefined && request.httpVersion === '1.1')
      return sendError(response, 400, 'BAD_REQUEST', 'The header Host is missing.');
    const refusal = refuseHost(request.headers, origins);
    if (refusal !== null) return sendError(response, 403, 'FORBIDDEN', refusal);
    switch (path) {
      case '/graphql':
        return graphql(request, response, cut < 0 ? '' : target.slice(cut));
      case '/':
      case '/playground': {
        const page = await playground();
        response.writeHead(200, page.headers).end(page.body);
        return;
      }
      case '/livez':
        return send(response, 200, { 'content-type': 'text/plain' }, 'ok\n');
      case '/readyz':
        return send(response, closing ? 503 : 200, { 'content-type': 'text/plain' }, closing ? 'closing\n' : 'ok\n');
      case '/metrics':
        return send(response, 200, { 'content-type': metrics.contentType }, await metrics.print());
      default:
        return sendError(response, 404, 'NOT_FOUND', 'There is nothing here. GraphQL is at /graphql, the playground at /.');
    }
  };

  /** Browsers open connections on suspicion; one without a request would outlive the close. */
  const closeUnused = (): void => {
    if (closing && inFlight.size === 0) server.closeAllConnections();
  };

  // Without a Host Node would answer itself, and without the common headers.
  const server = createServer({ shouldUpgradeCallback: isWebSocket, requireHostHeader: false }, (request, response) => {
    for (const name in commonHeaders) response.setHeader(name, commonHeaders[name] as string);
    if (closing) response.setHeader('connection', 'close');
    inFlight.add(response);
    response.once('close', () => {
      inFlight.delete(response);
      closeUnused();
    });
    route(request, response).catch((error: unknown) => {
      if (request.destroyed && !request.complete) return;
      logger.error({ err: error }, 'bug');
      if (response.headersSent) response.destroy();
      else sendError(response, 500, 'INTERNAL_SERVER_ERROR', 'Internal error. It has been logged.');
    });
  });
  server.on('upgrade', upgrade);
  server.on('clientError', (error, socket) => {
    answerClientError(error, socket, Array.from(inFlight).find(({ req }) => req.socket === socket) ?? null);
  });
  server.on('checkExpectation', (_request, response: ServerResponse) => {
    for (const name in commonHeaders) response.setHeader(name, commonHeaders[name] as string);
    sendError(response, 417, 'BAD_REQUEST', 'The only expectation that is met is 100-continue.');
  });
  const origin = await listen(server);

  return {
    origin,
    close() {
      closing = true;
      // A connection that is kept alive would outlive the close.
      for (const response of inFlight) if (!response.headersSent) response.setHeader('connection', 'close');
      return new Promise((resolve) => {
        server.close(() => resolve());
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

/** Other upgrades (curl's to HTTP/2) are not taken: the request is answered as it is. */
function isWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}
