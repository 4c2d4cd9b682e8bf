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

/** A requirement for every adapter, as data: the tests run it against each sandbox, and `npm run conformance` against real systems. */
export interface Check {
  id: string;
  /** "MUST …" or "SHOULD …" */
  statement: string;
  /** False: it changes jobs, and runs against sandboxes only. */
  readOnly: boolean;
  /** Rejects with a Violation if the adapter doesn't meet the requirement. */
  run(subject: Subject): Promise<void>;
}

/** The subject of the checks: a connected adapter. */
export interface Subject {
  adapter: JobSystemAdapter;
  /** A new call with its own deadline. */
  createCall(): CallContext;
  /** Secrets that no result of the adapter may contain. */
  secrets: readonly string[];
  /**
   * Adds jobs on which the vendor performs the action, of a kind that the adapter reports as certain, and returns their IDs. Absent if that
   * isn't possible.
   */
  addJobsFor?: (action: JobAction, count: number) => readonly string[];
  /** Adds rows to the vendor's lists that break its contract, and returns those with a usable ID. Absent if that isn't possible. */
  addOddRows?: () => OddRows;
}

export interface OddRows {
  /** IDs of rows with one field of the wrong JSON type. */
  readableIds: readonly string[];
  /** The number of rows without a usable ID. */
  withoutId: number;
}

/** The adapter violates the contract. Any other error is a bug of the check. */
export class Violation extends Error {
  override name = 'Violation';
}

export function expectThat(condition: boolean, complaint: string): asserts condition {
  if (!condition) throw new Violation(complaint);
}

const maxPages = 200;

export async function readPage(source: ListSource, at: ListPosition, count: number, subject: Subject): Promise<ListPage> {
  const page = await source.readPage(at, count, subject.createCall());
  expectThat(page.ok, `${source.name}: can't read a page: ${page.ok ? '' : page.problem.message}`);
  return page.value;
}

/** All rows of one list from a position on, read as the server reads them: completeness is proven by overlaps. */
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
    expectThat(new Set(ids).size === ids.length, `${source.name}: one response lists an ID twice`);
    for (const { vendorId, createdAtMs, toFields } of page.jobs) {
      const fields = toFields();
      expectThat(fields.vendorId === vendorId, `${source.name}: the row of ${vendorId} has the fields of ${fields.vendorId}`);
      const createdMs = fields.createdAt?.getTime() ?? null;
      expectThat(
        createdMs === createdAtMs && !Number.isNaN(createdAtMs),
        `${source.name}: createdAtMs of ${vendorId} is ${createdAtMs}, expected ${Number.isFinite(createdMs) ? createdMs : 'epoch milliseconds or null'}: its createdAt in epoch milliseconds. Compute both from the same field.`,
      );
      rows.set(vendorId, fields);
    }
  }
  const problem = walk.problem() ?? walk.gap();
  expectThat(problem !== null || walk.hasEnded(), `${source.name}: no end after ${maxPages} pages and ${rows.size} rows`);
  return { rows, problem };
}

/** The lists of a query; if the adapter discovers other lists after a rejection, those. */
export async function findLists(query: JobQuery, { adapter, createCall }: Subject): Promise<ListSource[]> {
  const lists = await openLists(adapter, query, createCall());
  if (!adapter.findLists) return lists;
  const failed: string[] = [];
  for (const { name, readPage: read } of lists) if (!(await read(startOfList, 1, createCall())).ok) failed.push(name);
  return (await reopenLists(adapter, query, createCall(), failed)) ?? lists;
}

/** All rows of all lists of a query, by ID. The later row of a repeated ID wins. */
export async function readEverything(query: JobQuery, subject: Subject): Promise<Map<string, JobFields>> {
  const rows = new Map<string, JobFields>();
  for (const source of await findLists(query, subject)) {
    for (const [id, row] of await readAll(source, query, 500, subject)) rows.set(id, row);
  }
  return rows;
}
