/** Options for a cache of at most `count` entries. With `max`, lru-cache allocates all slots on creation: 2 ms and about 400 KB for 10,000. */
export const atMost = (count: number) => ({ maxSize: count, sizeCalculation: () => 1 });
