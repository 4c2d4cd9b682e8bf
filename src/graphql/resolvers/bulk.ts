import type { Bulk } from '../../bulk/bulk.ts';
import type { Control } from '../../bulk/control.ts';
import type { BulkOperation, BulkOperationError as BulkOperationFailure, StartBulkError } from '../../bulk/operation.ts';
import { maxMatchedJobs } from '../../bulk/preview.ts';
import type { StartInput } from '../../bulk/record-start.ts';
import type { JobService } from '../../job-service/job-service.ts';
import type { JobFilter } from '../../jobs/filter.ts';
import { statusOf } from '../../listing/system-page.ts';
import { releaseAtReturn } from '../../live/live-jobs.ts';
import type {
  BulkOperationError,
  BulkOperationResolvers,
  BulkSystemPreviewResolvers,
  MutationResolvers,
  MutationRetryFailedBulkItemsArgs,
  QueryBulkOperationsArgs,
  QueryPreviewBulkActionArgs,
  QueryResolvers,
  StartBulkActionInput,
  SubscriptionResolvers,
} from '../generated/resolvers.ts';
import { assertStorableText, badUserInput, checkCallers, checkIdempotencyKey, checkReason, maxTextLength } from './bad-user-input.ts';
import { cursors, pageOfItems } from './bulk-item.ts';
import { toConnection, toRowRange } from './connection.ts';
import type { Context } from './context.ts';
import { toError } from './field-error.ts';
import { checkSystems } from './job-list.ts';
import { reserve } from './live.ts';
import { orStoreError, storeProblem } from './store-unavailable.ts';

const limits = { max: 100, byDefault: 20 };
/** How many watched jobs a subscription to all operations counts as. */
const feedWeight = 10;
const slowest = 0.01;
const fastest = 10_000;

export const bulkQueries = {
  previewBulkAction: async (_parent, { action, filter }, { bulk, jobs }) => {
    checkFilter(filter, jobs, 'filter');
    const preview = await orStoreError(bulk().preview(action, filter));
    if ('kind' in preview) throw toError(preview.problem);
    return preview;
  },
  bulkOperation: (_parent, { id }, { bulk }) => orStoreError(findOperation(id, bulk())),
  bulkOperations: async (_parent, { statuses, actions, startedBy, ...page }: QueryBulkOperationsArgs, { bulk }) => {
    const range = toRowRange(page, limits, cursors);
    checkCallers(startedBy, 'startedBy');
    const filter = { statuses: statuses ?? null, actions: actions ?? null, startedBy: startedBy ?? null };
    const operations = await orStoreError(bulk().list(filter, range));
    return toConnection(operations, range, cursors, (operation) => ({ position: operation.number, node: operation }));
  },
} satisfies QueryResolvers<Context>;

export const bulkMutations = {
  startBulkAction: async (_parent, { input }, { bulk, jobs }) => {
    if (input.filter) checkFilter(input.filter, jobs, 'input.filter');
    const result = await bulk()
      .start(checkStart(input))
      .catch((error: unknown) => rejectedByStore(error));
    return 'kind' in result ? toStartError(result) : toOperation(result);
  },
  suspendBulkOperation: control('suspend'),
  resumeBulkOperation: control('resume'),
  cancelBulkOperation: control('cancel'),
  retryFailedBulkItems: control('retryFailed'),
} satisfies MutationResolvers<Context>;

export const bulkSubscriptions = {
  bulkOperationChanged: {
    subscribe: async (_parent, { id }, { bulk, live }) => {
      assertStorableText(id, 'id');
      const release = reserve(live(), 1);
      const operations = await orStoreError(bulk().watch(id)).catch((error: unknown) => {
        release();
        throw error;
      });
      if (operations) return releaseAtReturn(operations, release);
      release();
      throw badUserInput('id: bulk operation not found, or access denied.');
    },
    // biome-ignore lint/suspicious/noExplicitAny: the generated type expects the event wrapped in the field's name
    resolve: (operation: any) => operation,
  },
  bulkOperationsChanged: {
    subscribe: async (_parent, { actions, startedBy }, { bulk, live }) => {
      checkCallers(startedBy, 'startedBy');
      const release = reserve(live(), feedWeight);
      const operations = await orStoreError(bulk().watchAll({ actions: actions ?? null, startedBy: startedBy ?? null })).catch(
        (error: unknown) => {
          release();
          throw error;
        },
      );
      return releaseAtReturn(operations, release);
    },
    // biome-ignore lint/suspicious/noExplicitAny: the generated type expects the event wrapped in the field's name
    resolve: (operation: any) => operation,
  },
} satisfies SubscriptionResolvers<Context>;

export const bulkSystemPreviewResolvers: BulkSystemPreviewResolvers<Context> = {
  status: ({ problem }) => (problem ? statusOf(problem.code) : 'END_REACHED'),
  problem: ({ problem, system }) => problem && { ...problem, systemId: system.id },
};

export const bulkOperationResolvers: BulkOperationResolvers<Context> = {
  systems: ({ systems }, _arguments, { jobs }) =>
    systems.flatMap(({ systemId, counts, problem }) => {
      const system = jobs.findSystem(systemId);
      return system ? [{ system, counts, problem: problem && { ...problem, systemId } }] : [];
    }),
  items: pageOfItems,
  outcomes: (operation, _arguments, { bulk }) => orStoreError(bulk().outcomes(operation)),
  problem: ({ startError }) => startError && toBulkOperationError(startError),
};

/** Null: the operation doesn't exist, or the caller can't see it. */
export async function findOperation(id: string, bulk: Bulk): Promise<BulkOperation | null> {
  assertStorableText(id, 'id');
  return bulk.find(id);
}

/** Stored with the preview or the bulk operation. */
function checkFilter(filter: QueryPreviewBulkActionArgs['filter'], jobs: JobService, argument: string): void {
  assertStorableText(filter, argument);
  checkSystems(filter, jobs);
}

function control(command: Control) {
  return async (_parent: unknown, { id, codes }: { id: string; codes?: MutationRetryFailedBulkItemsArgs['codes'] }, { bulk }: Context) => {
    assertStorableText(id, 'id');
    if (codes?.length === 0) throw badUserInput('codes: expected at least one code. Omit it to retry all failed items.');
    const result = await bulk()
      .control({ control: command, codes: codes ?? null }, id)
      .catch((error: unknown) => rejectedByStore(error));
    return 'kind' in result ? { __typename: 'BulkOperationError' as const, ...toBulkOperationError(result) } : toOperation(result);
  };
}

function toOperation(operation: BulkOperation) {
  return { __typename: 'BulkOperation' as const, ...operation };
}

function rejectedByStore(error: unknown): BulkOperationFailure {
  return { kind: 'rejected', problem: storeProblem(error), systemProblems: [] };
}

function toStartError(error: StartBulkError) {
  switch (error.kind) {
    case 'changed': {
      const { previewedCount, matchedCount, addedCount, removedCount } = error;
      return { __typename: 'ChangedSincePreview' as const, ...error.problem, previewedCount, matchedCount, addedCount, removedCount };
    }
    case 'tooMany':
      return { __typename: 'TooManyJobs' as const, ...error.problem, matchedCount: error.matchedCount, maxJobs: error.maxJobs };
    case 'nothing':
      return { __typename: 'NoJobsMatched' as const, ...error.problem };
    case 'rejected':
      return { __typename: 'BulkOperationError' as const, ...toBulkOperationError(error) };
  }
}

function toBulkOperationError(error: StartBulkError): Omit<BulkOperationError, '__typename'> {
  return { ...error.problem, systemProblems: error.kind === 'rejected' ? error.systemProblems : [] };
}

/** The input with its defaults, or BAD_USER_INPUT. */
function checkStart({ action, filter, reason, maxJobs, maxPerSecond, ...rest }: StartBulkActionInput): StartInput {
  const words = reason.trim();
  if (words === '' || words.length > maxTextLength) {
    throw badUserInput(`input.reason: expected 1 to ${maxTextLength} characters, got ${words.length}.`);
  }
  const max = maxJobs ?? maxMatchedJobs;
  if (max < 1 || max > maxMatchedJobs) throw badUserInput(`input.maxJobs: expected 1 to ${maxMatchedJobs}, got ${max}.`);
  if (maxPerSecond != null && !(maxPerSecond >= slowest && maxPerSecond <= fastest)) {
    throw badUserInput(`input.maxPerSecond: expected ${slowest} to ${fastest}, got ${maxPerSecond}.`);
  }
  const { idempotencyKey: key, previewToken, ifChanged } = rest;
  if (!filter && previewToken == null) throw badUserInput('input.filter: expected a filter or a previewToken, got neither.');
  const rejectsChanges = ifChanged === 'REJECT';
  if (rejectsChanges && previewToken == null) throw badUserInput('input.ifChanged: expected a previewToken with REJECT, got none.');
  checkReason(words, 'input.reason');
  assertStorableText(previewToken, 'input.previewToken');
  return {
    action,
    filter: (filter ?? null) satisfies JobFilter | null,
    reason: words,
    previewToken: previewToken ?? null,
    rejectsChanges,
    maxJobs: max,
    maxPerSecond: maxPerSecond ?? null,
    allowIncomplete: rest.allowIncomplete,
    idempotencyKey: checkIdempotencyKey(key),
  };
}
