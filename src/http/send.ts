import type { ServerResponse } from 'node:http';
import { takesGraphqlResponse } from '../graphql/response-status.ts';
import { createDrain } from './drain.ts';
import { waitsForContinue } from './expectation.ts';
import { toErrorBody, writeHead } from './response-headers.ts';

/** One per process, like the event loop. */
const drain = createDrain();

/** A larger body is written in pieces of this size, each after the previous one was read, to detect whether the client reads. */
const pieceBytes = 65_536;

/**
 * Sends a response. Drains an incomplete request, so that its client reads the response. With the header `connection: close`, or if the
 * client waits for `100 Continue`, the connection ends immediately.
 */
export function send(response: ServerResponse, status: number, headers: Record<string, string>, body: string | Buffer): void {
  const { req: request } = response;
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  const isCutOff = !request.complete && (headers.connection === 'close' || waitsForContinue(request));
  writeHead(response, status, { ...headers, ...(isCutOff && { connection: 'close' }), 'content-length': String(length) });
  const isOver = request.complete || request.destroyed || isCutOff;
  if (length > pieceBytes) writePieces(response, Buffer.isBuffer(body) ? body : Buffer.from(body), () => finish(response, isOver));
  else if (isOver) response.end(body);
  else {
    // The response is complete for the client. The connection is closed or reused when the response ends.
    response.write(body);
    finish(response, false);
  }
}

function writePieces(response: ServerResponse, body: Buffer, onWritten: () => void): void {
  let written = 0;
  const write = (): void => {
    while (written < body.length) {
      const piece = body.subarray(written, written + pieceBytes);
      written += piece.length;
      if (response.write(piece)) continue;
      response.once('drain', write);
      return;
    }
    onWritten();
  };
  write();
}

/** Ends a response whose body was written, when its request has ended. */
function finish(response: ServerResponse, isOver: boolean): void {
  const { req: request } = response;
  if (isOver || request.complete || request.destroyed) response.end();
  else drain(request, () => response.end());
}

/** Sends the error for a path that has nothing. */
export function sendNotFound(response: ServerResponse): void {
  sendError(response, 404, 'NOT_FOUND', 'Not found. GraphQL is at /graphql, the playground at /, the console at /console.');
}

/** Sends an error in GraphQL's format, the only one that clients read, even before GraphQL is reached. */
export function sendError(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): void {
  const type = takesGraphqlResponse(response.req.headers.accept) ? 'application/graphql-response+json' : 'application/json';
  send(response, status, { ...headers, 'content-type': `${type}; charset=utf-8` }, toErrorBody({ code, message }));
}
