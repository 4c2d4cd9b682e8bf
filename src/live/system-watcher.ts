import type { Clock } from '../concurrency/clock.ts';
import { createNewestByKey, type NewestByKey } from '../concurrency/newest-by-key.ts';
import type { ServedSystem } from '../job-service/served-system.ts';

/** A new object for each change, which all followers of the system get. */
export interface SystemChange {
  system: ServedSystem;
}

/** Follows how systems are reached: their health, circuit breaker, credentials, and traffic. Each is looked at once for all its followers. */
export interface SystemWatcher {
  /** Each system now, then after changes, until `return`. A slow reader may miss intermediate states, never the latest. */
  follow(systems: readonly ServedSystem[]): NewestByKey<SystemChange>;
  /** The state of the system's circuit breaker or credentials has changed. */
  note(systemId: string): void;
  /** Ends all following. */
  close(): void;
}

export interface SystemWatcherOptions {
  clock: Clock;
  onBug(error: unknown): void;
}

interface Watched {
  system: ServedSystem;
  followers: Set<NewestByKey<SystemChange>>;
  shown: string | null;
}

/** A health check is a vendor request; its result is reused for 10 seconds. */
const lookEveryMs = 5_000;
const healthChecks = { caller: 'health checks', credential: null };

export function createSystemWatcher({ clock, onBug }: SystemWatcherOptions): SystemWatcher {
  const watched = new Map<string, Watched>();
  let cancelLook: (() => void) | null = null;
  let closed = false;

  const look = (): void => {
    cancelLook = watched.size > 0 ? clock.at(clock.nowMs() + lookEveryMs, look) : null;
    for (const each of watched.values()) lookAt(each).catch(onBug);
  };
  const leave = (follower: NewestByKey<SystemChange>): void => {
    for (const [id, { followers }] of watched) if (followers.delete(follower) && followers.size === 0) watched.delete(id);
  };

  return {
    follow(systems) {
      const follower = createNewestByKey<SystemChange>(() => leave(follower));
      for (const system of systems) {
        follower.put(system.id, { system });
        if (closed) continue;
        const known = watched.get(system.id) ?? { system, followers: new Set(), shown: null };
        watched.set(system.id, known);
        known.followers.add(follower);
      }
      if (closed) follower.end();
      else if (!cancelLook) look();
      return follower;
    },
    note(systemId) {
      const each = watched.get(systemId);
      if (each) announce(each);
    },
    close() {
      closed = true;
      cancelLook?.();
      for (const { followers } of watched.values()) for (const follower of followers) follower.end();
      watched.clear();
    },
  };
}

/** Announces the system if it has changed since it was looked at last. */
async function lookAt(each: Watched): Promise<void> {
  const { system } = each;
  const { status, problem } = await system.health.check(healthChecks);
  const { breaker, credentials, traffic } = system.state;
  const { inFlight, waiting, pauseEndsAt, blockedLastMinute } = traffic();
  const now = [status, problem?.code, breaker().state, credentials().status, inFlight, waiting, pauseEndsAt, blockedLastMinute];
  const shown = JSON.stringify(now);
  const isFirst = each.shown === null;
  const isChanged = shown !== each.shown;
  each.shown = shown;
  // The followers have it as of just now.
  if (isChanged && !isFirst) announce(each);
}

function announce({ system, followers }: Watched): void {
  const change: SystemChange = { system };
  for (const follower of followers) follower.put(system.id, change);
}
