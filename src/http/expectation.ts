import type { IncomingMessage, ServerResponse } from 'node:http';

const waiting = new WeakSet<IncomingMessage>();

/** The client sends the body when it is told to (`100 Continue`), and not before. Clients of HTTP/1.0 don't know of it, whatever their headers say. */
export function awaitContinue(request: IncomingMessage): void {
  waiting.add(request);
}

/** Tells a client that waits to send the body. */
export function letContinue(response: ServerResponse): void {
  if (waiting.delete(response.req)) response.writeContinue();
}

/** Whether the client waits, and hasn't been told yet. */
export function waitsForContinue(request: IncomingMessage): boolean {
  return waiting.has(request);
}
