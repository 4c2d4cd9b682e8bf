import type { IncomingMessage } from 'node:http';
import { checkHost, checkOrigin, type OriginRules } from './origin.ts';
import { shuttingDown } from './rejections.ts';
import { findHeadError } from './request-head.ts';
import type { ErrorResponse } from './response-headers.ts';

/** The response that rejects a WebSocket request, or null. */
export function checkUpgrade(request: IncomingMessage, origins: OriginRules, closing: boolean): ErrorResponse | null {
  const { method, headers, url = '/' } = request;
  const mistake = findHeadError(request);
  if (mistake) return mistake;
  const message = checkHost(headers, origins) ?? checkOrigin(headers, origins);
  if (message !== null) return { status: 403, code: 'FORBIDDEN', message };
  if (closing) return { status: 503, code: 'UNAVAILABLE', message: shuttingDown };
  if (url.split('?')[0] !== '/graphql') {
    return { status: 404, code: 'NOT_FOUND', message: 'Not found. WebSockets connect at /graphql.' };
  }
  if (method !== 'GET') {
    return { status: 405, code: 'BAD_REQUEST', message: 'Open WebSockets with GET.', headers: { allow: 'GET, POST' } };
  }
  // Node passes a body on as if it were the first frames. A proxy could take it for the next request.
  if (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0) {
    return { status: 400, code: 'BAD_REQUEST', message: 'Open WebSockets without a body.' };
  }
  if (headers['sec-websocket-version'] === '13') return null;
  // RFC 6455, section 4.4.
  const versions = { 'sec-websocket-version': '13', upgrade: 'websocket' };
  return { status: 426, code: 'BAD_REQUEST', message: 'Sec-WebSocket-Version: expected 13.', headers: versions };
}
