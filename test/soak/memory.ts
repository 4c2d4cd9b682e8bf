/** Loaded into the tested Jobyard: on request, reports the used memory after a garbage collection. */
process.on('message', (message) => {
  if (message !== 'memory') return;
  // Twice: what the first finds to be finalised, the second frees.
  for (let each = 0; each < 2; each += 1) globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  process.send?.({ heapBytes: heapUsed, rssBytes: rss });
});
process.channel?.unref();
