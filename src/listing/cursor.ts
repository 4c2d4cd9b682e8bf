import { createHash, type KeyObject } from 'node:crypto';
import type { ListPosition } from '../jobs/adapter.ts';
import { composeText, foldText, type JobFilter } from '../jobs/filter.ts';
import type { SortOrder } from '../reading/order.ts';
import type { AsOf } from './as-of.ts';
import { readCursor, writeCursor } from './cursor-payload.ts';
import type { ListRef } from './list-ref.ts';
import type { Bound } from './row.ts';
import { openPayload, signPayload } from './signed-payload.ts';

/** The position in one list: the page after the cursor begins there, and the page before it ends there. */
export interface SourcePosition {
  /** Where reading starts: in the direction of `Cursor.isBackward`, every row before it was returned or doesn't match. */
  at: ListPosition;
  /** Absent: before the list's first row, unless `isEnd`. Key null: after all rows with a key. */
  next?: Bound | undefined;
  /** After the list's last row. */
  isEnd?: true | undefined;
  /** Whether rows without a key, which come last, were skipped. */
  keyless?: true | undefined;
  /** The state at the start of the listing, for a time that a job may get during it. */
  asOf?: AsOf | undefined;
}

/** By list. A list without an entry was not started. */
export type Positions = Readonly<Record<ListRef, SourcePosition>>;

/** A place in a listing: right after a row, which comes first on no page after the cursor and on no page before it. */
export interface Cursor {
  /** The row. Null: no page returned a row yet. */
  row: CursorRow | null;
  positions: Positions;
  /** The direction in which the page with the row was read. */
  isBackward: boolean;
}

export interface CursorRow extends Bound {
  list: ListRef;
  id: string;
}

/** An opaque text. It is bound to the filter and order, and can't be created without the key. */
export function encodeCursor(cursor: Cursor, binding: string, key: KeyObject): string {
  return signPayload(writeCursor(cursor), binding, key);
}

/** Null if the text is not a cursor of this listing: see `openPayload`; or if a version with another format created it. */
export function decodeCursor(text: string, binding: string, keys: readonly KeyObject[]): Cursor | null {
  const payload = openPayload(text, binding, keys);
  return payload && readCursor(payload);
}

/** The filter and order that a cursor is bound to; the same for equivalent filters. A hash, because filters may be long. */
export function toCursorBinding(filter: JobFilter, order: SortOrder): string {
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
    // Only with these conditions, so that the meaning of other filters is written as in earlier versions.
    ...(filter.ids ? ['ids', values(filter.ids)] : []),
    ...(filter.finishedFrom ? ['finishedFrom', filter.finishedFrom.getTime()] : []),
    ...(filter.finishedTo ? ['finishedTo', filter.finishedTo.getTime()] : []),
  ]);
  return createHash('sha256').update(meaning).digest('base64url');
}
