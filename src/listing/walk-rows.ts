import type { CallContext, JobOrder, ListedJob, ListSource } from '../jobs/adapter.ts';
import type { JobFilter, SystemQuery } from '../jobs/filter.ts';
import { createProblem, fail, type ProblemCode, type Result, succeed } from '../jobs/problem.ts';
import { createListWalk } from '../reading/list-walk.ts';
import { listsOf } from '../reading/lists-of.ts';
import type { ReadableSystem } from '../reading/readable-system.ts';

const pageSize = 500;
/** Rows that are processed at once: a response may have 100,000, and other work waits meanwhile. */
const turnSize = 500;

export interface RowWalk {
  system: ReadableSystem;
  query: SystemQuery;
  call: CallContext;
  /** The rows that all walks with this object may still read. Default: any number. */
  budget?: { rowsLeft: number };
}

/** Problems that affect one list, not the system's other lists. */
export const listOnlyCodes: ReadonlySet<ProblemCode> = new Set([
  'ACCESS_DENIED',
  'INVALID_VENDOR_RESPONSE',
  'INCOMPLETE_LIST',
  'SCAN_LIMIT_REACHED',
]);

/** The order to read all matching jobs in: by creation if that lets the walk end early, otherwise what the system can guarantee best (null). */
export function scanOrderOf({ createdFrom, createdTo }: JobFilter): JobOrder | null {
  if (createdFrom) return { field: 'CREATED_AT', direction: 'DESC' };
  return createdTo ? { field: 'CREATED_AT', direction: 'ASC' } : null;
}

/**
 * All rows of one list, matching or not, in parts. A row may come twice. Ends with a problem if rows are or may be missing; SCAN_LIMIT_REACHED if
 * the budget ended first.
 */
export async function* walkRows(source: ListSource, walked: RowWalk): AsyncGenerator<Result<readonly ListedJob[]>, void> {
  const { system, query, call, budget = { rowsLeft: Number.POSITIVE_INFINITY } } = walked;
  const walk = createListWalk({ systemId: system.id, source, query, call, pageSize, grows: false });
  for (let page = await walk.next(); page; page = await walk.next()) {
    budget.rowsLeft -= page.jobs.length;
    for (let start = 0; start < page.jobs.length; start += turnSize) {
      yield succeed(page.jobs.slice(start, start + turnSize));
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (budget.rowsLeft <= 0 && !walk.hasEnded()) return yield fail(budgetSpent(system));
  }
  const inOtherOrder = walk.orderFailed() && !walk.problem() ? findInOtherOrder(source, system, query) : null;
  if (inOtherOrder) return yield* walkRows(inOtherOrder, { ...walked, query: { ...query, order: null } });
  const problem = walk.problem() ?? walk.gap();
  if (problem) yield fail(problem);
}

export function budgetSpent({ id, scanLimit }: ReadableSystem) {
  return createProblem(
    'SCAN_LIMIT_REACHED',
    `${id} has more jobs than were read (scanLimit: ${scanLimit}). Narrow the filter, or raise scanLimit.`,
  );
}

/** The same list in the order that the system can guarantee best, in which more jobs of one time than fit a response can be read completely. */
function findInOtherOrder({ name }: ListSource, system: ReadableSystem, query: SystemQuery): ListSource | null {
  return (
    listsOf(system, query)
      .listJobs({ ...query, order: null })
      .find((source) => source.name === name && source.order.by === 'FIXED') ?? null
  );
}
