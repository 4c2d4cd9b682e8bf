import { countsFor } from '../access/caller.ts';
import type { Shares } from '../access/shares.ts';
import type { Bulk } from '../bulk/bulk.ts';
import type { BulkCaller } from '../bulk/operation.ts';
import { onFirstUse } from '../concurrency/on-first-use.ts';
import { turns } from '../concurrency/turns.ts';
import { createSharedCounts } from '../counting/shared-counts.ts';
import type { RequestContext } from '../graphql/request-context.ts';
import type { Context } from '../graphql/resolvers/context.ts';
import type { IdempotencyKeys } from '../idempotency/idempotency-keys.ts';
import { createJobService } from '../job-service/job-service.ts';
import { createReadsOfCopies } from '../job-service/reads-of-copies.ts';
import type { ServedSystem } from '../job-service/served-system.ts';
import type { Permissions } from '../jobs/permissions.ts';
import type { CursorKeys } from '../listing/cursor-keys.ts';
import type { ListWatcher } from '../live/list-watcher.ts';
import { createLiveJobs, type LiveJobsOptions } from '../live/live-jobs.ts';
import { createLiveLists } from '../live/live-lists.ts';
import { subscribeToSystems } from '../live/live-systems.ts';
import type { SystemWatcher } from '../live/system-watcher.ts';
import type { JobWatcher } from '../live/watcher.ts';
import type { History } from './create-history.ts';
import type { Foundation } from './foundation.ts';
import { permissionsOf } from './permissions.ts';

export interface OperationRooms {
  systems: readonly ServedSystem[];
  history: History;
  bulk: { of(caller: BulkCaller): Bulk };
  idempotencyKeys: IdempotencyKeys;
  watcher: JobWatcher;
  lists: ListWatcher;
  systemWatcher: SystemWatcher;
  shares: Shares;
  cursorKeys: CursorKeys;
}

/** What the rooms of one operation share. */
interface Operation extends Pick<RequestContext, 'caller' | 'requestId' | 'operationName' | 'readSignal' | 'actSignal' | 'sendSignal'> {
  permissions: Permissions;
  /** The name that vendor requests are queued under. */
  requestsCountFor: string;
  credentialFor(systemId: string): string | null;
  onRequest(): void;
}

/** Gives a caller's operation its view of each room. */
export function createBeginOperation(foundation: Foundation, rooms: OperationRooms): (context: RequestContext) => Context {
  const { history, bulk, idempotencyKeys } = rooms;
  const { deadlineMs } = foundation.config.server;
  const beginJobs = createBeginJobs(foundation, rooms);
  const beginLive = createBeginLive(foundation, rooms);
  return (context) => {
    const operation = toOperation(context, foundation.passthrough);
    const { caller, permissions, readSignal } = operation;
    const jobs = beginJobs(operation);
    const live = beginLive(operation, jobs);
    return {
      caller,
      jobs,
      bulk: onFirstUse(() => bulk.of(toBulkCaller(operation, history))),
      events: onFirstUse(() => history.events.beginOperation(permissions, readSignal)),
      once: (key, input, work, releasesKey) =>
        idempotencyKeys.once({ caller: caller.name, key, input, timeoutMs: deadlineMs, signal: readSignal }, work, releasesKey),
      live,
      systemChanges: (of) => subscribeToSystems(of, rooms.systemWatcher, live()),
      lists: onFirstUse(() =>
        createLiveLists({ ...operation, watcher: rooms.lists, jobs, live: live(), caller: operation.requestsCountFor }),
      ),
    };
  };
}

function toOperation(context: RequestContext, passthrough: ReadonlySet<string>): Operation {
  const { caller, requestId, operationName, readSignal, actSignal, sendSignal } = context;
  return {
    caller,
    requestId,
    operationName,
    readSignal,
    actSignal,
    sendSignal,
    permissions: permissionsOf(caller),
    requestsCountFor: countsFor(caller, requestId),
    credentialFor: (systemId) => (passthrough.has(systemId) ? context.credentialFor(systemId) : null),
    onRequest() {
      context.vendorRequests.count += 1;
    },
  };
}

function toBulkCaller(operation: Operation, { auditLog }: History): BulkCaller {
  const { caller, requestId, operationName, requestsCountFor, permissions, readSignal, sendSignal, onRequest } = operation;
  return {
    name: caller.name,
    requestsCountFor,
    requestId,
    permissions,
    noteControl: (control, bulkOperationId) =>
      auditLog({ caller: caller.name, requestId, operation: operationName }).recordCommand({ command: control, bulkOperationId }),
    signal: readSignal,
    waitSignal: sendSignal,
    onRequest,
  };
}

function createBeginJobs({ metrics, clock }: Foundation, { systems, history, cursorKeys }: OperationRooms) {
  const ofCopies = createReadsOfCopies();
  const counts = createSharedCounts(clock.nowMs);
  return (operation: Operation): Context['jobs'] => {
    const { caller, requestId, operationName, permissions, readSignal, actSignal, sendSignal, credentialFor, onRequest } = operation;
    return createJobService({
      systems,
      caller: operation.requestsCountFor,
      requestedBy: caller.name,
      permissions,
      audit: history.auditOf({ caller: caller.name, requestId, operation: operationName }),
      readSignal,
      actSignal,
      sendSignal,
      credentialFor,
      onRequest,
      onResults: metrics.observeActions,
      ofCopies,
      counts,
      turns,
      cursorKeys,
    });
  };
}

function createBeginLive({ config, limits, clock }: Foundation, { watcher, shares }: OperationRooms) {
  const { deadlineMs } = config.server;
  // The time to report the result of a wait before the deadline.
  const waitMarginMs = Math.min(1_000, deadlineMs / 5);
  return ({ caller, requestsCountFor, credentialFor, readSignal }: Operation, jobs: LiveJobsOptions['jobs']): Context['live'] => {
    const deadlineAtMs = clock.nowMs() + deadlineMs - waitMarginMs;
    return onFirstUse(() =>
      createLiveJobs({
        watcher,
        clock,
        jobs,
        caller: requestsCountFor,
        credentialFor,
        readSignal,
        deadlineAtMs,
        callerName: caller.name,
        maxWatchedJobs: limits.maxWatchedJobsPerCaller,
        watchJobs: (count) => shares.watch(caller, count),
      }),
    );
  };
}
