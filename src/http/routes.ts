import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Metrics } from '../telemetry/metrics.ts';
import { handleCors } from './cors.ts';
import type { GraphqlEndpoint } from './graphql-endpoint.ts';
import { checkHost, type OriginRules } from './origin.ts';
import { createPacedPrint } from './paced-print.ts';
import type { PageFiles } from './page-files.ts';
import { findHeadError } from './request-head.ts';
import type { ErrorResponse } from './response-headers.ts';
import { send, sendError, sendNotFound } from './send.ts';

/** Responds to a request. */
export type Route = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface RoutesOptions {
  graphql: GraphqlEndpoint;
  consoleFiles: PageFiles;
  playgroundFiles: PageFiles;
  metrics: Metrics;
  origins: OriginRules;
  reject(response: ServerResponse, answer: ErrorResponse): void;
  isReady(): boolean;
  isDraining(): boolean;
}

const plainText = { 'content-type': 'text/plain' };

/** GraphQL at /graphql, the playground at / and /playground, the console at /console, and /livez, /readyz, and /metrics. */
export function createRoutes(options: RoutesOptions): Route {
  const { graphql, consoleFiles, playgroundFiles, metrics, origins, reject } = options;
  const printMetrics = createPacedPrint(metrics.print);
  return async (request, response) => {
    const target = request.url ?? '/';
    const cut = target.indexOf('?');
    const path = cut < 0 ? target : target.slice(0, cut);
    const mistake = findHeadError(request);
    // The following bytes may be a request or a body, depending on the parser.
    if (mistake) return reject(response, { ...mistake, headers: { connection: 'close' } });
    const rejection = isProbe(request.headers, path) ? null : checkHost(request.headers, origins);
    if (rejection !== null) return sendError(response, 403, 'FORBIDDEN', rejection);
    if (path === '/console' || path.startsWith('/console/')) return consoleFiles.respond(path, request, response);
    if (path === '/' || path === '/playground' || path.startsWith('/playground/')) return playgroundFiles.respond(path, request, response);
    switch (path) {
      case '/graphql':
        if (handleCors(request, response, origins)) return;
        return graphql(request, response, cut < 0 ? '' : target.slice(cut));
      case '/livez':
        return send(response, 200, plainText, 'ok\n');
      case '/readyz':
        return sendReadiness(response, options);
      case '/metrics':
        return send(response, 200, { 'content-type': metrics.contentType }, await printMetrics());
      default:
        return sendNotFound(response);
    }
  };
}

function sendReadiness(response: ServerResponse, { isReady, isDraining }: RoutesOptions): void {
  if (isDraining()) send(response, 503, plainText, 'closing\n');
  else if (isReady()) send(response, 200, plainText, 'ok\n');
  else send(response, 503, plainText, 'starting\n');
}

/**
 * Load balancers that check health with HTTP/1.0 send no Host; browsers always do. So no page that reaches this machine by another name
 * (DNS rebinding) can send such a request, and the two responses reveal nothing about jobs.
 */
function isProbe({ host }: IncomingHttpHeaders, path: string): boolean {
  return host === undefined && (path === '/livez' || path === '/readyz');
}
