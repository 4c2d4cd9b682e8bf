import { createHash, createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { JobOrder, ListPosition } from '../jobs/adapter.ts';
import { composeText, foldText, type JobFilter } from '../jobs/filter.ts';
import type { SortKey } from '../reading/order.ts';
import { type AsOf, maxAsOfIds } from './as-of.ts';
import { fromCursorText, toCursorText } from './cursor-text.ts';

/** How far one list was handed out. */
export interface SourcePosition {
  /** Where reading begins: every row before it was handed out or does not match. */
  at: ListPosition;
  /** The least row, by key and then by vendor id, that may not have been handed out; absent: the first one. Key null: all that have a key were. */
  next?: { key: SortKey; id: string } | undefined;
  /** Whether rows without a key were passed, which come last of all. */
  keyless?: true | undefined;
  /** What the walk began with, for a time that a job may get meanwhile. */
  asOf?: AsOf | undefined;
}

/** Per list ("system/source"): its position, or 'end' where nothing is left. A list that is not named was not begun. */
export type Positions = Readonly<Record<string, SourcePosition | 'end'>>;

const positionsSchema = z.record(
  z.string(),
  z.union([
    z.literal('end'),
    z.strictObject({
      at: z.strictObject({ part: z.string().max(1_000).nullable(), row: z.int().nonnegative() }),
      next: z.strictObject({ key: z.number().nullable(), id: z.string() }).optional(),
      keyless: z.literal(true).optional(),
      asOf: z.strictObject({ key: z.number(), ids: z.array(z.string()).max(maxAsOfIds).optional() }).optional(),
    }),
  ]),
);

/** HMAC-SHA256, cut to the 128 bits that RFC 2104, section 5, asks for. */
const macBytes = 16;

/** An opaque text that holds all positions, is bound to what was asked, and can't be made without the key. */
export function encodeCursor(positions: Positions, binding: string, key: KeyObject): string {
  const payload = Buffer.from(JSON.stringify(positions));
  return toCursorText(Buffer.concat([macOf(payload, binding, key), payload]));
}

/**
 * Null where the text is no cursor of this listing: altered, made with a key that is none of these, or for another filter or order.
 * Nothing of the text is read before its MAC was checked: the tokens of pages in it become parameters of vendors' requests.
 */
export function decodeCursor(cursor: string, binding: string, keys: readonly KeyObject[]): Positions | null {
  const bytes = fromCursorText(cursor);
  if (bytes === null || bytes.length < macBytes) return null;
  const mac = bytes.subarray(0, macBytes);
  const payload = bytes.subarray(macBytes);
  if (!keys.some((key) => timingSafeEqual(mac, macOf(payload, binding, key)))) return null;
  try {
    // Another release may have written other fields.
    return positionsSchema.safeParse(JSON.parse(payload.toString('utf8'))).data ?? null;
  } catch {
    // Whoever has the key can sign anything.
    return null;
  }
}

/** What a cursor is bound to: the same for two filters that mean the same. A hash: each row's cursor holds it in, and filters may be long. */
export function toCursorBinding(filter: JobFilter, order: JobOrder): string {
  const values = (list: readonly string[] | null | undefined) => (list ? [...new Set(list.map(composeText))].sort() : null);
  const meaning = JSON.stringify([
    order.field,
    order.direction,
    values(filter.systemIds),
    values(filter.vendors),
    values(filter.statuses),
    values(filter.types),
    values(filter.owners),
    values(filter.scopes),
    filter.text ? foldText(filter.text) : null,
    filter.createdFrom?.getTime() ?? null,
    filter.createdTo?.getTime() ?? null,
    filter.availableAction ?? null,
  ]);
  return createHash('sha256').update(meaning).digest('base64url');
}

function macOf(payload: Buffer, binding: string, key: KeyObject): Buffer {
  return createHmac('sha256', key).update(binding).update('\n').update(payload).digest().subarray(0, macBytes);
}
