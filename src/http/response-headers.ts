import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** On every response of the process: browsers guess no type, and nothing on the way keeps a copy. */
export const commonHeaders: Readonly<Record<string, string>> = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** A response in GraphQL's own form of an error: clients read nothing else. */
export interface ErrorAnswer {
  status: number;
  code: string;
  message: string;
  headers?: Readonly<Record<string, string>>;
}

/** The body of such a response. */
export function toErrorBody({ code, message }: Pick<ErrorAnswer, 'code' | 'message'>): string {
  return JSON.stringify({ errors: [{ message, extensions: { code } }] });
}

/** Answers on a connection for which Node has no response object, and closes it. */
export function answerOnSocket(socket: Duplex, answer: ErrorAnswer): void {
  const body = toErrorBody(answer);
  const headers = {
    ...commonHeaders,
    ...answer.headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  // The other side may keep its half open for ever.
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}\r\n${head.join('\r\n')}\r\n\r\n${body}`);
}
