import type { CancelJobsMutation, JobFilter } from './codegen/generated/graphql.ts';

export interface Row {
  id: string;
  status: string;
}

/** A list of jobs as a front end shows it: a view of the client's cache. */
export interface JobList<Result extends { __typename: string }> {
  /** The rows of all loaded pages. */
  readRows(): Row[];
  /** Loads the next page. False if there is none. */
  loadMore(): Promise<boolean>;
  /** Returns one result per ID. */
  cancel(ids: string[]): Promise<readonly Result[]>;
  /** Reads one job again. */
  refetch(id: string): Promise<void>;
  /** Follows the jobs until all have ended, and calls `onChange` after each change of the cache. Returns a function that stops it. */
  follow(ids: string[], onChange: () => void): () => void;
  close(): void;
}

/** As the generated types of ./codegen have it. */
export type CancelResult = CancelJobsMutation['cancelJobs']['results'][number];

/** Opens a list with its first page, of 20 rows. */
export type OpenJobList<Client> = (client: Client, filter: JobFilter) => Promise<JobList<CancelResult>>;
