import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * before: closes the connection in the place of sending the command on. after: sends it on, and closes the connection in the place of the
 * reply. hang: sends it on, and never anything back. hold: sends it on after `until`.
 */
export type Fault = { kind: 'before' | 'after' | 'hang' } | { kind: 'hold'; until(): Promise<unknown> };

/** A TCP proxy in front of Redis. */
export interface RedisProxy {
  url: string;
  /** For the next data from a client that contains this text, ignoring case. */
  failNext(text: string, fault: Fault): void;
  connectionCount(): number;
  close(): Promise<void>;
}

export async function startProxy(port: number): Promise<RedisProxy> {
  const sockets = new Set<Socket>();
  let pending: { text: string; fault: Fault } | null = null;
  let connectionCount = 0;

  const serve = (client: Socket): void => {
    connectionCount += 1;
    const server = connect(port, '127.0.0.1');
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket
        .on('error', () => {})
        .on('close', () => {
          sockets.delete(socket);
          client.destroy();
          server.destroy();
        });
    }
    let fault: Fault | null = null;
    client.on('data', (data: Buffer) => {
      if (pending && data.toString('latin1').toLowerCase().includes(pending.text)) {
        ({ fault } = pending);
        pending = null;
      }
      if (fault?.kind === 'before') client.destroy();
      else if (fault?.kind === 'hold') {
        client.pause();
        const { until } = fault;
        fault = null;
        until().then(() => {
          server.write(data);
          client.resume();
        });
      } else server.write(data);
    });
    server.on('data', (data) => {
      if (fault?.kind === 'after') client.destroy();
      else if (fault?.kind !== 'hang') client.write(data);
    });
  };

  const listener = createServer(serve).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    url: `redis://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    failNext(text, fault) {
      pending = { text, fault };
    },
    connectionCount: () => connectionCount,
    async close() {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, 'close');
    },
  };
}
