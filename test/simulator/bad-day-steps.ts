import type { Random } from '../../src/sandbox-kit/random.ts';
import type { Step } from './caller-steps.ts';
import type { Database } from './database.ts';
import type { History } from './history.ts';
import type { Mishap } from './network.ts';
import { planMishap } from './plans.ts';
import type { Replica } from './replica.ts';
import type { Trace } from './trace.ts';
import type { Vendor } from './vendors.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface BadDayParts {
  plan: Random;
  time: VirtualTime;
  trace: Trace;
  database: Database;
  history: History;
  vendors: ReadonlyMap<string, Vendor>;
  /** What befalls requests to each system. */
  mishaps: ReadonlyMap<string, { rate: number; kinds: Mishap[] }>;
  store: StoreHealth;
  /** Take requests. */
  alive: readonly Replica[];
  isShared: boolean;
  hasStore: boolean;
  crash(own: Random, victim: Replica): void;
}

/** How the store is, and was. */
export interface StoreHealth {
  isFaulty: boolean;
  wasFaulty: boolean;
  /** When it could not be used. */
  outages: { fromMs: number; toMs: number }[];
}

/** What befalls vendors, the network, the store, and the processes. */
export function createBadDaySteps(parts: BadDayParts): Step[] {
  return [...createVendorSteps(parts), ...createProcessSteps(parts)];
}

function createVendorSteps({ plan, trace, history, vendors, mishaps }: BadDayParts): Step[] {
  const systemIds = [...vendors.keys()];
  return [
    [
      10,
      () => {
        const systemId = plan.pick(systemIds);
        const vendor = vendors.get(systemId) as Vendor;
        const ids = [...vendor.words().keys()];
        const what = plan.pick(['endJob', 'endJob', 'cancelJob', 'removeJob', 'addJob', 'restart'] as const);
        const id = ids.length > 0 ? plan.pick(ids) : null;
        trace.note('world', systemId, what, id);
        if (what === 'addJob') vendor.addJob(plan);
        else if (what === 'restart') vendor.restart();
        else if (id !== null) vendor[what](id);
        history.observe(systemId);
      },
    ],
    [
      10,
      () => {
        const planned = mishaps.get(plan.pick(systemIds));
        if (!planned) return;
        planned.rate = plan.pick([0, 0.1, 0.3, 0.7, 1]);
        planned.kinds = Array.from({ length: plan.integer(1, 3) }, () => planMishap(plan));
        trace.note('mishaps', planned.rate, planned.kinds.map(({ kind }) => kind).join());
      },
    ],
  ];
}

function createProcessSteps({ plan, time, trace, database, store, alive, isShared, hasStore, crash }: BadDayParts): Step[] {
  return [
    [
      2,
      () => {
        store.isFaulty = !store.isFaulty;
        store.wasFaulty = true;
        trace.note('store', store.isFaulty ? 'faulty' : 'well');
      },
    ],
    [
      1,
      () => {
        if (!isShared) return;
        const outage = { fromMs: time.nowMs(), toMs: time.nowMs() + plan.integer(500, 10_000) };
        store.outages.push(outage);
        database.faults.isDown = true;
        database.restart();
        trace.note('store', 'down');
        time.later(outage.toMs - outage.fromMs, () => {
          database.faults.isDown = false;
          trace.note('store', 'up');
        });
      },
    ],
    [
      // What a process leaves behind is in the store.
      hasStore ? 10 : 3,
      () => {
        if (alive.length > 0) crash(plan, plan.pick(alive));
      },
    ],
  ];
}
