import type { ServerResponse } from 'node:http';
import { toErrorBody } from './answer-headers.ts';
import { takesGraphqlResponse } from './answer-status.ts';

/** How long the rest of a request is taken in after its answer. */
const longestDrainMs = 10_000;

/**
 * Answers. A request that has not come in whole is read to its end and thrown away, for a while: cut off while it sends,
 * a client would meet a reset connection instead of the answer.
 */
export function send(response: ServerResponse, status: number, headers: Record<string, string>, body: string): void {
  const { req: request } = response;
  response.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(body)) });
  if (request.complete || request.destroyed) {
    response.end(body);
    return;
  }
  // Whole as it is for the client; the connection is closed or used again when the response ends.
  response.write(body);
  const giveUp = setTimeout(() => request.destroy(), longestDrainMs);
  request.once('close', () => {
    clearTimeout(giveUp);
    response.end();
  });
  request.resume();
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
