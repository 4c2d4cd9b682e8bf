import { createRandom } from '../../src/sandbox-kit/random.ts';
import { createCallers } from './callers.ts';
import type { Ground } from './ground.ts';
import type { World } from './judged-world.ts';
import { planKinds } from './kinds.ts';
import { comeToRest, createBeside, createStoreHealth, findEnd, haveBadDays, haveControls, haveOperators, type Life } from './life.ts';
import { administrator, type Choice, planCallers } from './plans.ts';
import { createProcesses } from './processes.ts';
import type { Settings } from './replica.ts';
import { createTrace } from './trace.ts';
import { startVendorSide } from './vendor-side.ts';

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
