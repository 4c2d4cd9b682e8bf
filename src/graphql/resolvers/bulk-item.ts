import type { GraphQLError } from 'graphql';
import type { BulkOperation } from '../../bulk/operation.ts';
import { createPositionCursors } from '../../listing/cursor-text.ts';
import type { BulkItemConnection, BulkItemResolvers, BulkOperationItemsArgs } from '../generated/resolvers.ts';
import { referenceTo, toResultMember } from './action-result.ts';
import { assertStorableText, badUserInput, toRowCount } from './bad-user-input.ts';
import type { Context } from './context.ts';
import type { BulkItemParent } from './parents.ts';
import { orStoreError } from './store-unavailable.ts';

const maxRows = 500;
const defaultRows = 50;
/** The maximum of PostgreSQL's `integer`. */
const lastPosition = 2 ** 31 - 1;

export const bulkItemResolvers: BulkItemResolvers<Context> = {
  name: ({ jobId, name }, _arguments, { jobs }) => (jobs.permissions.mayRead(referenceTo(jobId).systemId) ? name : null),
  job: ({ jobId }) => referenceTo(jobId),
  outcome: ({ result }) => result?.outcome ?? null,
  result: ({ jobId, action, result }, _arguments, { jobs }) => result && toResultMember(result, action, jobId, jobs),
};

/** A page of a bulk operation's items, or BAD_USER_INPUT. Its cursors are positions. */
export async function pageOfItems(
  operation: BulkOperation,
  { status, outcomes, codes, systemIds, first, after }: BulkOperationItemsArgs,
  { bulk }: Context,
): Promise<Omit<BulkItemConnection, 'nodes' | 'edges'> & { nodes: BulkItemParent[]; edges: { cursor: string; node: BulkItemParent }[] }> {
  const count = toRowCount(first, { max: maxRows, byDefault: defaultRows });
  const position = after === null || after === undefined ? -1 : Number(fromCursor(after));
  if (position > lastPosition) throw notACursor();
  assertStorableText(systemIds, 'systemIds');
  const filter = { status: status ?? null, outcomes: outcomes ?? null, codes: codes ?? null, systemIds: systemIds ?? null };
  const items = await orStoreError(bulk.items(operation, filter, count, position));
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

/** The position of a cursor, or BAD_USER_INPUT. */
export function fromCursor(cursor: string): string {
  const position = cursors.decode(cursor);
  if (position === null) throw notACursor();
  return position;
}

function notACursor(): GraphQLError {
  return badUserInput('after: not a cursor of this list. Omit it to start from the first page.');
}
