/** How a list differs from its first page, as just read. */
export interface Difference {
  /** Jobs of the page that the list doesn't have. */
  entered: readonly string[];
  /** Jobs of the list that the page would have if they still matched. */
  left: readonly string[];
  /** The list as it would be after an update. */
  merged: readonly string[];
  /** Whether nothing of the list adjoins the page, so that the list starts again with the page alone. */
  isReplaced: boolean;
}

export interface FirstPage {
  ids: readonly string[];
  hasNextPage: boolean;
  /** Whether the page proves that a job is gone: false if the job's system is missing from it. */
  provesAbsence(id: string): boolean;
}

/** Compares a list with its first page. The list keeps its order: rows below the page's last row are unknown to it. */
export function compareWithPage(order: readonly string[], page: FirstPage): Difference {
  const onPage = new Set(page.ids);
  const known = new Set(order);
  const entered = page.ids.filter((id) => !known.has(id));
  const lastCommon = order.findLastIndex((id) => onPage.has(id));
  if (lastCommon < 0 && page.hasNextPage && page.ids.length > 0) {
    return { entered, left: [], merged: page.ids, isReplaced: true };
  }
  // A page without a next one covers the whole list.
  const covered = page.hasNextPage ? lastCommon + 1 : order.length;
  const isLeft = (id: string, index: number): boolean => index < covered && !onPage.has(id) && page.provesAbsence(id);
  const left = order.filter(isLeft);
  // Rows that the page can't speak for keep their place behind it.
  const rest = order.filter((id, index) => !onPage.has(id) && !isLeft(id, index));
  return { entered, left, merged: [...page.ids, ...rest], isReplaced: false };
}
