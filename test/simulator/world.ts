import type { JobAction } from '../../src/jobs/job.ts';
import { createRandom } from '../../src/sandbox-kit/random.ts';
import { type Callers, createCallers } from './callers.ts';
import type { Database } from './database.ts';
import type { History } from './history.ts';
import { planKinds } from './kinds.ts';
import { comeToRest, createBeside, createStoreHealth, findEnd, haveBadDays, haveControls, haveOperators, type Life } from './life.ts';
import type { Network } from './network.ts';
import type { LifeTimes } from './operators.ts';
import { administrator, type Choice, planCallers } from './plans.ts';
import { createProcesses } from './processes.ts';
import type { Replica, Settings } from './replica.ts';
import { createTrace, type Trace } from './trace.ts';
import { startVendorSide } from './vendor-side.ts';
import type { Vendor } from './vendors.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What worlds are made of: the same for all. */
export interface Ground {
  time: VirtualTime;
  database: Database;
  /** For the audit's files. */
  folder: string;
}

/** A world when all is over: what the oracle judges. */
export interface World {
  seed: number;
  trace: Trace;
  vendors: ReadonlyMap<string, Vendor>;
  history: History;
  network: Network;
  callers: Callers;
  replicas: readonly Replica[];
  lives: ReadonlyMap<string, LifeTimes>;
  /** When the store could not be used. */
  storeOutages: readonly { fromMs: number; toMs: number }[];
  /** Whether statements were lost or slow at times. */
  wasStoreFaulty: boolean;
  /** Since when jobs have succeeded although their cancels were accepted. */
  overruled: ReadonlyMap<string, number>;
  /** How these jobs were read last, before the events were. */
  lastRead: LastRead | null;
  drainMs: number;
  /** The final state of the store. */
  events: readonly EventRow[];
  bulks: readonly BulkRow[];
  isShared: boolean;
  /** Otherwise its database is down all the time. */
  hasStore: boolean;
  deadlineMs: number;
  overdueAfterMs: number;
  /** When the bad days were over. */
  calmMs: number;
  /** When the processes that were left were closed. */
  closingMs: number;
  endMs: number;
}

export interface LastRead {
  atMs: number;
  jobs: ReadonlyMap<string, { status: string; stale: boolean }>;
}

export interface EventRow {
  id: string;
  kind: 'ACTION' | 'FOLLOW_UP';
  recordedAt: string;
  jobId: string;
  caller: string;
  action: JobAction;
  requestId: string | null;
  bulkOperationId: string | null;
  sent: boolean;
  outcome: string;
  code: string | null;
  message: string | null;
}

export interface BulkRow {
  id: string;
  status: string;
  action: JobAction;
  startedBy: string;
  counts: Record<'selected' | 'pending' | 'succeeded' | 'failed' | 'unknown', number>;
  systems: { system: { id: string } }[];
  items: { jobId: string; status: string; attempts: number; result: { __typename: string; outcome?: string; code?: string } | null }[];
}

/** Lives through the world of a seed. */
export async function liveWorld(seed: number, ground: Ground, choice: Choice): Promise<World> {
  const { time, database } = ground;
  const plan = createRandom(seed);
  // Most worlds are small: many of them find more, in the time that one large one takes.
  const isLarge = plan.chance(0.08);
  const hasStore = plan.chance(isLarge ? 0.65 : 0.35);
  const usesBulk = hasStore && plan.chance(isLarge ? 0.35 : 0.2);
  database.reset(usesBulk);
  time.reset(seed);
  const kinds = planKinds(seed, { hasStore, usesBulk });
  const trace = createTrace(time);
  const side = await startVendorSide({ time, trace, kinds, choice, plan, isLarge, chance: createRandom(Math.imul(seed, 7_919) + 1) });
  const { vendors, history, network } = side;
  const callers = createCallers(time, trace);
  const plans = [administrator, ...planCallers(plan, [...vendors.keys()])];
  const isShared = plan.chance(0.5);
  const settings: Settings = { callers: plans, systems: Array.from(vendors.values(), ({ config }) => config) };
  const parts = {
    ...{ time, database, network, settings: () => settings, isShared },
    deadlineMs: plan.pick([5_000, 10_000, 25_000]),
    drainMs: kinds.stops?.pick([0, 500, 3_000]) ?? 0,
    overdueAfterMs: 15_000,
    hasStore,
  };
  const beside = createBeside();
  const processes = createProcesses({ ...parts, trace, clocks: kinds.clocks, folder: ground.folder, beside: beside.run });
  const store = createStoreHealth(ground, side.chance);
  await time.reach(processes.begin(), 30_000);
  if (isShared && plan.chance(isLarge ? 0.5 : 0.25)) beside.run(processes.begin());

  const life: Life = {
    ...ground,
    trace,
    plan,
    kinds,
    choice,
    isLarge,
    isShared,
    hasStore,
    usesBulk,
    side,
    callers,
    plans,
    settings,
    store,
    processes,
    beside,
  };
  haveOperators(life, parts.drainMs);
  haveControls(life);
  await haveBadDays(life);
  const calmMs = await comeToRest(life);
  const end = await findEnd(life, calmMs);
  const closingMs = time.nowMs();
  await time.reach(Promise.all(processes.alive.map((each) => each.close())), 60_000);
  const { replicas, lives } = processes;
  const health = { storeOutages: store.outages, wasStoreFaulty: store.wasFaulty };
  const { deadlineMs, overdueAfterMs, drainMs } = parts;
  const kept = { seed, trace, vendors, history, network, callers, replicas, lives, ...health, overruled: side.overruled };
  return { ...kept, ...end, closingMs, isShared, hasStore, drainMs, deadlineMs, overdueAfterMs, calmMs, endMs: time.nowMs() };
}
