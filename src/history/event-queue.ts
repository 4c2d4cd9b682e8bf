import type { EventGroup } from './event-groups.ts';

/** Groups of events that wait for the store: which ones the next statement stores, and what happens to them afterwards. No I/O. */
export interface EventQueue {
  push(groups: readonly EventGroup[]): void;
  /** Events that are not stored yet, including parked ones. */
  countEvents(): number;
  /** Whether groups wait, other than parked ones. */
  hasWaiting(): boolean;
  hasParked(): boolean;
  /** The groups of the next statement; null: none wait. Only one statement runs at a time. */
  begin(): StatementGroups | null;
  /** The groups are stored, or never will be. */
  finish(statement: StatementGroups): void;
  /** The statement failed. `isRejected`: the store rejected the groups; otherwise they may be stored. The next statement has fewer. */
  giveBack(statement: StatementGroups, isRejected: boolean): void;
  /** Sets the groups apart, so that the others don't wait for them. */
  park(statement: StatementGroups): void;
  /** Queues the parked groups again. */
  unpark(): void;
}

export interface StatementGroups {
  groups: readonly EventGroup[];
  /** How many of the first waiting groups an earlier statement may have stored, because its response was lost. If there are any, `groups` has only such groups. */
  perhapsStored: number;
}

export function createEventQueue(maxInStatement: number): EventQueue {
  let waiting: EventGroup[] = [];
  let parked: EventGroup[] = [];
  let perhapsStored = 0;
  /** Halved after a failure: a statement that is too large is split, and a rejected group is found by halves. */
  let maxEvents = maxInStatement;
  const finish = ({ groups, perhapsStored: before }: StatementGroups): void => {
    maxEvents = Math.min(2 * maxEvents, maxInStatement);
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
      const groups = takeFirst(before > 0 ? waiting.slice(0, before) : waiting, maxEvents);
      // Until the statement's response arrives.
      perhapsStored = Math.max(before, groups.length);
      return { groups, perhapsStored: before };
    },
    finish,
    giveBack({ groups, perhapsStored: before }, isRejected) {
      maxEvents = Math.ceil(countEvents(groups) / 2);
      if (isRejected) perhapsStored = before;
    },
    park(statement) {
      parked.push(...statement.groups);
      finish(statement);
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

/** The first groups with at most `maxEvents` events in total, but at least one group. */
function takeFirst(groups: readonly EventGroup[], maxEvents: number): EventGroup[] {
  let events = 0;
  const end = groups.findIndex(({ jobIds }) => {
    events += jobIds.length;
    return events > maxEvents;
  });
  return groups.slice(0, end < 0 ? groups.length : Math.max(end, 1));
}
