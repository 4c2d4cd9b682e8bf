import type { GraphQLError } from 'graphql';
import type { BulkItem, BulkOperation } from '../../bulk/operation.ts';
import { createPositionCursors } from '../../listing/cursor-text.ts';
import type { BulkItemConnection, BulkItemResolvers, BulkOperationItemsArgs } from '../generated/resolvers.ts';
import { referenceTo, toFailure } from './action-result.ts';
import { badUserInput } from './bad-user-input.ts';
import { toCancelOutcome } from './cancel.ts';
import type { Context } from './context.ts';
import { orStoreError } from './store-unavailable.ts';

export type BulkItemParent = BulkItem & { action: BulkOperation['action'] };

const maxRows = 500;
const defaultRows = 50;
/** PostgreSQL's `integer`. */
const lastPosition = 2 ** 31 - 1;

export const bulkItemResolvers: BulkItemResolvers<Context> = {
  job: ({ jobId }) => referenceTo(jobId),
  result: ({ jobId, action, result }, _arguments, { jobs }) => {
    if (!result) return null;
    if (result.kind !== 'succeeded') return toFailure(result, action, jobId, jobs);
    return action === 'CANCEL'
      ? { __typename: 'CancelSuccess' as const, jobId, job: null, outcome: toCancelOutcome(result), availability: null }
      : { __typename: 'JobActionSuccess' as const, jobId, job: referenceTo(jobId), action, dryRun: false, availability: null };
  },
};

/** A page of an operation's items, or BAD_USER_INPUT. Its cursors are positions. */
export async function pageOfItems(
  operation: BulkOperation,
  { outcome, first, after }: BulkOperationItemsArgs,
  { bulk }: Context,
): Promise<Omit<BulkItemConnection, 'nodes' | 'edges'> & { nodes: BulkItemParent[]; edges: { cursor: string; node: BulkItemParent }[] }> {
  const count = first ?? defaultRows;
  if (count < 0 || count > maxRows) throw badUserInput(`first: expected 0 to ${maxRows}, got ${count}.`);
  const position = after === null || after === undefined ? -1 : Number(fromCursor(after));
  if (position > lastPosition) throw notACursor();
  const items = await orStoreError(bulk.items(operation, outcome ?? null, count, position));
  const nodes = items.slice(0, count).map((item) => ({ ...item, action: operation.action }));
  const edges = nodes.map((node) => ({ cursor: toCursor(String(node.position)), node }));
  return {
    nodes,
    edges,
    pageInfo: {
      hasNextPage: items.length > count,
      hasPreviousPage: position >= 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? after ?? null,
    },
  };
}

const cursors = createPositionCursors('bulk');

export const toCursor = cursors.encode;

/** A cursor's position, or BAD_USER_INPUT. */
export function fromCursor(cursor: string): string {
  const position = cursors.decode(cursor);
  if (position === null) throw notACursor();
  return position;
}

function notACursor(): GraphQLError {
  return badUserInput('after: not a cursor of this list; begin without it.');
}
