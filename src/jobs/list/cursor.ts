import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { JobOrder } from '../adapter.ts';
import type { JobFilter } from './filter.ts';

/** How far one list was handed out. */
export interface SourcePosition {
  /** The vendor's page that holds the first row not handed out yet; null: its first page. */
  at: string | null;
  /** The sort key of the last row passed, whether it was handed out or did not match; absent: none was. */
  key?: number | null | undefined;
  /** The vendor ids of the rows handed out with that key. */
  ids: readonly string[];
}

/** Per list ("system/source"): its position, or 'end' where nothing is left. A list that is not named was not begun. */
export type Positions = Readonly<Record<string, SourcePosition | 'end'>>;

const positionsSchema = z.record(
  z.string(),
  z.union([
    z.literal('end'),
    z.strictObject({ at: z.string().nullable(), key: z.number().nullable().optional(), ids: z.array(z.string()) }),
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
  try {
    return positionsSchema.safeParse(JSON.parse(payload)).data ?? null;
  } catch {
    // Anybody can compute the checksum of any text.
    return null;
  }
}

/** What a cursor is bound to: the same for two filters that mean the same. */
export function bindingOf(filter: JobFilter, order: JobOrder): string {
  const values = (list: readonly string[] | null | undefined) => (list ? [...new Set(list)].sort() : null);
  return JSON.stringify([
    order.field,
    order.direction,
    values(filter.systemIds),
    values(filter.vendors),
    values(filter.statuses),
    values(filter.types),
    values(filter.owners),
    values(filter.scopes),
    filter.text?.toLowerCase() || null,
    filter.createdFrom?.getTime() ?? null,
    filter.createdTo?.getTime() ?? null,
    filter.actionable ?? null,
  ]);
}

function encodeCursorText(text: string): string {
  return Buffer.from(text).toString('base64url');
}

// A guard against mix-ups and tampering by mistake, not a secret: a forged position shows nobody more than a first page would.
function checksum(payload: string, binding: string): string {
  return createHash('sha256').update(binding).update('\n').update(payload).digest('base64url').slice(0, checksumLength);
}
