import type { JobAction } from '../client/generated/graphql.ts';

/** What a client learned: the jobs it listed, page by page, and a sentence on what came of cancelling each. */
export interface Story {
  pages: string[][];
  told: string[];
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

/** The story that every client tells: list the jobs of a filter in pages of 20, cancel them and `others`, say what came of each. */
export type TellStory = (endpoint: Endpoint, filter: Filter, others: readonly string[]) => Promise<Story>;

export const pageSize = 20;
