import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** Headers of every response: browsers don't guess types, and caches keep no copy. */
const commonHeaders: Readonly<Record<string, string>> = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** Starts a response, with the common headers. At once: W4 takes 10% longer if they are set one after the other. */
export function writeHead(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>): ServerResponse {
  return response.writeHead(status, { ...commonHeaders, ...headers });
}

/** A response in GraphQL's error format, the only one that clients read. */
export interface ErrorResponse {
  status: number;
  code: string;
  message: string;
  headers?: Readonly<Record<string, string>>;
}

/** The body of an error response. */
export function toErrorBody({ code, message }: Pick<ErrorResponse, 'code' | 'message'>): string {
  return JSON.stringify({ errors: [{ message, extensions: { code } }] });
}

/** Responds on a connection that has no response object in Node, and closes it. */
export function respondOnSocket(socket: Duplex, answer: ErrorResponse): void {
  const body = toErrorBody(answer);
  const headers = {
    ...commonHeaders,
    ...answer.headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  // The client may keep its half open forever.
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}\r\n${head.join('\r\n')}\r\n\r\n${body}`);
}
