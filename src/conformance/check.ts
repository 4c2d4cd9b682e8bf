import type { Call, JobQuery, JobSystemAdapter, ListPage, ListSource } from '../jobs/adapter.ts';
import type { JobFields } from '../jobs/job.ts';

/** One thing that every adapter must do, as data: run by the tests against each sandbox and by `npm run conformance` against real systems. */
export interface Check {
  id: string;
  /** "MUST …" or "SHOULD …" */
  statement: string;
  /** False: it changes jobs, and is run against sandboxes only. */
  readOnly: boolean;
  /** Rejects with a Violation where the adapter does otherwise. */
  run(subject: Subject): Promise<void>;
}

/** What is checked: a connected adapter. */
export interface Subject {
  adapter: JobSystemAdapter;
  /** A fresh call with a deadline of its own. */
  createCall(): Call;
  /** What must appear nowhere in the adapter's answers. */
  secrets: readonly string[];
}

/** The adapter broke the contract; any other error is a bug of its own. */
export class Violation extends Error {
  override name = 'Violation';
}

export function expectThat(condition: boolean, complaint: string): asserts condition {
  if (!condition) throw new Violation(complaint);
}

const mostPages = 200;

export async function readPage(source: ListSource, at: string | null, size: number, subject: Subject): Promise<ListPage> {
  const page = await source.readPage(at, size, subject.createCall());
  expectThat(page.ok, `${source.name}: a page could not be read: ${page.ok ? '' : page.problem.message}`);
  return page.value;
}

/** All rows of one list, page by page. */
export async function readAll(source: ListSource, size: number, subject: Subject): Promise<JobFields[]> {
  const rows: JobFields[] = [];
  let at: string | null = null;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const page: ListPage = await readPage(source, at, size, subject);
    rows.push(...page.jobs);
    if (page.next === null) return rows;
    at = page.next;
  }
  expectThat(rows.length > mostPages, `${source.name}: no end after ${mostPages} pages and ${rows.length} rows`);
  return rows;
}

/** All rows of all lists for a query, by id; the later row of a repeated id wins. */
export async function readEverything(query: JobQuery, subject: Subject): Promise<Map<string, JobFields>> {
  const rows = new Map<string, JobFields>();
  for (const source of subject.adapter.listJobs(query)) {
    for (const row of await readAll(source, 500, subject)) rows.set(row.vendorId, row);
  }
  return rows;
}
