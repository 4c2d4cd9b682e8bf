import { Client, cacheExchange, fetchExchange } from '@urql/core';
import { cancelJobs, listJobs } from '../client/operations.ts';
import { describeResult } from '../client/story.ts';
import { pageSize, type RunStory } from './story.ts';

/** urql with its usual exchanges and its usual settings: queries go by GET. */
export const runWithUrql: RunStory = async ({ url, headers }, filter, others) => {
  const client = new Client({ url, fetchOptions: { headers }, exchanges: [cacheExchange, fetchExchange] });
  const pages: string[][] = [];
  let after: string | null = null;
  do {
    const { data, error } = await client.query(listJobs, { filter, first: pageSize, after }).toPromise();
    if (!data) throw error;
    pages.push(data.jobs.edges.map(({ node }) => node.id));
    after = data.jobs.pageInfo.hasNextPage ? (data.jobs.pageInfo.endCursor ?? null) : null;
  } while (after !== null);
  const { data, error } = await client.mutation(cancelJobs, { input: { ids: [...pages.flat(), ...others] } }).toPromise();
  if (!data) throw error;
  return { pages, sentences: data.cancelJobs.results.map(describeResult) };
};
