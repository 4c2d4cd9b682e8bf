import { randomUUID } from 'node:crypto';
import {
  type CallContext,
  createProblem,
  fail,
  type JobQuery,
  type JobStatus,
  type ListPage,
  type ListPosition,
  type ListSource,
  type OddRow,
  type Result,
  succeed,
} from 'jobyard/adapter';
import { describeError } from './errors.ts';
import { toVendorId } from './job-id.ts';
import { createKeyOf } from './keys.ts';
import type { Link } from './link.ts';
import { toListRow } from './map.ts';
import { maxReadJobs, type Reader, readStored } from './read.ts';

/** The parts of a queue that contain jobs. */
const places = ['active', 'wait', 'paused', 'prioritized', 'delayed', 'waiting-children', 'failed', 'completed'] as const;
type Place = (typeof places)[number];
const lists: ReadonlySet<Place> = new Set(['active', 'wait', 'paused']);

/** Where jobs of a status can be. The others follow from what the job itself says. */
const waiting: readonly Place[] = ['wait', 'paused', 'prioritized', 'waiting-children'];
const placesOfStatus: Readonly<Record<JobStatus, readonly Place[]>> = {
  QUEUED: waiting,
  PAUSED: waiting,
  SCHEDULED: ['delayed'],
  RUNNING: ['active'],
  SUCCEEDED: ['completed'],
  FAILED: ['failed'],
  CANCELLED: ['failed'],
  CANCELLING: [],
  // A job in an unknown place is in no list either.
  UNKNOWN: [],
};

/** The maximum number of IDs of each place: a response with them has some megabytes. */
const maxIdsOfPlace = 100_000;

/**
 * One list for each queue. Jobs move from place to place while a list is read, so the IDs of all places are read at one instant, the newest
 * of each place first, and then the jobs in parts.
 */
export function createListSources(reader: Reader, queues: readonly string[], query: JobQuery): ListSource[] {
  const wanted = query.statuses && new Set(Array.from(query.statuses).flatMap((status) => placesOfStatus[status]));
  const wantedPlaces = places.filter((place) => wanted?.has(place) ?? true);
  return queues.map((queue) => createQueueList(reader, queue, wantedPlaces));
}

/** The IDs of one instant. Its parts are named by the instant: those of another one may skip jobs. */
interface Snapshot {
  name: string;
  ids: readonly string[];
  /** The rows that stand for the IDs that weren't read. */
  omitted: readonly OddRow[];
}

function createQueueList(reader: Reader, queue: string, wantedPlaces: readonly Place[]): ListSource {
  let snapshot: Snapshot | null = null;
  return {
    name: queue,
    order: { by: 'FIXED' },
    exact: false,
    numbered: false,
    async readPage(position, count, call) {
      const known = snapshot && offsetIn(snapshot, position) !== null ? snapshot : null;
      const read = known ? succeed(known) : await takeSnapshot(reader, queue, wantedPlaces, call);
      if (!read.ok) return read;
      snapshot = read.value;
      return readPart(reader, { queue, snapshot, from: offsetIn(snapshot, position) ?? 0, count: Math.min(count, maxReadJobs) }, call);
    },
  };
}

/** Null: the position isn't one of this snapshot. */
function offsetIn({ name, ids }: Snapshot, { part }: ListPosition): number | null {
  const [of, digits = ''] = part?.split(' ') ?? [];
  const offset = Number(digits);
  return of === name && /^\d{1,9}$/.test(digits) && offset < ids.length ? offset : null;
}

interface Part {
  queue: string;
  snapshot: Snapshot;
  from: number;
  count: number;
}

async function readPart(reader: Reader, { queue, snapshot, from, count }: Part, call: CallContext): Promise<Result<ListPage>> {
  const to = from + count;
  const vendorIds = snapshot.ids.slice(from, to).map((id) => toVendorId({ queue, id }));
  const reads = vendorIds.length === 0 ? [] : await readStored(reader, vendorIds, call);
  if (!Array.isArray(reads)) return fail(reads);
  const rows = reads.flatMap(
    ({ vendorId, read }, index) => toListRow(reader.systemId, { read, vendorId, index }, reader.canceledReasons) ?? [],
  );
  const isLast = to >= snapshot.ids.length;
  return succeed({
    rows: isLast ? [...rows, ...snapshot.omitted] : rows,
    firstRow: 0,
    limit: null,
    // Ended jobs may vanish between the snapshot and their own read.
    total: null,
    nextPart: isLast ? null : `${snapshot.name} ${to}`,
    frontier: null,
  });
}

async function takeSnapshot(reader: Reader, queue: string, wantedPlaces: readonly Place[], call: CallContext): Promise<Result<Snapshot>> {
  const { systemId, prefix, send, slot } = reader;
  const name = randomUUID();
  if (wantedPlaces.length === 0) return succeed({ name, ids: [], omitted: [] });
  const reply = await send('read', slot, async (link, start) => (start() ? readIds(link, prefix, queue, wantedPlaces) : null), call);
  if (reply.kind === 'failed') return fail(reply.problem);
  if (reply.kind === 'error') return fail(describeError(systemId, reply.error));
  const omitted = reply.value.flatMap(({ place, ids }) => (ids.length > maxIdsOfPlace ? createOmittedRows(systemId, queue, place) : []));
  return succeed({ name, ids: [...new Set(reply.value.flatMap(({ ids }) => ids.slice(0, maxIdsOfPlace)))], omitted });
}

/** The IDs in each of the places, one more than the maximum if there are more. */
async function readIds({ redis }: Link, prefix: string, queue: string, wantedPlaces: readonly Place[]): Promise<PlaceIds[]> {
  const keyOf = createKeyOf(prefix, queue);
  const transaction = redis.multi();
  for (const place of wantedPlaces) {
    if (lists.has(place)) transaction.lrange(keyOf(place), 0, maxIdsOfPlace);
    else transaction.zrevrange(keyOf(place), 0, maxIdsOfPlace);
  }
  // Redis replies to each command, in order.
  const replies = (await transaction.exec()) ?? [];
  return wantedPlaces.map((place, index) => {
    const [error, ids] = replies[index] ?? [null, []];
    if (error) throw error;
    return { place, ids: Array.isArray(ids) ? ids.map(String) : [] };
  });
}

interface PlaceIds {
  place: Place;
  ids: string[];
}

function createOmittedRows(systemId: string, queue: string, place: Place): OddRow {
  const message = `${systemId} has more than ${maxIdsOfPlace} jobs in ${place} of ${queue}; only the newest of them are listed.`;
  return { job: null, problem: createProblem('INCOMPLETE_LIST', message) };
}
