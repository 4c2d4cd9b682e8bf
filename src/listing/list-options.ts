import type { JobFilter } from '../jobs/filter.ts';
import type { SortOrder } from '../reading/order.ts';
import type { Cursor } from './cursor-payload.ts';
import type { ReadOrder } from './row.ts';

/** The rows of one page, as Relay's connections name them: at most `first` after a cursor, or at most `last` before one. Null: no cursor. */
export type PageRange = { first: number; after: string | null } | { last: number; before: string | null };

/** The parameters of one page. A cursor comes from another page of the same listing. */
export type ListOptions = PageRange & {
  filter: JobFilter;
  order: SortOrder;
};

/** A page whose cursor was decoded. */
export interface PageRequest {
  filter: JobFilter;
  order: ReadOrder;
  /** The maximum number of rows. */
  count: number;
  /** The cursor and its text. Null: the page starts at the list's first row, or at its last one if rows are read backward. */
  from: { text: string; cursor: Cursor } | null;
}
