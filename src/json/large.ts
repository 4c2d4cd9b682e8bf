import { setTimeout as pause } from 'node:timers/promises';
import { createPlaces } from '../concurrency/places.ts';
import { type LargeJson, parsePieces } from './large-parse.ts';

/** Longer texts are parsed in pieces: a text of this length takes about 10 ms. */
export const maxBytesAtOnce = 1_000_000;
/** How long parsing may delay other work, plus the piece that begins within this time. */
const sliceMs = 3;
/** As long, so that V8's concurrent garbage collection keeps up: without pauses, 16 MiB of rows need 60 MiB more. */
const pauseMs = sliceMs;

// One text at a time, owners in turn, because partial values take memory.
const places = createPlaces({ size: 1 });

/**
 * As `parseJson`, for JSON in UTF-8 of any length, in steps of 3 milliseconds, with pauses for other work as long. Texts are parsed one after the
 * other; owners (systems) take turns. `aborted`: the signal was aborted first, which ends the work within a pause.
 */
export async function parseLargeJson(bytes: Buffer, owner: string, signal: AbortSignal): Promise<LargeJson | { kind: 'aborted' }> {
  const place = await places.wait({ caller: owner, purpose: 'read', signal });
  if (place === 'aborted' || place === 'full') return { kind: 'aborted' };
  try {
    const pieces = parsePieces(bytes);
    let sliceStartedAtMs = performance.now();
    for (let piece = pieces.next(); ; piece = pieces.next()) {
      if (piece.done) return piece.value;
      if (performance.now() - sliceStartedAtMs < sliceMs) continue;
      await pause(pauseMs);
      if (signal.aborted) return { kind: 'aborted' };
      sliceStartedAtMs = performance.now();
    }
  } finally {
    places.leave(place);
  }
}
