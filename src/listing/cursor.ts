import { createHash, type KeyObject } from 'node:crypto';
import { composeText, foldText, type JobFilter } from '../jobs/filter.ts';
import type { SortOrder } from '../reading/order.ts';
import { type Cursor, readCursor, writeCursor } from './cursor-payload.ts';
import { openPayload, signPayload } from './signed-payload.ts';

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
