// Bulk operations: actions on all jobs that match a filter. Previews, selection, items, and commands.

import DataLoader from 'dataloader';
import type { Logger } from 'pino';
import type { JobFilter } from '../jobs/filter.ts';
import type { JobAction } from '../jobs/job.ts';
import { createProblem, type Problem } from '../jobs/problem.ts';
import { inTime, storeInTime } from '../store/in-time.ts';
import { type RowPage, type RowRange, toRowPage } from '../store/row-range.ts';
import type { Store } from '../store/store.ts';
import { createChangeNotifier } from './change-notifier.ts';
import { runChunk } from './chunk.ts';
import { applyCommand, type ControlCommand, operationNotFound } from './control.ts';
import type { BulkDependencies } from './dependencies.ts';
import { countOutcomes, selectItems } from './item-rows.ts';
import {
  type BulkCaller,
  type BulkItem,
  type BulkItemFilter,
  type BulkOperation,
  type BulkOperationError,
  type BulkOperationFilter,
  type BulkOutcomeCount,
  type BulkStatus,
  type StartBulkError,
  toBulkError,
} from './operation.ts';
import { createOperationsFeed, type OperationsFeed } from './operations-feed.ts';
import { type BulkPreview, previewAction } from './preview.ts';
import { createPreviewTurns, maxPreviewsAtOnce, type PreviewTurns } from './preview-turns.ts';
import { type BulkQueue, type BulkQueueOptions, createBulkQueue } from './queue.ts';
import type { StartInput } from './record-start.ts';
import { startBulkRetention } from './retention.ts';
import { findOperation, selectOperations } from './rows.ts';
import { selectJobs } from './select.ts';
import { startOperation } from './start.ts';
import { createOperationWatch, type WatchOperation } from './watch.ts';

/** Bulk operations for one caller. Every method throws StoreUnavailableError if the store is unavailable or doesn't respond in time. */
export interface Bulk {
  /** An error: the caller has the maximum number of previews in progress. */
  preview(action: JobAction, filter: JobFilter): Promise<BulkPreview | BulkOperationError>;
  start(input: StartInput): Promise<BulkOperation | StartBulkError>;
  /** Null: the operation doesn't exist, or the caller can't read all its systems. */
  find(id: string): Promise<BulkOperation | null>;
  /** Newest first. Positions are numbers of operations. */
  list(filter: BulkOperationFilter, range: RowRange<string>): Promise<RowPage<BulkOperation>>;
  /** In the order of selection. Positions are those of items. */
  items(operation: BulkOperation, filter: BulkItemFilter, range: RowRange<string>): Promise<RowPage<BulkItem>>;
  /** Largest count first. */
  outcomes(operation: BulkOperation): Promise<BulkOutcomeCount[]>;
  control(command: ControlCommand, id: string): Promise<BulkOperation | BulkOperationError>;
  /** The operation now, then after changes, at most four times per second; ends when the operation has finished. Null if `find` returns null. */
  watch(id: string): Promise<AsyncIterableIterator<BulkOperation> | null>;
  /** See OperationsFeed. Only operations that `list` with this filter returns. */
  watchAll(filter: Omit<BulkOperationFilter, 'statuses'>): Promise<AsyncIterableIterator<BulkOperation, undefined, undefined>>;
}

export interface BulkOptions extends Omit<BulkDependencies, 'changes'> {
  retry?: BulkQueueOptions['retry'];
  /** How long operations are stored after they finish. */
  retentionDays: number;
  logger: Logger;
}

/** About five minutes in total. */
const defaultRetry = { times: 9, delaySeconds: 1, maxDelaySeconds: 60 };

/** Runs bulk operations in the background, including those that an earlier process left unfinished. Doesn't wait for the store. */
export function createBulk(options: BulkOptions): { of(caller: BulkCaller): Bulk; close(timeoutMs: number): Promise<void> } {
  const { store, systems, logger } = options;
  const changes = createChangeNotifier(store, logger);
  const parts: BulkDependencies = { ...options, changes };
  const watch = createOperationWatch((id) => findOperation(store.query, id), changes);
  const feed = createOperationsFeed({
    read: (changedIds) => selectOperations(store.query, operationsOfFeed, [changedIds]),
    changes,
    onBug: (error) => logger.error({ err: error }, 'bug'),
  });
  const queue = createBulkQueue({
    store,
    systemIds: systems.map(({ id }) => id),
    retry: options.retry ?? defaultRetry,
    logger,
    select: (operationId, signal) => selectJobs(operationId, parts, queue, signal),
    runChunk: (run) => runChunk(run, parts),
    async onReady() {
      await changes.listen();
      await enqueueUnfinished(store, queue);
    },
  });
  const previewTurns = createPreviewTurns();
  const retention = startBulkRetention({ store, retentionDays: options.retentionDays, logger });
  return {
    of: (caller) => bulkOf(caller, parts, queue, { watch, feed }, previewTurns),
    async close(timeoutMs) {
      feed.close();
      await Promise.all([queue.close(timeoutMs), retention.close()]);
      await changes.close();
    },
  };
}

/** SQL: the operations that a feed reads; $1: the IDs of changed ones. */
const operationsOfFeed = `(o.finished_at IS NULL OR o.finished_at > now() - interval '1 minute' OR o.id = ANY($1::text[]))
  ORDER BY o.number DESC LIMIT 500`;

/** Queues the pending work of unfinished operations, unless it is queued. */
async function enqueueUnfinished({ query, transaction }: Store, queue: BulkQueue): Promise<void> {
  const rows = await query<{ id: string; status: BulkStatus }>('SELECT id, status FROM jobyard.bulk_operation WHERE finished_at IS NULL');
  for (const { id, status } of rows) {
    if (status === 'SELECTING') await transaction((inside) => queue.enqueueSelection(id, inside));
    else if (status === 'RUNNING' || status === 'CANCELLED') await transaction((inside) => queue.enqueueChunks(id, inside));
  }
}

interface Watches {
  watch: WatchOperation;
  feed: OperationsFeed;
}

function bulkOf(
  caller: BulkCaller,
  all: BulkDependencies,
  anyQueue: BulkQueue,
  { watch, feed }: Watches,
  previewTurns: PreviewTurns,
): Bulk {
  const store = storeInTime(all.store, caller.signal);
  const parts: BulkDependencies = { ...all, store };
  const queue: BulkQueue = { ...anyQueue, whenReady: () => inTime(anyQueue.whenReady(), caller.signal) };
  const known = new Set(parts.systems.map(({ id }) => id));
  const maySee = (systemId: string): boolean => known.has(systemId) && caller.permissions.mayRead(systemId);
  const maySeeAll = ({ systems }: BulkOperation): boolean => systems.every(({ systemId }) => maySee(systemId));
  const operations = createOperationLoader(store);
  const find = async (id: string): Promise<BulkOperation | null> => {
    const operation = await operations.load(id);
    return operation && maySeeAll(operation) ? operation : null;
  };
  return {
    find,
    async preview(action, filter) {
      const end = previewTurns.begin(caller.name);
      if (!end) return toBulkError(tooManyPreviews(caller.name));
      return previewAction(action, filter, caller, parts).finally(end);
    },
    start: (input) => startOperation(input, caller, parts, queue),
    async list({ statuses, actions, startedBy }, range) {
      const rows = await store.query<{ system_id: string }>('SELECT DISTINCT system_id FROM jobyard.bulk_progress');
      const hidden = rows.map((row) => row.system_id).filter((id) => !maySee(id));
      const [beyond, direction] = range.isBackward ? ['>', 'ASC'] : ['<', 'DESC'];
      const condition = `($1::text[] IS NULL OR o.status = ANY($1::text[])) AND ($2::bigint IS NULL OR o.number ${beyond} $2::bigint)
        AND NOT EXISTS (SELECT 1 FROM jobyard.bulk_progress p WHERE p.operation_id = o.id AND p.system_id = ANY($3::text[]))
        AND ($5::text[] IS NULL OR o.action = ANY($5::text[])) AND ($6::text[] IS NULL OR o.caller = ANY($6::text[]))
        ORDER BY o.number ${direction} LIMIT $4`;
      const values = [statuses, range.from, hidden, range.count + 1, actions, startedBy];
      return toRowPage(await selectOperations(store.query, condition, values), range);
    },
    items: ({ id }, filter, range) => selectItems(store.query, id, filter, range),
    outcomes: ({ id }) => countOutcomes(store.query, id),
    async control(command, id) {
      const operation = await find(id);
      return operation ? applyCommand(command, operation, caller, parts, queue) : operationNotFound();
    },
    watch: (id) => watch(id, maySeeAll),
    watchAll: ({ actions, startedBy }) =>
      feed.subscribe(
        (operation) =>
          maySeeAll(operation) && (actions?.includes(operation.action) ?? true) && (startedBy?.includes(operation.startedBy) ?? true),
      ),
  };
}

/** Reads the operations of one tick with one query. Doesn't cache: a mutation reads its operation again. */
function createOperationLoader({ query }: Store): DataLoader<string, BulkOperation | null> {
  return new DataLoader(
    async (ids) => {
      const found = await selectOperations(query, 'o.id = ANY($1::text[])', [ids]);
      const byId = new Map(found.map((operation) => [operation.id, operation]));
      return ids.map((id) => byId.get(id) ?? null);
    },
    { cache: false },
  );
}

function tooManyPreviews(caller: string): Problem {
  const message = `${caller} has ${maxPreviewsAtOnce} bulk previews in progress, the maximum. Retry when one of them has finished.`;
  return createProblem('RATE_LIMITED', message, 5);
}
