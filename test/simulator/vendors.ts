import { configureSandbox, type SystemConfig } from '../../src/config/systems.ts';
import type { JobAction } from '../../src/jobs/job.ts';
import type { SandboxAnswer, SandboxRequest, SandboxServerParts } from '../../src/sandbox-kit/exchange.ts';
import type { Random } from '../../src/sandbox-kit/random.ts';
import { vendors } from '../../src/vendors/index.ts';
import { secretsOf } from '../configure-systems.ts';
import type { Action, Simulation, VendorName } from '../vendors/contract.ts';
import { subjects } from '../vendors/subjects.ts';

/** A vendor of a world: a sandbox without a socket, its jobs as they truly are, and what befalls them. */
export interface Vendor extends Pick<Simulation<never>, 'isListed' | 'endWords' | 'showsWords' | 'cancelsInVain' | 'exchangeEntries'> {
  systemId: string;
  /** Its name in a URL. */
  origin: string;
  config: SystemConfig;
  /** Carries a request out, at once. */
  answer(request: SandboxRequest): SandboxAnswer;
  /** The purpose of a request. */
  askingOf(request: SandboxRequest): Asking;
  /** The vendor's own word for each job's status, by vendor id. What is due has happened. */
  words(): Map<string, string>;
  /** Whether the vendor's word shows what the action leads to. */
  isShownBy(action: JobAction, word: string | undefined): boolean;
  /** Whether the action creates another job, and leaves the named one unchanged. */
  creates(action: JobAction): boolean;
  /** The IDs of the jobs that actions have created for this job. */
  createdFor(vendorId: string): string[];
  /** Adds a job that runs for some time. Returns its vendor ID. */
  addJob(random: Random): string;
  /** The job ends by itself. */
  endJob(vendorId: string): void;
  removeJob(vendorId: string): void;
  /** Another user of the vendor's cancels it. */
  cancelJob(vendorId: string): void;
  /** Makes a canceled or stopping job succeed; other jobs don't change. */
  overrule(vendorId: string): void;
  /** The vendor begins again: sessions are gone. */
  restart(): void;
  secrets: string[];
}

/** The purpose of a request: an action on these jobs, or a read of them. */
export type Asking = { kind: 'action'; action: JobAction; ids: string[] } | { kind: 'read'; ids: string[] | 'all' } | null;

interface Placed {
  systemId: string;
  random: Random;
  nowMs(): number;
  jobs: number;
}

/** Starts a vendor with jobs of all kinds. */
export async function startVendor(name: VendorName, { systemId, random, nowMs, jobs }: Placed): Promise<Vendor> {
  const { jobs: truth, simulation } = subjects[name];
  const origin = `http://${systemId}.vendor.test`;
  const { sandbox, serving } = await startWithoutSocket(name, { origin, random, nowMs });
  for (let index = 0; index < jobs; index += 1) simulation.addJob(sandbox, random);
  const config = configureSandbox(sandbox);
  const timeoutMs = random.pick([2_000, 5_000, 15_000]);
  const settings = { ...sandbox.settings, ...simulation.pickSettings?.(random) };
  return {
    systemId,
    origin,
    config: { ...config, id: systemId, title: systemId, timeoutMs, settings },
    answer(request) {
      serving.timeline.runDue();
      return serving.answer(request);
    },
    askingOf: (request) => askingOf(name, request),
    words() {
      serving.timeline.runDue();
      return simulation.words(sandbox);
    },
    isShownBy: (action, word) => word !== undefined && truth.shows(action.toLowerCase() as Action, word),
    creates: (action) => subjects[name].actions[action.toLowerCase() as Action]?.creates === true,
    createdFor: (vendorId) => truth.createdFor?.(sandbox, vendorId) ?? [],
    addJob: (chance) => simulation.addJob(sandbox, chance),
    endJob: (vendorId) => simulation.endJob(sandbox, vendorId),
    removeJob: (vendorId) => truth.remove(sandbox, vendorId),
    cancelJob: (vendorId) => simulation.cancelJob(sandbox, vendorId),
    overrule: (vendorId) => simulation.overrule(sandbox, vendorId),
    restart: () => simulation.restart(sandbox),
    secrets: plainAndSent(secretsOf(name, sandbox.settings), sandbox.settings),
    endWords: simulation.endWords,
    showsWords: simulation.showsWords,
    cancelsInVain: simulation.cancelsInVain,
    ...(simulation.isListed && { isListed: simulation.isListed }),
    ...(simulation.exchangeEntries && { exchangeEntries: simulation.exchangeEntries }),
  };
}

async function startWithoutSocket(name: VendorName, { origin, random, nowMs }: Pick<Placed, 'random' | 'nowMs'> & { origin: string }) {
  const vendor = vendors.find((each) => each.name === name);
  const served: SandboxServerParts[] = [];
  const sandbox = await vendor?.startSandbox({
    jobs: 0,
    seed: random.integer(1, 1_000_000),
    clock: { now: nowMs, advance() {} },
    async serve(parts) {
      served.push(parts);
      return { origin, close: async () => {} };
    },
    switches: { arrivals: false, ...subjects[name].simulation.pickSwitches(random) },
  });
  const [serving] = served;
  if (!sandbox || !serving) throw new Error(`${name} does not serve`);
  return { sandbox, serving };
}

/** The plain secrets, and each with its user name as in a header. */
function plainAndSent(secrets: readonly string[], settings: object): string[] {
  const users = Object.entries(settings).flatMap(([key, value]) => (/^user(name)?$/i.test(key) ? [String(value)] : []));
  return [...secrets, ...users.flatMap((user) => secrets.map((secret) => Buffer.from(`${user}:${secret}`).toString('base64')))];
}

/** Reads a request of the vendor's as the vendor does. */
function askingOf(name: VendorName, { method, path, query, body }: SandboxRequest): Asking {
  const search = query.size > 0 ? `?${query}` : '';
  const purpose = subjects[name].purposeOf({ method, target: `${path}${search}`, body });
  return purpose?.kind === 'action' ? { ...purpose, action: purpose.action.toUpperCase() as JobAction } : purpose;
}
