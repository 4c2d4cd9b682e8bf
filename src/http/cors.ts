import type { IncomingMessage, ServerResponse } from 'node:http';
import { describeForeignOrigin, type OriginRules } from './origin.ts';
import { send, sendError } from './send.ts';

/** How long browsers may remember that an origin is allowed. Chromium's maximum. */
const maxAgeSeconds = 7_200;

/**
 * Lets pages of allowed origins read the responses of GraphQL, including errors: call it before anything is sent. Returns true if the
 * request was a preflight, which it answers. Cookies aren't allowed, as callers identify themselves in headers.
 * CORS protocol: Fetch Standard, section 3.3.
 */
export function handleCors(request: IncomingMessage, response: ServerResponse, origins: OriginRules): boolean {
  const { origin } = request.headers;
  if (origin === undefined) return false;
  response.setHeader('vary', 'Origin');
  const isAllowed = origins.allowedOrigins.includes(origin);
  if (isAllowed) {
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-expose-headers', 'Retry-After, WWW-Authenticate, X-Request-Id');
  }
  if (!isPreflight(request)) return false;
  if (isAllowed) send(response, 200, toPreflightHeaders(request), '');
  else sendError(response, 403, 'FORBIDDEN', describeForeignOrigin(origin));
  return true;
}

function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

/** All headers are allowed by name, as `*` excludes `Authorization`. */
function toPreflightHeaders({ headers }: IncomingMessage): Record<string, string> {
  const { 'access-control-request-headers': wanted } = headers;
  return {
    'access-control-allow-methods': 'GET, POST',
    ...(wanted !== undefined && { 'access-control-allow-headers': wanted }),
    'access-control-max-age': String(maxAgeSeconds),
    vary: 'Origin, Access-Control-Request-Headers',
  };
}
