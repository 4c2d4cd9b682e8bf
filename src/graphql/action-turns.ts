import { setTimeout as delay } from 'node:timers/promises';
import { turns } from '../concurrency/turns.ts';

/** Bounds the jobs that mutations act on at one time. What is beyond waits, and no caller waits behind another's queue. */
export interface ActionTurns {
  /** Waits for room, at most `maxWaitMs`. What gives the room back; null: there was none, and nothing may be done. */
  take(caller: string | null, jobCount: number): Promise<(() => void) | null>;
}

export interface ActionTurnsOptions {
  /** Jobs of one caller. Not for the caller null: callers that can't be told apart. */
  maxJobsPerCaller: number;
  /** Jobs of all callers. */
  maxJobs: number;
  maxWaitMs: number;
}

interface Waiting {
  jobCount: number;
  begin(): void;
}

/** From this many jobs on, a request begins in a turn of the event loop of its own. */
const minJobsForOwnTurn = 100;

/** A request larger than a bound has its turn when nothing else counts against that bound. */
export function createActionTurns({ maxJobsPerCaller, maxJobs, maxWaitMs }: ActionTurnsOptions): ActionTurns {
  const active = new Map<string | null, number>();
  let activeJobs = 0;
  /** By caller, each in its order; the caller at the front is the next. */
  const queues = new Map<string | null, Waiting[]>();

  const fitsCaller = (caller: string | null, jobCount: number): boolean => {
    const ofCaller = active.get(caller) ?? 0;
    return caller === null || ofCaller === 0 || ofCaller + jobCount <= maxJobsPerCaller;
  };
  const fitsAll = (jobCount: number): boolean => activeJobs === 0 || activeJobs + jobCount <= maxJobs;
  /** Whether it may begin at once: others that wait only for room among all callers come first. */
  const isFree = (caller: string | null, jobCount: number): boolean => {
    const isNext = !queues.has(caller) && !Array.from(queues).some(([other, [first]]) => first && fitsCaller(other, first.jobCount));
    return isNext && fitsCaller(caller, jobCount) && fitsAll(jobCount);
  };
  const add = (caller: string | null, jobCount: number): void => {
    activeJobs += jobCount;
    const ofCaller = (active.get(caller) ?? 0) + jobCount;
    if (ofCaller > 0) active.set(caller, ofCaller);
    else active.delete(caller);
  };
  const beginWaiting = (): void => {
    for (;;) {
      const next = Array.from(queues).find(([caller, [first]]) => first && fitsCaller(caller, first.jobCount));
      const [caller, [first] = []] = next ?? [null];
      // Smaller ones behind it don't overtake it: it would never have its turn.
      if (!first || !fitsAll(first.jobCount)) return;
      leave(caller, first);
      const rest = queues.get(caller);
      if (rest) {
        // Behind the other callers: one turn each.
        queues.delete(caller);
        queues.set(caller, rest);
      }
      first.begin();
    }
  };
  const leave = (caller: string | null, waiting: Waiting): void => {
    const rest = queues.get(caller)?.filter((other) => other !== waiting) ?? [];
    if (rest.length > 0) queues.set(caller, rest);
    else queues.delete(caller);
  };
  const giveBack = (caller: string | null, jobCount: number): (() => void) => {
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      add(caller, -jobCount);
      beginWaiting();
    };
  };
  const waitForRoom = async (caller: string | null, jobCount: number): Promise<boolean> => {
    const { promise: begun, resolve } = Promise.withResolvers<void>();
    let hasBegun = false;
    const waiting: Waiting = {
      jobCount,
      begin() {
        hasBegun = true;
        add(caller, jobCount);
        resolve();
      },
    };
    queues.set(caller, [...(queues.get(caller) ?? []), waiting]);
    const stop = new AbortController();
    await Promise.race([begun, delay(maxWaitMs, null, { signal: stop.signal, ref: false }).catch(() => {})]);
    stop.abort();
    if (!hasBegun) {
      leave(caller, waiting);
      // It may have kept those behind it from theirs.
      beginWaiting();
    }
    return hasBegun;
  };

  return {
    async take(caller, jobCount) {
      if (isFree(caller, jobCount)) add(caller, jobCount);
      else if (!(await waitForRoom(caller, jobCount))) return null;
      if (jobCount >= minJobsForOwnTurn) await turns.take(caller ?? '');
      return giveBack(caller, jobCount);
    },
  };
}
