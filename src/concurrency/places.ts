// Shares scarce resources between callers: places, and time of the event loop. Also clocks, backoff, and cancellation.

import { onAbort } from './on-abort.ts';
import { createLines, type Lines, type Place } from './place-lines.ts';

/** A request for a place: its caller and purpose. */
export interface PlaceRequest {
  /** Requests of the same caller wait in one line. */
  caller: string;
  purpose: 'read' | 'action';
  /** When it is aborted, the request leaves its line at once. */
  signal: AbortSignal;
}

/**
 * A limited number of places, for which callers take turns. A free place goes to the caller with the fewest places; if several callers have
 * as few, to the one that has waited longest. Each caller's own requests keep their order. Actions go before reads, but while both
 * wait, reads get at least every fourth place, and actions have at most three quarters of all places.
 */
export interface Places {
  /** A place if one is free; otherwise null. */
  take(request: PlaceRequest): Place | null;
  /** Waits for a place. `aborted`: the signal was aborted first. `full`: the maximum number of this caller's requests wait. */
  wait(request: PlaceRequest): Promise<Place | 'aborted' | 'full'>;
  /** Makes the place available to others. It still counts for its caller until it is left. */
  lend(place: Place): void;
  leave(place: Place): void;
  /** Changes the number of places. Taken places beyond it stay taken, but aren't reused. */
  resize(size: number): void;
  /** The number of waiting requests of this caller and purpose. */
  waitingOf(request: Pick<PlaceRequest, 'caller' | 'purpose'>): number;
  /** The numbers of places that are taken and not lent, and of waiting requests, of all callers. */
  counts(): { taken: number; waiting: number };
}

export interface PlaceLimits {
  /** The number of places. Default: no limit. */
  size?: number;
  /** The maximum number of places per caller and purpose. Default: all. */
  perCaller?: number;
  /** The maximum number of waiting requests per caller and purpose. Default: no limit. */
  maxWaitingPerCaller?: number;
}

const unlimited = Number.POSITIVE_INFINITY;
/** While both wait, a read gets a place after this many actions. */
const maxActionsInARow = 3;

export function createPlaces(limits: PlaceLimits): Places {
  const { size = unlimited, perCaller = unlimited, maxWaitingPerCaller = unlimited } = limits;
  const actions = createLines(perCaller);
  const reads = createLines(perCaller);
  let places = size;
  let actionsInARow = 0;

  const isFree = (): boolean => actions.taken() + reads.taken() < places;

  /** Null: no waiting request may have a place. */
  const chooseLines = (): Lines | null => {
    if (!actions.hasNext() || !reads.hasNext()) return actions.hasNext() ? actions : reads.hasNext() ? reads : null;
    const haveMost = actions.taken() >= places - Math.floor(places / 4);
    return haveMost || actionsInARow >= maxActionsInARow ? reads : actions;
  };

  const fillPlaces = (): void => {
    while (isFree()) {
      const lines = chooseLines();
      if (!lines) return;
      actionsInARow = lines === actions ? actionsInARow + 1 : 0;
      lines.admitNext();
    }
  };

  const linesOf = (purpose: PlaceRequest['purpose']): Lines => (purpose === 'action' ? actions : reads);

  return {
    take: ({ caller, purpose }) => (isFree() ? linesOf(purpose).take(caller) : null),
    wait({ caller, purpose, signal }) {
      const lines = linesOf(purpose);
      if (signal.aborted) return Promise.resolve('aborted');
      if (lines.waitingOf(caller) >= maxWaitingPerCaller) return Promise.resolve('full');
      return waitInLine(lines, caller, signal, fillPlaces);
    },
    lend(place) {
      place.isLent = true;
      place.line.lines.lend(1);
      fillPlaces();
    },
    leave({ line, isLent }) {
      if (isLent) line.lines.lend(-1);
      line.lines.free(line);
      fillPlaces();
    },
    resize(size) {
      places = size;
      fillPlaces();
    },
    waitingOf: ({ caller, purpose }) => linesOf(purpose).waitingOf(caller),
    counts: () => ({ taken: actions.taken() + reads.taken(), waiting: actions.waiting() + reads.waiting() }),
  };
}

/** Calls `fillPlaces` when the request is in line. */
function waitInLine(lines: Lines, caller: string, signal: AbortSignal, fillPlaces: () => void): Promise<Place | 'aborted'> {
  return new Promise((resolve) => {
    const enter = (place: Place): void => {
      stopListening();
      resolve(place);
    };
    const leaveLine = lines.join(caller, { enter });
    const stopListening = onAbort(signal, () => {
      leaveLine();
      resolve('aborted');
    });
    fillPlaces();
  });
}
