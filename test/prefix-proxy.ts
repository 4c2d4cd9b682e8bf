import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

const prefix = '/tools/jobyard';

export interface PrefixProxy {
  /** The address of Jobyard behind the proxy, with the prefix. */
  origin: string;
  close(): void;
}

/** Starts a proxy that serves Jobyard below a prefix, and nothing else. */
export async function startPrefixProxy(target: string, { passesWebSockets = true } = {}): Promise<PrefixProxy> {
  const { hostname, port } = new URL(target);
  const server = createServer((incoming, outgoing) => {
    if (!incoming.url?.startsWith(prefix)) return outgoing.writeHead(404).end();
    const forwarded = request(
      { hostname, port, method: incoming.method, path: incoming.url.slice(prefix.length) || '/', headers: incoming.headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    forwarded.on('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  server.on('upgrade', (incoming, socket, head) => {
    if (!passesWebSockets || !incoming.url?.startsWith(prefix)) return socket.destroy();
    const forwarded = request({ hostname, port, path: incoming.url.slice(prefix.length), headers: incoming.headers });
    forwarded.on('error', () => socket.destroy());
    forwarded.on('upgrade', (answer, upstream, first) => {
      const lines = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}`);
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`);
      socket.write(first);
      upstream.pipe(socket).pipe(upstream);
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
      upstream.unshift(head);
    });
    forwarded.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${address.port}${prefix}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
