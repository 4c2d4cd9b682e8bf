import type { CallContext, JobOrder, JobQuery, ListSource } from '../jobs/adapter.ts';
import { createMatcher, type JobFilter, toQuery } from '../jobs/filter.ts';
import type { Job } from '../jobs/job.ts';
import { fail, type Problem, type ProblemCode, type Result, succeed } from '../jobs/problem.ts';
import { createListWalk } from '../reading/list-walk.ts';
import { queueLists } from '../reading/open-lists.ts';
import type { ReadableSystem } from '../reading/readable-system.ts';

const pageSize = 500;
/** Rows that are looked at in one go: one answer may hold a hundred thousand, and others wait meanwhile. */
const turnSize = 500;

/**
 * Every job of one system that matches, in portions and however many there are: only one page is held at a time.
 * A job that is listed twice may come twice. Ends with the first problem, if there was one: what came before is then not all. A list that
 * is denied or unreadable costs its own jobs, and those of the others still come; when the system fails, nothing more is asked.
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
      else if (costsOneList.has(rows.problem.code)) failure ??= (await queue.replace(source)) ? null : rows.problem;
      else return yield rows;
    }
  }
  if (failure) yield fail(failure);
}

/** Problems of one list that say nothing of the system's others. */
const costsOneList: ReadonlySet<ProblemCode> = new Set([
  'ACCESS_DENIED',
  'INVALID_VENDOR_RESPONSE',
  'INCOMPLETE_LIST',
  'SCAN_LIMIT_REACHED',
]);

/** By creation where that lets the walk end early; else in the order that the system guarantees best. */
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

/** The same list in the order that the system guarantees best: more jobs of one time than a response can hold are read whole then. */
function findInOtherOrder({ name }: ListSource, { adapter }: ReadableSystem, query: JobQuery): ListSource | null {
  return adapter.listJobs({ ...query, order: null }).find((source) => source.name === name && source.order.by === 'FIXED') ?? null;
}
