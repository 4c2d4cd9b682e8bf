import type { ServerResponse } from 'node:http';
import { takesGraphqlResponse } from '../graphql/response-status.ts';
import { createDrain } from './drain.ts';
import { waitsForContinue } from './expectation.ts';
import { toErrorBody } from './response-headers.ts';

/** Of this process, as the time of the event loop is. */
const drain = createDrain();

/** A larger body is written in pieces of this size, each when the one before was taken: so it shows whether it is read. */
const pieceBytes = 65_536;

/**
 * Answers. A request that has not come in whole is drained, so that its client reads the answer. With the header `connection: close`, and
 * where the client waits for `100 Continue`, the connection ends at once.
 */
export function send(response: ServerResponse, status: number, headers: Record<string, string>, body: string | Buffer): void {
  const { req: request } = response;
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  const isCutOff = !request.complete && (headers.connection === 'close' || waitsForContinue(request));
  response.writeHead(status, { ...headers, ...(isCutOff && { connection: 'close' }), 'content-length': String(length) });
  const isOver = request.complete || request.destroyed || isCutOff;
  if (length > pieceBytes) writePieces(response, Buffer.isBuffer(body) ? body : Buffer.from(body), () => finish(response, isOver));
  else if (isOver) response.end(body);
  else {
    // Whole as it is for the client; the connection is closed or used again when the response ends.
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

/** Ends a response whose body has been written, when the request is over. */
function finish(response: ServerResponse, isOver: boolean): void {
  const { req: request } = response;
  if (isOver || request.complete || request.destroyed) response.end();
  else drain(request, () => response.end());
}

/** In GraphQL's own form of an error, also where GraphQL was not reached: clients read nothing else. */
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
