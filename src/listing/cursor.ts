import { createHash, createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { JobOrder, ListPosition } from '../jobs/adapter.ts';
import { composeText, foldText, type JobFilter } from '../jobs/filter.ts';
import type { SortKey } from '../reading/order.ts';
import { type AsOf, maxAsOfIds } from './as-of.ts';
import { fromCursorText, toCursorText } from './cursor-text.ts';

/** The position in one list, up to which its rows were returned. */
export interface SourcePosition {
  /** Where reading starts: every row before it was returned or doesn't match. */
  at: ListPosition;
  /** The first row, by key and then by vendor ID, that may not have been returned; absent: the list's first row. Key null: all rows with a key were returned. */
  next?: { key: SortKey; id: string } | undefined;
  /** Whether rows without a key, which come last, were skipped. */
  keyless?: true | undefined;
  /** The state at the start of the listing, for a time that a job may get during it. */
  asOf?: AsOf | undefined;
}

/** By list ("system/source"): its position, or 'end' if no rows are left. A list without an entry was not started. */
export type Positions = Readonly<Record<string, SourcePosition | 'end'>>;

export const listPositionSchema: z.ZodType<ListPosition> = z.strictObject({
  part: z.string().max(1_000).nullable(),
  row: z.int().nonnegative(),
});

const positionsSchema = z.record(
  z.string(),
  z.union([
    z.literal('end'),
    z.strictObject({
      at: listPositionSchema,
      next: z.strictObject({ key: z.number().nullable(), id: z.string() }).optional(),
      keyless: z.literal(true).optional(),
      asOf: z.strictObject({ key: z.number(), ids: z.array(z.string()).max(maxAsOfIds).optional() }).optional(),
    }),
  ]),
);

/** HMAC-SHA256, truncated to the 128 bits that RFC 2104, section 5, requires. */
const macBytes = 16;

/** An opaque text with all positions. It is bound to the filter and order, and can't be created without the key. */
export function encodeCursor(positions: Positions, binding: string, key: KeyObject): string {
  return signCursor(positions, binding, key);
}

/** Null if the text is not a cursor of this listing: changed, signed with another key, or for another filter or order. */
export function decodeCursor(cursor: string, binding: string, keys: readonly KeyObject[]): Positions | null {
  return openCursor(cursor, binding, keys, positionsSchema);
}

/** An opaque text with a payload of JSON. It is bound to what it is a cursor of, and can't be created without the key. */
export function signCursor(content: unknown, binding: string, key: KeyObject): string {
  const payload = Buffer.from(JSON.stringify(content));
  return toCursorText(Buffer.concat([macOf(payload, binding, key), payload]));
}

/**
 * Null if the text is not a cursor of this kind: changed, signed with another key, or bound to something else.
 * The MAC is checked before anything else: the page tokens in a cursor become parameters of vendor requests.
 */
export function openCursor<Content>(
  cursor: string,
  binding: string,
  keys: readonly KeyObject[],
  schema: z.ZodType<Content>,
): Content | null {
  const bytes = fromCursorText(cursor);
  if (bytes === null || bytes.length < macBytes) return null;
  const mac = bytes.subarray(0, macBytes);
  const payload = bytes.subarray(macBytes);
  if (!keys.some((key) => timingSafeEqual(mac, macOf(payload, binding, key)))) return null;
  try {
    // Another version may have written other fields.
    return schema.safeParse(JSON.parse(payload.toString('utf8'))).data ?? null;
  } catch {
    // A signed payload may still be invalid JSON: anyone with the key can sign anything.
    return null;
  }
}

/** The filter and order that a cursor is bound to; the same for equivalent filters. A hash, because filters may be long. */
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
