/** A place in a vendor's list, or in a log. */
export interface ListPosition {
  /** Null: the first part. At most `maxPartLength` characters. */
  part: string | null;
  /** Counted from 0 within the part. */
  row: number;
}

/** The position of a list's first row. */
export const startOfList: ListPosition = { part: null, row: 0 };

/** The maximum length of a part's name, as cursors contain it. */
export const maxPartLength = 1_000;
