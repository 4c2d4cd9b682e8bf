import { createPlaces, type Place } from './places.ts';

/**
 * Turns of the event loop. Pieces of work that come in large numbers, such as the pages of a document with two hundred of them, begin
 * a few at a time, callers taking turns; everything else comes in between.
 */
export interface Turns {
  /** Null: begin at once. Otherwise when the turn has come. */
  take(caller: string): Promise<void> | null;
}

/** `perRound`: pieces that begin in one round of the event loop. */
export function createTurns(perRound: number): Turns {
  const places = createPlaces({ size: perRound });
  const holdForRound = (place: Place): void => void setImmediate(() => places.leave(place));
  return {
    take(caller) {
      const request = { caller, purpose: 'read', signal: neverAborted } as const;
      const place = places.take(request);
      if (!place) return places.wait(request).then((turn) => holdForRound(turn as Place));
      holdForRound(place);
      return null;
    },
  };
}

// Work whose time is up has its turn too: it then ends at once.
const neverAborted = new AbortController().signal;
