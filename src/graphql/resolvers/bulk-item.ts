import type { BulkOperation } from '../../bulk/operation.ts';
import { createPositionCursors } from '../../listing/cursor-text.ts';
import type { BulkItemResolvers, BulkOperationItemsArgs } from '../generated/resolvers.ts';
import { referenceTo, toResultMember } from './action-result.ts';
import { badUserInput } from './bad-user-input.ts';
import { type RowCursors, toConnection, toRowRange } from './connection.ts';
import type { Context } from './context.ts';
import type { BulkItemParent, Connection } from './parents.ts';
import { orStoreError } from './store-unavailable.ts';

const limits = { max: 500, byDefault: 50 };
/** The maximum of PostgreSQL's `integer`. */
const lastPosition = 2 ** 31 - 1;

export const bulkItemResolvers: BulkItemResolvers<Context> = {
  name: ({ jobId, name }, _arguments, { jobs }) => (jobs.permissions.mayRead(referenceTo(jobId).systemId) ? name : null),
  job: ({ jobId }) => referenceTo(jobId),
  outcome: ({ result }) => result?.outcome ?? null,
  result: ({ jobId, action, result }, _arguments, { jobs }) => result && toResultMember(result, action, jobId, jobs),
};

/** A page of a bulk operation's items, or BAD_USER_INPUT. */
export async function pageOfItems(
  operation: BulkOperation,
  { status, outcomes, codes, systemIds, ...page }: BulkOperationItemsArgs,
  { bulk }: Context,
): Promise<Connection<BulkItemParent>> {
  const range = toRowRange(page, limits, itemCursors);
  checkSystems(systemIds, operation);
  const filter = { status: status ?? null, outcomes: outcomes ?? null, codes: codes ?? null, systemIds: systemIds ?? null };
  const items = await orStoreError(bulk().items(operation, filter, range));
  return toConnection(items, range, itemCursors, (item) => ({
    position: String(item.position),
    node: { ...item, action: operation.action },
  }));
}

function checkSystems(systemIds: readonly string[] | null | undefined, { systems }: BulkOperation): void {
  const known = systems.map(({ systemId }) => systemId);
  const unknown = systemIds?.find((id) => !known.includes(id));
  if (unknown === undefined) return;
  throw badUserInput(`systemIds: expected systems of the bulk operation (${known.join(', ') || 'none'}), got "${unknown.slice(0, 100)}".`);
}

/** Of bulk operations and their items. */
export const cursors = createPositionCursors('bulk');

const itemCursors: RowCursors<string> = {
  encode: cursors.encode,
  decode(cursor) {
    const position = cursors.decode(cursor);
    return Number(position) > lastPosition ? null : position;
  },
};
