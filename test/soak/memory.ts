/** Loaded into the Jobyard that is soaked: tells, when asked, what is left in memory after collecting the garbage. */
process.on('message', (message) => {
  if (message !== 'memory') return;
  // Twice: what the first finds to be finalised, the second frees.
  for (let each = 0; each < 2; each += 1) globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  process.send?.({ heapBytes: heapUsed, rssBytes: rss });
});
process.channel?.unref();
