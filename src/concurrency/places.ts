// Sharing what is scarce between callers: places, time of the event loop, waits and calling off.

import { onAbort } from './on-abort.ts';
import { createLines, type Lines, type Place } from './place-lines.ts';

/** Whom a request counts for, and which of its requests go first. */
export interface PlaceRequest {
  /** Requests of the same caller wait in one line. */
  caller: string;
  purpose: 'read' | 'action';
  /** When it is aborted, the request leaves its line at once. */
  signal: AbortSignal;
}

/**
 * A number of places, shared fairly. A free place goes to whichever caller has the fewest; of equals, to the one that has waited
 * longest for a turn. Each caller's own requests keep their order. Actions go before reads, but while both wait, reads get at least
 * every fourth place, and actions have no more than three quarters of all.
 */
export interface Places {
  /** A place, if one is free. Otherwise null. */
  take(request: PlaceRequest): Place | null;
  /** Waits for a place. `aborted`: the signal was aborted first. `full`: too many requests of this caller wait already. */
  wait(request: PlaceRequest): Promise<Place | 'aborted' | 'full'>;
  /** Others may have the place from now on; for its caller it counts until it is left. */
  lend(place: Place): void;
  leave(place: Place): void;
  /** Changes the number of places. Those beyond it are not taken from anybody, but not given out again. */
  resize(size: number): void;
  /** How many requests of this caller and purpose wait. */
  waitingOf(request: Pick<PlaceRequest, 'caller' | 'purpose'>): number;
}

export interface PlaceLimits {
  /** All places. Default: no limit. */
  size?: number;
  /** Places that one caller may have, for each purpose. Default: all. */
  perCaller?: number;
  /** Requests of one caller that may wait, for each purpose. Default: no limit. */
  maxWaitingPerCaller?: number;
}

const unlimited = Number.POSITIVE_INFINITY;
/** While actions wait, reads get a place after so many actions. */
const maxActionsInARow = 3;

export function createPlaces(limits: PlaceLimits): Places {
  const { size = unlimited, perCaller = unlimited, maxWaitingPerCaller = unlimited } = limits;
  const actions = createLines(perCaller);
  const reads = createLines(perCaller);
  let places = size;
  let actionsInARow = 0;

  const isFree = (): boolean => actions.taken() + reads.taken() < places;

  /** Null: none waits that may have a place. */
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
  };
}

/** `fillPlaces` is called when the request waits. */
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
