import { createServer, type Server, type Socket } from 'node:net';

/** What a vendor's endpoint answers: a whole HTTP answer. */
export type Answer = Buffer | string;

/** `target`: path and query. */
export type Handler = (method: string, target: string, body: string, host: string) => Answer;

export interface StubServer {
  port: number;
  sockets: { open: number; most: number };
}

/** An HTTP/1.1 server for requests with a content-length or no body: it must cost far less than whoever is measured. */
export async function startStubServer(handle: Handler, latencyMs: () => number): Promise<StubServer> {
  const sockets = { open: 0, most: 0 };
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.open += 1;
    sockets.most = Math.max(sockets.most, sockets.open);
    socket.on('close', () => {
      sockets.open -= 1;
    });
    socket.on('error', () => socket.destroy());
    serve(socket, handle, latencyMs);
  });
  await listen(server);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port');
  return { port: address.port, sockets };
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', 4096, resolve);
  });
}

function serve(socket: Socket, handle: Handler, latencyMs: () => number): void {
  let pending: Buffer | null = null;
  socket.on('data', (chunk: Buffer) => {
    let data = pending ? Buffer.concat([pending, chunk]) : chunk;
    pending = null;
    while (data.length > 0) {
      const request = parseRequest(data);
      if (!request) {
        pending = data;
        return;
      }
      data = data.subarray(request.size);
      const answer = handle(request.method, request.target, request.body, request.host);
      const afterMs = latencyMs();
      if (afterMs > 0) setTimeout(() => socket.write(answer), afterMs);
      else socket.write(answer);
    }
  });
}

interface Request {
  method: string;
  target: string;
  host: string;
  body: string;
  size: number;
}

/** Null: not all of it is there yet. */
function parseRequest(data: Buffer): Request | null {
  const headEnd = data.indexOf('\r\n\r\n');
  if (headEnd < 0) return null;
  const head = data.toString('latin1', 0, headEnd);
  const methodEnd = head.indexOf(' ');
  const targetEnd = head.indexOf(' ', methodEnd + 1);
  const method = head.slice(0, methodEnd);
  const target = head.slice(methodEnd + 1, targetEnd);
  const bodyStart = headEnd + 4;
  if (method === 'GET') return { method, target, host: '', body: '', size: bodyStart };
  if (/\r\ntransfer-encoding:/i.test(head)) throw new Error(`A chunked body, which the stub does not read: ${method} ${target}`);
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
  if (data.length < bodyStart + length) return null;
  const host = /\r\nhost: *([^\r]+)/i.exec(head)?.[1] ?? '';
  return { method, target, host, body: data.toString('latin1', bodyStart, bodyStart + length), size: bodyStart + length };
}

/** A 200 of this head and body; all of it ASCII. */
export function ok(headers: string, body: string): string {
  return `HTTP/1.1 200 OK\r\n${headers}content-length: ${body.length}\r\n\r\n${body}`;
}

export function notFound(): string {
  return 'HTTP/1.1 404 Not Found\r\ncontent-type: text/plain\r\ncontent-length: 9\r\n\r\nNot Found';
}
