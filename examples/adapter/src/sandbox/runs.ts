import type { OddRows, Random, Timeline } from 'jobyard/sandbox';

export interface Run {
  id: string;
  state: 'waiting' | 'running' | 'stopping' | 'stopped' | 'done' | 'failed';
  title: string;
  queue: string;
  user: string;
  createdAtMs: number;
  startedAtMs: number | null;
  endedAtMs: number | null;
  error: string | null;
  /** Fields that replace those of the response, which breaks the API's contract. */
  odd: Record<string, unknown>;
}

export interface NightrunSwitches {
  /** New runs start by themselves. */
  arrivals: boolean;
}

export interface NewRun extends Partial<Omit<Run, 'id'>> {
  /** When a running run ends. Null: never. Default: null. */
  endsInMs?: number | null;
}

/** The runs of a Nightrun server. */
export interface Runs {
  /** Returns the ID. */
  add(run: NewRun): string;
  find(id: string): Run | undefined;
  /** Newest first. */
  all(): readonly Run[];
  /** Stops a waiting run, and asks a running one to stop. False: it has ended or is stopping. */
  stop(run: Run): boolean;
  seed(count: number, random: Random): void;
  addOddRows(): OddRows;
}

const minuteMs = 60_000;
/** How long a running run takes to stop. */
const stoppingMs = 2_000;

export function createRuns(timeline: Timeline): Runs {
  const runs = new Map<string, Run>();

  const end = (run: Run, state: Run['state']): void => {
    if (run.endedAtMs === null) Object.assign(run, { state, endedAtMs: timeline.now() });
  };

  const add = ({ endsInMs = null, ...fields }: NewRun): string => {
    const createdAtMs = fields.createdAtMs ?? timeline.now();
    const state = fields.state ?? 'waiting';
    const run: Run = {
      id: `run-${1_000 + runs.size}`,
      state,
      title: 'nightly report',
      queue: 'reports',
      user: 'ada',
      createdAtMs,
      startedAtMs: state === 'waiting' ? null : createdAtMs,
      endedAtMs: null,
      error: null,
      odd: {},
      ...fields,
    };
    runs.set(run.id, run);
    if (endsInMs !== null) timeline.at(timeline.now() + endsInMs, () => run.state === 'running' && end(run, 'done'));
    return run.id;
  };

  return {
    add,
    find: (id) => runs.get(id),
    all: () => Array.from(runs.values()).sort((a, b) => b.createdAtMs - a.createdAtMs || (a.id < b.id ? 1 : -1)),
    stop(run) {
      if (run.state === 'waiting') end(run, 'stopped');
      else if (run.state === 'running') {
        run.state = 'stopping';
        timeline.at(timeline.now() + stoppingMs, () => end(run, 'stopped'));
      } else return false;
      return true;
    },
    seed(count, random) {
      for (let index = 0; index < count; index += 1) add(inventRun(random, timeline.now() - (count - index) * 10 * minuteMs));
    },
    addOddRows() {
      const withoutId = [{ id: null }, { id: 7 }];
      for (const odd of withoutId) add({ odd });
      const readable = [{ state: null }, { title: 7 }, { percent: 'half' }];
      return { readableIds: readable.map((odd) => add({ odd })), withoutId: withoutId.length };
    },
  };
}

/** A run that was created at this time. */
function inventRun(random: Random, createdAtMs: number): NewRun {
  const state = random.pick(['waiting', 'running', 'stopped', 'done', 'done', 'done', 'failed'] as const);
  const hasEnded = state === 'stopped' || state === 'done' || state === 'failed';
  return {
    state,
    title: random.pick(['nightly report', 'invoice export', 'index rebuild', 'mail digest']),
    queue: random.pick(['reports', 'exports', 'search']),
    user: random.pick(['ada', 'grace', 'linus']),
    createdAtMs,
    startedAtMs: state === 'waiting' ? null : createdAtMs + random.integer(1, 30) * 1_000,
    endedAtMs: hasEnded ? createdAtMs + random.integer(40, 500) * 1_000 : null,
    error: state === 'failed' ? random.pick(['The disk is full.', 'The database rejected the query.']) : null,
    endsInMs: random.integer(5, 60) * minuteMs,
  };
}

/** A new run every minute. */
export function startArrivals(runs: Runs, random: Random, timeline: Timeline, switches: NightrunSwitches): void {
  timeline.at(timeline.now() + minuteMs, () => {
    if (switches.arrivals) runs.add({ ...inventRun(random, timeline.now()), state: 'running', endedAtMs: null, error: null });
    startArrivals(runs, random, timeline, switches);
  });
}
