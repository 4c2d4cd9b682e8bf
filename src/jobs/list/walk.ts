import type { Call, JobOrder, JobQuery, ListSource } from '../adapter.ts';
import type { Job } from '../job.ts';
import { fail, type Outcome, succeed } from '../problem.ts';
import type { JobSystem } from '../system.ts';
import { createMatcher, type JobFilter, toQuery } from './filter.ts';
import { createListWalk } from './list-walk.ts';

const pageSize = 500;
/** Rows that are looked at in one go: one answer may hold a hundred thousand, and others wait meanwhile. */
const turnSize = 500;

/**
 * Every job of one system that matches, in portions and however many there are: only one page is held at a time.
 * A job that is listed twice may come twice. Ends with the first problem: what came before is then not all. INCOMPLETE_LIST comes after
 * all jobs that the system did list.
 */
export async function* walkJobs(system: JobSystem, filter: JobFilter, call: Call): AsyncGenerator<Outcome<Job[]>, void> {
  const query = toQuery(system, filter, orderFor(filter));
  if (!query) return;
  const matches = createMatcher(system, filter, query);
  for (const source of system.adapter.listJobs(query)) {
    for await (const rows of walkSource(source, system, query, call)) {
      yield rows.ok ? succeed(rows.value.filter(matches)) : rows;
      if (!rows.ok && rows.problem.code !== 'INCOMPLETE_LIST') return;
    }
  }
}

/** By creation where that lets the walk end early; else in the order that the system guarantees best. */
function orderFor({ createdFrom, createdTo }: JobFilter): JobOrder | null {
  if (createdFrom) return { field: 'CREATED_AT', direction: 'DESC' };
  return createdTo ? { field: 'CREATED_AT', direction: 'ASC' } : null;
}

async function* walkSource(source: ListSource, system: JobSystem, query: JobQuery, call: Call): AsyncGenerator<Outcome<Job[]>, void> {
  const walk = createListWalk({ systemId: system.id, source, query, call, pageSize, grows: false });
  for (let page = await walk.next(); page; page = await walk.next()) {
    for (let start = 0; start < page.jobs.length; start += turnSize) {
      yield succeed(system.reader.takeFromList(page.jobs.slice(start, start + turnSize), call));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const problem = walk.problem() ?? walk.gap();
  if (problem) yield fail(problem);
}
