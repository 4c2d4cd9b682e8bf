import type { ApolloClient } from '@apollo/client';
import { cancelJobs, jobsChanged, listJobs, refetchJob } from '../codegen/operations.ts';
import type { OpenJobList } from '../job-list.ts';

export const openJobList: OpenJobList<ApolloClient> = async (client, filter) => {
  const query = { query: listJobs, variables: { filter, first: 20 } };
  const list = client.watchQuery(query);
  const shown = list.subscribe(() => {});
  await list.refetch();
  const read = () => client.readQuery(query)?.jobs;
  return {
    readRows: () => read()?.edges.map(({ node }) => node) ?? [],
    async loadMore() {
      const pageInfo = read()?.pageInfo;
      if (!pageInfo?.hasNextPage) return false;
      await list.fetchMore({ variables: { after: pageInfo.endCursor ?? null } });
      return true;
    },
    async cancel(ids) {
      const { data } = await client.mutate({ mutation: cancelJobs, variables: { input: { ids } } });
      return data?.cancelJobs.results ?? [];
    },
    async refetch(id) {
      await client.query({ query: refetchJob, variables: { id }, fetchPolicy: 'network-only' });
    },
    follow(ids, onChange) {
      const changes = client.subscribe({ query: jobsChanged, variables: { ids } }).subscribe(onChange);
      return () => changes.unsubscribe();
    },
    close() {
      shown.unsubscribe();
      client.stop();
    },
  };
};
