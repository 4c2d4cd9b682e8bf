import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { answerControlRequest } from './control.ts';
import type { SandboxAnswer, SandboxRequest, SandboxServerParts } from './exchange.ts';
import type { Fault } from './faults.ts';
import { passOn, turnsAway } from './front-end.ts';

/** Starts a sandbox on a real socket. Requests below `/_sandbox` go to the control endpoint (see control.ts). */
export async function startSandboxServer(parts: SandboxServerParts): Promise<{ origin: string; close(): Promise<void> }> {
  const server = createServer((incoming, outgoing) => {
    serve(parts, incoming, outgoing).catch((error: unknown) => {
      // A bug in the sandbox, not a fault of the vendor: printed for the developer, and the request fails.
      process.stderr.write(`sandbox: ${incoming.method} ${incoming.url}: ${error instanceof Error ? error.stack : String(error)}\n`);
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(500, { 'content-type': 'text/plain' }).end('The sandbox failed. Its standard error has the reason.');
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(parts.port, parts.host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The sandbox listens on no port');
  return {
    origin: `http://${parts.host.includes(':') ? `[${parts.host}]` : parts.host}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(parts: SandboxServerParts, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const target = incoming.url ?? '/';
  const method = incoming.method ?? 'GET';
  const cut = target.indexOf('?');
  const request: SandboxRequest = {
    method,
    path: cut < 0 ? target : target.slice(0, cut),
    query: new URLSearchParams(cut < 0 ? '' : target.slice(cut + 1)),
    headers: incoming.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
  if (request.path === '/_sandbox' || request.path.startsWith('/_sandbox/')) {
    send(outgoing, answerControlRequest(parts, request));
    return;
  }

  parts.requests.add({ method, target, body: request.body });
  parts.timeline.runDue();
  const fault = parts.faults.next(method, target);
  const untouched = fault !== undefined && (('applied' in fault && !fault.applied) || turnsAway(fault, request));
  const answer = untouched ? { status: 200 } : parts.answer(request);
  const waitMs = parts.latencyMs + (answer.delayMs ?? 0) + (fault?.kind === 'slow' ? fault.ms : 0);
  if (waitMs > 0) await delay(waitMs);
  sendWithFault(outgoing, answer, fault && turnsAway(fault, request) ? { kind: 'answer', status: 403, applied: false } : fault);
}

function sendWithFault(outgoing: ServerResponse, answer: SandboxAnswer, fault: Fault | undefined): void {
  switch (fault?.kind) {
    case 'hang':
      break;
    case 'reset':
      outgoing.socket?.resetAndDestroy();
      break;
    case 'answer':
      send(outgoing, {
        status: fault.status,
        headers: fault.headers ?? { 'content-type': 'text/html' },
        body: fault.body ?? `<html><head><title>${fault.status}</title></head><body><h1>${fault.status}</h1></body></html>`,
      });
      break;
    case 'truncate': {
      const body = Buffer.from(answer.body ?? '');
      outgoing.writeHead(answer.status, { ...answer.headers, 'content-length': String(body.length) });
      outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => outgoing.destroy());
      break;
    }
    case 'empty':
      send(outgoing, { ...answer, body: '' });
      break;
    case 'flood':
      send(outgoing, { ...answer, body: ' '.repeat(fault.bytes) });
      break;
    case 'front-end':
      send(outgoing, passOn(fault, answer, outgoing));
      break;
    default:
      send(outgoing, answer);
  }
}

function send(outgoing: ServerResponse, answer: SandboxAnswer): void {
  const body = answer.body ?? '';
  const headers = { ...answer.headers, 'content-length': String(Buffer.byteLength(body)) };
  // As an argument, not as `statusMessage`: there, Node treats an empty phrase as missing.
  if (answer.reason !== undefined) outgoing.writeHead(answer.status, answer.reason, headers);
  else outgoing.writeHead(answer.status, headers);
  outgoing.end(body);
}
