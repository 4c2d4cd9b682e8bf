import { turns } from '../concurrency/turns.ts';

/** Limits the jobs that mutations act on at one time. Further mutations wait, and no caller waits behind another's queue. */
export interface ActionTurns {
  /** Waits at most `maxWaitMs` for room. Returns a function that releases it; null: there was no room, and no action may be sent. */
  take(caller: string | null, jobCount: number): Promise<(() => void) | null>;
}

export interface ActionTurnsOptions {
  /** The limit per caller. Doesn't apply to the caller null: callers that can't be distinguished. */
  maxJobsPerCaller: number;
  /** The limit for all callers. */
  maxJobs: number;
  maxWaitMs: number;
}

/** From this many jobs on, a request starts in its own turn of the event loop. */
const minJobsForOwnTurn = 100;

/** A request larger than a limit starts when nothing else counts against the limit. */
export function createActionTurns({ maxWaitMs, ...bounds }: ActionTurnsOptions): ActionTurns {
  const active = createActiveJobs(bounds);
  const queues = createQueues();
  const findNext = () => queues.find((caller, { jobCount }) => active.fitsCaller(caller, jobCount));

  /** Whether it may start immediately: requests that only wait for room among all callers come first. */
  const isFree = (caller: string | null, jobCount: number): boolean =>
    !queues.has(caller) && !findNext() && active.fitsCaller(caller, jobCount) && active.fitsAll(jobCount);

  const beginWaiting = (): void => {
    for (let next = findNext(); next; next = findNext()) {
      // Smaller requests behind it don't overtake it, or it would never start.
      if (!active.fitsAll(next.jobCount)) return;
      queues.leave(next);
      queues.moveBehindOthers(next.caller);
      next.begin();
    }
  };

  const waitForRoom = (caller: string | null, jobCount: number): Promise<boolean> =>
    new Promise((resolve) => {
      const giveUp = (): void => {
        queues.leave(waiting);
        resolve(false);
        // It may have blocked those behind it.
        beginWaiting();
      };
      const timer = setTimeout(giveUp, maxWaitMs).unref();
      const waiting: Waiting = {
        caller,
        jobCount,
        begin() {
          clearTimeout(timer);
          active.add(caller, jobCount);
          resolve(true);
        },
      };
      queues.join(waiting);
    });

  return {
    async take(caller, jobCount) {
      if (isFree(caller, jobCount)) active.add(caller, jobCount);
      else if (!(await waitForRoom(caller, jobCount))) return null;
      if (jobCount >= minJobsForOwnTurn) await turns.take(caller ?? '');
      return once(() => {
        active.add(caller, -jobCount);
        beginWaiting();
      });
    },
  };
}

/** Calls `release` the first time only. */
function once(release: () => void): () => void {
  let isReleased = false;
  return () => {
    if (!isReleased) release();
    isReleased = true;
  };
}

/** Counts the jobs that mutations act on now. */
function createActiveJobs({ maxJobsPerCaller, maxJobs }: Pick<ActionTurnsOptions, 'maxJobsPerCaller' | 'maxJobs'>) {
  const byCaller = new Map<string | null, number>();
  let all = 0;
  return {
    fitsCaller(caller: string | null, jobCount: number): boolean {
      const ofCaller = byCaller.get(caller) ?? 0;
      return caller === null || ofCaller === 0 || ofCaller + jobCount <= maxJobsPerCaller;
    },
    fitsAll: (jobCount: number): boolean => all === 0 || all + jobCount <= maxJobs,
    add(caller: string | null, jobCount: number): void {
      all += jobCount;
      const ofCaller = (byCaller.get(caller) ?? 0) + jobCount;
      if (ofCaller > 0) byCaller.set(caller, ofCaller);
      else byCaller.delete(caller);
    },
  };
}

interface Waiting {
  caller: string | null;
  jobCount: number;
  begin(): void;
}

/** The waiting requests, in order per caller. The caller at the front is next. */
function createQueues() {
  const queues = new Map<string | null, Waiting[]>();
  return {
    has: (caller: string | null): boolean => queues.has(caller),
    join(waiting: Waiting): void {
      queues.set(waiting.caller, [...(queues.get(waiting.caller) ?? []), waiting]);
    },
    leave(waiting: Waiting): void {
      const { caller } = waiting;
      const rest = queues.get(caller)?.filter((other) => other !== waiting) ?? [];
      if (rest.length > 0) queues.set(caller, rest);
      else queues.delete(caller);
    },
    /** The first request that may start, of the first requests of all callers. */
    find(mayBegin: (caller: string | null, first: Waiting) => boolean): Waiting | null {
      for (const [caller, [first]] of queues) if (first && mayBegin(caller, first)) return first;
      return null;
    },
    /** Each caller gets one turn. */
    moveBehindOthers(caller: string | null): void {
      const rest = queues.get(caller);
      if (!rest) return;
      queues.delete(caller);
      queues.set(caller, rest);
    },
  };
}
