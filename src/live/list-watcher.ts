import type { Clock } from '../concurrency/clock.ts';
import type { JobFilter } from '../jobs/filter.ts';
import type { CursorKeys } from '../listing/cursor-keys.ts';
import type { JobRead } from '../reading/job-read.ts';
import type { SortOrder } from '../reading/order.ts';
import { createListPoller, type ListPoller } from './list-poller.ts';
import { createListSubscription, type ListSubscription } from './list-subscription.ts';
import { keyOfList, type PolledList } from './polled-list.ts';

/** Serves live lists. Each system's list is polled once for all its subscribers. */
export interface ListWatcher {
  /** The first page of the list, then its changes, until `return`. */
  subscribe(lists: readonly PolledList[], options: SubscribeOptions): ListSubscription;
  /** A read by another request; see ListPoller. */
  note(systemId: string, vendorId: string, read: JobRead): void;
  /** The number of systems' lists that are polled. */
  polledLists(): number;
  /** Reads of polled lists so far. */
  polls(): number;
  /** Ends all subscriptions. */
  close(): void;
}

export interface SubscribeOptions {
  filter: JobFilter;
  order: SortOrder;
  first: number;
  /** The caller that reads count toward if no other caller subscribes to the list. */
  caller: string;
}

export interface ListWatcherOptions {
  clock: Clock;
  keys: CursorKeys;
  onBug(error: unknown): void;
}

export function createListWatcher({ clock, keys, onBug }: ListWatcherOptions): ListWatcher {
  const pollers = new Map<string, { systemId: string; poller: ListPoller }>();
  const subscriptions = new Set<ListSubscription>();
  let polls = 0;
  let closed = false;

  const pollerFor = (list: PolledList): ListPoller => {
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
    subscribe(lists, { caller, ...options }) {
      const polled = lists.map((list) => ({ system: list.system, poller: pollerFor(list) }));
      const subscription = createListSubscription({
        ...options,
        keys,
        clock,
        parts: polled.map(({ system, poller }) => ({ system, observation: () => poller.observation(options.first) })),
        onEnd() {
          subscriptions.delete(subscription);
          for (const { poller } of polled) poller.remove(subscriber);
        },
      });
      const subscriber = { caller, first: options.first, onRead: subscription.onRead };
      subscriptions.add(subscription);
      for (const { poller } of polled) poller.add(subscriber);
      if (closed) subscription.end();
      return subscription;
    },
    note(systemId, vendorId, read) {
      for (const each of pollers.values()) if (each.systemId === systemId) each.poller.note(vendorId, read);
    },
    polledLists: () => pollers.size,
    polls: () => polls,
    close() {
      closed = true;
      for (const subscription of subscriptions) subscription.end();
    },
  };
}
