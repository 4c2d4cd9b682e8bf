/** A place in a vendor's list, or in a log. */
export interface ListPosition {
  /** Null: the first part. At most 1,000 characters. */
  part: string | null;
  /** Counted from 0 within the part. */
  row: number;
}

/** The position of a list's first row. */
export const startOfList: ListPosition = { part: null, row: 0 };
