import type { KeyObject } from 'node:crypto';
import type { CallContext } from '../jobs/adapter.ts';
import { encodeCursor, type Positions, type SourcePosition } from './cursor.ts';
import type { CursorKeys } from './cursor-keys.ts';
import type { ListableSystem } from './listable-system.ts';
import type { SourceReader } from './source-reader.ts';

/** The cursors of one page's rows, created on demand: most pages need only the last one. */
export interface PageCursors {
  at(index: number): string;
  /** The cursor of the last row. */
  ofLast(): string;
}

export interface PageCursorsOptions {
  /** Where the page started. */
  positions: Positions;
  binding: string;
  keys: CursorKeys;
  readers: readonly CursorSource[];
  /** The reader of each row. */
  origins: readonly CursorSource[];
  /** Called with the cursor of the last row, when it is created. */
  onLast(cursor: string): void;
}

type CursorSource = Pick<SourceReader, 'name' | 'positionAfter'>;

export function createPageCursors({ positions, binding, keys, readers, origins, onLast }: PageCursorsOptions): PageCursors {
  const cursorAfter = (count: number): string => {
    const taken = countTaken(origins, count);
    const next: Record<string, SourcePosition | 'end'> = { ...positions };
    for (const reader of readers) next[reader.name] = reader.positionAfter(taken.get(reader) ?? 0);
    return encodeCursor(next, binding, keys.all()[0] as KeyObject);
  };

  let last: string | null = null;
  const ofLast = (): string => {
    if (last === null) {
      last = cursorAfter(origins.length);
      onLast(last);
    }
    return last;
  };
  return { at: (index) => (index === origins.length - 1 ? ofLast() : cursorAfter(index + 1)), ofLast };
}

/** How many of the first `count` rows came from each reader. */
function countTaken(origins: readonly CursorSource[], count: number): Map<CursorSource, number> {
  const taken = new Map<CursorSource, number>();
  let left = count;
  for (const reader of origins) {
    if (left === 0) break;
    left -= 1;
    taken.set(reader, (taken.get(reader) ?? 0) + 1);
  }
  return taken;
}

/** Keeps the remaining rows of completely read lists, so that the page after this cursor doesn't read them again. */
export function keepRest(cursor: string, readers: readonly SourceReader[], callTo: (system: ListableSystem) => CallContext): void {
  for (const { system, source, knownRest } of readers) {
    const rest = callTo(system).credential === null ? knownRest() : null;
    if (rest) system.knownRows.keep(cursor, source, rest);
  }
}
