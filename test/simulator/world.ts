import { join } from 'node:path';
import type { JobAction } from '../../src/jobs/job.ts';
import { createRandom, type Random } from '../../src/sandbox-kit/random.ts';
import { createBadDaySteps, type StoreHealth } from './bad-day-steps.ts';
import { controlBulk } from './bulk-controls.ts';
import { createCallerSteps } from './caller-steps.ts';
import { type Asked, type Callers, createCallers, type Operation } from './callers.ts';
import type { Database } from './database.ts';
import { type End, isFoundOut, readStored } from './final-state.ts';
import { createHistory, type History } from './history.ts';
import { createNetwork, type Mishap, type Network } from './network.ts';
import { createOperators, type LifeTimes } from './operators.ts';
import { administrator, type Choice, listSystems, planCallers } from './plans.ts';
import { type CallerPlan, type Replica, type ReplicaParts, type Settings, startReplica } from './replica.ts';
import { createTrace, type Trace } from './trace.ts';
import { startVendor, type Vendor } from './vendors.ts';
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

/** Lives through the world of a seed. */
export async function liveWorld(seed: number, { time, database, folder }: Ground, choice: Choice): Promise<World> {
  const plan = createRandom(seed);
  // Most worlds are small: many of them find more, in the time that one large one takes.
  const isLarge = plan.chance(0.08);
  const hasStore = plan.chance(isLarge ? 0.65 : 0.35);
  const usesBulk = hasStore && plan.chance(isLarge ? 0.35 : 0.2);
  database.reset(usesBulk);
  time.reset(seed);
  const chance = createRandom(Math.imul(seed, 7_919) + 1);
  /** Each of these kinds comes by a chance of its own: the worlds without it are as they were. Null: this world is without. */
  const kindOf = (number: number, share: number): Random | null => {
    const own = createRandom(Math.imul(seed, 104_729) + number);
    return own.chance(share) ? own : null;
  };
  const swaps = kindOf(2, 0.25);
  const crosses = kindOf(3, 0.15);
  const overrules = kindOf(4, hasStore ? 0.15 : 0);
  const stops = kindOf(5, 0.08);
  const reloads = kindOf(6, 0.08);
  const clocks = kindOf(7, hasStore ? 0.25 : 0);
  const controls = kindOf(8, usesBulk ? 0.35 : 0);
  let isCalm = false;
  const trace = createTrace(time);
  const vendors = new Map<string, Vendor>();
  const history = createHistory(time, vendors);
  const unused = listSystems(choice);
  for (let left = isLarge ? plan.integer(2, 4) : plan.integer(1, 2); left > 0; left -= 1) {
    const [[systemId, name]] = unused.splice(plan.integer(0, unused.length - 1), 1) as [(typeof unused)[number]];
    vendors.set(
      systemId,
      await startVendor(name, { systemId, random: plan, nowMs: time.nowMs, jobs: isLarge ? plan.integer(5, 25) : plan.integer(2, 9) }),
    );
    history.observe(systemId);
  }
  const systemIds = [...vendors.keys()];
  const mishaps = new Map(systemIds.map((id) => [id, { rate: 0, kinds: [] as Mishap[] }]));
  const network = createNetwork({
    time,
    random: chance,
    trace,
    vendors,
    onChange: history.observe,
    nextMishap(systemId) {
      const planned = mishaps.get(systemId);
      if (planned && planned.kinds.length > 0 && chance.chance(planned.rate)) return chance.pick(planned.kinds);
      if (swaps && !isCalm && swaps.chance(0.3)) return { kind: 'swapped' };
      return { kind: crosses && !isCalm && crosses.chance(0.5) ? 'crossed' : 'none' };
    },
    onCarriedOut({ systemId, asking, changed }) {
      if (!overrules || isCalm || asking?.kind !== 'action' || asking.action !== 'CANCEL') return;
      for (const vendorId of changed)
        if (overrules.chance(0.5)) time.later(overrules.integer(200, 15_000), () => overrule(systemId, vendorId));
    },
  });
  const overruled = new Map<string, number>();
  const overrule = (systemId: string, vendorId: string): void => {
    const before = history.last(`${systemId}:${vendorId}`);
    vendors.get(systemId)?.overrule(vendorId);
    history.observe(systemId);
    const jobId = `${systemId}:${vendorId}`;
    if (history.last(jobId) === before) return;
    overruled.set(jobId, time.nowMs());
    trace.note('world', systemId, 'overrule', vendorId);
  };
  const callersOf = createCallers(time, trace);
  const plans = [administrator, ...planCallers(plan, systemIds)];
  const isShared = plan.chance(0.5);
  const store: StoreHealth = { isFaulty: false, wasFaulty: false, outages: [] };
  const settings: Settings = { callers: plans, systems: Array.from(vendors.values(), ({ config }) => config) };
  const parts: Omit<ReplicaParts, 'auditFile' | 'clockAheadMs'> = {
    ...{ time, database, network, settings: () => settings, isShared },
    deadlineMs: plan.pick([5_000, 10_000, 25_000]),
    drainMs: stops?.pick([0, 500, 3_000]) ?? 0,
    overdueAfterMs: 15_000,
    hasStore,
  };
  const replicas: Replica[] = [];
  const alive: Replica[] = [];
  const lives = new Map<string, LifeTimes>();
  let begun = 0;
  const begin = async (): Promise<void> => {
    const name = `p${begun}`;
    begun += 1;
    // Processes of one machine share its store's clock, too.
    const clockAheadMs = isShared && clocks?.chance(0.7) ? clocks.pick([-1, 1]) * clocks.integer(3_000, 1_200_000) : 0;
    const replica = await startReplica(name, { ...parts, clockAheadMs, auditFile: join(folder, `${name}.jsonl`) });
    trace.note('begin', name, clockAheadMs);
    lives.set(name, { bornMs: time.nowMs(), diedMs: null, stoppingMs: null, stoppedMs: null });
    replicas.push(replica);
    alive.push(replica);
  };
  database.faults.next = () => {
    if (store.isFaulty && chance.chance(0.05)) return { kind: 'lost', applied: chance.chance(0.5) };
    return { kind: 'none', delayMs: store.isFaulty && chance.chance(0.05) ? chance.integer(100, 4_000) : 1 };
  };

  const failures: unknown[] = [];
  /** Runs concurrently with everything else. Its error is an error of the simulator. */
  const beside = (work: unknown): void => {
    if (work instanceof Promise) work.catch((error: unknown) => failures.push(error));
  };

  await time.reach(begin(), 30_000);
  if (isShared && plan.chance(isLarge ? 0.5 : 0.25)) beside(begin());

  /** Another process begins some time later. */
  const crash = (own: Random, victim: Replica): void => {
    alive.splice(alive.indexOf(victim), 1);
    const finishes = own.chance(0.5);
    trace.note('crash', victim.life.name);
    victim.kill(finishes);
    (lives.get(victim.life.name) as LifeTimes).diedMs = time.nowMs();
    time.later(own.integer(0, 5_000), () => beside(begin()));
  };
  /** Null: there is no process that would take it. */
  const ask = async (asked: Asked): Promise<Operation | null> => (alive.length > 0 ? callersOf.ask(plan.pick(alive), asked) : null);
  const jobs = (): string[] => [...history.jobIds()];
  const steps = [
    ...createCallerSteps({ plan, time, choice, systemIds, callers: plans, history, usesBulk, ask, beside }),
    ...createBadDaySteps({ plan, time, trace, database, history, vendors, mishaps, store, alive, isShared, hasStore, crash }),
  ];
  const operators = createOperators({
    ...{ time, trace, alive, lives, settings, callers: plans, permanent: [administrator], isShared, drainMs: parts.drainMs, begin },
    keepBusy(own, replica, subscriber) {
      const known = jobs();
      if (known.length === 0) return;
      const asked = (who: CallerPlan, kind: Operation['kind'], variables: object, leavesAfterMs: number | null = null): void =>
        beside(callersOf.ask(replica, { caller: who, kind, variables, leavesAfterMs }));
      const isRunning = (id: string): boolean => /RUNNING|IN_PROGRESS|QUEUED/.test(history.last(id).word ?? '');
      const running = known.some(isRunning) ? known.filter(isRunning) : known;
      asked(subscriber, 'subscribe', { ids: running.slice(0, 3) }, 20_000);
      asked(administrator, 'CANCEL', { input: { ids: [own.pick(running)], ...(own.chance(0.3) && { waitSeconds: 3 }) } });
      asked(own.pick(plans), 'read', { ids: [own.pick(known)] });
    },
  });
  const untilMs = isLarge ? 15_000 : 6_000;
  if (stops) time.later(stops.integer(200, untilMs), () => beside(operators.stopOne(stops)));
  if (reloads) for (const twice of [1, 2]) time.later(reloads.integer(200, twice * untilMs), () => operators.reload(reloads));

  if (controls)
    beside(
      controlBulk(controls, {
        time,
        alive,
        ask: async (kind, variables) => {
          const asked = { caller: administrator, kind, variables, leavesAfterMs: null };
          return alive.length > 0 ? callersOf.ask(controls.pick(alive), asked) : null;
        },
        changeJobs() {
          const systemId = controls.pick(systemIds);
          const vendor = vendors.get(systemId) as Vendor;
          vendor.addJob(controls);
          for (const id of vendor.words().keys()) if (controls.chance(0.1)) vendor.removeJob(id);
          history.observe(systemId);
        },
        crash: (victim) => crash(controls, victim),
      }),
    );

  const total = steps.reduce((sum, [weight]) => sum + weight, 0);
  for (let count = isLarge ? plan.integer(15, 35) : plan.integer(4, 12); count > 0; count -= 1) {
    await time.runUntil(time.nowMs() + (plan.chance(0.4) ? plan.integer(0, 50) : plan.integer(50, 2_500)));
    let at = plan.integer(0, total - 1);
    const step = steps.find(([weight]) => {
      at -= weight;
      return at < 0;
    });
    if (step) beside(step[1]());
  }

  await time.runUntil(time.nowMs() + 6_000);
  trace.note('calm');
  store.isFaulty = false;
  isCalm = true;
  for (const planned of mishaps.values()) planned.rate = 0;
  const calmMs = time.nowMs();
  const { deadlineMs, overdueAfterMs, drainMs } = parts;
  const health = { storeOutages: store.outages, wasStoreFaulty: store.wasFaulty };
  const kept = { seed, trace, vendors, history, network, callers: callersOf, replicas, lives, ...health, overruled };
  const readEnd = async (afterMs: number): Promise<End> => {
    await time.runUntil(calmMs + afterMs);
    for (const systemId of systemIds) history.observe(systemId);
    if (failures.length > 0) throw failures[0];
    const [replica] = alive;
    if (!replica) throw new Error('No process is left');
    return hasStore ? readStored(replica, [...overruled.keys()], { time, trace }) : { events: [], bulks: [], lastRead: null };
  };
  const isStopping = Array.from(lives.values()).some(({ stoppingMs, stoppedMs }) => stoppingMs !== null && stoppedMs === null);
  const mayEndSoon = (!hasStore || (!store.wasFaulty && store.outages.length === 0)) && !isStopping;
  const soonMs = overruled.size > 0 ? knownToAllMs : soonCalmForMs;
  const soon = mayEndSoon ? await readEnd(hasStore ? soonMs : storelessCalmForMs) : null;
  const end = soon && isFoundOut(soon) ? soon : await readEnd(clocks && isShared ? longCalmForMs : calmForMs);
  const closingMs = time.nowMs();
  await time.reach(Promise.all(alive.map((each) => each.close())), 60_000);
  return { ...kept, ...end, closingMs, isShared, hasStore, drainMs, deadlineMs, overdueAfterMs, calmMs, endMs: time.nowMs() };
}
