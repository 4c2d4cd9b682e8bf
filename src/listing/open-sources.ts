import { mapConcurrently } from '../concurrency/map-concurrently.ts';
import type { PlaceRequest } from '../concurrency/places.ts';
import { allJobs, type CallContext, type JobQuery, type ListSource, startOfList } from '../jobs/adapter.ts';
import { createFailedList } from '../jobs/failed-list.ts';
import { createRowMatcher, toQuery } from '../jobs/filter.ts';
import { createProblem } from '../jobs/problem.ts';
import { maxReopenings, openLists, reopenLists } from '../reading/open-lists.ts';
import type { Positions, SourcePosition } from './cursor.ts';
import { filtersExactly } from './filters-exactly.ts';
import type { ListOptions } from './list-options.ts';
import type { ListableSystem } from './listable-system.ts';
import { createSourceReader, type SourceReader } from './source-reader.ts';

const startPosition: SourcePosition = { at: startOfList };

/** The minimum number of rows to request if Jobyard itself filters them. */
const minFilteredPageSize = 100;
/** Rows to request beyond those of the page: a row can be returned only when the following rows are known. */
const extraRows = 10;

/** Opens the readers of a system's lists and reads their first rows, when the caller has a place for the page. */
export async function openInTurn(
  system: ListableSystem,
  options: ListOptions,
  positions: Positions,
  call: CallContext,
): Promise<SourceReader[]> {
  const { pagePlaces } = system;
  const request: PlaceRequest = { caller: call.caller, purpose: 'read', signal: call.signal };
  const place = pagePlaces.take(request) ?? (await pagePlaces.wait(request));
  // Hundreds of pages may reach the deadline at the same moment, so this is cheap.
  if (typeof place === 'string') return [createUnreadReader(system, options, call)];
  try {
    return await openReaders(system, options, positions, call);
  } finally {
    pagePlaces.leave(place);
  }
}

/** The readers of one system. */
async function openReaders(system: ListableSystem, options: ListOptions, positions: Positions, call: CallContext): Promise<SourceReader[]> {
  const { adapter } = system;
  const query = toQuery(system, options.filter, options.order);
  if (!query) return [];
  const open = async (sources: readonly ListSource[]): Promise<SourceReader[]> => {
    const readers = toReaders(system, sources, query, options, positions, call);
    await mapConcurrently(readers, system.concurrency, (reader) => reader.fill());
    return readers;
  };
  let sources = await openLists(adapter, query, call);
  let readers = await open(sources);
  for (let round = 0; round < maxReopenings; round += 1) {
    const failed = readers.filter((reader) => reader.problem() !== null).map(({ source }) => source);
    const reopened = await reopenLists(adapter, query, call, failed);
    if (!reopened) break;
    const kept = readers.filter(({ source }) => reopened.some(({ name }) => name === source));
    const added = reopened.filter(({ name }) => !sources.some((source) => source.name === name));
    sources = reopened;
    readers = [...kept, ...(await open(added))];
  }
  return [...readers, ...(await open(describeLostLists(system, sources, positions)))];
}

/** Represents all lists of a system that could not be read in time. Their positions stay in the cursor. */
function createUnreadReader(system: ListableSystem, { filter, order }: ListOptions, call: CallContext): SourceReader {
  const source = createFailedList(
    'lists not read',
    createProblem('TIMED_OUT', `The deadline passed before ${system.id} was queried. Retry, or raise deadlineMs.`),
  );
  const query = { ...allJobs, order };
  const matches = createRowMatcher(system, filter, query);
  return createSourceReader({ system, source, query, matches, from: startPosition, exact: true, pageSize: 1, call, known: null });
}

/** The lists of a cursor that no longer exist, nor the lists that contain them: their remaining rows are missing, or are repeated in other lists. */
function describeLostLists(system: ListableSystem, sources: readonly ListSource[], positions: Positions): ListSource[] {
  const known = new Set(sources.flatMap(({ name, partOf }) => (partOf === undefined ? [name] : [name, partOf])));
  const prefix = `${system.id}/`;
  const isBegun = (name: string | undefined): boolean => positions[prefix + name] !== undefined;
  // A list that was read to the end lacks no rows, but its jobs are repeated if another list has replaced it.
  const hasNewList = sources.some(({ name, partOf }) => !isBegun(name) && !isBegun(partOf));
  return Object.entries(positions).flatMap(([place, position]) => {
    const name = place.slice(prefix.length);
    if (!place.startsWith(prefix) || known.has(name)) return [];
    if (position === 'end' ? !hasNewList : !position.next) return [];
    const message = `${system.id} no longer has the list ${name}, which this listing started with: jobs may be missing or repeated. Start again without a cursor.`;
    // Under its own name, a list that was read to the end would not be opened.
    return [createFailedList(position === 'end' ? `${name} (ended)` : name, createProblem('INCOMPLETE_LIST', message))];
  });
}

/** Where a list continues: at its own position in the cursor, or after the returned rows of the list that contains it. */
function positionOf(systemId: string, { name, partOf }: ListSource, positions: Positions): SourcePosition | 'end' {
  const own = positions[`${systemId}/${name}`];
  if (own) return own;
  const whole = partOf === undefined ? undefined : positions[`${systemId}/${partOf}`];
  return whole === undefined || whole === 'end' ? (whole ?? startPosition) : { ...whole, at: startOfList };
}

function toReaders(
  system: ListableSystem,
  sources: readonly ListSource[],
  query: JobQuery,
  options: ListOptions,
  positions: Positions,
  call: CallContext,
): SourceReader[] {
  const matches = createRowMatcher(system, options.filter, query);
  return sources.flatMap((source) => {
    const from = positionOf(system.id, source, positions);
    if (from === 'end') return [];
    const exact = filtersExactly(system.adapter, source, options.filter);
    // If Jobyard filters the rows, pages as small as the caller's would cost a request for nearly every row.
    const pageSize = source.order.by === 'QUERY' ? Math.max(exact ? 1 : minFilteredPageSize, options.first + extraRows) : system.scanLimit;
    const known =
      options.after !== null && options.first > 0 && call.credential === null ? system.knownRows.take(options.after, source.name) : null;
    return [createSourceReader({ system, source, query: { ...query, order: options.order }, matches, from, exact, pageSize, call, known })];
  });
}
