import { join } from 'node:path';
import type { Grant, Scope } from '../../src/config/grants.ts';
import type { JobAction } from '../../src/jobs/job.ts';
import { createRandom, type Random } from '../../src/sandbox-kit/random.ts';
import type { VendorName } from '../vendors/contract.ts';
import { subjects } from '../vendors/subjects.ts';
import { controlBulk } from './bulk-controls.ts';
import { type Asked, actionKinds, type Callers, createCallers, type Operation } from './callers.ts';
import type { Database } from './database.ts';
import { createHistory, type History } from './history.ts';
import { createNetwork, type Mishap, type Network } from './network.ts';
import { createOperators, type LifeTimes } from './operators.ts';
import { hasEnded } from './oracle-bulk.ts';
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

/** The vendors that worlds choose from. With others, all worlds are others. */
export type Choice = readonly VendorName[];

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

const administratorScopes: Scope[] = ['jobs:read', 'jobs:cancel', 'jobs:operate', 'jobs:raw', 'systems:read', 'audit:read'];
/** Sees everything in the end. */
export const administrator: CallerPlan = {
  name: 'administrator',
  grants: administratorScopes.map((scope) => ({ scope, systems: null })),
};

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

/** Two of each vendor. */
function listSystems(choice: Choice): [systemId: string, vendor: VendorName][] {
  return ['', '-2'].flatMap((suffix) => choice.map((name): [string, VendorName] => [`${name}${suffix}`, name]));
}

/** Lets the store have all its tables and queues, so that each world finds them there. */
export async function prepareGround({ time, database, folder }: Ground, choice: Choice): Promise<void> {
  time.reset(0);
  const random = createRandom(0);
  const vendors = new Map<string, Vendor>();
  for (const [systemId, name] of listSystems(choice))
    vendors.set(systemId, await startVendor(name, { systemId, random, nowMs: time.nowMs, jobs: 5 }));
  const trace = createTrace(time);
  const network = createNetwork({ time, random, trace, vendors, onChange() {}, onCarriedOut() {}, nextMishap: () => ({ kind: 'none' }) });
  const settings = { callers: [administrator], systems: Array.from(vendors.values(), ({ config }) => config) };
  const parts = { time, database, network, settings: () => settings, isShared: true, hasStore: true, clockAheadMs: 0, drainMs: 0 };
  const starting = startReplica('p', { ...parts, deadlineMs: 25_000, overdueAfterMs: 30_000, auditFile: join(folder, 'p.jsonl') });
  const replica = await time.reach(starting, 30_000);
  if (!replica) throw new Error('Jobyard does not start');
  const asked = { caller: administrator, kind: 'bulks', variables: {}, leavesAfterMs: null } as const;
  const operation = await time.reach(createCallers(time, trace).ask(replica, asked), 60_000);
  if (!operation?.data) throw new Error(`Jobyard does not answer: ${operation?.text}`);
  await time.runUntil(time.nowMs() + 20_000);
  await time.reach(replica.close(), 60_000);
  database.keep();
}

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
  const storeOutages: { fromMs: number; toMs: number }[] = [];
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
  let isStoreFaulty = false;
  let wasStoreFaulty = false;
  database.faults.next = () => {
    if (isStoreFaulty && chance.chance(0.05)) return { kind: 'lost', applied: chance.chance(0.5) };
    return { kind: 'none', delayMs: isStoreFaulty && chance.chance(0.05) ? chance.integer(100, 4_000) : 1 };
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
  const bulkIds = new Set<string>();
  const tokens: { token: string; action: JobAction; caller: CallerPlan }[] = [];
  const pages: { caller: CallerPlan; variables: Operation['variables']; after: string }[] = [];
  /** Null: there is no process that would take it. */
  const ask = async (asked: Asked): Promise<Operation | null> => (alive.length > 0 ? callersOf.ask(plan.pick(alive), asked) : null);
  const strangers = listStrangers(choice);
  const jobs = (): string[] => [...history.jobIds()];
  const pickJobs = (count: number): string[] => {
    const known = jobs();
    return Array.from({ length: count }, () => (known.length === 0 || plan.chance(0.08) ? plan.pick(strangers) : plan.pick(known)));
  };
  const filter = () =>
    plan.pick<object>([
      {},
      { statuses: ['RUNNING', 'QUEUED'] },
      { systemIds: [plan.pick(systemIds)] },
      { systemIds: [plan.pick(systemIds)], statuses: ['RUNNING'] },
      { availableAction: 'CANCEL' },
    ]);
  const leaves = (): number | null => (plan.chance(0.07) ? plan.integer(1, 3_000) : null);
  const caller = (): CallerPlan => (plan.chance(0.5) ? administrator : plan.pick(plans));

  const steps: [weight: number, step: () => unknown][] = [
    [
      28,
      () => {
        const kind = plan.chance(0.65) ? 'CANCEL' : plan.pick(actionKinds);
        const input = {
          ids: pickJobs(plan.integer(1, 8)),
          ...(plan.chance(0.1) && { dryRun: true }),
          ...(plan.chance(0.3) && { idempotencyKey: plan.pick(['one', 'two', 'three']) }),
          ...(kind === 'CANCEL' && plan.chance(0.2) && { waitSeconds: plan.integer(1, 10) }),
        };
        const asked: Asked = { caller: caller(), kind, variables: { input }, leavesAfterMs: leaves() };
        beside(ask(asked));
        // The same request once more, at once or later: from a proxy, or from a caller that did not wait.
        if (plan.chance(0.15)) time.later(plan.integer(0, 4_000), () => beside(ask(asked)));
      },
    ],
    [9, () => ask({ caller: caller(), kind: 'read', variables: { ids: pickJobs(plan.integer(1, 6)) }, leavesAfterMs: leaves() })],
    [
      9,
      async () => {
        const next = plan.chance(0.5) ? pages.pop() : undefined;
        const who = next?.caller ?? caller();
        const variables = next ? { ...next.variables, after: next.after } : { filter: filter(), first: plan.pick([2, 5, 10, 50]) };
        const operation = await ask({ caller: who, kind: 'list', variables, leavesAfterMs: leaves() });
        const data = operation?.data;
        const after = data?.jobs?.pageInfo.hasNextPage ? data.jobs.pageInfo.endCursor : null;
        if (after) pages.push({ caller: who, variables, after });
      },
    ],
    [3, () => ask({ caller: caller(), kind: 'events', variables: {}, leavesAfterMs: null })],
    [2, () => ask({ caller: caller(), kind: 'wait', variables: { ids: pickJobs(2) }, leavesAfterMs: leaves() })],
    [2, () => ask({ caller: caller(), kind: 'subscribe', variables: { ids: pickJobs(2) }, leavesAfterMs: plan.integer(500, 20_000) })],
    [
      4,
      async () => {
        const action = plan.chance(0.8) ? 'CANCEL' : plan.pick(actionKinds);
        const who = caller();
        const operation = await ask({ caller: who, kind: 'preview', variables: { action, filter: filter() }, leavesAfterMs: leaves() });
        const data = operation?.data;
        if (data?.previewBulkAction) tokens.push({ token: data.previewBulkAction.token, action, caller: who });
      },
    ],
    [
      5,
      async () => {
        const preview = plan.chance(0.6) ? tokens.pop() : undefined;
        if (!usesBulk) return;
        const input = {
          action: preview?.action ?? 'CANCEL',
          ...(preview ? { previewToken: preview.token } : { filter: filter() }),
          ...(preview && plan.chance(0.2) && { ifChanged: 'REJECT' }),
          ...(plan.chance(0.2) && { allowIncomplete: true }),
          ...(plan.chance(0.2) && { maxPerSecond: plan.pick([1, 5]) }),
          ...(plan.chance(0.3) && { idempotencyKey: plan.pick(['bulk-one', 'bulk-two']) }),
          reason: 'a bad day',
        };
        const who = preview?.caller ?? caller();
        const operation = await ask({ caller: who, kind: 'start', variables: { input }, leavesAfterMs: leaves() });
        const data = operation?.data;
        if (data?.startBulkAction?.id) bulkIds.add(data.startBulkAction.id);
      },
    ],
    [
      5,
      () => {
        if (bulkIds.size === 0) return;
        const kind = plan.pick(['suspend', 'resume', 'resume', 'cancelBulk', 'retryFailed', 'bulk', 'bulks'] as const);
        beside(ask({ caller: caller(), kind, variables: { id: plan.pick([...bulkIds]) }, leavesAfterMs: leaves() }));
      },
    ],
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
    [
      2,
      () => {
        isStoreFaulty = !isStoreFaulty;
        wasStoreFaulty = true;
        trace.note('store', isStoreFaulty ? 'faulty' : 'well');
      },
    ],
    [
      1,
      () => {
        if (!isShared) return;
        const outage = { fromMs: time.nowMs(), toMs: time.nowMs() + plan.integer(500, 10_000) };
        storeOutages.push(outage);
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
  isStoreFaulty = false;
  isCalm = true;
  for (const planned of mishaps.values()) planned.rate = 0;
  const calmMs = time.nowMs();
  const { deadlineMs, overdueAfterMs, drainMs } = parts;
  const kept = { seed, trace, vendors, history, network, callers: callersOf, replicas, lives, storeOutages, wasStoreFaulty, overruled };
  const readEnd = async (afterMs: number): Promise<End> => {
    await time.runUntil(calmMs + afterMs);
    for (const systemId of systemIds) history.observe(systemId);
    if (failures.length > 0) throw failures[0];
    const [replica] = alive;
    if (!replica) throw new Error('No process is left');
    return hasStore ? readStored(replica, [...overruled.keys()], { time, trace }) : { events: [], bulks: [], lastRead: null };
  };
  const isStopping = Array.from(lives.values()).some(({ stoppingMs, stoppedMs }) => stoppingMs !== null && stoppedMs === null);
  const mayEndSoon = (!hasStore || (!wasStoreFaulty && storeOutages.length === 0)) && !isStopping;
  const soonMs = overruled.size > 0 ? knownToAllMs : soonCalmForMs;
  const soon = mayEndSoon ? await readEnd(hasStore ? soonMs : storelessCalmForMs) : null;
  const end = soon && isFoundOut(soon) ? soon : await readEnd(clocks && isShared ? longCalmForMs : calmForMs);
  const closingMs = time.nowMs();
  await time.reach(Promise.all(alive.map((each) => each.close())), 60_000);
  return { ...kept, ...end, closingMs, isShared, hasStore, drainMs, deadlineMs, overdueAfterMs, calmMs, endMs: time.nowMs() };
}

type End = Pick<World, 'events' | 'bulks' | 'lastRead'>;

/** Whether the outcome of each action is known, and every bulk operation has ended or waits for a caller. */
function isFoundOut({ events, bulks }: End): boolean {
  const keyOf = ({ jobId, requestId, action }: EventRow): string => `${requestId} ${action} ${jobId}`;
  const settled = new Set(events.filter(({ kind }) => kind === 'FOLLOW_UP').map(keyOf));
  const isOpen = (event: EventRow): boolean =>
    event.kind === 'ACTION' && ['ACCEPTED', 'OUTCOME_UNKNOWN'].includes(event.outcome) && !settled.has(keyOf(event));
  return !events.some(isOpen) && bulks.every(({ status }) => hasEnded.has(status));
}

/** The state of the store. */
async function readStored(replica: Replica, overruled: string[], { time, trace }: { time: VirtualTime; trace: Trace }): Promise<End> {
  /** The virtual clock is stopped unless it is moved. */
  const reach = <Value>(work: Promise<Value>): Promise<Value | undefined> => time.reach(work, 60_000);
  const own = createCallers(time, trace);
  const readAll = async (kind: Operation['kind'], variables: object, pageOf: (data: Operation['data']) => Operation['data']) => {
    const nodes: Operation['data'][] = [];
    for (let after: string | null = null; ; ) {
      const operation: Operation | undefined = await reach(
        own.ask(replica, { caller: administrator, kind, variables: { ...variables, after }, leavesAfterMs: null }),
      );
      const page: Operation['data'] = operation?.data && pageOf(operation.data);
      if (!page) throw new Error(`The end of the world can't be read: ${kind}: ${operation?.text ?? 'no answer'}`);
      nodes.push(...page.nodes);
      if (!page.pageInfo?.hasNextPage) return nodes;
      after = page.pageInfo.endCursor;
    }
  };
  const asked = { caller: administrator, kind: 'read', variables: { ids: overruled }, leavesAfterMs: null } as const;
  const operation = overruled.length > 0 ? await reach(own.ask(replica, asked)) : undefined;
  const lastRead: LastRead = {
    atMs: time.nowMs(),
    jobs: new Map((operation?.data?.jobsByIds ?? []).map((job: Operation['data'], index: number) => [overruled[index], job])),
  };
  const events: EventRow[] = await readAll('events', {}, ({ jobEvents }) => jobEvents);
  const listed = await readAll('bulks', {}, ({ bulkOperations }) => bulkOperations);
  const bulks: BulkRow[] = [];
  for (const { id } of listed) {
    let head: Omit<BulkRow, 'items'> | null = null;
    const items = await readAll('bulk', { id }, ({ bulkOperation }) => {
      head = bulkOperation;
      return bulkOperation.items;
    });
    bulks.push({ ...(head as unknown as Omit<BulkRow, 'items'>), items });
  }
  return { events, bulks, lastRead };
}

function planCallers(plan: Random, systemIds: readonly string[]): CallerPlan[] {
  const some = (): string[] => systemIds.filter(() => plan.chance(0.5));
  const grant = (scope: Scope, systems: string[] | null): Grant => ({ scope, systems });
  const own = some();
  return [
    { name: 'reader', grants: [grant('jobs:read', null)] },
    {
      name: 'operator',
      grants: [grant('jobs:read', own), grant('jobs:cancel', own), grant('jobs:operate', own), grant('audit:read', own)],
    },
    { name: 'watcher', grants: [grant('jobs:read', some()), grant('systems:read', null), grant('audit:read', some())] },
    { name: 'blind-canceler', grants: [grant('jobs:cancel', some())] },
  ];
}

function planMishap(plan: Random): Mishap {
  const applied = plan.chance(0.5);
  return plan.pick<Mishap>([
    { kind: 'rejected' },
    { kind: 'reset', applied },
    { kind: 'hang', applied },
    { kind: 'late', afterMs: plan.integer(100, 20_000) },
    { kind: 'slow', afterMs: plan.integer(100, 20_000) },
    { kind: 'cut' },
    { kind: 'twice' },
    { kind: 'gateway', status: plan.pick([500, 502, 503, 504]), applied, headers: {} },
    { kind: 'gateway', status: plan.pick([429, 503]), applied: false, headers: { 'retry-after': plan.pick(['1', '5', '20']) } },
    { kind: 'gateway', status: plan.pick([302, 403, 404]), applied: false, headers: {} },
    { kind: 'echo', status: plan.pick([400, 403, 500]) },
  ]);
}

/** IDs of no job: well-formed and malformed ones, and some of no system. */
function listStrangers(choice: Choice): string[] {
  const unknown = choice.map((name) => `${name}:${subjects[name].ids.unknown}`);
  return [...unknown, 'kinetica:007', 'nosuch:1', 'no-colon', ''];
}
