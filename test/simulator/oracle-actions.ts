import { idsOf, mayAct, resultsOf, systemOf } from './asked.ts';
import { type Line, readLines } from './audit-lines.ts';
import { isAction, type Operation } from './callers.ts';
import type { World } from './judged-world.ts';
import type { Exchange } from './network.ts';

const changedNothing = new Set([
  'JobNotFound',
  'ActionNotAllowed',
  'AccessDenied',
  'SystemUnavailable',
  'NotAttempted',
  'IdempotencyConflict',
]);
/** The maximum age of the vendor's responses when they arrive. */
const oldestReadMs = 21_000;

/** Each position has one result, equal ids have equal ones, and each is true. */
export function checkResults(world: World): string[] {
  return world.callers.operations.flatMap((operation) => {
    const results = resultsOf(operation);
    if (!isAction(operation.kind) || !results) return [];
    const ids = idsOf(operation);
    const name = `${operation.id} ${operation.kind}`;
    if (results.map(({ jobId }) => jobId).join() !== ids.join()) return [`${name}: the results are not those of ${ids.join()}`];
    const breaches: string[] = [];
    const first = new Map<string, string>();
    for (const result of results) {
      const text = JSON.stringify(result);
      if ((first.get(result.jobId) ?? text) !== text) breaches.push(`${name}: two results for ${result.jobId}`);
      first.set(result.jobId, text);
    }
    const { summary } = operation.data.payload;
    if (summary.requested !== ids.length || summary.succeeded + summary.failed + summary.unknown !== ids.length)
      breaches.push(`${name}: the summary does not add up`);
    if (operation.variables.input.idempotencyKey) breaches.push(...checkRepeat(world, operation));
    for (const result of results) {
      const untrue = findUntruth(world, operation, result);
      if (untrue) breaches.push(`${name}: ${text(result)}: ${untrue}`);
    }
    return breaches;
  });
}

const text = (result: object): string => JSON.stringify(result).slice(0, 200);

function findUntruth(
  world: World,
  operation: Operation,
  result: { __typename: string; jobId: string; outcome?: string; code?: string; createdJob?: { id: string } | null },
): string | null {
  const { history } = world;
  const { kind, startedMs, variables } = operation;
  if (!isAction(kind)) return null;
  const endedMs = operation.endedMs as number;
  const { jobId, __typename: type, outcome } = result;
  // The answer of an earlier request, which has been judged by itself.
  const isStored = variables.input.idempotencyKey && earlierWithKey(world, operation).length > 0;
  if (isStored) return null;
  const words = history.words(jobId, startedMs - oldestReadMs, endedMs);
  const own = sendsOf(world, jobId, kind, operation);
  const isShown = words.some((word) => world.vendors.get(systemOf(jobId))?.isShownBy(kind, word ?? undefined));
  if (type === 'CancelSuccess' || type === 'JobActionSuccess') {
    if (variables.input.dryRun) return own.length > 0 ? 'a dry run was sent' : null;
    if (world.vendors.get(systemOf(jobId))?.creates(kind)) return findFalseCreation(world, jobId, result.createdJob?.id);
    if (outcome === 'JOB_GONE') return words.includes(null) ? null : 'the vendor has had it all the time';
    if (outcome === 'ACCEPTED') {
      // A start is accepted by Vault and not to be seen yet.
      const mayBeUnseen = kind === 'START' || mayGoOn(world, jobId);
      const accepted = isShown || (mayBeUnseen && wasSent(world, operation, jobId));
      return accepted ? null : 'the vendor never accepted it';
    }
    return isShown ? null : `in truth it was ${words.join(', ')}`;
  }
  if (type === 'OutcomeUnknown') return wasSent(world, operation, jobId) ? null : 'it was never sent';
  if (type === 'NotAttempted' && own.length > 0) return 'it was sent';
  if (type === 'JobNotFound' && history.hasJob(jobId) && !words.includes(null) && mayAct(operation.caller, kind, systemOf(jobId)))
    return `in truth it was ${words.join(', ')}`;
  // For Jobyard, this can't be distinguished from a job that ended before the vendor accepted the cancel.
  if ((world.overruled.get(jobId) ?? Number.POSITIVE_INFINITY) <= endedMs) return null;
  if (changedNothing.has(type) && own.some(({ changed }) => changed.includes(jobId.slice(systemOf(jobId).length + 1))))
    return 'it was carried out';
  return null;
}

/** Why this is not a job that was created for the named one; null: it is. */
export function findFalseCreation({ history, vendors }: World, jobId: string, createdId: string | undefined): string | null {
  if (createdId === undefined) return 'it names no created job';
  if (!history.hasJob(createdId)) return 'the created job never existed';
  const systemId = systemOf(jobId);
  const known = vendors.get(systemId)?.createdFor(jobId.slice(systemId.length + 1)) ?? [];
  const wasRemoved = history.last(createdId).word === null;
  return wasRemoved || known.some((vendorId) => `${systemId}:${vendorId}` === createdId) ? null : 'the created job belongs to another one';
}

/** However often an action is attempted, it creates at most one job for each job that it names. */
export function checkCreations(world: World): string[] {
  const attempts = new Map<string, Set<string>>();
  for (const { audit, jobIds = [], bulkOperationId, actionId } of readLines(world)) {
    if (audit !== 'sent') continue;
    for (const jobId of jobIds) attempts.set(jobId, (attempts.get(jobId) ?? new Set()).add(bulkOperationId ?? actionId));
  }
  return Array.from(world.vendors.values()).flatMap(({ systemId, words, createdFor }) =>
    Array.from(words().keys()).flatMap((vendorId) => {
      const created = createdFor(vendorId).length;
      const most = attempts.get(`${systemId}:${vendorId}`)?.size ?? 0;
      return created > most ? [`${created} jobs were created for ${systemId}:${vendorId} by ${most} actions`] : [];
    }),
  );
}

/** Some vendors accept cancels that come to nothing; of the others a job that was accepted shows it. */
function mayGoOn({ vendors }: World, jobId: string): boolean {
  return vendors.get(systemOf(jobId))?.cancelsInVain === true;
}

/** Whether a request that names the job was sent, for any caller: several callers may share one. */
function wasSent({ network }: World, { kind, startedMs, endedMs }: Operation, jobId: string): boolean {
  return network.exchanges.some(
    ({ asking, systemId, startedMs: sentMs }) =>
      asking?.kind === 'action' &&
      asking.action === kind &&
      systemId === systemOf(jobId) &&
      asking.ids.includes(jobId.slice(systemId.length + 1)) &&
      sentMs >= startedMs - oldestReadMs &&
      sentMs <= (endedMs ?? Number.POSITIVE_INFINITY),
  );
}

/** The requests for this job during the operation, if no other caller requested the action in that time. */
function sendsOf(world: World, jobId: string, kind: Operation['kind'], operation: Operation): Exchange[] {
  const { startedMs } = operation;
  const endedMs = operation.endedMs as number;
  const others = world.callers.operations.some(
    (other) =>
      other !== operation &&
      idsOf(other).includes(jobId) &&
      other.startedMs <= endedMs &&
      (other.endedMs === null || other.hasLeft || other.endedMs >= startedMs),
  );
  const isInBulk = world.bulks.some(({ items }) => items.some((item) => item.jobId === jobId));
  if (others || isInBulk) return [];
  return world.network.exchanges.filter(
    ({ asking, systemId, startedMs: sentMs }) =>
      asking?.kind === 'action' &&
      asking.action === kind &&
      systemId === systemOf(jobId) &&
      asking.ids.includes(jobId.slice(systemId.length + 1)) &&
      sentMs >= startedMs &&
      sentMs <= endedMs,
  );
}

const stableInput = ({ kind, variables }: Operation): string => {
  const { waitSeconds: _waitSeconds, ...input } = variables.input;
  return JSON.stringify([kind, input]);
};

function earlierWithKey({ callers }: World, operation: Operation): Operation[] {
  const { idempotencyKey } = operation.variables.input;
  return callers.operations.filter(
    (other) =>
      other !== operation &&
      isAction(other.kind) &&
      other.caller.name === operation.caller.name &&
      other.variables.input.idempotencyKey === idempotencyKey &&
      (other.startedMs < operation.startedMs || (other.startedMs === operation.startedMs && other.id < operation.id)),
  );
}

/** A key is used once: an action that was certainly performed under it is reported again, and not performed again. */
function checkRepeat(world: World, operation: Operation): string[] {
  const results = resultsOf(operation) ?? [];
  const earlier = earlierWithKey(world, operation).filter(
    (other) => resultsOf(other) && other.endedMs !== null && other.endedMs < operation.startedMs,
  );
  const used = earlier.find((other) => (resultsOf(other) ?? []).some(isDone));
  if (!used) return [];
  const isConflict = results.every(({ __typename }) => __typename === 'IdempotencyConflict' || __typename === 'NotAttempted');
  if (isConflict) return [];
  if (stableInput(used) !== stableInput(operation)) return [`${operation.id}: the key of ${used.id} was used for another input`];
  const before = resultsOf(used) ?? [];
  return results.some(({ __typename }, index) => __typename !== before[index]?.__typename)
    ? [`${operation.id}: ${JSON.stringify(results)}, and with the same key ${used.id}: ${JSON.stringify(before)}`]
    : [];
}

function isDone({ __typename, outcome }: { __typename: string; outcome?: string }): boolean {
  return (__typename === 'CancelSuccess' && (outcome === 'CONFIRMED' || outcome === 'ACCEPTED')) || __typename === 'OutcomeUnknown';
}

interface AuditSend {
  /** The request or the bulk operation that it was sent for. */
  origin: string;
  jobIds: string[];
  timeMs: number;
}

/** Each send was requested by an authorized caller, and no request sends a job twice without a read in between. */
export function checkSends(world: World): string[] {
  const breaches: string[] = [];
  const { network, callers, bulks } = world;
  for (const { systemId, asking, startedMs } of network.exchanges) {
    if (asking?.kind !== 'action') continue;
    for (const vendorId of asking.ids) {
      const jobId = `${systemId}:${vendorId}`;
      const isAsked = callers.operations.some(
        (operation) =>
          operation.kind === asking.action &&
          operation.startedMs <= startedMs &&
          operation.status !== 401 &&
          !operation.variables.input.dryRun &&
          idsOf(operation).includes(jobId) &&
          mayAct(operation.caller, asking.action, systemId),
      );
      const isItem = bulks.some(({ action, items }) => action === asking.action && items.some((item) => item.jobId === jobId));
      if (!isAsked && !isItem) breaches.push(`${asking.action} of ${jobId} was sent at ${startedMs} and asked for by no one who may`);
    }
  }
  const sends = readLines(world)
    .flatMap(toSend)
    .sort((one, other) => one.timeMs - other.timeMs);
  const last = new Map<string, number>();
  for (const { origin, jobIds, timeMs } of sends) {
    for (const jobId of jobIds) {
      const key = `${origin} ${jobId}`;
      const beforeMs = last.get(key);
      last.set(key, timeMs);
      if (beforeMs === undefined || mayRepeat(network.exchanges, jobId, beforeMs, timeMs)) continue;
      breaches.push(
        `${jobId} was sent twice for ${origin} and not read in between (${new Date(beforeMs).toISOString()}, ${new Date(timeMs).toISOString()})`,
      );
    }
  }
  breaches.push(...checkNumberOfSends(world));
  return breaches;
}

/** A request is sent once for each audit log entry about it, and once more if the vendor's response showed that nothing was done. */
function checkNumberOfSends(world: World): string[] {
  const { network } = world;
  const sent = countEach(
    readLines(world)
      .flatMap(toSend)
      .flatMap(({ jobIds }) => jobIds),
  );
  const actions = network.exchanges.filter(({ asking }) => asking?.kind === 'action');
  const jobIdsOf = ({ systemId, asking }: Exchange): string[] =>
    asking?.kind === 'action' ? asking.ids.map((id) => `${systemId}:${id}`) : [];
  const repeatable = countEach(actions.filter(asksForRepeat).flatMap(jobIdsOf));
  const breaches: string[] = [];
  for (const [jobId, count] of countEach(actions.flatMap(jobIdsOf))) {
    const most = (sent.get(jobId) ?? 0) + (repeatable.get(jobId) ?? 0);
    if (count > most) breaches.push(`${jobId} was sent ${count} times, and the audit and the vendor's answers allow ${most}`);
  }
  return breaches;
}

function countEach(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** The vendor's response showed that nothing was done: a session had ended, or another change was in progress. */
function asksForRepeat({ status, text: answer }: Exchange): boolean {
  return status === 401 || status === 409 || answer.includes('INVALID_SESSION') || answer.includes('Invalid JWT token');
}

function toSend({ audit, systemId = '', jobIds = [], bulkOperationId, requestId = '', timeMs }: Line): AuditSend[] {
  if (audit !== 'sent') return [];
  const whole = jobIds.map((id) => (id.includes(':') || systemId === '' ? id : `${systemId}:${id}`));
  return [{ origin: bulkOperationId ?? requestId, jobIds: whole, timeMs }];
}

/** The job was read in between, or the vendor's response required a retry. */
function mayRepeat(exchanges: readonly Exchange[], jobId: string, fromMs: number, toMs: number): boolean {
  const systemId = systemOf(jobId);
  const vendorId = jobId.slice(systemId.length + 1);
  return exchanges.some((exchange) => {
    const { systemId: of, asking, answeredMs, appliedMs } = exchange;
    if (of !== systemId || answeredMs === null || answeredMs < fromMs || answeredMs > toMs) return false;
    if (asking?.kind === 'read')
      return appliedMs !== null && appliedMs >= fromMs && (asking.ids === 'all' || asking.ids.includes(vendorId));
    return asking?.kind === 'action' && asksForRepeat(exchange);
  });
}
