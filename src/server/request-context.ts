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
  readonly readSignal: AbortSignal;
  /** Aborted when the deadline passed. */
  readonly actSignal: AbortSignal;
  /** The caller's own vendor credentials by system id. */
  credentialFor(systemId: string): string | null;
  /** Vendor requests made so far. */
  vendorRequests: { count: number };
}

const plainWord = /^[\w.:-]{1,100}$/;

export function createRequestContext(
  request: IncomingMessage,
  response: ServerResponse,
  { deadlineMs, ...parts }: Pick<RequestContext, 'caller' | 'operationName'> & { deadlineMs: number },
): RequestContext {
  const given = request.headers['x-request-id'];
  const startedAtMs = performance.now();
  let readSignal: AbortSignal | undefined;
  let actSignal: AbortSignal | undefined;
  return {
    ...parts,
    requestId: typeof given === 'string' && plainWord.test(given) ? given : randomUUID(),
    credentialFor(systemId) {
      const value = request.headers[`x-jobyard-credential-${systemId}`];
      return typeof value === 'string' && value !== '' ? value : null;
    },
    vendorRequests: { count: 0 },
    // Made when first asked for: an operation that needs no vendor needs no signals.
    get actSignal() {
      actSignal ??= AbortSignal.timeout(Math.max(1, Math.ceil(startedAtMs + deadlineMs - performance.now())));
      return actSignal;
    },
    get readSignal() {
      readSignal ??= AbortSignal.any([this.actSignal, goneSignal(response)]);
      return readSignal;
    },
  };
}

/** Aborted when the caller goes away before the answer has been sent. */
function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  if (response.destroyed) gone.abort();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return gone.signal;
}
