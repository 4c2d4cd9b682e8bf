import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import type { Connection } from '../connection.ts';
import { pageSize, type RunStory } from '../story.ts';
import { describeResult } from './cancel-all.ts';
import type { ListJobsQuery } from './generated/graphql.ts';
import { cancelJobs, listJobs } from './operations.ts';

/** The client preset of GraphQL Code Generator, over nothing but fetch. */
export const runWithCodegen: RunStory = async (connection, filter, others) => {
  const pages: string[][] = [];
  let after: string | null = null;
  do {
    const { jobs }: ListJobsQuery = await execute(connection, listJobs, { filter, first: pageSize, after });
    pages.push(jobs.edges.map(({ node }) => node.id));
    after = jobs.pageInfo.hasNextPage ? (jobs.pageInfo.endCursor ?? null) : null;
  } while (after !== null);
  const { cancelJobs: payload } = await execute(connection, cancelJobs, { input: { ids: [...pages.flat(), ...others] } });
  return { pages, sentences: payload.results.map(describeResult) };
};

/** Sends a query or a mutation. */
export async function execute<Data, Variables>(
  { url, fetch }: Connection,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query: print(document), variables }),
  });
  const { data, errors }: { data?: Data; errors?: { message: string }[] } = await response.json();
  if (!data || errors) throw new Error(errors?.map(({ message }) => message).join('\n') ?? `HTTP ${response.status}`);
  return data;
}

/** Calls `onData` until the subscription ends. */
export function subscribe<Data, Variables extends Record<string, unknown>>(
  { subscriptions }: Connection,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  onData: (data: Data) => void,
): { ended: Promise<void>; stop(): void } {
  const { promise: ended, resolve: complete, reject: error } = Promise.withResolvers<void>();
  const stop = subscriptions.subscribe<Data>(
    { query: print(document), variables },
    { next: ({ data, errors }) => (data ? onData(data) : error(errors)), error, complete },
  );
  return { ended, stop };
}
