import { createGraphiQLFetcher, type Fetcher, isAsyncIterable } from '@graphiql/toolkit';

// Relative to the page, which is at / and at /playground, behind any prefix.
const url = new URL('graphql', document.baseURI).href;

const send = createGraphiQLFetcher({ url, subscriptionUrl: url.replace(/^http/, 'ws'), enableIncrementalDelivery: false });

/** Sends operations to this Jobyard, and subscriptions over WebSocket, with the headers of the editor as the parameters of the connection. */
export const fetcher: Fetcher = async (parameters, options) => {
  const response = await send(parameters, options);
  return isAsyncIterable(response) ? withReasons(response) : response;
};

/** GraphiQL shows an error's message, and a WebSocket that fails is an event without one. */
function withReasons<Result>(results: AsyncIterable<Result>): AsyncIterableIterator<Result> {
  const iterator = results[Symbol.asyncIterator]();
  return {
    next: () => iterator.next().catch((error: unknown) => Promise.reject(toReason(error))),
    return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function toReason(error: unknown): unknown {
  return error instanceof Event
    ? new Error(`The WebSocket to ${url} failed. Subscriptions need a proxy that lets WebSockets through.`)
    : error;
}
