import type { Random } from '../../src/sandbox-kit/random.ts';
import { type BadDayParts, createBadDaySteps, type StoreHealth } from './bad-day-steps.ts';
import { controlBulk } from './bulk-controls.ts';
import { createCallerSteps } from './caller-steps.ts';
import type { Asked, Callers, Operation } from './callers.ts';
import { type End, isFoundOut, readStored } from './final-state.ts';
import type { Ground } from './ground.ts';
import type { Kinds } from './kinds.ts';
import { createOperators, type OperatorParts } from './operators.ts';
import { administrator, type Choice } from './plans.ts';
import type { Processes } from './processes.ts';
import type { CallerPlan, Settings } from './replica.ts';
import type { Trace } from './trace.ts';
import type { VendorSide } from './vendor-side.ts';
import type { Vendor } from './vendors.ts';

/** A world while it is lived through. */
export interface Life extends Ground {
  trace: Trace;
  plan: Random;
  kinds: Kinds;
  choice: Choice;
  isLarge: boolean;
  isShared: boolean;
  hasStore: boolean;
  usesBulk: boolean;
  side: VendorSide;
  callers: Callers;
  plans: readonly CallerPlan[];
  settings: Settings;
  store: StoreHealth;
  processes: Processes;
  beside: Beside;
}

/** What runs concurrently with everything else. Its errors are errors of the simulator. */
export interface Beside {
  run(work: unknown): void;
  /** Throws the first error, if there is one. */
  check(): void;
}

export function createBeside(): Beside {
  const failures: unknown[] = [];
  return {
    run(work) {
      if (work instanceof Promise) work.catch((error: unknown) => failures.push(error));
    },
    check() {
      if (failures.length > 0) throw failures[0];
    },
  };
}

/** Lets statements be lost and slow while the store is faulty. */
export function createStoreHealth({ database }: Ground, chance: Random): StoreHealth {
  const store: StoreHealth = { isFaulty: false, wasFaulty: false, outages: [] };
  database.faults.next = () => {
    if (store.isFaulty && chance.chance(0.05)) return { kind: 'lost', applied: chance.chance(0.5) };
    return { kind: 'none', delayMs: store.isFaulty && chance.chance(0.05) ? chance.integer(100, 4_000) : 1 };
  };
  return store;
}

/** Replicas are stopped and reloaded in the middle of traffic. */
export function haveOperators(life: Life, drainMs: number): void {
  const { time, trace, kinds, isLarge, isShared, plans, settings, processes, beside } = life;
  const { alive, lives, begin } = processes;
  const operators = createOperators({
    ...{ time, trace, alive, lives, settings, callers: plans, permanent: [administrator], isShared, drainMs, begin },
    keepBusy: createKeepBusy(life),
  });
  const { stops, reloads } = kinds;
  const untilMs = isLarge ? 15_000 : 6_000;
  if (stops) time.later(stops.integer(200, untilMs), () => beside.run(operators.stopOne(stops)));
  if (reloads) for (const twice of [1, 2]) time.later(reloads.integer(200, twice * untilMs), () => operators.reload(reloads));
}

function createKeepBusy({ side: { history }, callers, plans, beside }: Life): OperatorParts['keepBusy'] {
  return (own, replica, subscriber) => {
    const known = [...history.jobIds()];
    if (known.length === 0) return;
    const asked = (who: CallerPlan, kind: Operation['kind'], variables: object, leavesAfterMs: number | null = null): void =>
      beside.run(callers.ask(replica, { caller: who, kind, variables, leavesAfterMs }));
    const isRunning = (id: string): boolean => /RUNNING|IN_PROGRESS|QUEUED/i.test(history.last(id).word ?? '');
    const running = known.some(isRunning) ? known.filter(isRunning) : known;
    asked(subscriber, 'subscribe', { ids: running.slice(0, 3) }, 20_000);
    asked(administrator, 'CANCEL', { input: { ids: [own.pick(running)], ...(own.chance(0.3) && { waitSeconds: 3 }) } });
    asked(own.pick(plans), 'read', { ids: [own.pick(known)] });
  };
}

/** A bulk operation is controlled while jobs change and processes crash. */
export function haveControls({ time, kinds: { controls }, side, callers, processes, beside }: Life): void {
  if (!controls) return;
  const { vendors, history } = side;
  const { alive, crash } = processes;
  beside.run(
    controlBulk(controls, {
      ...{ time, alive },
      ask: async (kind, variables) => {
        const asked = { caller: administrator, kind, variables, leavesAfterMs: null };
        return alive.length > 0 ? callers.ask(controls.pick(alive), asked) : null;
      },
      changeJobs() {
        const systemId = controls.pick([...vendors.keys()]);
        const vendor = vendors.get(systemId) as Vendor;
        vendor.addJob(controls);
        for (const id of vendor.words().keys()) if (controls.chance(0.1)) vendor.removeJob(id);
        history.observe(systemId);
      },
      crash: (victim) => crash(controls, victim),
    }),
  );
}

/** Takes step after step, of those that callers and misfortune may take. */
export async function haveBadDays(life: Life): Promise<void> {
  const { time, plan, choice, isLarge, usesBulk, side, callers, plans, processes, beside } = life;
  const { alive } = processes;
  /** Null: there is no process that would take it. */
  const ask = async (asked: Asked): Promise<Operation | null> => (alive.length > 0 ? callers.ask(plan.pick(alive), asked) : null);
  const { history, vendors } = side;
  const callerParts = { plan, time, choice, systemIds: [...vendors.keys()], callers: plans, history, usesBulk, ask, beside: beside.run };
  const badDayParts: BadDayParts = { ...life, ...side, ...processes };
  const steps = [...createCallerSteps(callerParts), ...createBadDaySteps(badDayParts)];
  const total = steps.reduce((sum, [weight]) => sum + weight, 0);
  for (let count = isLarge ? plan.integer(15, 35) : plan.integer(4, 12); count > 0; count -= 1) {
    await time.runUntil(time.nowMs() + (plan.chance(0.4) ? plan.integer(0, 50) : plan.integer(50, 2_500)));
    let at = plan.integer(0, total - 1);
    const step = steps.find(([weight]) => {
      at -= weight;
      return at < 0;
    });
    if (step) beside.run(step[1]());
  }
}

/** The bad days are over. Returns when. */
export async function comeToRest({ time, trace, store, side }: Life): Promise<number> {
  await time.runUntil(time.nowMs() + 6_000);
  trace.note('calm');
  store.isFaulty = false;
  side.calm();
  return time.nowMs();
}

/** After the last bad thing: as long as it takes to find out what became of everything. */
const calmForMs = 80_000;
/** Where everything is found out by then and the store was well all the time, nothing is left to come. */
const soonCalmForMs = 25_000;
/** Where the replicas' clocks differ, so that a delay by as much would be seen. */
const longCalmForMs = 110_000;
/** After this time, each replica has the cancels that others confirmed. */
const knownToAllMs = 42_000;
/** Without a store nothing is left to come when the last operation has had its deadline. */
const storelessCalmForMs = 35_000;

/** The final state of the store: early if nothing is left to come by then. */
export async function findEnd(life: Life, calmMs: number): Promise<End> {
  const { hasStore, isShared, kinds, store, side, processes } = life;
  const isStopping = Array.from(processes.lives.values()).some(({ stoppingMs, stoppedMs }) => stoppingMs !== null && stoppedMs === null);
  const mayEndSoon = (!hasStore || (!store.wasFaulty && store.outages.length === 0)) && !isStopping;
  const soonMs = side.overruled.size > 0 ? knownToAllMs : soonCalmForMs;
  const soon = mayEndSoon ? await readEnd(life, calmMs + (hasStore ? soonMs : storelessCalmForMs)) : null;
  return soon && isFoundOut(soon) ? soon : readEnd(life, calmMs + (kinds.clocks && isShared ? longCalmForMs : calmForMs));
}

async function readEnd({ time, trace, hasStore, side, processes, beside }: Life, atMs: number): Promise<End> {
  await time.runUntil(atMs);
  for (const systemId of side.vendors.keys()) side.history.observe(systemId);
  beside.check();
  const [replica] = processes.alive;
  if (!replica) throw new Error('No process is left');
  return hasStore ? readStored(replica, [...side.overruled.keys()], { time, trace }) : { events: [], bulks: [], lastRead: null };
}
