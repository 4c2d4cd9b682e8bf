import { createApolloClient } from './apollo/client.ts';
import { openJobList as openWithApollo } from './apollo/job-list.ts';
import { describeResult } from './codegen/cancel-all.ts';
import type { JobAction } from './codegen/generated/graphql.ts';
import type { Connection } from './connection.ts';
import type { CancelResult, JobList } from './job-list.ts';
import { introspection, possibleTypes } from './schema-types.ts';
import { createUrqlClient } from './urql/client.ts';
import { openJobList as openWithUrql } from './urql/job-list.ts';

/** The results of a client: the jobs it listed, page by page, and a sentence with the outcome of each cancel. */
export interface Story {
  pages: string[][];
  sentences: string[];
}

/** Which jobs the story is about. */
export interface Filter {
  availableAction: JobAction;
}

/** The story that every client runs: lists the jobs of a filter in pages of 20, cancels them and `others`, and describes each outcome. */
export type RunStory = (connection: Connection, filter: Filter, others: readonly string[]) => Promise<Story>;

export const pageSize = 20;

export const runWithApollo: RunStory = async (connection, filter, others) =>
  runWithJobList(await openWithApollo(createApolloClient(connection, possibleTypes), filter), others);

export const runWithUrql: RunStory = async (connection, filter, others) =>
  runWithJobList(await openWithUrql(createUrqlClient(connection, introspection), filter), others);

async function runWithJobList(list: JobList<CancelResult>, others: readonly string[]): Promise<Story> {
  const pages: string[][] = [];
  do pages.push(readIds(list).slice(pages.flat().length));
  while (await list.loadMore());
  const results = await list.cancel([...pages.flat(), ...others]);
  list.close();
  return { pages, sentences: results.map(describeResult) };
}

function readIds(list: JobList<CancelResult>): string[] {
  return list.readRows().map(({ id }) => id);
}
