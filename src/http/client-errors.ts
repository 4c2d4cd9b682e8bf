import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { answerOnSocket, type ErrorAnswer } from './response-headers.ts';

/** Node's own answers to what it can't read as a request, in our form. */
const answers: Readonly<Record<string, ErrorAnswer>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: 'BAD_REQUEST',
    message: 'The headers are larger than 16 kB. Send fewer or shorter headers. Send fewer or shorter headers.',
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, code: 'BAD_REQUEST', message: 'The chunk extensions are too large.' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, code: 'BAD_REQUEST', message: "The request didn't arrive in time." },
};
const notHttp: ErrorAnswer = { status: 400, code: 'BAD_REQUEST', message: 'The request is not HTTP/1.1.' };

/** Answers a connection on which something came that can't be read. `inFlight`: the response to the request before it, or with it. */
export function answerClientError(error: Error, socket: Duplex, inFlight: ServerResponse | null): void {
  if (!socket.writable) socket.destroy();
  // What has been answered to it goes out first.
  else if (inFlight?.headersSent) socket.end(() => socket.destroy());
  // A good request, and something else behind it, which is dropped.
  else if (inFlight?.req.complete) inFlight.setHeader('connection', 'close');
  else answerOnSocket(socket, ('code' in error && answers[String(error.code)]) || notHttp);
}
