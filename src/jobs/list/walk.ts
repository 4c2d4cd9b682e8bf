import type { Call, JobOrder, JobQuery, ListSource } from '../adapter.ts';
import type { Job } from '../job.ts';
import { asReadProblem, fail, type Outcome, succeed } from '../problem.ts';
import type { JobSystem } from '../system.ts';
import { createMatcher, type JobFilter, toQuery } from './filter.ts';
import { sortKeyOf } from './order.ts';
import { isBeyondDates } from './stream.ts';

const newestFirst: JobOrder = { field: 'CREATED_AT', direction: 'DESC' };
const pageSize = 500;
/** Rows that are looked at in one go: one answer may hold a hundred thousand, and others wait meanwhile. */
const turnSize = 500;

/**
 * Every job of one system that matches, in portions and however many there are: only one page is held at a time.
 * A job that moves within the vendor's lists meanwhile may come twice. Ends with the first problem: what came before is then not all.
 */
export async function* walkJobs(system: JobSystem, filter: JobFilter, call: Call): AsyncGenerator<Outcome<Job[]>, void> {
  const query = toQuery(system, filter, newestFirst);
  if (!query) return;
  const matches = createMatcher(system, filter, query);
  for (const source of system.adapter.listJobs(query)) {
    for await (const rows of walkSource(source, system, query, call)) {
      yield rows.ok ? succeed(rows.value.filter(matches)) : rows;
      if (!rows.ok) return;
    }
  }
}

async function* walkSource(source: ListSource, system: JobSystem, query: JobQuery, call: Call): AsyncGenerator<Outcome<Job[]>, void> {
  let at: string | null = null;
  do {
    const page = await source.readPage(at, pageSize, call);
    if (!page.ok) return yield fail(asReadProblem(page.problem));
    const { jobs: rows, next, previous } = page.value;
    if (at !== null && previous !== null) {
      // Rows may have moved forward, past this page's start.
      const earlier = await source.readPage(previous, pageSize, call);
      if (!earlier.ok) return yield fail(asReadProblem(earlier.problem));
      rows.unshift(...earlier.value.jobs);
    }
    let last: Job | undefined;
    for (let start = 0; start < rows.length; start += turnSize) {
      const jobs = system.reader.takeFromList(rows.slice(start, start + turnSize), call);
      last = jobs.at(-1);
      yield succeed(jobs);
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (source.ordered && last && isBeyondDates(query, sortKeyOf(last, query.order))) return;
    at = next;
  } while (at !== null);
}
