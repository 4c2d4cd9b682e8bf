import { onAbort } from './on-abort.ts';

/** Whom a request counts for, and which of its requests go first. */
export interface PlaceRequest {
  /** Requests of the same caller wait in one line. */
  caller: string;
  purpose: 'read' | 'action';
  /** When it is aborted, the request leaves its line at once. */
  signal: AbortSignal;
}

/** A place that was taken. */
export interface Place {
  readonly line: Line;
  isLent: boolean;
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

/** One caller's requests of one purpose. */
interface Line {
  readonly lines: Lines;
  readonly caller: string;
  /** Places that the caller has. */
  places: number;
  readonly waiting: Set<Waiting>;
}

interface Waiting {
  enter(place: Place): void;
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
      return new Promise((resolve) => {
        const enter = (place: Place): void => {
          stopListening();
          resolve(place);
        };
        const leaveLine = lines.join(caller, { enter });
        const abort = (): void => {
          leaveLine();
          resolve('aborted');
        };
        const stopListening = onAbort(signal, abort);
        fillPlaces();
      });
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

/** The lines of all callers, for one purpose. A step takes about the same time however many requests and callers wait. */
interface Lines {
  /** Places that are taken and not lent. */
  taken(): number;
  /** Whether a request waits whose caller may have another place. */
  hasNext(): boolean;
  waitingOf(caller: string): number;
  /** Null: the caller has as many places as it may have. */
  take(caller: string): Place | null;
  /** Returns how to leave the line without a place. */
  join(caller: string, waiting: Waiting): () => void;
  admitNext(): void;
  lend(count: 1 | -1): void;
  free(line: Line): void;
}

function createLines(perCaller: number): Lines {
  const lines = new Map<string, Line>();
  /** The lines in which requests wait for a turn, by the places that their caller has, in the order of their turns. */
  const turns: Set<Line>[] = [];
  let queued = 0;
  let taken = 0;

  const lineOf = (caller: string): Line => {
    const known = lines.get(caller);
    if (known) return known;
    const line: Line = { lines: self, caller, places: 0, waiting: new Set() };
    lines.set(caller, line);
    return line;
  };

  /** Puts the line behind those whose callers have as many places. */
  const queue = (line: Line): void => {
    if (line.waiting.size === 0) {
      if (line.places === 0) lines.delete(line.caller);
    } else if (line.places < perCaller) {
      turns[line.places] ??= new Set();
      turns[line.places]?.add(line);
      queued += 1;
    }
  };

  const unqueue = (line: Line): void => {
    if (turns[line.places]?.delete(line)) queued -= 1;
  };

  const addPlaces = (line: Line, count: 1 | -1): void => {
    unqueue(line);
    line.places += count;
    taken += count;
    queue(line);
  };

  const findNext = (): Line => {
    for (const lined of turns) for (const line of lined ?? []) return line;
    throw new Error('Nothing waits');
  };

  const self: Lines = {
    taken: () => taken,
    hasNext: () => queued > 0,
    waitingOf: (caller) => lines.get(caller)?.waiting.size ?? 0,
    take(caller) {
      const line = lineOf(caller);
      if (line.places >= perCaller) return null;
      addPlaces(line, 1);
      return { line, isLent: false };
    },
    join(caller, request) {
      const line = lineOf(caller);
      line.waiting.add(request);
      if (line.waiting.size === 1) queue(line);
      return () => {
        if (!line.waiting.delete(request) || line.waiting.size > 0) return;
        unqueue(line);
        queue(line);
      };
    },
    admitNext() {
      const line = findNext();
      const [next] = line.waiting;
      if (!next) throw new Error('A line without requests has a turn');
      line.waiting.delete(next);
      addPlaces(line, 1);
      next.enter({ line, isLent: false });
    },
    lend(count) {
      taken -= count;
    },
    free: (line) => addPlaces(line, -1),
  };
  return self;
}
