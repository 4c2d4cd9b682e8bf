import {
  type CallContext,
  type JobQuery,
  type JobSystemAdapter,
  type ListPage,
  type ListPosition,
  type ListSource,
  startOfList,
} from '../jobs/adapter.ts';
import type { JobAction, JobFields } from '../jobs/job.ts';
import type { Problem } from '../jobs/problem.ts';
import { createListWalk } from '../reading/list-walk.ts';
import { openLists, reopenLists } from '../reading/open-lists.ts';

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
  createCall(): CallContext;
  /** What must appear nowhere in the adapter's answers. */
  secrets: readonly string[];
  /**
   * Adds jobs on which the vendor performs the action, of a kind for which the adapter is certain of it; their ids. Absent: the vendor can't be made to.
   */
  addJobsFor?: (action: JobAction, count: number) => readonly string[];
  /** Adds rows to the vendor's lists that break its contract, and returns those whose id is usable. Absent: the vendor can't be made to. */
  addOddRows?: () => OddRows;
}

export interface OddRows {
  /** Ids of rows with one field of the wrong JSON type. */
  readableIds: readonly string[];
  /** How many rows have no usable id. */
  withoutId: number;
}

/** The adapter broke the contract; any other error is a bug of its own. */
export class Violation extends Error {
  override name = 'Violation';
}

export function expectThat(condition: boolean, complaint: string): asserts condition {
  if (!condition) throw new Violation(complaint);
}

const maxPages = 200;

export async function readPage(source: ListSource, at: ListPosition, count: number, subject: Subject): Promise<ListPage> {
  const page = await source.readPage(at, count, subject.createCall());
  expectThat(page.ok, `${source.name}: a page could not be read: ${page.ok ? '' : page.problem.message}`);
  return page.value;
}

/** All rows of one list from a position on, read as the server reads them: proven by their overlap, each as its last row tells. */
export async function readAll(
  source: ListSource,
  query: JobQuery,
  size: number,
  subject: Subject,
  position: ListPosition = startOfList,
): Promise<Map<string, JobFields>> {
  const { rows, problem } = await walkThrough(source, query, size, subject, position);
  expectThat(problem === null, `${source.name}: ${problem?.message}`);
  return rows;
}

/** The same, with the reason why rows may be missing. */
export async function walkThrough(
  source: ListSource,
  query: JobQuery,
  size: number,
  subject: Subject,
  position: ListPosition = startOfList,
): Promise<{ rows: Map<string, JobFields>; problem: Problem | null }> {
  const rows = new Map<string, JobFields>();
  const walk = createListWalk({
    systemId: 'the system',
    source,
    query,
    call: subject.createCall(),
    from: { position, rank: Number.NEGATIVE_INFINITY },
    pageSize: size,
    grows: false,
  });
  for (let pages = 0; pages < maxPages; pages += 1) {
    const page = await walk.next();
    if (!page) break;
    const ids = page.jobs.map(({ vendorId }) => vendorId);
    expectThat(new Set(ids).size === ids.length, `${source.name}: an id is listed twice in one response`);
    for (const { vendorId, createdAtMs, toFields } of page.jobs) {
      const fields = toFields();
      expectThat(fields.vendorId === vendorId, `${source.name}: the row of ${vendorId} has the fields of ${fields.vendorId}`);
      expectThat((fields.createdAt?.getTime() ?? null) === createdAtMs, `${source.name}: ${vendorId} has two times of creation`);
      rows.set(vendorId, fields);
    }
  }
  const problem = walk.problem() ?? walk.gap();
  expectThat(problem !== null || walk.hasEnded(), `${source.name}: no end after ${maxPages} pages and ${rows.size} rows`);
  return { rows, problem };
}

/** The lists for a query. If the adapter finds out by a refusal that there are others, those. */
export async function findLists(query: JobQuery, { adapter, createCall }: Subject): Promise<ListSource[]> {
  const lists = await openLists(adapter, query, createCall());
  if (!adapter.findLists) return lists;
  const failed: string[] = [];
  for (const { name, readPage: read } of lists) if (!(await read(startOfList, 1, createCall())).ok) failed.push(name);
  return (await reopenLists(adapter, query, createCall(), failed)) ?? lists;
}

/** All rows of all lists for a query, by id; the later row of a repeated id wins. */
export async function readEverything(query: JobQuery, subject: Subject): Promise<Map<string, JobFields>> {
  const rows = new Map<string, JobFields>();
  for (const source of await findLists(query, subject)) {
    for (const [id, row] of await readAll(source, query, 500, subject)) rows.set(id, row);
  }
  return rows;
}
