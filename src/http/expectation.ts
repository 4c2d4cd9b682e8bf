import type { IncomingMessage, ServerResponse } from 'node:http';

const waiting = new WeakSet<IncomingMessage>();

/** Whether the client sends the body only after `100 Continue`. HTTP/1.0 clients don't support it, regardless of their headers. */
export function awaitContinue(request: IncomingMessage): void {
  waiting.add(request);
}

/** Lets a waiting client send the body. */
export function letContinue(response: ServerResponse): void {
  if (waiting.delete(response.req)) response.writeContinue();
}

/** Whether the client still waits to send the body. */
export function waitsForContinue(request: IncomingMessage): boolean {
  return waiting.has(request);
}
