import { mapConcurrently } from '../concurrency/map-concurrently.ts';
import type { PlaceRequest } from '../concurrency/places.ts';
import { allJobs, type CallContext, type JobQuery, type ListSource, startOfList } from '../jobs/adapter.ts';
import { createFailedList } from '../jobs/failed-list.ts';
import { createRowMatcher, toQuery } from '../jobs/filter.ts';
import { createProblem } from '../jobs/problem.ts';
import { maxReopenings, openLists, reopenLists } from '../reading/open-lists.ts';
import type { Positions, SourcePosition } from './cursor.ts';
import type { ListOptions } from './list-options.ts';
import type { ListableSystem } from './listable-system.ts';
import { createSourceReader, type SourceReader } from './source-reader.ts';

const beginning: SourcePosition = { at: startOfList };

/** Rows to ask for at least where the vendor's own filter does not decide alone. */
const pickedFrom = 100;
/** Rows to ask for beyond those of the page: a row can be shown once it is seen what follows it. */
const lookahead = 10;

/** Opens the readers of a system's lists, with their first rows at hand, when the caller has a place for the page. */
export async function openInTurn(
  system: ListableSystem,
  options: ListOptions,
  positions: Positions,
  call: CallContext,
): Promise<SourceReader[]> {
  const { pagePlaces } = system;
  const request: PlaceRequest = { caller: call.caller, purpose: 'read', signal: call.signal };
  const place = pagePlaces.take(request) ?? (await pagePlaces.wait(request));
  // Hundreds of pages may be over at the same moment: that costs as little as it can.
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

/** Stands for all lists of a system that could not be asked in time. Their positions stay in the cursor. */
function createUnreadReader(system: ListableSystem, { filter, order }: ListOptions, call: CallContext): SourceReader {
  const source = createFailedList(
    'lists not read',
    createProblem('TIMED_OUT', `The operation's time was up before ${system.id} was asked.`),
  );
  const query = { ...allJobs, order };
  const matches = createRowMatcher(system, filter, query);
  return createSourceReader({ system, source, query, matches, from: beginning, exact: true, pageSize: 1, call, known: null });
}

/** The lists of a cursor that are there no more, nor what they are part of: what they had left is missing, or comes again elsewhere. */
function describeLostLists(system: ListableSystem, sources: readonly ListSource[], positions: Positions): ListSource[] {
  const known = new Set(sources.flatMap(({ name, partOf }) => (partOf === undefined ? [name] : [name, partOf])));
  const prefix = `${system.id}/`;
  const isBegun = (name: string | undefined): boolean => positions[prefix + name] !== undefined;
  // A list that has ended lacks nothing, but its jobs come again if another list has taken its place.
  const hasNewList = sources.some(({ name, partOf }) => !isBegun(name) && !isBegun(partOf));
  return Object.entries(positions).flatMap(([place, position]) => {
    const name = place.slice(prefix.length);
    if (!place.startsWith(prefix) || known.has(name)) return [];
    if (position === 'end' ? !hasNewList : !position.next) return [];
    const message = `${system.id} no longer shows the list ${name}, from which this listing began: jobs may be missing or come again. Begin the listing again.`;
    // Under its own name, a list that has ended would not be opened.
    return [createFailedList(position === 'end' ? `${name} (ended)` : name, createProblem('INCOMPLETE_LIST', message))];
  });
}

/** Where a list goes on: at its own place in the cursor, or behind what was handed out of the list that it is part of. */
function positionOf(systemId: string, { name, partOf }: ListSource, positions: Positions): SourcePosition | 'end' {
  const own = positions[`${systemId}/${name}`];
  if (own) return own;
  const whole = partOf === undefined ? undefined : positions[`${systemId}/${partOf}`];
  return whole === undefined || whole === 'end' ? (whole ?? beginning) : { ...whole, at: startOfList };
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
    // Whether an action suits this kind of job is decided here alone.
    const exact = source.exact && !(options.filter.availableAction && system.adapter.checkEligibility);
    // Where matches are picked here, a page as small as the caller's would cost a request for nearly every row.
    const pageSize = source.order.by === 'QUERY' ? Math.max(exact ? 1 : pickedFrom, options.first + lookahead) : system.scanLimit;
    const known =
      options.after !== null && options.first > 0 && call.credential === null ? system.knownRows.take(options.after, source.name) : null;
    return [createSourceReader({ system, source, query: { ...query, order: options.order }, matches, from, exact, pageSize, call, known })];
  });
}
