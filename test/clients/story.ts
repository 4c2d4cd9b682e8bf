import type { JobAction } from '../client/generated/graphql.ts';

/** The results of a client: the jobs it listed, page by page, and a sentence with the outcome of each cancel. */
export interface Story {
  pages: string[][];
  sentences: string[];
}

/** Where Jobyard is, and the headers that let a caller in. */
export interface Endpoint {
  url: string;
  headers: Record<string, string>;
}

/** Which jobs the story is about. */
export interface Filter {
  availableAction: JobAction;
}

/** The story that every client runs: lists the jobs of a filter in pages of 20, cancels them and `others`, and describes each outcome. */
export type RunStory = (endpoint: Endpoint, filter: Filter, others: readonly string[]) => Promise<Story>;

export const pageSize = 20;
