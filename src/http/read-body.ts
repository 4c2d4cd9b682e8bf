import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { type TurnSize, turnSizeOf } from '../concurrency/turns.ts';
import { type CallerJson, parseCallerJson } from '../json/caller-json.ts';
import { allocateMemory, freeMemory } from '../json/large-memory.ts';

export type Body =
  | CallerJson
  | { kind: 'none' }
  | { kind: 'too-large' }
  /** `count` rejected further bytes. */
  | { kind: 'no-room' };

/** What is read of a request. */
type SentBody = Readable & { headers: IncomingHttpHeaders };

/**
 * Reads a request's JSON body, up to `maxBytes`; the rest of a longer body isn't read. A body of another content type counts as none.
 * `count` is called with the bytes of a body of unannounced length as they arrive. A complete body waits for a turn before it is parsed.
 * Rejects if the client disconnects.
 */
export async function readJsonBody(
  request: SentBody,
  maxBytes: number,
  { count, takeTurn }: { count(bytes: number): boolean; takeTurn(size: TurnSize): Promise<void> | null },
): Promise<Body> {
  if (announcedBytes(request) > maxBytes) return { kind: 'too-large' };
  const bytes = await readBytes(request, maxBytes, request.headers['content-length'] === undefined ? count : () => true);
  if (!Buffer.isBuffer(bytes)) return bytes;
  const turn = takeTurn(turnSizeOf(bytes.length));
  if (turn) await turn;
  if (bytes.length === 0 || !jsonType.test(request.headers['content-type'] ?? '')) return { kind: 'none' };
  const json = parseCallerJson(bytes);
  freeMemory(bytes);
  return json;
}

/** The announced length of the body; 0 if unknown. */
export function announcedBytes({ headers }: { headers: IncomingHttpHeaders }): number {
  return Number(headers['content-length'] ?? 0);
}

const jsonType = /^application\/(?:[a-z.+-]*\+)?json\s*(?:;|$)/i;

/** Each chunk costs as much as some hundred bytes: this many chunks can only be an attack. */
const maxPieces = 20_000;

const nothing: Buffer = Buffer.alloc(0);

/** Larger bodies get memory of their own. */
const largeBytes = 256 * 1024;

/** Uses events: an iterator would double the cost of a small request's body. */
function readBytes(request: SentBody, maxBytes: number, count: (bytes: number) => boolean): Promise<Buffer | Body> {
  return new Promise((resolve, reject) => {
    // Most bodies are one chunk. Otherwise, chunks are copied: one buffer per byte would take a hundred times its memory.
    let taken = nothing;
    let size = 0;
    let pieces = 0;
    const add = (piece: Buffer): void => {
      if (pieces === 1) {
        taken = piece;
        return;
      }
      // Node owns the first chunk.
      if (pieces === 2 || size > taken.length) {
        const wanted = Math.min(maxBytes, Math.max(announcedBytes(request), 2 * size));
        const larger = wanted > largeBytes ? allocateMemory(wanted) : Buffer.allocUnsafe(wanted);
        taken.copy(larger, 0, 0, size - piece.length);
        freeMemory(taken);
        taken = larger;
      }
      piece.copy(taken, size - piece.length);
    };
    const stop = (because: Body): void => {
      request.off('data', take).pause();
      resolve(because);
    };
    const take = (piece: Buffer): void => {
      size += piece.length;
      pieces += 1;
      if (size > maxBytes) stop({ kind: 'too-large' });
      else if (pieces > maxPieces) stop({ kind: 'malformed', message: `it arrived in more than ${maxPieces} chunks` });
      else if (!count(piece.length)) stop({ kind: 'no-room' });
      else add(piece);
    };
    request.on('data', take);
    request.on('end', () => resolve(taken.length === size ? taken : taken.subarray(0, size)));
    request.on('error', reject);
  });
}
