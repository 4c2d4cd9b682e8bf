/**
 * A range of a stored list: at most `count` rows, from the list's first row on or after the position `from`. If `isBackward`: up to the list's last
 * row, or before the position.
 */
export interface RowRange<Position> {
  count: number;
  isBackward: boolean;
  from: Position | null;
}

/** The rows of a range, in the order of the list. */
export interface RowPage<Row> {
  rows: Row[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
}

/** `read`: the rows in the direction of the range, and one more than `count` if there are more. */
export function toRowPage<Row>(read: readonly Row[], { count, isBackward, from }: RowRange<unknown>): RowPage<Row> {
  const rows = read.slice(0, count);
  const hasMore = read.length > count;
  // The row of the cursor is on the other side.
  const hasRowBehind = from !== null;
  if (isBackward) return { rows: rows.reverse(), hasNextPage: hasRowBehind, hasPreviousPage: hasMore };
  return { rows, hasNextPage: hasMore, hasPreviousPage: hasRowBehind };
}
