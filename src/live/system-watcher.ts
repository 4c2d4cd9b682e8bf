import type { Clock } from '../concurrency/clock.ts';
import { createNewestByKey, type NewestByKey } from '../concurrency/newest-by-key.ts';
import type { ServedSystem } from '../job-service/served-system.ts';

/** A new object for each change, which all subscribers of the system get. */
export interface SystemChange {
  system: ServedSystem;
}

/** Watches how systems are reached: their health, circuit breaker, credentials, and traffic. Each is checked once for all its subscribers. */
export interface SystemWatcher {
  /** Each system now, then after changes, until `return`. A slow reader may miss intermediate states, never the latest. */
  subscribe(systems: readonly ServedSystem[]): NewestByKey<SystemChange>;
  /** The state of the system's circuit breaker or credentials has changed. */
  note(systemId: string): void;
  /** Ends all subscriptions. */
  close(): void;
}

export interface SystemWatcherOptions {
  clock: Clock;
  onBug(error: unknown): void;
}

interface Watched {
  system: ServedSystem;
  subscribers: Set<NewestByKey<SystemChange>>;
  shown: string | null;
}

/** A health check is a vendor request; its result is reused for 10 seconds. */
const checkEveryMs = 5_000;
const healthChecks = { caller: 'health checks', credential: null };

export function createSystemWatcher({ clock, onBug }: SystemWatcherOptions): SystemWatcher {
  const watched = new Map<string, Watched>();
  let cancelCheck: (() => void) | null = null;
  let closed = false;

  const checkAll = (): void => {
    cancelCheck = watched.size > 0 ? clock.at(clock.nowMs() + checkEveryMs, checkAll) : null;
    for (const each of watched.values()) checkSystem(each).catch(onBug);
  };
  const leave = (subscriber: NewestByKey<SystemChange>): void => {
    for (const [id, { subscribers }] of watched) if (subscribers.delete(subscriber) && subscribers.size === 0) watched.delete(id);
  };

  return {
    subscribe(systems) {
      const subscriber = createNewestByKey<SystemChange>(() => leave(subscriber));
      for (const system of systems) {
        subscriber.put(system.id, { system });
        if (closed) continue;
        const known = watched.get(system.id) ?? { system, subscribers: new Set(), shown: null };
        watched.set(system.id, known);
        known.subscribers.add(subscriber);
      }
      if (closed) subscriber.end();
      else if (!cancelCheck) checkAll();
      return subscriber;
    },
    note(systemId) {
      const each = watched.get(systemId);
      if (each) announce(each);
    },
    close() {
      closed = true;
      cancelCheck?.();
      for (const { subscribers } of watched.values()) for (const subscriber of subscribers) subscriber.end();
      watched.clear();
    },
  };
}

/** Announces the system if it has changed since its last check. */
async function checkSystem(each: Watched): Promise<void> {
  const { system } = each;
  const { status, problem } = await system.health.check(healthChecks);
  const { breaker, credentials, traffic } = system.state;
  const { inFlight, waiting, pauseEndsAt, blockedLastMinute } = traffic();
  const now = [status, problem?.code, breaker().state, credentials().status, inFlight, waiting, pauseEndsAt, blockedLastMinute];
  const shown = JSON.stringify(now);
  const isFirst = each.shown === null;
  const isChanged = shown !== each.shown;
  each.shown = shown;
  // The subscribers have it as of just now.
  if (isChanged && !isFirst) announce(each);
}

function announce({ system, subscribers }: Watched): void {
  const change: SystemChange = { system };
  for (const subscriber of subscribers) subscriber.put(system.id, change);
}
