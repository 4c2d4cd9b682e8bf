import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import type { JobOperation } from '../jobs/operation.ts';
import { createGraphqlHandler } from './graphql.ts';
import type { Metrics } from './metrics.ts';
import { createPlayground } from './playground.ts';
import { readJsonBody } from './read-body.ts';

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
  /** Time for a whole GraphQL operation. */
  deadlineMs: number;
  logger: Logger;
  metrics: Metrics;
  /** Begins the operation of one caller. */
  beginOperation(signals: { readSignal: AbortSignal; actSignal: AbortSignal }): JobOperation;
}

const maxBodyBytes = 1024 * 1024;

/** GraphQL at /graphql, the playground at / and /playground, and /livez, /readyz, /metrics. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { logger, metrics } = options;
  const graphql = await createGraphqlHandler(logger);
  const playground = createPlayground('/graphql');
  let closing = false;

  const answerGraphql = async (request: IncomingMessage, response: ServerResponse, search: string): Promise<void> => {
    const startedAtMs = performance.now();
    const body = await readJsonBody(request, maxBodyBytes);
    if (body.kind === 'too-large') {
      sendError(response, 413, `The body is larger than ${maxBodyBytes} bytes.`, { connection: 'close' });
      return;
    }
    if (body.kind === 'malformed') {
      sendError(response, 400, `The body is not JSON: ${body.message}`);
      return;
    }
    const deadline = AbortSignal.timeout(options.deadlineMs);
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const answer = await graphql.handle(
      {
        method: request.method ?? 'GET',
        headers: headersOf(request),
        search,
        body: body.kind === 'json' ? body.value : undefined,
      },
      () => ({ jobs: options.beginOperation({ readSignal: AbortSignal.any([deadline, gone.signal]), actSignal: deadline }) }),
    );
    const status = answer.status ?? 200;
    if (answer.body.kind !== 'complete') throw new Error('Incremental delivery is not offered');
    send(response, status, Object.fromEntries(answer.headers), answer.body.string);
    const durationMs = performance.now() - startedAtMs;
    metrics.observeOperation(status, durationMs / 1000);
    logger.info(
      { operation: operationName(body.kind === 'json' ? body.value : null), status, durationMs: Math.round(durationMs) },
      'graphql',
    );
  };

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const target = request.url ?? '/';
    const cut = target.indexOf('?');
    const path = cut < 0 ? target : target.slice(0, cut);
    switch (path) {
      case '/graphql':
        return answerGraphql(request, response, cut < 0 ? '' : target.slice(cut));
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
        return sendError(response, 404, `There is nothing at ${path}. GraphQL is at /graphql, the playground at /.`);
    }
  };

  const server = createServer((request, response) => {
    // A connection that is kept alive would outlive the close.
    if (closing) response.setHeader('connection', 'close');
    route(request, response).catch((error: unknown) => {
      if (request.destroyed && !request.complete) return;
      logger.error({ err: error }, 'bug');
      if (response.headersSent) response.destroy();
      else sendError(response, 500, 'Internal error. It has been logged.');
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    origin: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    async close() {
      closing = true;
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      await graphql.stop();
    },
  };
}

function* headersOf(request: IncomingMessage): Iterable<[string, string]> {
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) yield [name, Array.isArray(value) ? value.join(', ') : value];
  }
}

function operationName(body: unknown): string | null {
  if (typeof body !== 'object' || body === null || !('operationName' in body)) return null;
  return typeof body.operationName === 'string' ? body.operationName.slice(0, 100) : null;
}

function send(response: ServerResponse, status: number, headers: Record<string, string>, body: string): void {
  response.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(body)) }).end(body);
}

/** GraphQL's own form of an error, also outside GraphQL: clients read nothing else. */
function sendError(response: ServerResponse, status: number, message: string, headers: Record<string, string> = {}): void {
  send(response, status, { ...headers, 'content-type': 'application/json; charset=utf-8' }, JSON.stringify({ errors: [{ message }] }));
}
