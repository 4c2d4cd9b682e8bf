import type { KeyObject } from 'node:crypto';
import type { CallContext } from '../jobs/adapter.ts';
import { encodeCursor, type Positions, type SourcePosition } from './cursor.ts';
import type { CursorKeys } from './cursor-keys.ts';
import type { ListableSystem } from './listable-system.ts';
import type { SourceReader } from './source-reader.ts';

/** The cursors of one page's rows, created on demand: most pages need only the last one. */
export interface PageCursors {
  at(index: number): string;
  /** The cursor of the last row. Keeps the remaining rows of completely read lists for a request with this cursor. */
  ofLast(): string;
}

export interface PageCursorsOptions {
  /** Where the page started. */
  positions: Positions;
  binding: string;
  keys: CursorKeys;
  readers: readonly SourceReader[];
  /** The reader of each row. */
  origins: readonly SourceReader[];
  callTo(system: ListableSystem): CallContext;
}

export function createPageCursors({ positions, binding, keys, readers, origins, callTo }: PageCursorsOptions): PageCursors {
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
      keepRest(last, readers, callTo);
    }
    return last;
  };
  return { at: (index) => (index === origins.length - 1 ? ofLast() : cursorAfter(index + 1)), ofLast };
}

/** How many of the first `count` rows came from each reader. */
function countTaken(origins: readonly SourceReader[], count: number): Map<SourceReader, number> {
  const taken = new Map<SourceReader, number>();
  let left = count;
  for (const reader of origins) {
    if (left === 0) break;
    left -= 1;
    taken.set(reader, (taken.get(reader) ?? 0) + 1);
  }
  return taken;
}

/** Keeps the remaining rows of completely read lists, so that the page after this cursor doesn't read them again. */
function keepRest(cursor: string, readers: readonly SourceReader[], callTo: (system: ListableSystem) => CallContext): void {
  for (const { system, source, knownRest } of readers) {
    const rest = callTo(system).credential === null ? knownRest() : null;
    if (rest) system.knownRows.keep(cursor, source, rest);
  }
}
