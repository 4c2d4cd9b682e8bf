import type { EventGroup } from './event-groups.ts';

/** Groups of events on their way into the store: which go into the next statement, and what becomes of them when it has ended. No I/O. */
export interface EventQueue {
  push(groups: readonly EventGroup[]): void;
  /** Events that are not stored yet, parked ones included. */
  countEvents(): number;
  /** Whether groups wait that are not parked. */
  hasWaiting(): boolean;
  hasParked(): boolean;
  /** The groups of the next statement; null: none wait. One statement at a time. */
  begin(): EventPortion | null;
  /** They are stored, or never will be. */
  finish(portion: EventPortion): void;
  /** They are not stored, or perhaps: `isAnswered` tells that the store has refused them. The next statement has fewer. */
  giveBack(portion: EventPortion, isAnswered: boolean): void;
  /** Sets them apart, so that the others don't wait for them. */
  park(portion: EventPortion): void;
  /** Lines the parked ones up again. */
  unpark(): void;
}

export interface EventPortion {
  groups: readonly EventGroup[];
  /** How many of the first groups that wait a statement before may have stored, its answer having been lost; where there are any, only such are taken. */
  perhapsStored: number;
}

export function createEventQueue(maxInStatement: number): EventQueue {
  let waiting: EventGroup[] = [];
  let parked: EventGroup[] = [];
  let perhapsStored = 0;
  /** Fewer after a failure: what is too much at once goes in parts, and one that is refused is found by halves. */
  let most = maxInStatement;
  const finish = ({ groups, perhapsStored: before }: EventPortion): void => {
    most = Math.min(2 * most, maxInStatement);
    perhapsStored = Math.max(0, before - groups.length);
    waiting.splice(0, groups.length);
  };
  return {
    push(groups) {
      for (const group of groups) waiting.push(group);
    },
    countEvents: () => countEvents(waiting) + countEvents(parked),
    hasWaiting: () => waiting.length > 0,
    hasParked: () => parked.length > 0,
    begin() {
      if (waiting.length === 0) return null;
      const before = perhapsStored;
      const groups = takeFirst(before > 0 ? waiting.slice(0, before) : waiting, most);
      // Until its answer is there.
      perhapsStored = Math.max(before, groups.length);
      return { groups, perhapsStored: before };
    },
    finish,
    giveBack({ groups, perhapsStored: before }, isAnswered) {
      most = Math.ceil(countEvents(groups) / 2);
      if (isAnswered) perhapsStored = before;
    },
    park(portion) {
      parked.push(...portion.groups);
      finish(portion);
    },
    unpark() {
      waiting = [...waiting, ...parked];
      parked = [];
    },
  };
}

export function countEvents(groups: readonly EventGroup[]): number {
  return groups.reduce((sum, { jobIds }) => sum + jobIds.length, 0);
}

/** The first groups that have at most so many events together; one at least. */
function takeFirst(groups: readonly EventGroup[], most: number): EventGroup[] {
  let events = 0;
  const end = groups.findIndex(({ jobIds }) => {
    events += jobIds.length;
    return events > most;
  });
  return groups.slice(0, end < 0 ? groups.length : Math.max(end, 1));
}
