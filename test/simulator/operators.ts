import type { Random } from '../../src/sandbox-kit/random.ts';
import type { CallerPlan, Replica, Settings } from './replica.ts';
import type { Trace } from './trace.ts';
import type { VirtualTime } from './virtual-time.ts';

/** When a process began, and how it ended; all null: it was closed when the world was over. */
export interface LifeTimes {
  bornMs: number;
  diedMs: number | null;
  /** When the stop began. */
  stoppingMs: number | null;
  /** When it had stopped by itself. */
  stoppedMs: number | null;
}

/** What operators can do in the middle of traffic. */
export interface Operators {
  /** Replaces a replica as a rolling update does. */
  stopOne(own: Random): Promise<void>;
  /** Changes the configuration file, and makes each replica reload it. */
  reload(own: Random): void;
}

export interface OperatorParts {
  time: VirtualTime;
  trace: Trace;
  /** Take requests. */
  alive: Replica[];
  lives: ReadonlyMap<string, LifeTimes>;
  /** The configuration file, which is changed in place. */
  settings: Settings;
  /** All that the first configuration had. */
  callers: readonly CallerPlan[];
  /** Those whose keys stay. */
  permanent: readonly CallerPlan[];
  isShared: boolean;
  drainMs: number;
  begin(): Promise<void>;
  /** Makes callers send slow operations to this replica, and one of them open a stream. */
  keepBusy(own: Random, replica: Replica, subscriber: CallerPlan): void;
}

export function createOperators(parts: OperatorParts): Operators {
  const { time, trace, alive, lives, settings, callers, permanent, isShared, drainMs, begin, keepBusy } = parts;
  return {
    async stopOne(own) {
      if (alive.length === 0) return;
      const leaving = own.pick(alive);
      // Only replicas that share a store can run at the same time.
      const isReplacedFirst = isShared && own.chance(0.5);
      if (isReplacedFirst) await begin();
      const times = lives.get(leaving.life.name) as LifeTimes;
      // It may have crashed, or be stopped, since.
      if (leaving.life.isDead || times.stoppingMs !== null) return;
      keepBusy(own, leaving, own.pick(permanent));
      await new Promise<void>((resolve) => time.later(own.integer(0, 60), resolve));
      if (leaving.life.isDead) return;
      times.stoppingMs = time.nowMs();
      trace.note('stop', leaving.life.name);
      // A load balancer may send requests until then.
      time.later(drainMs, () => {
        if (alive.includes(leaving)) alive.splice(alive.indexOf(leaving), 1);
      });
      await leaving.close();
      times.stoppedMs = time.nowMs();
      trace.note('stopped', leaving.life.name);
      if (!isReplacedFirst) await begin();
    },
    reload(own) {
      const others = callers.filter((caller) => !permanent.includes(caller));
      const [revoked] = settings.callers.length < callers.length ? [] : [own.pick(others)];
      // Whose key was taken away gets it back the next time.
      settings.callers = callers.filter((caller) => caller !== revoked);
      settings.systems = settings.systems.map((system) =>
        own.chance(0.5) ? { ...system, timeoutMs: own.pick([2_000, 5_000, 15_000]), concurrency: own.integer(2, 8) } : system,
      );
      trace.note('configuration', revoked ? `without ${revoked.name}` : 'with all callers');
      for (const replica of [...alive]) {
        keepBusy(own, replica, revoked ?? own.pick(permanent));
        time.later(own.integer(0, 400), () => {
          if (replica.life.isDead) return;
          trace.note('reload', replica.life.name);
          replica.reload();
        });
      }
    },
  };
}
