import type { JobOrder } from '../jobs/adapter.ts';
import type { JobFilter } from '../jobs/filter.ts';

/** What one page is asked for with. */
export interface ListOptions {
  filter: JobFilter;
  order: JobOrder;
  /** Most rows of the page. */
  first: number;
  /** A cursor of an earlier page of the same listing. */
  after: string | null;
}
