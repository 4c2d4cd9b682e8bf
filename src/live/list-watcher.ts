import type { Clock } from '../concurrency/clock.ts';
import type { JobFilter } from '../jobs/filter.ts';
import type { CursorKeys } from '../listing/cursor-keys.ts';
import type { JobRead } from '../reading/job-read.ts';
import type { SortOrder } from '../reading/order.ts';
import { type FollowedList, keyOfList } from './followed-list.ts';
import { createListFollower, type ListFollower } from './list-follower.ts';
import { createListPoller, type ListPoller } from './list-poller.ts';

/** Follows lists. Each list of a system is read once for all its followers. */
export interface ListWatcher {
  /** The first page of the list, then its changes, until `return`. */
  follow(lists: readonly FollowedList[], options: FollowOptions): ListFollower;
  /** A read by another request; see ListPoller. */
  note(systemId: string, vendorId: string, read: JobRead): void;
  /** The number of lists that are read. */
  followedLists(): number;
  /** Reads of lists so far. */
  polls(): number;
  /** Ends all following. */
  close(): void;
}

export interface FollowOptions {
  filter: JobFilter;
  order: SortOrder;
  first: number;
  /** The caller that reads count toward if no other caller follows the list. */
  caller: string;
}

export interface ListWatcherOptions {
  clock: Clock;
  keys: CursorKeys;
  onBug(error: unknown): void;
}

export function createListWatcher({ clock, keys, onBug }: ListWatcherOptions): ListWatcher {
  const pollers = new Map<string, { systemId: string; poller: ListPoller }>();
  const followers = new Set<ListFollower>();
  let polls = 0;
  let closed = false;

  const pollerFor = (list: FollowedList): ListPoller => {
    const key = keyOfList(list);
    const known = pollers.get(key);
    if (known) return known.poller;
    const onPoll = (): void => {
      polls += 1;
    };
    const poller = createListPoller({ list, clock, onPoll, onIdle: () => pollers.delete(key), onBug });
    pollers.set(key, { systemId: list.system.id, poller });
    return poller;
  };

  return {
    follow(lists, { caller, ...options }) {
      const followed = lists.map((list) => ({ system: list.system, poller: pollerFor(list) }));
      const follower = createListFollower({
        ...options,
        keys,
        clock,
        parts: followed.map(({ system, poller }) => ({ system, look: () => poller.look(options.first) })),
        onEnd() {
          followers.delete(follower);
          for (const { poller } of followed) poller.remove(following);
        },
      });
      const following = { caller, first: options.first, onLook: follower.onLook };
      followers.add(follower);
      for (const { poller } of followed) poller.add(following);
      if (closed) follower.end();
      return follower;
    },
    note(systemId, vendorId, read) {
      for (const each of pollers.values()) if (each.systemId === systemId) each.poller.note(vendorId, read);
    },
    followedLists: () => pollers.size,
    polls: () => polls,
    close() {
      closed = true;
      for (const follower of followers) follower.end();
    },
  };
}
