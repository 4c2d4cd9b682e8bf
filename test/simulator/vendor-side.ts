import type { Random } from '../../src/sandbox-kit/random.ts';
import { createHistory, type History } from './history.ts';
import type { Kinds } from './kinds.ts';
import { createNetwork, type Mishap, type Network } from './network.ts';
import { type Choice, listSystems } from './plans.ts';
import type { Trace } from './trace.ts';
import { startVendor, type Vendor } from './vendors.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What befalls requests to a system. */
export interface PlannedMishaps {
  /** 0 to 1: the share of requests. */
  rate: number;
  kinds: Mishap[];
}

/** The vendors of a world, and the network to them. */
export interface VendorSide {
  vendors: ReadonlyMap<string, Vendor>;
  history: History;
  network: Network;
  mishaps: ReadonlyMap<string, PlannedMishaps>;
  /** Since when jobs have succeeded although their cancels were accepted. */
  overruled: ReadonlyMap<string, number>;
  /** Decides what befalls requests and statements. */
  chance: Random;
  /** From now on nothing befalls anyone. */
  calm(): void;
}

export interface VendorSideParts {
  time: VirtualTime;
  trace: Trace;
  kinds: Kinds;
  choice: Choice;
  plan: Random;
  isLarge: boolean;
  chance: Random;
}

export async function startVendorSide(parts: VendorSideParts): Promise<VendorSide> {
  const { time, trace, chance } = parts;
  const { swaps, crosses, overrules } = parts.kinds;
  const vendors = new Map<string, Vendor>();
  const history = createHistory(time, vendors);
  await startVendors(parts, vendors, history);
  const mishaps = new Map(Array.from(vendors.keys(), (id): [string, PlannedMishaps] => [id, { rate: 0, kinds: [] }]));
  const overruled = new Map<string, number>();
  let isCalm = false;
  const overrule = (systemId: string, vendorId: string): void => {
    const jobId = `${systemId}:${vendorId}`;
    const before = history.last(jobId);
    vendors.get(systemId)?.overrule(vendorId);
    history.observe(systemId);
    if (history.last(jobId) === before) return;
    overruled.set(jobId, time.nowMs());
    trace.note('world', systemId, 'overrule', vendorId);
  };
  const network = createNetwork({
    ...{ time, random: chance, trace, vendors, onChange: history.observe },
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
  const calm = (): void => {
    isCalm = true;
    for (const planned of mishaps.values()) planned.rate = 0;
  };
  return { vendors, history, network, mishaps, overruled, chance, calm };
}

async function startVendors({ time, choice, plan, isLarge }: VendorSideParts, vendors: Map<string, Vendor>, history: History) {
  const unused = listSystems(choice);
  for (let left = isLarge ? plan.integer(2, 4) : plan.integer(1, 2); left > 0; left -= 1) {
    const [[systemId, name]] = unused.splice(plan.integer(0, unused.length - 1), 1) as [(typeof unused)[number]];
    const jobs = isLarge ? plan.integer(5, 25) : plan.integer(2, 9);
    vendors.set(systemId, await startVendor(name, { systemId, random: plan, nowMs: time.nowMs, jobs }));
    history.observe(systemId);
  }
}
