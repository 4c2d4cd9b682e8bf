import { createClient as createStreams } from 'graphql-sse';
import { createClient as createWebSocket } from 'graphql-ws';

/** How a client reaches Jobyard. */
export interface Connection {
  url: string;
  /** Sends queries and mutations, with the caller's token. */
  fetch: typeof fetch;
  subscriptions: {
    /** Returns a function that ends the subscription. */
    subscribe<Data>(request: { query: string; variables?: Record<string, unknown> }, sink: Sink<Data>): () => void;
    /** Closes all connections. */
    dispose(): void | Promise<void>;
  };
}

interface Sink<Data> {
  next(result: { data?: Data | null; errors?: readonly { message: string }[] }): void;
  error(error: unknown): void;
  complete(): void;
}

/** Subscriptions share one WebSocket. After the close codes 1001 and 4403, it is opened again, with a new token. */
export function connectByWebSocket(url: string, getToken: () => Promise<string>): Connection {
  const subscriptions = createWebSocket({
    url: url.replace(/^http/, 'ws'),
    connectionParams: async () => ({ authorization: `Bearer ${await getToken()}` }),
    retryAttempts: 20,
    retryWait: waitBeforeRetry,
  });
  return { url, fetch: withToken(getToken), subscriptions };
}

/** Each subscription is a request. If its stream ends without `complete`, it is sent again, with a new token. */
export function connectByEventStream(url: string, getToken: () => Promise<string>): Connection {
  const fetch = withToken(getToken);
  return { url, fetch, subscriptions: createStreams({ url, fetchFn: fetch, retryAttempts: 20, retry: waitBeforeRetry }) };
}

function withToken(getToken: () => Promise<string>): typeof fetch {
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${await getToken()}`);
    return fetch(input, { ...init, headers });
  };
}

/** At most 1, 2, 4, … 30 seconds. Random, so that clients don't return at the same time. */
function waitBeforeRetry(retries: number): Promise<void> {
  const maxMs = Math.min(1_000 * 2 ** retries, 30_000);
  return new Promise((resolve) => setTimeout(resolve, Math.random() * maxMs));
}
