import type { Call, JobQuery, ListSource } from '../adapter.ts';
import type { Job, JobFields } from '../job.ts';
import { asReadProblem, createProblem, type Problem } from '../problem.ts';
import type { JobSystem } from '../system.ts';
import type { SourcePosition } from './cursor.ts';
import { compareKeys, type SortKey, sortKeyOf } from './order.ts';

/** A matching job and where it stands. */
export interface Row {
  fields: JobFields;
  /** Makes the job of it, if it comes to that: a page shows only the first of all systems' rows. */
  toJob: (fields: JobFields) => Job;
  key: SortKey;
  /** The index of the page it came from. */
  page: number;
  /** The key of the last row before it, matching or not; undefined: there is none. */
  keyBefore: SortKey | undefined;
}

/** One vendor list as a stream of matching rows in the order asked, from a position on. */
export interface Stream {
  readonly system: JobSystem;
  /** "system/source": its place in cursors. */
  readonly name: string;
  /** Makes sure that `head` is known; a vendor request where the rows at hand are used up. */
  fill(): Promise<void>;
  /** The next row; undefined where nothing is left or the list failed. */
  head(): Row | undefined;
  /** The job of the next row, which then is the one after it. */
  take(): Job;
  /** Whether rows may be left that are not at hand. */
  hasMore(): boolean;
  /** Its position after the first `taken` rows of this stream. */
  positionAfter(taken: number): SourcePosition | 'end';
  /** Why the list could not be read to where it was needed. Its position is kept. */
  problem(): Problem | null;
  /** What a later page can do about the problem: ask again, go on behind the rows that were looked at, or nothing. */
  remedy(): 'ASK_AGAIN' | 'GO_ON' | null;
  /** All matches of the list, where they are counted. */
  totalCount(): number | null;
  /** True where the vendor's own filter decides alone: a further page certainly holds a match. */
  readonly exact: boolean;
}

interface RowsOfPage {
  jobs: JobFields[];
  toJob: Row['toJob'];
}

export interface StreamOptions {
  system: JobSystem;
  source: ListSource;
  query: JobQuery;
  matches: (job: JobFields) => boolean;
  from: SourcePosition;
  /** Whether the vendor's own filter decides alone what matches. */
  exact: boolean;
  /** Rows to ask for in one page. */
  pageSize: number;
  call: Call;
}

export function createStream(options: StreamOptions): Stream {
  const { system, source, query, matches, from, pageSize, call } = options;
  const exact = options.exact || !source.ordered;
  const { direction } = query.order;
  const taken: Row[] = [];
  let ready: Row[] = [];
  let readyFrom = 0;
  // Rows without the sort key come last of all: they wait until the list has no others left.
  let keyless: Row[] = [];
  const pages: (string | null)[] = [];
  const seen = new Set<string>();
  const delivered = new Set(from.ids);
  let next: string | null = from.at;
  let lastKey = from.key;
  let begun = false;
  let rowsRead = 0;
  let counted: number | null = null;
  let problem: Problem | null = null;

  const isDelivered = (job: JobFields, key: SortKey): boolean => {
    if (from.key === undefined) return false;
    const order = compareKeys(key, from.key, direction);
    if (order !== 0) return order < 0;
    if (source.ordered) return delivered.has(job.vendorId);
    const last = from.ids[0];
    return last !== undefined && job.vendorId <= last;
  };

  const isPassed = (job: JobFields): boolean => isDelivered(job, sortKeyOf(job, query.order));
  const isExhausted = (): boolean => begun && next === null;
  const head = (): Row | undefined => ready[readyFrom];

  /** Reads one page; null where it failed. */
  const readPage = async (at: string | null): Promise<RowsOfPage | null> => {
    const page = await source.readPage(at, pageSize, call);
    if (!page.ok) {
      problem = asReadProblem(page.problem);
      return null;
    }
    const { jobs } = page.value;
    const toJob = system.reader.takeLater(call);
    const first = jobs[0];
    // Rows may have moved forward since this position was handed out: then those in between are on the page before.
    const mayHaveMoved = !begun && source.ordered && from.key !== undefined && page.value.previous !== null;
    if (mayHaveMoved && !(first && isPassed(first))) {
      const earlier = await readPage(page.value.previous);
      if (!earlier || next !== at || earlier.jobs.some((job) => matches(job) && !isPassed(job))) return earlier;
    }
    begun = true;
    next = page.value.next;
    counted = page.value.totalCount;
    rowsRead += jobs.length;
    pages.push(at);
    return { jobs, toJob };
  };

  const tooMany = (): Problem =>
    createProblem(
      'SCAN_LIMIT_REACHED',
      `Only ${rowsRead} jobs of ${source.name} in ${system.id} were looked at (setting scanLimit); narrow the filter, or order by another field.`,
    );

  const fillOrdered = async (): Promise<void> => {
    while (!head() && !problem) {
      if (isExhausted()) {
        if (keyless.length === 0) return;
        ready = keyless;
        readyFrom = 0;
        keyless = [];
        return;
      }
      if (rowsRead >= system.scanLimit) {
        problem = tooMany();
        return;
      }
      const page = await readPage(next);
      if (!page) return;
      const { jobs, toJob } = page;
      ready = [];
      readyFrom = 0;
      for (const fields of jobs) {
        const key = sortKeyOf(fields, query.order);
        if (seen.has(fields.vendorId) || isDelivered(fields, key)) continue;
        if (matches(fields)) {
          seen.add(fields.vendorId);
          (key === null ? keyless : ready).push({ fields, toJob, key, page: pages.length - 1, keyBefore: lastKey });
        }
        if (key !== null && (lastKey === undefined || compareKeys(key, lastKey, direction) > 0)) lastKey = key;
      }
      if (isBeyondDates(query, lastKey)) next = null;
    }
  };

  const fillScanned = async (): Promise<void> => {
    if (begun || problem) return;
    // By id, the later row wins: a job that moved from one part of the list to another meanwhile is told as it ended up.
    const rows = new Map<string, Row>();
    do {
      const page = await readPage(next);
      if (!page) {
        begun = false;
        return;
      }
      const { jobs, toJob } = page;
      for (const fields of jobs) {
        rows.set(fields.vendorId, { fields, toJob, key: sortKeyOf(fields, query.order), page: 0, keyBefore: undefined });
      }
    } while (next !== null && rowsRead < system.scanLimit);
    const matching = Array.from(rows.values()).filter(({ fields }) => matches(fields));
    if (next === null) counted = matching.length;
    else {
      counted = null;
      problem = tooMany();
      next = null;
    }
    ready = matching
      .filter(({ fields, key }) => !isDelivered(fields, key))
      .sort((a, b) => compareKeys(a.key, b.key, direction) || (a.fields.vendorId < b.fields.vendorId ? -1 : 1));
  };

  const fill = source.ordered ? fillOrdered : fillScanned;

  const positionAfter = (count: number): SourcePosition | 'end' => {
    const rest = [...taken.slice(count), ...ready.slice(readyFrom), ...keyless];
    if (rest.length === 0 && isExhausted() && !problem) return 'end';
    const last = taken[count - 1];
    if (!source.ordered) return last ? { at: null, key: last.key, ids: [last.fields.vendorId] } : from;
    const nextDated = rest.find((row) => row.key !== null);
    const key = last?.key === null ? null : nextDated ? nextDated.keyBefore : lastKey;
    const handedOut = taken.slice(0, count).filter((row) => row.key === key);
    return {
      at: pageOfFirst(rest),
      key,
      ids: [...(from.key === key ? from.ids : []), ...handedOut.map(({ fields }) => fields.vendorId)],
    };
  };

  return {
    system,
    name: `${system.id}/${source.name}`,
    exact,
    fill,
    head,
    take() {
      const row = head();
      if (!row) throw new Error('Nothing to take');
      taken.push(row);
      readyFrom += 1;
      return row.toJob(row.fields);
    },
    hasMore: () => !problem && (!isExhausted() || keyless.length > 0),
    problem: () => problem,
    remedy() {
      if (problem === null) return null;
      if (problem.code !== 'SCAN_LIMIT_REACHED') return 'ASK_AGAIN';
      const position = positionAfter(taken.length);
      return source.ordered && position !== 'end' && position.at !== from.at ? 'GO_ON' : null;
    },
    totalCount: () => (exact ? counted : null),
    positionAfter,
  };

  function pageOfFirst(rest: readonly Row[]): string | null {
    let first = pages.length;
    for (const row of rest) if (row.page < first) first = row.page;
    return first < pages.length ? (pages[first] ?? null) : next;
  }
}

/** Whether, by creation, the list has come to where no job can meet the dates any more. */
export function isBeyondDates({ order, createdFrom, createdTo }: JobQuery, key: SortKey | undefined): boolean {
  if (order.field !== 'CREATED_AT' || key === null || key === undefined) return false;
  return order.direction === 'DESC' ? createdFrom !== null && key < createdFrom.getTime() : createdTo !== null && key > createdTo.getTime();
}
