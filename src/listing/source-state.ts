import {
  type CallContext,
  type JobOrder,
  type JobQuery,
  type ListedJob,
  type ListPosition,
  type ListSource,
  startOfList,
} from '../jobs/adapter.ts';
import { createProblem, type Problem } from '../jobs/problem.ts';
import { createListWalk, type ListWalk } from '../reading/list-walk.ts';
import { sortKeyOf } from '../reading/order.ts';
import type { WalkedPage } from '../reading/take-page.ts';
import { type AsOf, effectiveKey } from './as-of.ts';
import type { SourcePosition } from './cursor.ts';
import type { KnownRows } from './known-rows.ts';
import type { ListableSystem } from './listable-system.ts';
import { firstRank, isBefore, lastRank, type Row, toRowRank } from './row.ts';
import { createRowBuffer, type RowBuffer } from './row-buffer.ts';

export interface SourceOptions {
  system: ListableSystem;
  source: ListSource;
  query: JobQuery & { order: JobOrder };
  matches: (listed: ListedJob) => boolean;
  from: SourcePosition;
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
  /** Whether every row that is read matches. */
  readonly exact: boolean;
  /** Whether jobs may get their sort key later. */
  readonly keyMayAppear: boolean;
  /** The rank from which rows were not returned. */
  readonly nextRank: number;
  /** Whether reading started at the list's first row. */
  readonly isWhole: boolean;
  readonly rows: RowBuffer;
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
  counted: number | null;
  problem: Problem | null;
  walk: ListWalk;
}

/** A row that was read, matching or not. */
interface PassedRow extends ListPosition {
  rank: number;
}

export function startSource(options: SourceOptions): SourceState {
  const { source, query, from, known } = options;
  const isFixed = source.order.by === 'FIXED';
  const exact = options.exact || isFixed;
  const nextRank = from.next ? toRowRank(from.next.key, query.order) : firstRank;
  const inLastPhase = from.next?.key === null;
  const begin = known?.resume ?? (inLastPhase ? { position: startOfList, rank: firstRank } : { position: from.at, rank: nextRank });
  return {
    options,
    isFixed,
    exact,
    // The creation time never changes. Jobs get the other times when they start or end, unless the vendor sorts by them.
    keyMayAppear: isFixed && query.order.field !== 'CREATED_AT',
    nextRank,
    isWhole: inLastPhase || (from.at.part === null && from.at.row === 0),
    rows: createRowBuffer(known?.rows),
    matching: new Set(),
    passed: [],
    parts: [...(known?.parts ?? [])],
    keyless: from.keyless ?? false,
    asOf: from.asOf,
    inLastPhase,
    isComplete: known !== null && known.resume === null,
    counted: known?.totalCount ?? null,
    problem: known?.problem ?? null,
    walk: startWalk(options, !isFixed && !exact, begin),
  };
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
  else releaseCovered(state);
}

function addPage(state: SourceState, { jobs, part, rowNumbers }: WalkedPage): void {
  const { parts, options } = state;
  const { system, source, call } = options;
  const toJob = system.reader.createRowConverter(call);
  if (parts.at(-1) !== part || parts.length === 0) parts.push(part);
  for (const listed of jobs) addRow(state, listed, part, toJob);
  if (!state.isFixed && source.numbered) notePassed(state, jobs, part, rowNumbers);
}

function notePassed(
  { passed, options }: SourceState,
  jobs: readonly ListedJob[],
  part: string | null,
  rowNumbers: readonly number[],
): void {
  const { order } = options.query;
  jobs.forEach((listed, index) => {
    const key = sortKeyOf(listed, order);
    if (key !== null) passed.push({ part, row: rowNumbers[index] ?? 0, rank: toRowRank(key, order) });
  });
}

function addRow(state: SourceState, listed: ListedJob, part: string | null, toJob: Row['toJob']): void {
  const { rows, matching, options } = state;
  const { order } = options.query;
  const id = listed.vendorId;
  const isMatch = options.matches(listed);
  if (isMatch) matching.add(id);
  else matching.delete(id);
  const key = effectiveKey(sortKeyOf(listed, order), id, state.asOf);
  const rank = toRowRank(key, order);
  // A new job may come before the returned rows: this listing has passed its position.
  if (rows.isReleased(id) || isReturned(state, rank, id)) return;
  // The later row of a job has its current state.
  if (!isMatch) {
    rows.remove(id);
    return;
  }
  rows.add({ listed, toJob, key, rank, part });
  state.keyless ||= key === null;
}

/** Whether a row comes before the rows that an earlier page, or this one, has returned. */
function isReturned({ options, nextRank, rows }: SourceState, rank: number, id: string): boolean {
  const { next } = options.from;
  if (next && isBefore(rank, id, nextRank, next.id)) return true;
  const last = rows.taken().at(-1);
  return last !== undefined && isBefore(rank, id, last.rank, last.listed.vendorId);
}

function releaseCovered({ rows, isComplete, walk }: SourceState): void {
  if (isComplete) rows.releaseAll();
  else rows.releaseBefore(walk.coveredRank());
}

function complete(state: SourceState): void {
  state.isComplete = true;
  if (state.isFixed) state.counted = state.isWhole && !state.problem ? state.matching.size : null;
  state.rows.releaseAll();
}

/** The walk has ended. Rows without a key that come before its start must still be read. */
function finishWalk(state: SourceState): void {
  const { rows, options } = state;
  const rowsWerePassed = !state.isWhole && !state.inLastPhase && (state.keyless || state.keyMayAppear);
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
