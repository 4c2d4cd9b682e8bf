import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { as } from '../access/callers.ts';

/** A connection of which the test writes each byte itself. */
export interface RawConnection {
  socket: Socket;
  write(text: string): void;
  /** What has come so far. */
  received(): string;
  /** Waits until that matches. */
  until(pattern: RegExp): Promise<void>;
  /** Resolves with all that came when the connection is over. */
  closed: Promise<string>;
}

export function openConnection(origin: string): RawConnection {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  let received = '';
  const waiting = new Set<() => void>();
  const check = (): void => {
    for (const resume of waiting) resume();
  };
  socket.setEncoding('latin1').on('data', (text: string) => {
    received += text;
    check();
  });
  // Cut off in the middle of a write.
  socket.on('error', () => {});
  const closed = new Promise<string>((resolve) =>
    socket.once('close', () => {
      check();
      resolve(received);
    }),
  );
  return {
    socket,
    write: (text) => void socket.write(text),
    received: () => received,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const resume = (): void => {
          if (pattern.test(received)) resolve();
          else if (socket.destroyed) reject(new Error(`Closed after ${JSON.stringify(received)}`));
          else return;
          waiting.delete(resume);
        };
        waiting.add(resume);
        resume();
      }),
    closed,
  };
}

/** The head of a POST to /graphql. */
export function headOf(headers: Record<string, string | number>, caller?: string): string {
  const all = { host: '127.0.0.1', 'content-type': 'application/json', ...(caller && as(caller)), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `POST /graphql HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}

/** A whole request. */
export function requestOf(query: string, headers: Record<string, string> = {}, caller?: string): string {
  const body = JSON.stringify({ query });
  return headOf({ ...headers, 'content-length': Buffer.byteLength(body) }, caller) + body;
}
