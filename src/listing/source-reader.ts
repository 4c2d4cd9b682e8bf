import {
  type CallContext,
  type JobOrder,
  type JobQuery,
  type ListedJob,
  type ListPosition,
  type ListSource,
  startOfList,
} from '../jobs/adapter.ts';
import type { Job } from '../jobs/job.ts';
import { createProblem, type Problem } from '../jobs/problem.ts';
import { createListWalk, type ListWalk, type WalkedPage } from '../reading/list-walk.ts';
import { type SortKey, sortKeyOf, toRank } from '../reading/order.ts';
import { type AsOf, effectiveKey, maxAsOfIds, toAsOf } from './as-of.ts';
import type { SourcePosition } from './cursor.ts';
import type { KnownRows } from './known-rows.ts';
import type { ListableSystem } from './listable-system.ts';

/** A matching job and where it stands. */
export interface Row {
  listed: ListedJob;
  /** Makes the job of it, if it comes to that: a page shows only the first of all systems' rows. */
  toJob: (listed: ListedJob) => Job;
  key: SortKey;
  /** Grows along the order; infinite without a key. */
  rank: number;
  part: string | null;
}

/** One vendor list as a stream of matching rows in the order asked, equal ones by their ids, from a position on. */
export interface SourceReader {
  readonly system: ListableSystem;
  /** The name of its list. */
  readonly source: string;
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
  /** Whether rows are certainly left that are not at hand, as far as that is known without reading on. */
  hasMoreForCertain(): boolean;
  /** Its position after the first `taken` rows of this stream. */
  positionAfter(taken: number): SourcePosition | 'end';
  /** Why the list could not be read to where it was needed, or lacks rows. Its position is kept. */
  problem(): Problem | null;
  /** What a later page can do about the problem: ask again, go on behind the rows that were looked at, or nothing. */
  remedy(): 'ASK_AGAIN' | 'GO_ON' | null;
  /** All matches of the list, where they are counted. */
  totalCount(): number | null;
  /** The rows that a next page would have to read again, if it is the next one. Null: none. */
  knownRest(): KnownRows | null;
}

export interface StreamOptions {
  system: ListableSystem;
  source: ListSource;
  query: JobQuery & { order: JobOrder };
  matches: (listed: ListedJob) => boolean;
  from: SourcePosition;
  /** Whether the vendor's own filter decides alone what matches. */
  exact: boolean;
  /** Rows to ask for in one page. */
  pageSize: number;
  call: CallContext;
  /** What an earlier page left at this position. */
  known: KnownRows | null;
}

/** A row that was read, matching or not. */
interface PassedRow extends ListPosition {
  rank: number;
}

const firstRank = Number.NEGATIVE_INFINITY;
const lastRank = Number.POSITIVE_INFINITY;

export function createSourceReader(options: StreamOptions): SourceReader {
  const { system, source, query, matches, from, pageSize, call, known } = options;
  const { order } = query;
  const isFixed = source.order.by === 'FIXED';
  const precisionMs = source.order.by === 'QUERY' ? source.order.precisionMs : 0;
  const exact = options.exact || isFixed;
  // A creation never changes; the other times come when a job starts or ends, unless the vendor sorts by them.
  const keyMayCome = isFixed && order.field !== 'CREATED_AT';
  const nextRank = from.next ? toRowRank(from.next.key) : firstRank;

  const taken: Row[] = [];
  const takenIds = new Set<string>();
  let ready: readonly Row[] = [];
  let readyFrom = 0;
  /** Matching rows that others may still precede. */
  const waiting = new Map(known?.rows.map((row) => [row.listed.vendorId, row]));
  /** Of `ready` and `waiting`; null: not known. */
  let leaders: readonly Row[] | null = null;
  const matching = new Set<string>();
  const passed: PassedRow[] = [];
  const parts: (string | null)[] = [...(known?.parts ?? [])];
  let keyless = from.keyless ?? false;
  let asOf: AsOf | undefined = from.asOf;
  // Those without a key come last, wherever the vendor lists them.
  let inLastPhase = from.next?.key === null;
  const isWhole = inLastPhase || (from.at.part === null && from.at.row === 0);
  let isComplete = known !== null && known.resume === null;
  let counted = known?.totalCount ?? null;
  let problem: Problem | null = known?.problem ?? null;
  let walk = known?.resume
    ? startWalk(known.resume.position, known.resume.rank)
    : startWalk(inLastPhase ? startOfList : from.at, inLastPhase ? firstRank : nextRank);

  function toRowRank(key: SortKey): number {
    return key === null ? lastRank : toRank(key, order.direction);
  }

  function startWalk(position: ListPosition, rank: number): ListWalk {
    // Where matches are picked here, few rows of each response are wanted.
    const grows = !isFixed && !exact;
    return createListWalk({ systemId: system.id, source, query, call, from: { position, rank }, pageSize, grows });
  }

  const head = (): Row | undefined => ready[readyFrom];

  const addRow = (listed: ListedJob, part: string | null, toJob: Row['toJob']): void => {
    const id = listed.vendorId;
    const isMatch = matches(listed);
    if (isMatch) matching.add(id);
    else matching.delete(id);
    const key = effectiveKey(sortKeyOf(listed, order), id, asOf);
    const rank = toRowRank(key);
    // A new job may come before what was handed out: this walk has passed it.
    const last = taken.at(-1);
    const isPassed =
      (from.next && isBefore(rank, id, nextRank, from.next.id)) || (last && isBefore(rank, id, last.rank, last.listed.vendorId));
    if (isPassed || takenIds.has(id)) return;
    // The later row of a job tells how it stands.
    if (isMatch) waiting.set(id, { listed, toJob, key, rank, part });
    else waiting.delete(id);
    keyless ||= isMatch && key === null;
  };

  const addPage = ({ jobs, part, rowNumbers }: WalkedPage): void => {
    const toJob = system.reader.takeLater(call);
    if (parts.at(-1) !== part || parts.length === 0) parts.push(part);
    jobs.forEach((listed, index) => {
      addRow(listed, part, toJob);
      if (isFixed || !source.numbered) return;
      const key = sortKeyOf(listed, order);
      if (key !== null) passed.push({ part, row: rowNumbers[index] ?? 0, rank: toRowRank(key) });
    });
  };

  /** Hands on what no row that is still to come can precede. */
  const release = (isSafe: (row: Row) => boolean): void => {
    const released = ready.slice(readyFrom);
    for (const [id, row] of waiting) {
      if (!isSafe(row)) continue;
      released.push(row);
      waiting.delete(id);
      takenIds.add(id);
    }
    ready = released.sort(compareRows);
    readyFrom = 0;
  };

  const complete = (): void => {
    isComplete = true;
    if (isFixed) counted = isWhole && !problem ? matching.size : null;
    release(() => true);
  };

  const finishWalk = (): void => {
    const rowsWerePassed = !isWhole && !inLastPhase && (keyless || keyMayCome);
    if (!rowsWerePassed) {
      complete();
      return;
    }
    release(({ rank }) => rank < lastRank);
    if (head()) return;
    inLastPhase = true;
    walk = startWalk(startOfList, firstRank);
  };

  const cutWalk = (): void => {
    problem = createProblem(
      'SCAN_LIMIT_REACHED',
      `Only ${walk.rowsRead()} jobs of ${source.name} in ${system.id} were looked at (setting scanLimit); narrow the filter, or order by another field.`,
    );
    // Where none can come before the others, a later page would be cut at the same row.
    if ((isFixed || inLastPhase) && taken.length === 0) complete();
  };

  const fill = async (): Promise<void> => {
    leaders = null;
    if (waiting.size > 0 && !head()) release(({ rank }) => isComplete || rank < walk.coveredRank());
    while (!head() && !problem && !isComplete) {
      if (walk.hasEnded()) finishWalk();
      else if (walk.rowsRead() >= system.scanLimit) cutWalk();
      else {
        const page = await walk.next();
        if (!page) problem = walk.problem();
        else {
          addPage(page);
          if (walk.hasEnded()) finishWalk();
          else release(({ rank }) => rank < walk.coveredRank());
        }
      }
    }
  };

  const untaken = (): Row[] => [...ready.slice(readyFrom), ...waiting.values()];

  /** Rows that are left after the first `count`: of those that were not taken only the ones that a position depends on, as a page may need hundreds of positions. */
  const rest = (count: number): Row[] => {
    leaders ??= firstOfEachPart(untaken());
    return [...taken.slice(count), ...leaders];
  };

  /** The least row that may come next. */
  const nextAfter = (count: number, left: readonly Row[]): NonNullable<SourcePosition['next']> | undefined => {
    const bounds: { rank: number; key: SortKey; id: string }[] = left.map(({ rank, key, listed }) => ({ rank, key, id: listed.vendorId }));
    const last = taken[count - 1];
    const coveredRank = inLastPhase ? lastRank : walk.coveredRank();
    if (!isComplete) bounds.push({ rank: coveredRank, key: toKey(coveredRank, order), id: '' });
    // The least text that is greater.
    else if (last && left.length === 0) bounds.push({ rank: last.rank, key: last.key, id: `${last.listed.vendorId}\0` });
    const least = bounds.reduce<(typeof bounds)[number] | null>((a, b) => (a && compareBounds(a, b) <= 0 ? a : b), null);
    if (!least || least.rank === firstRank) return from.next;
    if (from.next && compareBounds(least, { rank: nextRank, ...from.next }) < 0) return from.next;
    return { key: least.key, id: least.id };
  };

  /** Where to begin, so that this row and all that may follow it are read. */
  const startBefore = (next: NonNullable<SourcePosition['next']>, left: readonly Row[]): ListPosition => {
    if (next.key === null) return startOfList;
    const unread = { part: walk.position().part, row: 0 };
    // Parts that were read bring nothing new, unless rows have numbers and pass from one to the other.
    if (isFixed || !source.numbered) {
      // Those without a key are read again in the end.
      const partsLeft = new Set(left.filter(({ key }) => key !== null).map(({ part }) => part));
      const first = parts.find((part) => partsLeft.has(part));
      return first === undefined ? unread : { part: first, row: 0 };
    }
    const rank = toRowRank(next.key);
    const before = passed.findLast((row) => row.rank < rank - precisionMs);
    return before ? { part: before.part, row: before.row } : from.at;
  };

  const positionAfter = (count: number): SourcePosition | 'end' => {
    const left = rest(count);
    if (left.length === 0 && isComplete && !problem) return 'end';
    const next = nextAfter(count, left);
    if (!next) return from;
    if (keyMayCome) asOf ??= toAsOf([...taken, ...untaken()]);
    const hasKeyless = next.key !== null && (keyless || left.some(({ key }) => key === null));
    return { at: startBefore(next, left), next, ...(hasKeyless && { keyless: true }), ...(asOf && { asOf }) };
  };

  const tooManyAtOnce = (): Problem | null => {
    if (!keyMayCome || from.asOf) return null;
    const position = positionAfter(taken.length);
    if (position === 'end' || !position.asOf || position.asOf.ids) return null;
    return createProblem(
      'INCOMPLETE_LIST',
      `More than ${maxAsOfIds} jobs of ${source.name} in ${system.id} have the latest time: a job that gets its time now may be missing from the next pages. Order by CREATED_AT.`,
    );
  };

  const problemOf = (): Problem | null => problem ?? walk.gap() ?? tooManyAtOnce();

  return {
    system,
    source: source.name,
    name: `${system.id}/${source.name}`,
    fill,
    head,
    take() {
      const row = head();
      if (!row) throw new Error('Nothing to take');
      taken.push(row);
      readyFrom += 1;
      leaders = null;
      return row.toJob(row.listed);
    },
    hasMore: () => !problem && !isComplete,
    hasMoreForCertain: () => !problem && !isComplete && (waiting.size > 0 || (exact && walk.hasMoreForCertain())),
    positionAfter,
    problem: problemOf,
    remedy() {
      if (problem === null || isComplete) return null;
      if (problem.code !== 'SCAN_LIMIT_REACHED') return 'ASK_AGAIN';
      const position = positionAfter(taken.length);
      return position !== 'end' && !isSamePosition(position.at, from.at) ? 'GO_ON' : null;
    },
    totalCount: () => (isFixed ? counted : exact ? (walk.total() ?? counted) : null),
    knownRest() {
      const rows = untaken();
      if (rows.length === 0 || (problem && !isComplete)) return null;
      // Where rows have numbers, reading begins right before the next row anyway.
      if (!isComplete && source.numbered) return null;
      const isCheap = source.numbered && !isFixed && !inLastPhase && rows.every(({ key }) => key !== null);
      if (isComplete && isCheap) return null;
      const resume = isComplete ? null : { position: walk.position(), rank: walk.coveredRank() };
      return { rows, parts, resume, totalCount: isFixed ? counted : walk.total(), problem: problemOf() };
    },
  };
}

/** The first row of each part, with a key and without. */
function firstOfEachPart(rows: readonly Row[]): Row[] {
  const keyed = new Map<string | null, Row>();
  const keyless = new Map<string | null, Row>();
  for (const row of rows) {
    const firsts = row.key === null ? keyless : keyed;
    const first = firsts.get(row.part);
    if (!first || compareRows(row, first) < 0) firsts.set(row.part, row);
  }
  return [...keyed.values(), ...keyless.values()];
}

function isBefore(rank: number, id: string, otherRank: number, otherId: string): boolean {
  return rank < otherRank || (rank === otherRank && id < otherId);
}

function isSamePosition(a: ListPosition, b: ListPosition): boolean {
  return a.part === b.part && a.row === b.row;
}

function toKey(rank: number, { direction }: JobOrder): SortKey {
  return Number.isFinite(rank) ? (direction === 'ASC' ? rank : -rank) : null;
}

function compareRows(a: Row, b: Row): number {
  return compareBounds({ rank: a.rank, id: a.listed.vendorId }, { rank: b.rank, id: b.listed.vendorId });
}

function compareBounds(a: { rank: number; id: string }, b: { rank: number; id: string }): number {
  // Both may be infinite.
  if (a.rank !== b.rank) return a.rank < b.rank ? -1 : 1;
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
}
