import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import type { ListJobsQuery } from '../client/generated/graphql.ts';
import { cancelJobs, listJobs } from '../client/operations.ts';
import { describeResult } from '../client/story.ts';
import { type Endpoint, pageSize, type RunStory } from './story.ts';

/** The client preset of GraphQL Code Generator, over nothing but fetch. */
export const runWithCodegen: RunStory = async (endpoint, filter, others) => {
  const pages: string[][] = [];
  let after: string | null = null;
  do {
    const { jobs }: ListJobsQuery = await execute(endpoint, listJobs, { filter, first: pageSize, after });
    pages.push(jobs.edges.map(({ node }) => node.id));
    after = jobs.pageInfo.hasNextPage ? (jobs.pageInfo.endCursor ?? null) : null;
  } while (after !== null);
  const { cancelJobs: payload } = await execute(endpoint, cancelJobs, { input: { ids: [...pages.flat(), ...others] } });
  return { pages, sentences: payload.results.map(describeResult) };
};

/** What any typed document needs to be sent: its types are those of its data and variables. */
export async function execute<Data, Variables>(
  { url, headers }: Endpoint,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json', ...headers },
    body: JSON.stringify({ query: print(document), variables }),
  });
  const { data, errors }: { data?: Data; errors?: { message: string }[] } = await response.json();
  if (!data || errors) throw new Error(errors?.map(({ message }) => message).join('\n') ?? `HTTP ${response.status}`);
  return data;
}
