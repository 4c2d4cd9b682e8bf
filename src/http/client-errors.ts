import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ErrorResponse, respondOnSocket } from './response-headers.ts';

/** Jobyard's responses to bytes that Node can't parse as a request. */
const answers: Readonly<Record<string, ErrorResponse>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: 'BAD_REQUEST',
    message: 'The headers are larger than 16 kB. Send fewer or shorter headers.',
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, code: 'BAD_REQUEST', message: 'The chunk extensions are too large.' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, code: 'BAD_REQUEST', message: "The request didn't arrive in time." },
};
const notHttp: ErrorResponse = { status: 400, code: 'BAD_REQUEST', message: 'The request is not HTTP/1.1.' };

/** Responds to unparsable bytes on a connection. `inFlight`: the response to the previous request, or to the one that arrived with them. */
export function respondToClientError(error: Error, socket: Duplex, inFlight: ServerResponse | null): void {
  if (!socket.writable) socket.destroy();
  // The response to the previous request is sent first.
  else if (inFlight?.headersSent) socket.end(() => socket.destroy());
  // A valid request followed by other bytes, which are dropped.
  else if (inFlight?.req.complete) inFlight.setHeader('connection', 'close');
  else respondOnSocket(socket, ('code' in error && answers[String(error.code)]) || notHttp);
}
