import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, Observable, type TypePolicy } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';
import { OperationTypeNode, print } from 'graphql';
import type { Connection } from '../connection.ts';

/** Joins the pages of a list. Lists with other arguments are other lists. */
const pages = relayStylePagination((args) => {
  const names = Object.keys(args ?? {}).filter((name) => name !== 'first' && name !== 'after');
  return names.sort();
});

/** Parts of an object, of which queries select different fields: the cache merges them. */
const parts = [
  ...['BulkCounts', 'CircuitBreaker', 'JobCancellation', 'JobDataRange', 'JobFailure', 'JobProgress', 'LogCapability'],
  ...['SystemCredentials', 'SystemHealth', 'SystemProblem', 'SystemTraffic'],
];

export const typePolicies: Record<string, TypePolicy> = {
  ...Object.fromEntries(parts.map((name) => [name, { merge: true }])),
  Query: { fields: { jobs: pages, bulkOperations: pages, jobEvents: pages, cancellations: pages } },
  JobSystem: { fields: { jobs: pages } },
  Job: { fields: { events: pages, log: pages } },
  BulkOperation: { fields: { items: pages } },
  // The ID of a step is unique only within its job.
  JobStep: { keyFields: false, fields: { log: pages } },
  // There is one caller.
  Viewer: { keyFields: [] },
};

/** `possibleTypes` has the members of each union and interface. */
export function createApolloClient({ url, fetch, subscriptions }: Connection, possibleTypes: Record<string, string[]>): ApolloClient {
  const http = new HttpLink({ uri: url, fetch });
  const stream = new ApolloLink(
    ({ query, variables }) => new Observable((sink) => subscriptions.subscribe({ query: print(query), variables }, sink)),
  );
  return new ApolloClient({
    link: ApolloLink.split(({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION, stream, http),
    cache: new InMemoryCache({ possibleTypes, typePolicies }),
  });
}
