import { systemOf } from './asked.ts';
import { type Line, readLines } from './audit-lines.ts';
import type { EventRow, World } from './judged-world.ts';

/** Each action that was sent was written down before, as intended and as sent, and each intent has its outcome unless the process died. */
export function checkAudit(world: World): string[] {
  const lines = readLines(world);
  const breaches: string[] = [];
  const intents = new Map(lines.filter(({ audit }) => audit === 'intent').map((line) => [line.actionId, line]));
  const outcomes = new Map(lines.filter(({ audit }) => audit === 'outcome').map((line) => [line.actionId, line]));
  for (const [actionId, intent] of intents) {
    const outcome = outcomes.get(actionId);
    if (!outcome) {
      if (world.lives.get(intent.process)?.diedMs === null)
        breaches.push(`the intent ${actionId} has no outcome, and ${intent.process} did not die`);
      continue;
    }
    const recorded = new Set(outcome.results?.map(({ jobId }) => jobId));
    const missing = (intent.jobIds ?? []).filter((jobId) => !recorded.has(jobId));
    if (missing.length > 0) breaches.push(`the outcome of ${actionId} lacks ${missing.join()}`);
  }
  const sent = lines.filter(({ audit }) => audit === 'sent');
  for (const { actionId } of sent) if (!intents.has(actionId)) breaches.push(`${actionId} was sent without an intent`);
  for (const { systemId, process, asking, startedMs } of world.network.exchanges) {
    if (asking?.kind !== 'action') continue;
    for (const vendorId of asking.ids) {
      const jobId = `${systemId}:${vendorId}`;
      const isWritten = sent.some(
        (line) =>
          line.process === process && Math.abs(line.timeMs - startedMs) <= 1 && line.jobIds?.some((id) => id === jobId || id === vendorId),
      );
      if (!isWritten) breaches.push(`${asking.action} of ${jobId} was sent at ${startedMs} without a line of it`);
    }
  }
  return breaches;
}

/** The outcomes that the store can't have received in time. */
const storingMs = 20_000;

/** Each outcome of a sent action has its event, each event is true, and each unresolved action was tracked to its end. */
export function checkEvents(world: World): string[] {
  if (!world.hasStore) return [];
  const lines = readLines(world);
  const breaches: string[] = [];
  const actions = world.events.filter(({ kind }) => kind === 'ACTION');
  const keyOf = (event: { jobId: string; requestId: string | null; action: string }): string =>
    `${event.requestId} ${event.action} ${event.jobId}`;
  const known = Map.groupBy(actions, keyOf);
  const intents = new Map(lines.filter(({ audit }) => audit === 'intent').map((line) => [line.actionId, line]));
  for (const { audit, actionId, results = [], timeMs: outcomeMs, process } of lines) {
    const intent = intents.get(actionId) as (Line & { action: string; requestId: string }) | undefined;
    if (audit !== 'outcome' || !intent || intent.dryRun || intent.bulkOperationId) continue;
    const times = world.lives.get(process);
    // What it could not store until it had to end is in the audit log only.
    if (times?.stoppingMs != null && (world.wasStoreFaulty || world.storeOutages.length > 0)) continue;
    const diedMs = times?.diedMs ?? Number.POSITIVE_INFINITY;
    const wasAway = world.storeOutages.some(({ toMs }) => toMs + storingMs > outcomeMs);
    if (diedMs - outcomeMs < storingMs + (wasAway ? 60_000 : 0)) continue;
    for (const { jobId } of results) {
      const count = known.get(keyOf({ ...intent, jobId }))?.length ?? 0;
      if (count === 0) breaches.push(`the ${intent.action} of ${jobId} for ${intent.requestId} has no event`);
    }
  }
  for (const [key, events] of known) {
    if (events.length > 1 && events[0]?.bulkOperationId === null) breaches.push(`${key} has ${events.length} events`);
  }
  for (const event of actions) breaches.push(...checkFollowed(world, event));
  breaches.push(...checkOverdue(world));
  return breaches;
}

/** Clocks that differ by less count as the same. */
const clockMarginMs = 2_500;

/** A job that continues contradicts an action only after the action's time limit. */
function checkOverdue({ events, network, overdueAfterMs }: World): string[] {
  return events.flatMap(({ kind, outcome, message, jobId, action, recordedAt }) => {
    if (kind !== 'FOLLOW_UP' || outcome !== 'CONTRADICTED' || !message?.includes('but the job is still')) return [];
    const vendorId = jobId.slice(systemOf(jobId).length + 1);
    const first = network.exchanges.find(
      ({ asking, systemId }) =>
        asking?.kind === 'action' && asking.action === action && systemId === systemOf(jobId) && asking.ids.includes(vendorId),
    );
    const tookMs = Date.parse(recordedAt) - (first?.startedMs ?? 0);
    return tookMs < overdueAfterMs - clockMarginMs ? [`the ${action} of ${jobId} was overdue after ${tookMs} ms`] : [];
  });
}

/** An action that was unresolved at the time of its response. */
function checkFollowed({ events, history, overdueAfterMs, endMs, callers, vendors }: World, event: EventRow): string[] {
  const { jobId, action, outcome } = event;
  const vendor = vendors.get(systemOf(jobId));
  const later = events.filter(
    (each) => each.kind === 'FOLLOW_UP' && each.jobId === jobId && each.requestId === event.requestId && each.action === action,
  );
  const ends = later.filter((each) => each.outcome !== 'CONTRADICTED' || each.code === 'WRONG_STATUS');
  const breaches: string[] = [];
  const name = `the ${action} of ${jobId} for ${event.requestId}, ${outcome}`;
  for (const { outcome: end } of ends) {
    const words = history.words(jobId, Date.parse(event.recordedAt) - 60_000, endMs);
    if (end === 'DONE' && !words.some((word) => vendor?.isShownBy(action, word ?? undefined)))
      breaches.push(`${name}, was followed to DONE, and was ${words.join(', ')} in truth`);
  }
  // A bulk operation that retries a job has an event of each attempt, each tracked by itself.
  const tries = events.filter(
    (each) => each.kind === 'ACTION' && each.jobId === jobId && each.requestId === event.requestId && each.action === action,
  );
  if (later.filter((each) => each.outcome === 'CONFIRMED').length > tries.length) breaches.push(`${name}, was followed to its end twice`);
  if (action !== 'CANCEL' || !['ACCEPTED', 'OUTCOME_UNKNOWN'].includes(outcome) || !history.hasJob(jobId)) return breaches;
  // Restarted since: then it is no longer tracked.
  const isBegunAnew = callers.operations.some(
    ({ kind, variables }) => ['RESUME', 'RESTART', 'START'].includes(kind) && variables.input.ids.includes(jobId),
  );
  const { word, fromMs } = history.last(jobId);
  const isOver = word !== null && vendor?.endWords.includes(word) === true;
  const ageMs = endMs - Date.parse(event.recordedAt);
  const changedAtAgeMs = Math.max(0, fromMs - Date.parse(event.recordedAt));
  // Read again after half the elapsed time, or later if a process died with the claim.
  const isLongOver = ageMs > 2 * changedAtAgeMs + overdueAfterMs + 75_000;
  if (isOver && !isBegunAnew && isLongOver && later.length === 0 && systemOf(jobId) !== '')
    breaches.push(`${name}, was never followed to its end, though it is ${word} since ${fromMs}`);
  return breaches;
}
