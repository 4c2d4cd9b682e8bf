import { maxBytesAtOnce } from '../json/large.ts';
import { allocateMemory, freeMemory } from '../json/large-memory.ts';

/** The bytes of a body as they arrive. */
export interface Body {
  /** False: the body would exceed `maxBytes`. */
  add(chunk: Buffer): boolean;
  isLarge(): boolean;
  /** Returns all bytes. A large body has its own memory. */
  take(): Buffer;
}

/** A buffer costs some hundred bytes, and a vendor may send each byte as a chunk. */
const maxChunks = 1_000;

/** `announcedBytes`: from `content-length`. Null: unknown. */
export function createBody(maxBytes: number, announcedBytes: number | null): Body {
  const chunks: Buffer[] = [];
  let size = 0;
  // The chunks of a large body would stay in memory beside the whole until the next full collection, so they are copied on arrival. So are
  // many chunks.
  let whole: Buffer | null = null;

  const copy = (chunk: Buffer): void => {
    if (whole === null || size + chunk.length > whole.length) {
      const wanted = Math.max(announcedBytes ?? 0, 2 * (size + chunk.length));
      const grown = allocateMemory(Math.min(maxBytes, wanted));
      let copied = 0;
      for (const before of whole === null ? chunks.splice(0) : [whole.subarray(0, size)]) copied += before.copy(grown, copied);
      if (whole) freeMemory(whole);
      whole = grown;
    }
    chunk.copy(whole, size);
  };

  return {
    add(chunk) {
      if (size + chunk.length > maxBytes) return false;
      if (size + chunk.length > maxBytesAtOnce || chunks.length === maxChunks || whole !== null) copy(chunk);
      else chunks.push(chunk);
      size += chunk.length;
      return true;
    },
    isLarge: () => size > maxBytesAtOnce,
    take() {
      if (whole) return whole.subarray(0, size);
      return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
    },
  };
}
