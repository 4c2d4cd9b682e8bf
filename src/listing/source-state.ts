import { type CallContext, type JobQuery, type ListedJob, type ListPosition, type ListSource, startOfList } from '../jobs/adapter.ts';
import { createProblem, type Problem } from '../jobs/problem.ts';
import { createListWalk, type ListWalk } from '../reading/list-walk.ts';
import { type SortField, sortKeyOf } from '../reading/order.ts';
import type { WalkedPage } from '../reading/take-page.ts';
import { type AsOf, effectiveKey } from './as-of.ts';
import type { SourcePosition } from './cursor-payload.ts';
import type { KnownRows } from './known-rows.ts';
import type { ListableSystem } from './listable-system.ts';
import { comparePlaces, firstRank, lastRank, type Rank, type ReadOrder, type Row, toRowRank } from './row.ts';
import { createRowBuffer, type RowBuffer } from './row-buffer.ts';
import type { SourceStart } from './source-start.ts';

export interface SourceOptions {
  system: ListableSystem;
  source: ListSource;
  /** The vendor's query. Its order is the vendor's: see `toVendorOrder`. */
  query: JobQuery;
  order: ReadOrder;
  matches: (listed: ListedJob) => boolean;
  start: SourceStart;
  /** Whether the vendor's own filter alone decides what matches. */
  exact: boolean;
  /** Rows to request per page. */
  pageSize: number;
  call: CallContext;
  /** Remaining rows of an earlier page at this position. */
  known: KnownRows | null;
}

/** The progress of reading one vendor list. Only the functions of this file change it. */
export interface SourceState {
  readonly options: SourceOptions;
  readonly isFixed: boolean;
  /** Whether rows that come first may be anywhere in the list: none can be taken before all were read. */
  readonly holdsAll: boolean;
  /** Whether every row that is read matches. */
  readonly exact: boolean;
  /** Whether the list can have rows that aren't wanted at its start, or none after them. */
  readonly mayOnlyPass: boolean;
  /** Whether jobs may get their sort key later. */
  readonly keyMayAppear: boolean;
  /** The rank from which rows were not returned. */
  readonly nextRank: Rank;
  /** Whether reading started at the list's first row. */
  readonly isWhole: boolean;
  readonly rows: RowBuffer;
  /** The matching jobs of a list that is read whole, to count them. Otherwise empty. */
  readonly matching: Set<string>;
  readonly passed: PassedRow[];
  /** The parts of the list, in the order in which they were read. */
  readonly parts: (string | null)[];
  /** Whether rows without a key were skipped. */
  keyless: boolean;
  asOf: AsOf | undefined;
  /** Whether the list is read once more, only for the rows without a key. */
  inLastPhase: boolean;
  isComplete: boolean;
  /** A row without the time in a list that declares that none is: it is missing if the list is read from its end. */
  strayId: string | null;
  /** See SourceStart. Null: unknown, or no longer needed. */
  rowsWanted: number | null;
  counted: number | null;
  problem: Problem | null;
  walk: ListWalk;
}

/** A row that was read, matching or not. */
interface PassedRow extends ListPosition {
  rank: Rank;
}

export function startSource(options: SourceOptions): SourceState {
  const { source, query, order, start, known } = options;
  const { from } = start;
  const isFixed = isReadWhole(source, query, order, from);
  const exact = options.exact || isFixed;
  const nextRank = from.next ? toRowRank(from.next.key, order) : firstRank;
  const inLastPhase = !order.isBackward && from.next?.key === null;
  // The rank of a text isn't one that a vendor sorts by.
  const beginRank = typeof nextRank === 'number' ? nextRank : firstRank;
  const begin = known?.resume ?? (inLastPhase ? { position: startOfList, rank: firstRank } : { position: from.at, rank: beginRank });
  return {
    options,
    isFixed,
    holdsAll: mayComeAnywhere(source, order, from),
    exact,
    mayOnlyPass: !isFixed && (order.isBackward || start.isTurned),
    // The creation time never changes. Jobs get the other times when they start, end, or change, unless the vendor sorts by them.
    keyMayAppear: (source.order.by === 'FIXED' || query.order === null) && timesThatAppear.has(order.field),
    nextRank,
    isWhole: inLastPhase || (from.at.part === null && from.at.row === 0),
    rows: createRowBuffer({ known: known?.rows ?? [], isBackward: order.isBackward }),
    matching: new Set(),
    passed: [],
    parts: [...(known?.parts ?? [])],
    keyless: from.keyless ?? false,
    asOf: from.asOf,
    inLastPhase,
    isComplete: known !== null && known.resume === null,
    strayId: null,
    rowsWanted: isFixed ? null : start.rowsWanted,
    counted: known?.totalCount ?? null,
    problem: known?.problem ?? null,
    walk: startWalk(options, !isFixed && !exact, begin),
  };
}

const timesThatAppear: ReadonlySet<SortField> = new Set(['STARTED_AT', 'FINISHED_AT', 'UPDATED_AT']);

/**
 * Whether all rows of a list must be read before the first one is known: it has another order, or it is read from its end, where rows without
 * the time come that may be anywhere in the vendor's list.
 */
export function isReadWhole(source: ListSource, query: JobQuery, order: ReadOrder, from: SourcePosition): boolean {
  return source.order.by === 'FIXED' || query.order === null || mayComeAnywhere(source, order, from);
}

/** Whether rows without the time, which come first if a list is read from its end, may be anywhere in it. */
function mayComeAnywhere({ order: listOrder }: ListSource, { isBackward }: ReadOrder, { next }: SourcePosition): boolean {
  if (!isBackward || (next && next.key !== null)) return false;
  return listOrder.by === 'FIXED' || !listOrder.everyJobHasTime;
}

/** `grows`: if Jobyard filters the rows, it needs few of each response. */
function startWalk(
  { system, source, query, call, pageSize }: SourceOptions,
  grows: boolean,
  from: NonNullable<KnownRows['resume']>,
): ListWalk {
  return createListWalk({ systemId: system.id, source, query, call, from, pageSize, grows });
}

/** Reads until a row can be taken, no rows are left, or a problem occurs. */
export async function fillSource(state: SourceState): Promise<void> {
  const { rows, options } = state;
  if (rows.isWaiting() && !rows.head()) releaseCovered(state);
  while (!rows.head() && !state.problem && !state.isComplete) {
    if (state.walk.hasEnded()) finishWalk(state);
    else if (state.walk.rowsRead() >= options.system.scanLimit) cutWalk(state);
    else takeWalkedPage(state, await state.walk.next());
  }
}

/** Adds the page that the walk has read, or its problem. */
function takeWalkedPage(state: SourceState, page: WalkedPage | null): void {
  if (!page) {
    state.problem = state.walk.problem();
    return;
  }
  addPage(state, page);
  if (state.walk.hasEnded()) finishWalk(state);
  else if (!jumpToWanted(state)) releaseCovered(state);
}

/** Rows to read in front of the wanted ones: they prove that none of these is skipped. */
const overlap = 10;

/** Of a numbered list, skips the rows in front of the wanted ones. If they are fewer than it seems, the walk reads back. */
function jumpToWanted(state: SourceState): boolean {
  const { rowsWanted, walk, nextRank, options } = state;
  const total = walk.total();
  const { part, row } = walk.position();
  state.rowsWanted = null;
  if (rowsWanted === null || total === null || part !== null || typeof nextRank !== 'number' || walk.coveredRank() > nextRank) return false;
  const target = total - rowsWanted - overlap;
  if (target <= row) return false;
  state.walk = startWalk(options, !state.exact, { position: { part: null, row: target }, rank: nextRank });
  return true;
}

function addPage(state: SourceState, { jobs, part, numberedRows }: WalkedPage): void {
  const { parts, options } = state;
  const { system, source, call } = options;
  const toJob = system.reader.createRowConverter(call);
  if (parts.at(-1) !== part || parts.length === 0) parts.push(part);
  for (const listed of jobs) addRow(state, listed, part, toJob);
  if (!state.isFixed && source.numbered) notePassed(state, part, numberedRows);
}

function notePassed({ passed, options }: SourceState, part: string | null, rows: WalkedPage['numberedRows']): void {
  const { order } = options;
  for (const { job, row } of rows) {
    const key = sortKeyOf(job, order);
    if (key !== null) passed.push({ part, row, rank: toRowRank(key, order) });
  }
}

function addRow(state: SourceState, listed: ListedJob, part: string | null, toJob: Row['toJob']): void {
  const { rows, matching, options } = state;
  const { order } = options;
  const id = listed.vendorId;
  const isMatch = options.matches(listed);
  if (state.isFixed) {
    if (isMatch) matching.add(id);
    else matching.delete(id);
  }
  const key = effectiveKey(sortKeyOf(listed, order), id, state.asOf);
  const rank = toRowRank(key, order);
  // A new job may come before the returned rows: this listing has passed its position.
  if (rows.isReleased(id)) return;
  if (isReturned(state, rank, id)) {
    if (key === null && isMatch && order.isBackward && !options.start.from.next) state.strayId ??= id;
    return;
  }
  // The later row of a job has its current state.
  if (!isMatch) {
    rows.remove(id);
    return;
  }
  rows.add({ listed, toJob, key, rank, part });
  state.keyless ||= key === null;
}

/** Whether a row comes before the rows that an earlier page, or this one, has returned. */
function isReturned({ options, nextRank, rows }: SourceState, rank: Rank, id: string): boolean {
  const { isBackward } = options.order;
  const { next } = options.start.from;
  const place = { rank, id };
  if (next) {
    const compared = comparePlaces(place, { rank: nextRank, id: next.id }, isBackward);
    // Read backward, the rows before the bound are wanted, which come after it.
    if (isBackward ? compared <= 0 : compared < 0) return true;
  }
  const last = rows.taken().at(-1);
  return last !== undefined && comparePlaces(place, { rank: last.rank, id: last.listed.vendorId }, isBackward) < 0;
}

function releaseCovered({ rows, isComplete, holdsAll, walk }: SourceState): void {
  if (isComplete) rows.releaseAll();
  else if (!holdsAll) rows.releaseBefore(walk.coveredRank());
}

function complete(state: SourceState): void {
  state.isComplete = true;
  if (state.isFixed) state.counted = state.isWhole && !state.problem ? state.matching.size : null;
  state.rows.releaseAll();
}

/** The walk has ended. Rows without a key that come before its start must still be read. */
function finishWalk(state: SourceState): void {
  const { rows, options } = state;
  const { isBackward } = options.order;
  const rowsWerePassed = !isBackward && !state.isWhole && !state.inLastPhase && (state.keyless || state.keyMayAppear);
  if (!rowsWerePassed) {
    complete(state);
    return;
  }
  rows.releaseBefore(lastRank);
  if (rows.head()) return;
  state.inLastPhase = true;
  state.walk = startWalk(options, !state.isFixed && !state.exact, { position: startOfList, rank: firstRank });
}

function cutWalk(state: SourceState): void {
  const { source, system } = state.options;
  state.problem = createProblem(
    'SCAN_LIMIT_REACHED',
    `Only the first ${state.walk.rowsRead()} jobs in the list ${source.name} of ${system.id} were searched (scanLimit). Narrow the filter, or order by another field.`,
  );
  // If the returned rows can't change, a later page would stop at the same row.
  if ((state.isFixed || state.inLastPhase) && state.rows.taken().length === 0) complete(state);
}
