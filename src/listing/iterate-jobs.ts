import type { CallContext, JobOrder, JobQuery, ListSource } from '../jobs/adapter.ts';
import { createMatcher, type JobFilter, toQuery } from '../jobs/filter.ts';
import type { Job } from '../jobs/job.ts';
import { fail, type Problem, type ProblemCode, type Result, succeed } from '../jobs/problem.ts';
import { createListWalk } from '../reading/list-walk.ts';
import { queueLists } from '../reading/open-lists.ts';
import type { ReadableSystem } from '../reading/readable-system.ts';

const pageSize = 500;
/** Rows that are processed at once: a response may have 100,000, and other work waits meanwhile. */
const turnSize = 500;

/**
 * All matching jobs of one system, in parts. Only one page is in memory at a time. A job that is listed twice may be returned twice.
 * Ends with the first problem, if any: jobs are then missing. If one list is denied or unreadable, the jobs of the other lists are still
 * returned. If the system fails, nothing more is read.
 */
export async function* iterateJobs(system: ReadableSystem, filter: JobFilter, call: CallContext): AsyncGenerator<Result<Job[]>, void> {
  const query = toQuery(system, filter, orderFor(filter));
  if (!query) return;
  const matches = createMatcher(system, filter, query);
  const queue = await queueLists(system.adapter, query, call);
  let failure: Problem | null = null;
  for (let source = queue.next(); source; source = queue.next()) {
    for await (const rows of walkSource(source, system, query, call)) {
      if (rows.ok) yield succeed(rows.value.filter(matches));
      else if (listOnlyCodes.has(rows.problem.code)) failure ??= (await queue.replace(source)) ? null : rows.problem;
      else return yield rows;
    }
  }
  if (failure) yield fail(failure);
}

/** Problems that affect one list, not the system's other lists. */
const listOnlyCodes: ReadonlySet<ProblemCode> = new Set([
  'ACCESS_DENIED',
  'INVALID_VENDOR_RESPONSE',
  'INCOMPLETE_LIST',
  'SCAN_LIMIT_REACHED',
]);

/** By creation if that lets the walk end early; otherwise in the order that the system can guarantee best. */
function orderFor({ createdFrom, createdTo }: JobFilter): JobOrder | null {
  if (createdFrom) return { field: 'CREATED_AT', direction: 'DESC' };
  return createdTo ? { field: 'CREATED_AT', direction: 'ASC' } : null;
}

async function* walkSource(
  source: ListSource,
  system: ReadableSystem,
  query: JobQuery,
  call: CallContext,
): AsyncGenerator<Result<Job[]>, void> {
  const walk = createListWalk({ systemId: system.id, source, query, call, pageSize, grows: false });
  for (let page = await walk.next(); page; page = await walk.next()) {
    for (let start = 0; start < page.jobs.length; start += turnSize) {
      yield succeed(system.reader.takeFromList(page.jobs.slice(start, start + turnSize), call));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const inOtherOrder = walk.orderFailed() && !walk.problem() ? findInOtherOrder(source, system, query) : null;
  if (inOtherOrder) return yield* walkSource(inOtherOrder, system, { ...query, order: null }, call);
  const problem = walk.problem() ?? walk.gap();
  if (problem) yield fail(problem);
}

/** The same list in the order that the system can guarantee best, in which more jobs of one time than fit a response can be read completely. */
function findInOtherOrder({ name }: ListSource, { adapter }: ReadableSystem, query: JobQuery): ListSource | null {
  return adapter.listJobs({ ...query, order: null }).find((source) => source.name === name && source.order.by === 'FIXED') ?? null;
}
