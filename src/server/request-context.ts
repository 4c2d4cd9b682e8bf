import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from '../access/caller.ts';

/** One GraphQL request: who asks, until when, and what it has cost so far. */
export interface RequestContext {
  /** The caller's own `x-request-id` where it is a plain word, else a new one. In logs, the audit and the answer's header. */
  requestId: string;
  caller: Caller;
  operationName: string | null;
  /** Aborted when the caller went away or the deadline passed. */
  readSignal: AbortSignal;
  /** Aborted when the deadline passed. */
  actSignal: AbortSignal;
  /** The caller's own vendor credentials by system id. */
  credentialFor(systemId: string): string | null;
  /** Vendor requests made so far. */
  vendorRequests: { count: number };
  /** To be called when all is done: the deadline is no longer waited for. */
  finish(): void;
}

const plainWord = /^[\w.:-]{1,100}$/;

export function createRequestContext(
  request: IncomingMessage,
  response: ServerResponse,
  { deadlineMs, ...parts }: Pick<RequestContext, 'caller' | 'operationName'> & { deadlineMs: number },
): RequestContext {
  const given = request.headers['x-request-id'];
  const act = new AbortController();
  const read = new AbortController();
  const timer = setTimeout(() => {
    const reason = new DOMException("The operation's time was up", 'TimeoutError');
    act.abort(reason);
    read.abort(reason);
  }, deadlineMs).unref();
  abortWhenGone(read, response);
  // No getters, here and below: each object with one of its own gets a hidden class of its own, which stays in memory with all
  // that the getter can reach until the next full collection.
  return {
    ...parts,
    requestId: typeof given === 'string' && plainWord.test(given) ? given : randomUUID(),
    readSignal: read.signal,
    actSignal: act.signal,
    credentialFor(systemId) {
      const value = request.headers[`x-jobyard-credential-${systemId}`];
      return typeof value === 'string' && value !== '' ? value : null;
    },
    vendorRequests: { count: 0 },
    finish() {
      clearTimeout(timer);
    },
  };
}

/** Aborts when the caller goes away before the answer has been sent. */
function abortWhenGone(controller: AbortController, response: ServerResponse): void {
  if (response.destroyed) controller.abort();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
}
