import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import type { IntrospectionQuery } from 'graphql';
import type { Connection } from '../connection.ts';

/** Joins the pages of a list. */
const pages = relayPagination();

export const resolvers = {
  Query: { jobs: pages, bulkOperations: pages, jobEvents: pages, cancellations: pages },
  JobSystem: { jobs: pages },
  Job: { events: pages, log: pages },
  JobStep: { log: pages },
  BulkOperation: { items: pages },
};

/** `schema` is the result of an introspection query. */
export function createUrqlClient({ url, fetch, subscriptions }: Connection, schema: IntrospectionQuery): Client {
  return new Client({
    url,
    fetch,
    preferGetMethod: false,
    exchanges: [
      cacheExchange({
        schema,
        keys: embedTypes(schema),
        resolvers,
      }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables }) => ({
          subscribe: (sink) => ({ unsubscribe: subscriptions.subscribe({ query, variables: { ...variables } }, sink) }),
        }),
      }),
    ],
  });
}

/** Only nodes have an ID of their own. The cache embeds all other objects in the object that has them. */
function embedTypes({ __schema: { types } }: IntrospectionQuery): Record<string, () => null> {
  const embedded = types.filter((type) => type.kind === 'OBJECT' && !type.interfaces.some(({ name }) => name === 'Node'));
  return Object.fromEntries(embedded.map(({ name }) => [name, () => null]));
}
