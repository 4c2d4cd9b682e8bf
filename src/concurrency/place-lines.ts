/** A place that was taken. */
export interface Place {
  readonly line: Line;
  isLent: boolean;
}

/** One caller's requests for one purpose. */
interface Line {
  readonly lines: Lines;
  readonly caller: string;
  /** The number of places that the caller has. */
  places: number;
  readonly waiting: Set<Waiting>;
}

interface Waiting {
  enter(place: Place): void;
}

/** The lines of all callers, for one purpose. The time of a step doesn't depend on the number of waiting requests and callers. */
export interface Lines {
  /** The number of places that are taken and not lent. */
  taken(): number;
  /** Whether a request waits that may have a place. */
  hasNext(): boolean;
  waitingOf(caller: string): number;
  /** The number of waiting requests. */
  waiting(): number;
  /** Null: the caller has the maximum number of places. */
  take(caller: string): Place | null;
  /** Returns the function that leaves the line without a place. */
  join(caller: string, waiting: Waiting): () => void;
  admitNext(): void;
  lend(count: 1 | -1): void;
  free(line: Line): void;
}

/** The order of lines with waiting requests: the caller with the fewest places goes first; of equals, the one that has waited longest. */
interface TurnOrder {
  /** Adds the line after those whose callers have the same number of places. */
  add(line: Line): void;
  remove(line: Line): void;
  isEmpty(): boolean;
  /** Throws if there is none. */
  first(): Line;
}

function createTurnOrder(): TurnOrder {
  /** By the caller's number of places, in the order of their turns. */
  const turns: Set<Line>[] = [];
  let count = 0;
  return {
    add(line) {
      turns[line.places] ??= new Set();
      turns[line.places]?.add(line);
      count += 1;
    },
    remove(line) {
      if (turns[line.places]?.delete(line)) count -= 1;
    },
    isEmpty: () => count === 0,
    first() {
      for (const lined of turns) for (const line of lined ?? []) return line;
      throw new Error('No line waits');
    },
  };
}

export function createLines(perCaller: number): Lines {
  const lines = new Map<string, Line>();
  const turns = createTurnOrder();
  let taken = 0;

  const lineOf = (caller: string): Line => lines.get(caller) ?? addLine(lines, { lines: self, caller, places: 0, waiting: new Set() });

  const queue = (line: Line): void => {
    if (line.waiting.size === 0) {
      if (line.places === 0) lines.delete(line.caller);
    } else if (line.places < perCaller) turns.add(line);
  };

  const addPlaces = (line: Line, count: 1 | -1): void => {
    turns.remove(line);
    line.places += count;
    taken += count;
    queue(line);
  };

  const self: Lines = {
    taken: () => taken,
    hasNext: () => !turns.isEmpty(),
    waitingOf: (caller) => lines.get(caller)?.waiting.size ?? 0,
    waiting: () => lines.values().reduce((sum, line) => sum + line.waiting.size, 0),
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
        turns.remove(line);
        queue(line);
      };
    },
    admitNext() {
      const line = turns.first();
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

function addLine(lines: Map<string, Line>, line: Line): Line {
  lines.set(line.caller, line);
  return line;
}
