import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface TestServer {
  origin: string;
  /** The path and query of each request, in order. */
  requests: string[];
  /** Most requests that were open at one time. */
  mostAtOnce(): number;
  /** How many connections were opened. */
  connections(): number;
}

/** An HTTP server on this machine with the given handler. Closed when the test ends. */
export async function startServer(
  answer: (request: IncomingMessage, response: ServerResponse, index: number) => void,
): Promise<TestServer> {
  const requests: string[] = [];
  let open = 0;
  let most = 0;
  let connections = 0;
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    open += 1;
    most = Math.max(most, open);
    response.once('close', () => {
      open -= 1;
    });
    answer(request, response, requests.length - 1);
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, requests, mostAtOnce: () => most, connections: () => connections };
}

/** Answers with these statuses, one after the other, then with 200. */
export function statuses(...list: number[]): (request: IncomingMessage, response: ServerResponse, index: number) => void {
  return (_request, response, index) => {
    response.writeHead(list[index] ?? 200, { 'content-type': 'application/json' }).end('{}');
  };
}
