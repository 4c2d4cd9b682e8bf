import { isShownBy } from './vendors.ts';
import type { World } from './world.ts';

/** The statuses of bulk operations that nothing more comes of by itself. */
export const hasEnded = new Set(['COMPLETED', 'PARTIALLY_COMPLETED', 'CANCELLED', 'FAILED', 'SUSPENDED']);

/** Bulk operations end, their counts are those of their items, and each item has one result, which is true, and one event of it. */
export function checkBulks({ bulks, events, history, endMs, calmMs }: World): string[] {
  const breaches: string[] = [];
  for (const { id, status, action, counts, items } of bulks) {
    const tally = { selected: items.length, pending: 0, succeeded: 0, failed: 0, unknown: 0 };
    for (const { outcome } of items) tally[outcome.toLowerCase() as 'pending'] += 1;
    if (JSON.stringify(tally) !== JSON.stringify({ ...tally, ...counts }))
      breaches.push(`bulk ${id} counts ${JSON.stringify(counts)}, and its items are ${JSON.stringify(tally)}`);
    if (!hasEnded.has(status) && endMs - calmMs > 60_000) breaches.push(`bulk ${id} is ${status} long after the bad days`);
    if (new Set(items.map(({ jobId }) => jobId)).size < items.length) breaches.push(`bulk ${id} has a job twice`);
    const own = events.filter(({ bulkOperationId, kind }) => bulkOperationId === id && kind === 'ACTION');
    for (const { jobId, outcome, result, attempts } of items) {
      if ((outcome === 'PENDING') !== (result === null))
        breaches.push(`bulk ${id}: ${jobId} is ${outcome} with the result ${JSON.stringify(result)}`);
      const told = own.filter((event) => event.jobId === jobId && successes.has(event.settledAs));
      if (outcome === 'SUCCEEDED' && told.length !== 1) breaches.push(`bulk ${id}: ${jobId} SUCCEEDED with ${told.length} events of it`);
      if (outcome !== 'SUCCEEDED') continue;
      const words = history.words(jobId, 0, endMs);
      const isGone = result?.outcome === 'GONE' && words.includes(null);
      const isAccepted = result?.outcome === 'CANCELLING' || action === 'START';
      if (!isGone && !isAccepted && !words.some((word) => isShownBy(action, word ?? undefined)))
        breaches.push(
          `bulk ${id}: ${jobId} SUCCEEDED (${JSON.stringify(result)}, ${attempts} attempts), and was ${words.join(', ')} in truth`,
        );
    }
  }
  return breaches;
}

const successes = new Set(['DONE', 'PENDING', 'ALREADY', 'GONE']);
