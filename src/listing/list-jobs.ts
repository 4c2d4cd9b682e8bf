import type { KeyObject } from 'node:crypto';
import { mapConcurrently } from '../concurrency/map-concurrently.ts';
import { createPlaces, type PlaceRequest, type Places } from '../concurrency/places.ts';
import { allJobs, type CallContext, type JobOrder, type JobQuery, type ListSource, startOfList } from '../jobs/adapter.ts';
import { createFailedList } from '../jobs/failed-list.ts';
import { createRowMatcher, type JobFilter, selectSystems, toQuery } from '../jobs/filter.ts';
import type { Job } from '../jobs/job.ts';
import { createProblem, type Problem, type ProblemCode } from '../jobs/problem.ts';
import { maxReopenings, openLists, reopenLists } from '../reading/open-lists.ts';
import { compareKeys } from '../reading/order.ts';
import { decodeCursor, encodeCursor, type Positions, type SourcePosition, toCursorBinding } from './cursor.ts';
import { type CursorKeys, createCursorKeys } from './cursor-keys.ts';
import type { ListableSystem } from './listable-system.ts';
import { createSourceReader, type SourceReader } from './source-reader.ts';

/** One page over all systems asked for. */
export interface JobPage {
  jobs: Job[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  /** The cursor of the row at this index. Computed when asked for: most pages need only the last one. */
  cursorAt(index: number): string;
  /** Where the next page starts; null only where no row was ever handed out. */
  endCursor(): string | null;
  /** False where a system that was asked is missing, or shows less than it has. */
  complete: boolean;
  systems: SystemPage[];
}

export interface SystemPage {
  system: ListableSystem;
  status: 'OK' | 'END_REACHED' | 'TIMED_OUT' | 'UNAVAILABLE' | 'RATE_LIMITED' | 'ACCESS_DENIED';
  returnedCount: number;
  totalCount: number | null;
  problem: Problem | null;
}

export interface ListOptions {
  filter: JobFilter;
  order: JobOrder;
  /** Most rows of the page. */
  first: number;
  /** A cursor of an earlier page of the same listing. */
  after: string | null;
}

/** Where none are given. */
const keysOfProcess = createCursorKeys();
const beginning: SourcePosition = { at: startOfList };

/** Rows to ask for at least where the vendor's own filter does not decide alone. */
const pickedFrom = 100;
/** Rows to ask for beyond those of the page: a row can be shown once it is seen what follows it. */
const lookahead = 10;

/**
 * Merges the lists of all systems into one page. Null: `after` is no cursor of this listing.
 * A list that fails keeps its position in the cursor, so that the next page asks it again.
 */
export async function listJobs(
  systems: readonly ListableSystem[],
  options: ListOptions,
  callTo: (system: ListableSystem) => CallContext,
  keys: CursorKeys = keysOfProcess,
): Promise<JobPage | null> {
  const { filter, order, first, after } = options;
  const binding = toCursorBinding(filter, order);
  const positions = after === null ? {} : decodeCursor(after, binding, keys.all());
  if (!positions) return null;

  const asked = selectSystems(systems, filter);
  const opened = await Promise.all(asked.map((system) => openInTurn(system, options, positions, callTo(system))));
  const streams = opened.flat();

  const jobs: Job[] = [];
  // The stream that each row came from: with it any row's cursor can be told later.
  const origins: SourceReader[] = [];
  let dry: SourceReader | undefined;
  while (jobs.length < first) {
    await dry?.fill();
    const stream = firstOf(streams, order);
    if (!stream) break;
    jobs.push(stream.take());
    origins.push(stream);
    dry = !stream.head() && stream.hasMore() ? stream : undefined;
  }
  const rowsLeft = await anyLeft(streams);
  const remedies = streams.map((stream) => stream.remedy());
  const goesOn = remedies.includes('GO_ON');

  const cursorAfter = (count: number): string => {
    const taken = new Map<SourceReader, number>();
    for (let index = 0; index < count; index += 1) {
      const stream = origins[index] as SourceReader;
      taken.set(stream, (taken.get(stream) ?? 0) + 1);
    }
    const next: Record<string, SourcePosition | 'end'> = { ...positions };
    for (const stream of streams) next[stream.name] = stream.positionAfter(taken.get(stream) ?? 0);
    return encodeCursor(next, binding, keys.all()[0] as KeyObject);
  };

  let lastCursor: string | null = null;
  /** Keeps what is left for whoever goes on with this cursor. */
  const cursorOfLast = (): string => {
    if (lastCursor === null) {
      lastCursor = cursorAfter(jobs.length);
      keepRest(lastCursor, streams, callTo);
    }
    return lastCursor;
  };

  return {
    jobs,
    // Rows that a failed system still has come with the next page, as long as paging gets anywhere.
    hasNextPage: rowsLeft || goesOn || (remedies.includes('ASK_AGAIN') && jobs.length > 0),
    hasPreviousPage: after !== null,
    cursorAt: (index) => (index === jobs.length - 1 ? cursorOfLast() : cursorAfter(index + 1)),
    endCursor: () => (jobs.length > 0 || goesOn ? cursorOfLast() : after),
    complete: streams.every((stream) => stream.problem() === null),
    systems: asked.map((system) => describeSystem(system, streams, origins, positions)),
  };
}

/** Keeps what lists that had to be read whole have left, so that the page behind this cursor does not read them again. */
function keepRest(cursor: string, streams: readonly SourceReader[], callTo: (system: ListableSystem) => CallContext): void {
  for (const { system, source, knownRest } of streams) {
    const rest = callTo(system).credential === null ? knownRest() : null;
    if (rest) system.knownRows.keep(cursor, source, rest);
  }
}

/** For pages of one caller that begin to be read from one system: as many as keep all its places busy, as each holds what it has read. */
export function createPagePlaces(concurrency: number): Places {
  return createPlaces({ perCaller: 4 * concurrency });
}

/** Opens the streams when the caller has a place for the page. */
async function openInTurn(system: ListableSystem, options: ListOptions, positions: Positions, call: CallContext): Promise<SourceReader[]> {
  const { pagePlaces } = system;
  const request: PlaceRequest = { caller: call.caller, purpose: 'read', signal: call.signal };
  const place = pagePlaces.take(request) ?? (await pagePlaces.wait(request));
  // Hundreds of pages may be over at the same moment: that costs as little as it can.
  if (typeof place === 'string') return [createUnreadStream(system, options, call)];
  try {
    return await openStreams(system, options, positions, call);
  } finally {
    pagePlaces.leave(place);
  }
}

/** The streams of one system, with their first rows at hand. */
async function openStreams(system: ListableSystem, options: ListOptions, positions: Positions, call: CallContext): Promise<SourceReader[]> {
  const { adapter } = system;
  const query = toQuery(system, options.filter, options.order);
  if (!query) return [];
  const open = async (sources: readonly ListSource[]): Promise<SourceReader[]> => {
    const streams = toStreams(system, sources, query, options, positions, call);
    await mapConcurrently(streams, system.concurrency, (stream) => stream.fill());
    return streams;
  };
  let sources = await openLists(adapter, query, call);
  let streams = await open(sources);
  for (let round = 0; round < maxReopenings; round += 1) {
    const failed = streams.filter((stream) => stream.problem() !== null).map(({ source }) => source);
    const reopened = await reopenLists(adapter, query, call, failed);
    if (!reopened) break;
    const kept = streams.filter(({ source }) => reopened.some(({ name }) => name === source));
    const added = reopened.filter(({ name }) => !sources.some((source) => source.name === name));
    sources = reopened;
    streams = [...kept, ...(await open(added))];
  }
  return [...streams, ...(await open(describeLostLists(system, sources, positions)))];
}

/** Stands for all lists of a system that could not be asked in time. Their positions stay in the cursor. */
function createUnreadStream(system: ListableSystem, { filter, order }: ListOptions, call: CallContext): SourceReader {
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

function toStreams(
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

/** The stream whose next row comes first; of equals the earlier stream, so that every run gives the same page. */
function firstOf(streams: readonly SourceReader[], order: JobOrder): SourceReader | undefined {
  let best: SourceReader | undefined;
  for (const stream of streams) {
    const row = stream.head();
    const bestRow = best?.head();
    if (row && (!bestRow || compareKeys(row.key, bestRow.key, order.direction) < 0)) best = stream;
  }
  return best;
}

/** Whether a further page has rows. Reads on only where the rows at hand and the vendor's own filter can't tell. */
async function anyLeft(streams: readonly SourceReader[]): Promise<boolean> {
  if (streams.some((stream) => stream.head() !== undefined || stream.hasMoreForCertain())) return true;
  for (const stream of streams) {
    if (stream.hasMore()) await stream.fill();
    if (stream.head()) return true;
  }
  return false;
}

function describeSystem(
  system: ListableSystem,
  streams: readonly SourceReader[],
  origins: readonly SourceReader[],
  positions: Positions,
): SystemPage {
  const own = streams.filter((stream) => stream.system === system);
  const problem = own.map((stream) => stream.problem()).find((found) => found !== null) ?? null;
  const returnedCount = origins.reduce((count, stream) => (stream.system === system ? count + 1 : count), 0);
  const more = own.some((stream) => stream.head() !== undefined || stream.hasMore());
  const counts = own.map((stream) => stream.totalCount());
  // A list that has ended is not asked any more, so its part of the count is not known.
  const hasEnded = Object.entries(positions).some(([name, position]) => position === 'end' && name.startsWith(`${system.id}/`));
  const isCounted = own.length > 0 && !hasEnded && !counts.includes(null);
  const totalCount = isCounted ? counts.reduce<number>((sum, count) => sum + (count ?? 0), 0) : null;
  return { system, status: problem ? statusOf(problem.code) : more ? 'OK' : 'END_REACHED', returnedCount, totalCount, problem };
}

/** How a page's system stands that met this problem. */
export function statusOf(code: ProblemCode): SystemPage['status'] {
  switch (code) {
    case 'TIMED_OUT':
    case 'RATE_LIMITED':
    case 'ACCESS_DENIED':
      return code;
    case 'VENDOR_AUTHENTICATION_FAILED':
      return 'ACCESS_DENIED';
    case 'SCAN_LIMIT_REACHED':
    case 'INCOMPLETE_LIST':
      return 'OK';
    default:
      return 'UNAVAILABLE';
  }
}
