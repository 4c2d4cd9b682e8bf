/** Each item with its result. Throws unless there is one result per item, as the adapter contract requires. */
export function pairResults<Item, Result>(items: readonly Item[], results: readonly Result[]): [item: Item, result: Result][] {
  if (results.length !== items.length) throw new Error(`Expected ${items.length} results, one per item, got ${results.length}`);
  // The lengths are equal, so each index has both.
  return items.map((item, index) => [item, results[index] as Result]);
}

/** The value of a key that the map must have. Throws if it doesn't. */
export function entryOf<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): Value {
  const value = map.get(key);
  if (value === undefined) throw new Error(`No entry for ${String(key)}`);
  return value;
}
