import type { PageRange } from '../../listing/list-options.ts';
import type { RowPage, RowRange } from '../../store/row-range.ts';
import type { PageInfoResolvers, QueryJobsArgs } from '../generated/resolvers.ts';
import { badUserInput, type RowLimits, toRowCount } from './bad-user-input.ts';
import type { Context } from './context.ts';
import type { Connection } from './parents.ts';

/** The arguments of a connection that can be read in both directions. */
export type PageArguments = Pick<QueryJobsArgs, 'first' | 'after' | 'last' | 'before'>;

/** The rows of one page, in the direction that the arguments name, or BAD_USER_INPUT. */
export function toPageRange({ first, after, last, before }: PageArguments, limits: Pick<RowLimits, 'max' | 'byDefault'>): PageRange {
  const forward = namesOf({ first, after });
  const backward = namesOf({ last, before });
  if (forward.length > 0 && backward.length > 0) {
    const got = [...forward, ...backward].join(' and ');
    throw badUserInput(`${backward[0]}: expected either first and after, or last and before, got ${got}. Request one direction per page.`);
  }
  if (backward.length > 0) return { last: toRowCount(last, { ...limits, argument: 'last' }), before: before ?? null };
  return { first: toRowCount(first, limits), after: after ?? null };
}

/** The names of the arguments that have a value. */
function namesOf(values: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(values).filter((name) => values[name] !== null && values[name] !== undefined);
}

/** The cursors of a stored list. */
export interface RowCursors<Position> {
  encode(position: Position): string;
  /** Null: the text is not a cursor of the list. */
  decode(cursor: string): Position | null;
}

/** The rows of one page of a stored list, or BAD_USER_INPUT. */
export function toRowRange<Position>(
  pageArguments: PageArguments,
  limits: Pick<RowLimits, 'max' | 'byDefault'>,
  { decode }: RowCursors<Position>,
): RowRange<Position> {
  const range = toPageRange(pageArguments, limits);
  const isBackward = 'last' in range;
  const [count, cursor] = isBackward ? [range.last, range.before] : [range.first, range.after];
  const from = cursor === null ? null : decode(cursor);
  if (cursor !== null && from === null) {
    const [argument, page] = isBackward ? ['before', 'last'] : ['after', 'first'];
    throw badUserInput(`${argument}: not a cursor of this list. Omit it to start from the ${page} page.`);
  }
  return { count, isBackward, from };
}

/** Without rows, the cursor in the direction of the range is that of the request. */
export function toConnection<Row, Position, Node>(
  { rows, hasNextPage, hasPreviousPage }: RowPage<Row>,
  { isBackward, from }: RowRange<Position>,
  { encode }: RowCursors<Position>,
  toEdge: (row: Row) => { position: Position; node: Node },
): Connection<Node> {
  const edges = rows.map((row) => {
    const { position, node } = toEdge(row);
    return { node, cursor: encode(position) };
  });
  const given = from === null ? null : encode(from);
  const startCursor = (): string | null => edges[0]?.cursor ?? (isBackward ? given : null);
  const endCursor = (): string | null => edges.at(-1)?.cursor ?? (isBackward ? null : given);
  return { edges, nodes: edges.map(({ node }) => node), pageInfo: { hasNextPage, hasPreviousPage, startCursor, endCursor } };
}

export const pageInfoResolvers: PageInfoResolvers<Context> = {
  startCursor: ({ startCursor }) => startCursor(),
  endCursor: ({ endCursor }) => endCursor(),
};
