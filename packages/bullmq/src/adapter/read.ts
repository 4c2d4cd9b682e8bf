import { type CallContext, createProblem, type Problem, type ReadResult } from 'jobyard/adapter';
import type { Exchange, Send } from './calls.ts';
import { describeError } from './errors.ts';
import { splitVendorId, toVendorId } from './job-id.ts';
import type { Link } from './link.ts';
import { type CanceledReasons, toJobFields } from './map.ts';
import { addReads, type ReadOptions, type StoredRead, toStoredReads } from './read-jobs.ts';
import type { PrivateField } from './settings.ts';
import type { Slot } from './slot.ts';

/** What all reads of a system share. */
export interface Reader {
  systemId: string;
  prefix: string;
  privateFields: readonly PrivateField[];
  canceledReasons: CanceledReasons;
  send: Send;
  slot: Slot;
}

/** The maximum number of jobs in one round trip. Redis takes about 25 ms for them. */
export const maxReadJobs = 500;

/** The read of one of several jobs. */
interface IdentifiedRead {
  vendorId: string;
  read: StoredRead;
}

/** Reads jobs of any queues in one round trip, each queue at one instant. One read per ID, in order. */
export async function readStored(reader: Reader, vendorIds: readonly string[], call: CallContext): Promise<IdentifiedRead[] | Problem> {
  const reads = groupByQueue(reader, vendorIds);
  const exchange: Exchange<Map<string, StoredRead>> = async (link, start) => (start() ? readGroups(link, reads) : null);
  const reply = await reader.send('read', reader.slot, exchange, call);
  if (reply.kind === 'failed') return reply.problem;
  if (reply.kind === 'error') return describeError(reader.systemId, reply.error);
  return vendorIds.map((vendorId) => ({ vendorId, read: reply.value.get(vendorId) ?? { kind: 'notFound' } }));
}

export async function getJobs(reader: Reader, vendorIds: readonly string[], call: CallContext): Promise<ReadResult[]> {
  const reads = await readStored(reader, vendorIds, call);
  if (!Array.isArray(reads)) return vendorIds.map(() => ({ kind: 'problem', problem: reads }));
  return reads.map(({ read }): ReadResult => {
    if (read.kind === 'job') return { kind: 'job', job: toJobFields(read.job, reader.canceledReasons) };
    if (read.kind === 'notFound') return { kind: 'notFound' };
    const message = `${reader.systemId} returned an invalid job: its key has another type (${read.message}).`;
    return { kind: 'problem', problem: createProblem('INVALID_VENDOR_RESPONSE', message) };
  });
}

function groupByQueue({ prefix, privateFields }: Reader, vendorIds: readonly string[]): ReadOptions[] {
  const groups = Map.groupBy(vendorIds.map(splitVendorId), ({ queue }) => queue);
  return Array.from(groups, ([queue, ids]) => ({ prefix, queue, ids: ids.map(({ id }) => id), privateFields }));
}

/** By ID in Jobyard. */
async function readGroups(link: Link, groups: readonly ReadOptions[]): Promise<Map<string, StoredRead>> {
  const reads = await Promise.all(
    groups.map(async (group) =>
      Array.from(await readGroup(link, group), ([id, read]) => [toVendorId({ queue: group.queue, id }), read] as const),
    ),
  );
  return new Map(reads.flat());
}

/** Writes its commands at once. By BullMQ's ID. */
async function readGroup({ redis }: Link, group: ReadOptions): Promise<Map<string, StoredRead>> {
  const transaction = redis.multi();
  addReads(transaction, group);
  return toStoredReads(group, (await transaction.exec()) ?? []);
}

/** Reads a job right after a command on the same connection. Writes its own commands at once. Null: it can't be read. */
export async function readAfter(
  { prefix, privateFields }: Pick<Reader, 'prefix' | 'privateFields'>,
  link: Link,
  vendorId: string,
): Promise<StoredRead | null> {
  const { queue, id } = splitVendorId(vendorId);
  const reads = await readGroup(link, { prefix, queue, ids: [id], privateFields }).catch(() => null);
  return reads?.get(id) ?? null;
}
