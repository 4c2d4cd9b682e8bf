/** Calls `take` with each item and its result. Throws unless there is one result per item, as the adapter contract requires. */
export function pairResults<Item, Result>(
  items: readonly Item[],
  results: readonly Result[],
  take: (item: Item, result: Result) => void,
): void {
  if (results.length !== items.length) throw new Error(`Expected ${items.length} results, one per item, got ${results.length}`);
  // The lengths are equal, so each index has both.
  for (let index = 0; index < items.length; index += 1) take(items[index] as Item, results[index] as Result);
}
