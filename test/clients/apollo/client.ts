import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, Observable } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';
import { OperationTypeNode, print } from 'graphql';
import type { Connection } from '../connection.ts';

/** `possibleTypes` has the members of each union and interface. */
export function createApolloClient({ url, fetch, subscriptions }: Connection, possibleTypes: Record<string, string[]>): ApolloClient {
  const http = new HttpLink({ uri: url, fetch });
  const stream = new ApolloLink(
    ({ query, variables }) => new Observable((sink) => subscriptions.subscribe({ query: print(query), variables }, sink)),
  );
  return new ApolloClient({
    link: ApolloLink.split(({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION, stream, http),
    cache: new InMemoryCache({
      possibleTypes,
      typePolicies: {
        Query: {
          fields: {
            jobs: relayStylePagination(['filter', 'orderBy']),
            bulkOperations: relayStylePagination(['statuses']),
            jobEvents: relayStylePagination(['filter']),
          },
        },
        JobSystem: { fields: { jobs: relayStylePagination(['filter', 'orderBy']) } },
        Job: { fields: { events: relayStylePagination() } },
        BulkOperation: { fields: { items: relayStylePagination(['status']) } },
        // The ID of a step is unique only within its job.
        JobStep: { keyFields: false },
      },
    }),
  });
}
