import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';
import { filter as filterResults, firstValueFrom } from 'rxjs';
import type { JobStatus } from '../client/generated/graphql.ts';
import { cancelJobs, listJobs } from '../client/operations.ts';
import { describeResult } from '../client/story.ts';
import { type Endpoint, type Filter, pageSize, type Story } from './story.ts';

/** Apollo Client as a page with an endless list uses it: the cache joins the pages, and a cancel changes the rows in it. */
export async function runWithApollo(
  { url, headers }: Endpoint,
  filter: Filter,
  others: readonly string[],
): Promise<Story & { rows: Map<string, JobStatus> }> {
  const cache = new InMemoryCache({
    // So that `... on JobError` is read back from the cache too.
    possibleTypes: await readPossibleTypes({ url, headers }),
    typePolicies: { Query: { fields: { jobs: relayStylePagination(['filter', 'orderBy']) } } },
  });
  const client = new ApolloClient({ cache, link: new HttpLink({ uri: url, headers }) });
  const query = { query: listJobs, variables: { filter, first: pageSize } };
  const list = client.watchQuery(query);
  const subscription = list.subscribe({});
  /** The joined pages as the cache has them. */
  const readList = () => {
    const data = client.readQuery(query);
    if (!data) throw new Error(list.getCurrentResult().error?.message ?? 'The list is not in the cache');
    return data.jobs;
  };
  try {
    await firstValueFrom(list.pipe(filterResults(({ loading }) => !loading)));
    const pages: string[][] = [];
    for (;;) {
      const { edges, pageInfo } = readList();
      pages.push(edges.slice(pages.flat().length).map(({ node }) => node.id));
      if (!pageInfo.hasNextPage) break;
      await list.fetchMore({ variables: { after: pageInfo.endCursor ?? null } });
    }
    const { data } = await client.mutate({ mutation: cancelJobs, variables: { input: { ids: [...pages.flat(), ...others] } } });
    if (!data) throw new Error('No data');
    return {
      pages,
      sentences: data.cancelJobs.results.map(describeResult),
      rows: new Map(readList().edges.map(({ node }) => [node.id, node.status])),
    };
  } finally {
    subscription.unsubscribe();
    client.stop();
  }
}

/** The possible types of each union and interface. A real front end writes this into a file when it is built. */
async function readPossibleTypes({ url, headers }: Endpoint): Promise<Record<string, string[]>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: '{ __schema { types { name possibleTypes { name } } } }' }),
  });
  const { data }: { data: { __schema: { types: { name: string; possibleTypes: { name: string }[] | null }[] } } } = await response.json();
  return Object.fromEntries(
    data.__schema.types.flatMap(({ name, possibleTypes }) => (possibleTypes ? [[name, possibleTypes.map((type) => type.name)]] : [])),
  );
}
