import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
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
}

const plainWord = /^[\w.:-]{1,100}$/;

export function createRequestContext(
  request: IncomingMessage,
  parts: Pick<RequestContext, 'caller' | 'operationName' | 'readSignal' | 'actSignal'>,
): RequestContext {
  const given = request.headers['x-request-id'];
  return {
    ...parts,
    requestId: typeof given === 'string' && plainWord.test(given) ? given : randomUUID(),
    credentialFor(systemId) {
      const value = request.headers[`x-jobyard-credential-${systemId}`];
      return typeof value === 'string' && value !== '' ? value : null;
    },
    vendorRequests: { count: 0 },
  };
}
