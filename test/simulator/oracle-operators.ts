import { idsOf } from './asked.ts';
import type { Operation } from './callers.ts';
import type { World } from './judged-world.ts';
import type { Network } from './network.ts';

/** Of a stop: from then on the process would be killed. */
const stopMarginMs = 5_000;

/** A process that must stop responds to every accepted request, cuts nothing off, and ends in time. */
export function checkStops(world: World): string[] {
  const { lives, callers, deadlineMs, drainMs, endMs } = world;
  const isStoreWell = !world.wasStoreFaulty && world.storeOutages.length === 0;
  return Array.from(lives).flatMap(([name, { stoppingMs, stoppedMs, diedMs }]) => {
    if (stoppingMs === null || diedMs !== null) return [];
    const tookMs = (stoppedMs ?? endMs) - stoppingMs;
    const isLate = isStoreWell && tookMs > drainMs + deadlineMs + stopMarginMs;
    const lost = callers.operations.filter(
      ({ process, status, hasLeft }) => process === name && !hasLeft && (status === null || status === 503),
    );
    return [
      ...(isLate ? [`${name} took ${tookMs} ms to stop`] : []),
      ...lost.map(({ id, kind, status }) => `${id} (${kind}) got ${status ?? 'no answer'} from ${name}, which had to stop`),
    ];
  });
}

/**
 * A process that continues cuts off no request to a vendor and no response to a caller. A stop may end the reads of a stream, and an action
 * only if its caller has its result: a vendor may never respond.
 */
export function checkCuts({ network, lives, callers }: World): string[] {
  const hasEnded = (process: string): boolean => {
    const { stoppingMs, diedMs } = lives.get(process) as { stoppingMs: number | null; diedMs: number | null };
    return stoppingMs !== null || diedMs !== null;
  };
  const wasAnswered = ({ systemId, process, asking, atMs }: Network['cutOff'][number]): boolean =>
    asking?.kind === 'action' &&
    callers.operations.some(
      (operation) =>
        operation.kind === asking.action &&
        operation.process === process &&
        operation.endedMs !== null &&
        operation.endedMs <= atMs &&
        asking.ids.some((id) => idsOf(operation).includes(`${systemId}:${id}`)),
    );
  const cut = network.cutOff
    .filter((request) => !hasEnded(request.process) || (request.asking?.kind === 'action' && !wasAnswered(request)))
    .map(({ systemId, process, atMs }) => `a request of ${process} to ${systemId} was cut off at ${atMs}`);
  const lost = callers.operations.filter(
    ({ process, status, endedMs, hasLeft }) => status === null && endedMs !== null && !hasLeft && !hasEnded(process),
  );
  return [...cut, ...lost.map(({ id, kind, process }) => `${id} (${kind}) lost its connection to ${process}, which continued`)];
}

/** What happens in the same moment as a reload may come before it or after. */
const sameMomentMs = 5;

/** From a reload on, a removed key opens nothing and keeps nothing open; the remaining keys lose nothing. */
export function checkKeys(world: World): string[] {
  const keysOf = new Map(world.replicas.map(({ life, keys }) => [life.name, keys]));
  return world.callers.operations.flatMap((operation) => {
    const { id, kind, caller, process, status, startedMs, endedMs } = operation;
    const keys = keysOf.get(process) ?? [];
    const hasKeyAt = (atMs: number): boolean => keys.findLast(({ fromMs }) => fromMs <= atMs)?.names.includes(caller.name) ?? false;
    const hadBefore = hasKeyAt(startedMs - sameMomentMs);
    const hadAfter = hasKeyAt(startedMs + sameMomentMs);
    const name = `${id} (${kind}) of ${caller.name}`;
    if (!hadBefore && !hadAfter && status !== null && status !== 401) return [`${name} got ${status} without a key`];
    if (hadBefore && hadAfter && status === 401) return [`${name} got 401 with its key`];
    if (kind !== 'subscribe' || status !== 200) return [];
    const revoked = keys.find(({ fromMs, names }) => fromMs > startedMs && !names.includes(caller.name));
    if (revoked && (endedMs ?? Number.POSITIVE_INFINITY) > revoked.fromMs + sameMomentMs) return [`${name} continued without a key`];
    return isCutShort(world, operation) && !revoked ? [`${name} ended before its jobs did`] : [];
  });
}

/** Whether a stream ended without a message although its process continued. */
function isCutShort({ lives, closingMs }: World, { process, text, hasLeft, endedMs }: Operation): boolean {
  const times = lives.get(process);
  return (
    !hasLeft &&
    endedMs !== null &&
    endedMs < closingMs &&
    times?.stoppingMs === null &&
    times.diedMs === null &&
    !text.includes('event: complete')
  );
}
