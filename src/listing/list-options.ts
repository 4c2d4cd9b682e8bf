import type { JobOrder } from '../jobs/adapter.ts';
import type { JobFilter } from '../jobs/filter.ts';

/** The parameters of one page. */
export interface ListOptions {
  filter: JobFilter;
  order: JobOrder;
  /** The maximum number of rows. */
  first: number;
  /** A cursor of an earlier page of the same listing; null: the first page. */
  after: string | null;
}
