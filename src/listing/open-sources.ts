import { mapConcurrently } from '../concurrency/map-concurrently.ts';
import type { PlaceRequest } from '../concurrency/places.ts';
import { allJobs, type CallContext, type ListSource, startOfList } from '../jobs/adapter.ts';
import { createFailedList } from '../jobs/failed-list.ts';
import { createRowMatcher, type SystemQuery, toQuery } from '../jobs/filter.ts';
import { createProblem } from '../jobs/problem.ts';
import { listsOf } from '../reading/lists-of.ts';
import { maxReopenings, openLists, reopenLists } from '../reading/open-lists.ts';
import { toVendorOrder } from '../reading/order.ts';
import { filtersExactly } from './filters-exactly.ts';
import type { PageRequest } from './list-options.ts';
import { toListRef, toSystemRef } from './list-ref.ts';
import type { ListableSystem } from './listable-system.ts';
import { takeRest } from './page-cursors.ts';
import { createSourceReader, type SourceReader } from './source-reader.ts';
import { findStart, isAfterAll, startAt } from './source-start.ts';
import { isReadWhole } from './source-state.ts';
import { boundByCursor } from './wanted-times.ts';

/** The minimum number of rows to request if Jobyard itself filters them. */
const minFilteredPageSize = 100;
/** Rows to request beyond those of the page: a row can be returned only when the following rows are known. */
const extraRows = 10;

/** Opens the readers of a system's lists and reads their first rows, when the caller has a place for the page. */
export async function openInTurn(system: ListableSystem, request: PageRequest, call: CallContext): Promise<SourceReader[]> {
  const { pagePlaces } = system;
  const wanted: PlaceRequest = { caller: call.caller, purpose: 'read', signal: call.signal };
  const place = pagePlaces.take(wanted) ?? (await pagePlaces.wait(wanted));
  // Hundreds of pages may reach the deadline at the same moment, so this is cheap.
  if (typeof place === 'string') return [createUnreadReader(system, request, call)];
  try {
    return await openReaders(system, request, call);
  } finally {
    pagePlaces.leave(place);
  }
}

/** The readers of one system. */
async function openReaders(system: ListableSystem, request: PageRequest, call: CallContext): Promise<SourceReader[]> {
  const unbound = toQuery(system, request.filter, toQueryOrder(request));
  if (!unbound) return [];
  const query = boundByCursor(system.id, unbound, request);
  const lists = listsOf(system, query);
  const open = async (sources: readonly ListSource[]): Promise<SourceReader[]> => {
    const readers = toReaders(system, sources, query, request, call);
    await mapConcurrently(readers, system.concurrency, (reader) => reader.fill());
    return readers;
  };
  let sources = await openLists(lists, query, call);
  let readers = await open(sources);
  for (let round = 0; round < maxReopenings; round += 1) {
    const failed = readers.filter((reader) => reader.problem() !== null).map(({ source }) => source);
    const reopened = await reopenLists(lists, query, call, failed);
    if (!reopened) break;
    const kept = readers.filter(({ source }) => reopened.some(({ name }) => name === source));
    const added = reopened.filter(({ name }) => !sources.some((source) => source.name === name));
    sources = reopened;
    readers = [...kept, ...(await open(added))];
  }
  return [...readers, ...(await open(describeLostLists(system, sources, request)))];
}

/** The order in which the vendor lists the rows; null: any order. */
function toQueryOrder({ order: { field, direction, isBackward } }: PageRequest) {
  const reversed = direction === 'ASC' ? 'DESC' : 'ASC';
  return toVendorOrder({ field, direction: isBackward ? reversed : direction });
}

/** Represents all lists of a system that could not be read in time. Their positions stay in the cursor. */
function createUnreadReader(system: ListableSystem, request: PageRequest, call: CallContext): SourceReader {
  const source = createFailedList(
    'lists not read',
    createProblem('TIMED_OUT', `The deadline passed before ${system.id} was queried. Retry, or raise deadlineMs.`),
  );
  const [reader] = toReaders(system, [source], { ...allJobs, vendorIds: null }, request, call);
  if (!reader) throw new Error('A list that fails always has a reader');
  return reader;
}

/** The lists of a cursor that no longer exist, nor the lists that contain them: their remaining rows are missing, or are repeated in other lists. */
function describeLostLists(system: ListableSystem, sources: readonly ListSource[], { from }: PageRequest): ListSource[] {
  if (!from) return [];
  const { positions } = from.cursor;
  const toRef = (name: string): string => toListRef(system.id, name);
  const known = new Set(sources.flatMap(({ name, partOf }) => (partOf === undefined ? [toRef(name)] : [toRef(name), toRef(partOf)])));
  const isBegun = (name: string | undefined): boolean => name !== undefined && positions[toRef(name)] !== undefined;
  // A list that was read to the end lacks no rows, but its jobs are repeated if another list has replaced it.
  const hasNewList = sources.some(({ name, partOf }) => !isBegun(name) && !isBegun(partOf));
  const prefix = toSystemRef(system.id);
  const isLost = Object.entries(positions).some(([ref, position]) => {
    if (!ref.startsWith(prefix) || known.has(ref)) return false;
    return position.isEnd ? hasNewList : position.next !== undefined && !isAfterAll(position);
  });
  if (!isLost) return [];
  const message = `${system.id} no longer has a list that this listing started with: jobs may be missing or repeated. Start again without a cursor.`;
  return [createFailedList('lost lists', createProblem('INCOMPLETE_LIST', message))];
}

function toReaders(
  system: ListableSystem,
  sources: readonly ListSource[],
  query: SystemQuery,
  request: PageRequest,
  call: CallContext,
): SourceReader[] {
  const { filter, order, count } = request;
  const matches = createRowMatcher(system, filter, query);
  return sources.flatMap((source) => {
    const start = findStart(system.id, source, request) ?? (source.isUnreadable ? startAt({ at: startOfList }) : null);
    if (!start) return [];
    const exact = filtersExactly(system.adapter, source, filter);
    // If Jobyard filters the rows, pages as small as the caller's would cost a request for nearly every row.
    const pageSize = isReadWhole(source, query, order, start.from)
      ? system.scanLimit
      : Math.max(exact ? 1 : minFilteredPageSize, count + extraRows);
    const known = takeRest(request, system, source.name, call);
    return [createSourceReader({ system, source, query, order, matches, start, exact, pageSize, call, known })];
  });
}
