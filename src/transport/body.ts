import { maxBytesAtOnce } from '../json/large.ts';

/** The bytes of a body as they come. */
export interface Body {
  /** False: there would be more than `maxBytes`. */
  add(chunk: Buffer): boolean;
  isLarge(): boolean;
  /** All of them. A large body has its memory for itself. */
  take(): Buffer;
}

/** A buffer of its own costs some hundred bytes: vendors may send each byte as a chunk. */
const maxChunks = 1_000;

/** `announcedBytes`: from `content-length`; null: unknown. */
export function createBody(maxBytes: number, announcedBytes: number | null): Body {
  const chunks: Buffer[] = [];
  let size = 0;
  // Chunks of a large body would stay beside the whole until the next full collection, so they are copied as they come; many chunks, too.
  let whole: Buffer | null = null;

  const copy = (chunk: Buffer): void => {
    if (whole === null || size + chunk.length > whole.length) {
      const wanted = Math.max(announcedBytes ?? 0, 2 * (size + chunk.length));
      const grown = Buffer.allocUnsafeSlow(Math.min(maxBytes, wanted));
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

/** Frees the memory of bytes that aren't needed any more, without waiting for the next full collection. */
export function freeMemory(bytes: Buffer): void {
  // Small buffers share theirs.
  if (bytes.length > maxBytesAtOnce && bytes.buffer instanceof ArrayBuffer) bytes.buffer.transfer(0);
}
