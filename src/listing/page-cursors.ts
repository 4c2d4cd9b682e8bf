import type { KeyObject } from 'node:crypto';
import type { CallContext } from '../jobs/adapter.ts';
import { type Cursor, encodeCursor, type SourcePosition } from './cursor.ts';
import type { CursorKeys } from './cursor-keys.ts';
import type { PageRequest } from './list-options.ts';
import type { ListRef } from './list-ref.ts';
import type { ListableSystem } from './listable-system.ts';
import type { RowPlace } from './merge-rows.ts';
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
  /** The reader of each row, in the order of the page. */
  origins: readonly CursorSource[];
  places: readonly RowPlace[];
  /** Called with the cursor at the end, when it is created. */
  onEnd(cursor: string): void;
}

type CursorSource = Pick<SourceReader, 'ref' | 'positionAfter'>;

export function createPageCursors(options: PageCursorsOptions): PageCursors {
  const { from, isBackward, binding, keys, readers, origins, places, onEnd } = options;
  const encodeAt = (index: number): string => {
    const taken = countTaken(isBackward ? origins.slice(index + 1) : origins.slice(0, index + 1));
    const positions: Record<ListRef, SourcePosition> = { ...from?.positions };
    for (const reader of readers) positions[reader.ref] = reader.positionAfter(taken.get(reader) ?? 0);
    const origin = origins[index];
    const row = origin ? { ...(places[index] as RowPlace), list: origin.ref } : (from?.row ?? null);
    return encodeCursor({ row, positions, isBackward }, binding, keys.all()[0] as KeyObject);
  };

  const endIndex = isBackward ? 0 : origins.length - 1;
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

/** How many of the rows came from each reader. */
function countTaken(origins: readonly CursorSource[]): Map<CursorSource, number> {
  const taken = new Map<CursorSource, number>();
  for (const reader of origins) taken.set(reader, (taken.get(reader) ?? 0) + 1);
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
