import { systemOf } from './asked.ts';
import { readLines } from './audit-lines.ts';
import type { Operation } from './callers.ts';
import type { World } from './judged-world.ts';
import { findFalseCreation } from './oracle-actions.ts';

/** The statuses in which a bulk operation doesn't continue by itself. */
export const hasEnded = new Set(['SUCCEEDED', 'PARTIALLY_SUCCEEDED', 'CANCELLED', 'FAILED', 'SUSPENDED']);

/** Bulk operations end, their counts are those of their items, and each item has one result, which is true, and one event of it. */
export function checkBulks(world: World): string[] {
  const { bulks, events, history, endMs, calmMs, vendors } = world;
  const breaches: string[] = [];
  for (const { id, status, action, counts, items } of bulks) {
    const tally = { selected: items.length, pending: 0, succeeded: 0, failed: 0, unknown: 0 };
    for (const item of items) tally[item.status.toLowerCase() as 'pending'] += 1;
    if (JSON.stringify(tally) !== JSON.stringify({ ...tally, ...counts }))
      breaches.push(`bulk ${id} counts ${JSON.stringify(counts)}, and its items are ${JSON.stringify(tally)}`);
    if (!hasEnded.has(status) && endMs - calmMs > 60_000) breaches.push(`bulk ${id} is ${status} long after the bad days`);
    if (new Set(items.map(({ jobId }) => jobId)).size < items.length) breaches.push(`bulk ${id} has a job twice`);
    const own = events.filter(({ bulkOperationId, kind }) => bulkOperationId === id && kind === 'ACTION');
    for (const { jobId, status: itemStatus, result, attempts } of items) {
      if ((itemStatus === 'PENDING') !== (result === null))
        breaches.push(`bulk ${id}: ${jobId} is ${itemStatus} with the result ${JSON.stringify(result)}`);
      const recorded = own.filter((event) => event.jobId === jobId && successes.has(event.outcome));
      if (itemStatus === 'SUCCEEDED' && recorded.length !== 1)
        breaches.push(`bulk ${id}: ${jobId} SUCCEEDED with ${recorded.length} events of it`);
      if (itemStatus !== 'SUCCEEDED') continue;
      if (vendors.get(systemOf(jobId))?.creates(action)) {
        const untrue = findFalseCreation(world, jobId, result?.createdJob?.id);
        if (untrue) breaches.push(`bulk ${id}: ${jobId} SUCCEEDED, and ${untrue}`);
        continue;
      }
      const words = history.words(jobId, 0, endMs);
      const isGone = result?.outcome === 'JOB_GONE' && words.includes(null);
      const isAccepted = result?.outcome === 'ACCEPTED';
      if (!isGone && !isAccepted && !words.some((word) => vendors.get(systemOf(jobId))?.isShownBy(action, word ?? undefined)))
        breaches.push(
          `bulk ${id}: ${jobId} SUCCEEDED (${JSON.stringify(result)}, ${attempts} attempts), and was ${words.join(', ')} in truth`,
        );
    }
  }
  return breaches;
}

/** What the store had decided before the control may be written down a little later. */
const controlMs = 500;

/** From the response that an operation is suspended or canceled, none of its items begins until a caller resumes it. */
export function checkControls(world: World): string[] {
  const { callers, calmMs } = world;
  const lines = readLines(world);
  // Items that a cancel gives up have an intent, too, and are never sent.
  const sent = new Set(lines.filter(({ audit }) => audit === 'sent').map(({ actionId }) => actionId));
  const intents = lines.filter(({ audit, actionId }) => audit === 'intent' && sent.has(actionId));
  const controlsOf = Map.groupBy(
    callers.operations.filter(({ kind }) => ['suspend', 'cancelBulk', 'resume', 'retryFailed'].includes(kind)),
    ({ variables }) => variables.id as string,
  );
  const suspensions = Array.from(controlsOf).flatMap(([id, controls]) =>
    controls.flatMap((control) => suspensionOf(id, control, controls)),
  );
  const late = suspensions.flatMap(({ id, by, fromMs, toMs }) => {
    const begun = intents.find(({ bulkOperationId, timeMs }) => bulkOperationId === id && timeMs > fromMs + controlMs && timeMs < toMs);
    return begun ? [`bulk ${id}: ${begun.jobIds?.join()} was begun ${begun.timeMs - fromMs} ms after ${by.id} (${by.kind})`] : [];
  });
  const left = world.bulks.filter(({ status, counts }) => status === 'CANCELLED' && counts.pending > 0 && world.endMs - calmMs > 60_000);
  return [...late, ...left.map(({ id, counts }) => `bulk ${id} is canceled, and ${counts.pending} items are open long after the bad days`)];
}

function suspensionOf(
  id: string,
  by: Operation,
  controls: readonly Operation[],
): { id: string; by: Operation; fromMs: number; toMs: number }[] {
  const status: string | undefined = by.data?.change?.status;
  const isSuspended = (by.kind === 'suspend' && status === 'SUSPENDED') || (by.kind === 'cancelBulk' && status === 'CANCELLED');
  if (!isSuspended || by.endedMs === null) return [];
  // One that was left by its caller may be carried out at any time.
  const resumptions = controls.filter(
    ({ kind, endedMs, status }) =>
      (kind === 'resume' || kind === 'retryFailed') && (status === null || endedMs === null || endedMs >= by.startedMs),
  );
  return [{ id, by, fromMs: by.endedMs, toMs: Math.min(...resumptions.map(({ startedMs }) => startedMs), Number.POSITIVE_INFINITY) }];
}

/** An operation that was started with the token of a complete preview is of the jobs that the preview saw. */
export function checkPreviewed({ callers, bulks, history }: World): string[] {
  const previews = new Map(
    callers.operations.map((operation) => [operation.data?.previewBulkAction?.token as string | undefined, operation]),
  );
  const bulkById = new Map(bulks.map((bulk) => [bulk.id, bulk]));
  return callers.operations.flatMap(({ id, kind, variables, data }) => {
    const token: string | undefined = kind === 'start' ? variables.input.previewToken : undefined;
    const preview = token === undefined ? undefined : previews.get(token);
    const bulk = bulkById.get(data?.startBulkAction?.id);
    if (!preview || !bulk || !preview.data.previewBulkAction.complete) return [];
    // Its selection ended after the response: it was rejected, for example because of `ifChanged`.
    if (data?.startBulkAction?.status === 'SELECTING' && bulk.status === 'FAILED' && bulk.items.length === 0) return [];
    const { matchedCount } = preview.data.previewBulkAction;
    const unseen = bulk.items.filter(({ jobId }) =>
      history.words(jobId, preview.startedMs - oldestListMs, preview.endedMs as number).every((word) => word === null),
    );
    return [
      ...(bulk.counts.selected === matchedCount
        ? []
        : [`${id}: bulk ${bulk.id} is of ${bulk.counts.selected} jobs, and its preview of ${matchedCount}`]),
      ...unseen.map(({ jobId }) => `${id}: bulk ${bulk.id} is also of ${jobId}, which came after its preview`),
    ];
  });
}

/** A list may be so old when it arrives. */
const oldestListMs = 30_000;

const successes = new Set(['CONFIRMED', 'ACCEPTED', 'ALREADY_DONE', 'JOB_GONE']);
