import type { FetchImplementation } from 'jose';
import { createPlaces } from '../concurrency/places.ts';
import { maxBytesAtOnce } from '../json/large.ts';
import { type ConnectionSettings, createDispatcher } from './dispatcher.ts';
import { exchange, type WireResponse } from './exchange.ts';
import { describeConnectionError, describeInvalidResponse } from './failures.ts';
import { userAgent } from './user-agent.ts';

const provider = 'The identity provider';
/** The maximum size of a key set. Usual ones have some thousand bytes. */
const maxBytes = maxBytesAtOnce;

/**
 * Fetches an identity provider's key set, and handles unexpected responses like those of vendors. Rejects with the reason, for the log,
 * unless the status is 200. Its connections keep no process alive.
 */
export function createKeySetFetch(jwksUri: string, timeoutMs: number, connection: ConnectionSettings): FetchImplementation {
  const { origin, pathname, search } = new URL(jwksUri);
  const dispatcher = createDispatcher({ ...connection, origin, connections: 1, connectTimeoutMs: timeoutMs });
  const path = pathname + search;
  const large = { sender: provider, places: createPlaces({ size: 1 }), caller: provider };
  return async (_url, { headers, signal }) => {
    const request = {
      origin,
      method: 'GET',
      path,
      headers: { ...Object.fromEntries(headers), 'user-agent': userAgent },
      body: null,
    } as const;
    const outcome = await exchange(dispatcher, request, { timeoutMs, maxBytes, large }, signal);
    switch (outcome.kind) {
      case 'answer':
        return toResponse(outcome.answer);
      case 'lost':
        // The caller's own timeout, which the caller recognizes by its name.
        if (signal.aborted) throw outcome.error;
        throw new Error(describeConnectionError(provider, outcome.error).message);
      case 'timed-out':
        throw new Error(`${provider} didn't respond within ${timeoutMs / 1000} seconds.`);
      case 'too-large':
        throw new Error(`${provider} sent a response of more than ${maxBytes} bytes.`);
    }
  };
}

function toResponse(answer: WireResponse): Response {
  const { status, text, defect } = answer;
  const isRedirect = status >= 300 && status < 400;
  if (isRedirect || defect !== undefined) throw new Error(describeInvalidResponse(provider, answer, 'a key set').message);
  if (status !== 200) throw new Error(`${provider} returned HTTP ${status}, not 200.`);
  return new Response(text);
}
