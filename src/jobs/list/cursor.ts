import { createHash } from 'node:crypto';
import { z } from 'zod';
import { isNestedTooDeep, maxCallerNesting } from '../../json/nesting.ts';
import type { JobOrder, ListPosition } from '../adapter.ts';
import { type AsOf, maxAsOfIds } from './as-of.ts';
import { composeText, foldText, type JobFilter } from './filter.ts';
import type { SortKey } from './order.ts';

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

const checksumLength = 12;

/** An opaque text that holds all positions and is bound to what was asked. */
export function encodeCursor(positions: Positions, binding: string): string {
  const payload = JSON.stringify(positions);
  return Buffer.from(checksum(payload, binding) + payload).toString('base64url');
}

/** Null where the text is no cursor of this listing: altered, or made for another filter or order. */
export function decodeCursor(cursor: string, binding: string): Positions | null {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const payload = text.slice(checksumLength);
  // The second condition refuses characters that base64url skips over.
  if (text.slice(0, checksumLength) !== checksum(payload, binding) || encodeCursorText(text) !== cursor) return null;
  // Anybody can compute the checksum of any text.
  if (isNestedTooDeep(payload, maxCallerNesting)) return null;
  try {
    return positionsSchema.safeParse(JSON.parse(payload)).data ?? null;
  } catch {
    return null;
  }
}

/** What a cursor is bound to: the same for two filters that mean the same. A hash: each row's cursor holds it in, and filters may be long. */
export function bindingOf(filter: JobFilter, order: JobOrder): string {
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
    filter.actionable ?? null,
  ]);
  return createHash('sha256').update(meaning).digest('base64url');
}

function encodeCursorText(text: string): string {
  return Buffer.from(text).toString('base64url');
}

// A guard against mix-ups and tampering by mistake, not a secret: a forged position shows nobody more than a first page would.
function checksum(payload: string, binding: string): string {
  return createHash('sha256').update(binding).update('\n').update(payload).digest('base64url').slice(0, checksumLength);
}
