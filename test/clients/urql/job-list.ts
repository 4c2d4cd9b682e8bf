import type { Client } from '@urql/core';
import { cancelJobs, jobsChanged, listJobs, refetchJob } from '../codegen/operations.ts';
import type { OpenJobList } from '../job-list.ts';

export const openJobList: OpenJobList<Client> = async (client, filter) => {
  const variables = { filter, first: 20 };
  const read = () => client.readQuery(listJobs, variables)?.data?.jobs;
  const shown = client.query(listJobs, variables).subscribe(() => {});
  await client.query(listJobs, variables);
  return {
    readRows: () => read()?.edges.map(({ node }) => node) ?? [],
    async loadMore() {
      const pageInfo = read()?.pageInfo;
      if (!pageInfo?.hasNextPage) return false;
      await client.query(listJobs, { ...variables, after: pageInfo.endCursor ?? null });
      return true;
    },
    async cancel(ids) {
      const { data } = await client.mutation(cancelJobs, { input: { ids } });
      return data?.cancelJobs.results ?? [];
    },
    async refetch(id) {
      await client.query(refetchJob, { id }, { requestPolicy: 'network-only' });
    },
    follow(ids, onChange) {
      return client.subscription(jobsChanged, { ids }).subscribe(onChange).unsubscribe;
    },
    close: () => shown.unsubscribe(),
  };
};
