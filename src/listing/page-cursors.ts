import type { CallContext } from '../jobs/adapter.ts';
import { encodeCursor } from './cursor.ts';
import type { CursorKeys } from './cursor-keys.ts';
import type { Cursor, SourcePosition } from './cursor-payload.ts';
import type { PageRequest } from './list-options.ts';
import type { ListRef } from './list-ref.ts';
import type { ListableSystem } from './listable-system.ts';
import type { RowPlace } from './merge-rows.ts';
import type { Bound } from './row.ts';
import type { SourceReader } from './source-reader.ts';

/** The cursors of one page's rows, created on demand: most pages need only one. */
export interface PageCursors {
  at(index: number): string;
  /** Where the next page in the same direction starts: the cursor of the row that was read last. */
  ofEnd(): string;
}

export interface PageCursorsOptions {
  /** The cursor that the page started from; null: none. */
  from: Cursor | null;
  isBackward: boolean;
  binding: string;
  keys: CursorKeys;
  readers: readonly CursorSource[];
  /** In the order of the page. */
  rows: readonly CursorRow[];
  /** Called with the cursor at the end, when it is created. */
  onEnd(cursor: string): void;
}

type CursorSource = Pick<SourceReader, 'ref' | 'canMoveTo' | 'positionAfter'>;

interface CursorRow {
  origin: CursorSource;
  place: RowPlace;
}

export function createPageCursors(options: PageCursorsOptions): PageCursors {
  const { from, isBackward, binding, keys, readers, rows, onEnd } = options;
  const encodeAt = (index: number): string => {
    const taken = countTaken(isBackward ? rows.slice(index + 1) : rows.slice(0, index + 1));
    const positions: Record<ListRef, SourcePosition> = { ...from?.positions };
    const last = rows[index];
    const row = last ? { ...last.place, list: last.origin.ref } : (from?.row ?? null);
    // Of lists before the row's list, all rows with its key were returned; of those after it, none.
    let idBound: null | '' = null;
    for (const reader of readers) {
      const position = reader.positionAfter(taken.get(reader) ?? 0);
      if (reader === last?.origin) idBound = '';
      positions[reader.ref] = last && reader !== last.origin ? moveTo({ key: last.place.key, id: idBound }, position, reader) : position;
    }
    return encodeCursor({ row, positions, isBackward }, binding, keys.all()[0]);
  };

  const endIndex = isBackward ? 0 : rows.length - 1;
  let end: string | null = null;
  const ofEnd = (): string => {
    if (end === null) {
      end = encodeAt(endIndex);
      onEnd(end);
    }
    return end;
  };
  return { at: (index) => (index === endIndex ? ofEnd() : encodeAt(index)), ofEnd };
}

/** The position with the key of the cursor's row, with which a cursor is shorter, if it means the same. */
function moveTo(bound: Bound, position: SourcePosition, { canMoveTo }: CursorSource): SourcePosition {
  const { next } = position;
  return next && next.key !== null && canMoveTo(bound) ? { ...position, next: bound } : position;
}

/** How many of the rows came from each reader. */
function countTaken(rows: readonly CursorRow[]): Map<CursorSource, number> {
  const taken = new Map<CursorSource, number>();
  for (const { origin } of rows) taken.set(origin, (taken.get(origin) ?? 0) + 1);
  return taken;
}

/** Keeps the remaining rows of completely read lists, so that the page that continues at this cursor doesn't read them again. */
export function keepRest(
  cursor: string,
  { readers, isBackward }: { readers: readonly SourceReader[]; isBackward: boolean },
  callTo: (system: ListableSystem) => CallContext,
): void {
  for (const { system, source, knownRest } of readers) {
    const rest = callTo(system).credential === null ? knownRest() : null;
    if (rest) system.knownRows.keep(toKnownKey(cursor, isBackward), source, rest);
  }
}

/** The rows that an earlier page read and didn't return, of one list. */
export function takeRest({ from, order, count }: PageRequest, system: ListableSystem, source: string, call: CallContext) {
  if (!from || count === 0 || call.credential !== null) return null;
  return system.knownRows.take(toKnownKey(from.text, order.isBackward), source);
}

/** Pages before and after one cursor have different rows. */
function toKnownKey(cursor: string, isBackward: boolean): string {
  return isBackward ? `before ${cursor}` : cursor;
}
