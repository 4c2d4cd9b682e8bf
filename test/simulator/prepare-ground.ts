import { join } from 'node:path';
import { createRandom } from '../../src/sandbox-kit/random.ts';
import { createCallers } from './callers.ts';
import type { Ground } from './ground.ts';
import { createNetwork } from './network.ts';
import { administrator, type Choice, listSystems } from './plans.ts';
import { startReplica } from './replica.ts';
import { createTrace } from './trace.ts';
import { startVendor, type Vendor } from './vendors.ts';

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
