import { reservedWords } from './keys.ts';

/** The parts of a job's ID in Jobyard, `queue:id`. BullMQ's own IDs are unique within a queue, and may contain colons. */
export interface BullmqId {
  queue: string;
  id: string;
}

export function toVendorId({ queue, id }: BullmqId): string {
  return `${queue}:${id}`;
}

/** Throws for a text that `checkVendorId` rejects, which is a bug. */
export function splitVendorId(vendorId: string): BullmqId {
  const colon = vendorId.indexOf(':');
  if (colon < 1) throw new Error(`Not a BullMQ ID: ${vendorId}`);
  return { queue: vendorId.slice(0, colon), id: vendorId.slice(colon + 1) };
}

/** Why the text can't be the name of a queue, or null. */
export function checkQueueName(name: string): string | null {
  return name !== '' && !name.includes(':') && name.isWellFormed() ? null : 'expected the name of a queue, without colon';
}

/** Why the text can't be an ID, or null. `queues`: those that the configuration names; undefined: any. */
export function checkVendorId(vendorId: string, queues: readonly string[] | undefined): string | null {
  const colon = vendorId.indexOf(':');
  if (colon < 1 || colon === vendorId.length - 1) return 'expected QUEUE:ID, such as mail:42';
  // Redis would store it as another text.
  if (!vendorId.isWellFormed()) return 'expected text without half a surrogate pair';
  const { queue, id } = splitVendorId(vendorId);
  if (reservedWords.has(id)) return `expected the ID of a job, "${id}" names a part of the queue`;
  return queues === undefined || queues.includes(queue) ? null : 'expected a job of one of the configured queues';
}
