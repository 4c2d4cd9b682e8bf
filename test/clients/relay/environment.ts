import { Environment, type GraphQLResponse, Network, Observable, RecordSource, Store } from 'relay-runtime';
import type { Connection } from '../connection.ts';

export function createEnvironment({ url, fetch, subscriptions }: Connection): Environment {
  const network = Network.create(
    async ({ text }, variables) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
        body: JSON.stringify({ query: text, variables }),
      });
      return response.json();
    },
    ({ text }, variables) =>
      Observable.create((sink) =>
        subscriptions.subscribe(
          { query: String(text), variables },
          // A response without data has errors, as Relay expects; TypeScript can't know that.
          {
            next: (response) => sink.next(response as GraphQLResponse),
            error: (error) => sink.error(error as Error),
            complete: sink.complete,
          },
        ),
      ),
  );
  return new Environment({
    network,
    store: new Store(new RecordSource()),
    // The ID of a step is unique only within its job.
    getDataID: ({ id }, typeName) => (typeName === 'JobStep' ? null : id),
  });
}
