import { configureSandbox, type SystemConfig } from '../../src/config/systems.ts';
import type { JobAction } from '../../src/jobs/job.ts';
import type { SandboxAnswer, SandboxRequest, SandboxServerParts } from '../../src/sandbox-kit/exchange.ts';
import type { Random } from '../../src/sandbox-kit/random.ts';
import type { Sandbox } from '../../src/sandbox-kit/sandbox.ts';
import { startAodocsSandbox } from '../../src/vendors/aodocs/sandbox/index.ts';
import { startKineticaSandbox } from '../../src/vendors/kinetica/sandbox/index.ts';
import { startKylinSandbox } from '../../src/vendors/kylin/sandbox/index.ts';
import { startVeevaVaultSandbox } from '../../src/vendors/veeva-vault/sandbox/index.ts';

/** A vendor of a world: a sandbox without a socket, its jobs as they truly are, and what befalls them. */
export interface Vendor {
  systemId: string;
  /** Its name in a URL. */
  origin: string;
  config: SystemConfig;
  /** Carries a request out, at once. */
  answer(request: SandboxRequest): SandboxAnswer;
  /** The vendor's own word for each job's status, by vendor id. What is due has happened. */
  words(): Map<string, string>;
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

export const vendorNames = ['kinetica', 'veeva-vault', 'kylin', 'aodocs'] as const;
export type VendorName = (typeof vendorNames)[number];

interface Placed {
  systemId: string;
  random: Random;
  nowMs(): number;
  jobs: number;
}

const clockOf = (nowMs: () => number) => ({ now: nowMs, advance() {} });

/** Starts a vendor with jobs of all kinds. */
export async function startVendor(name: VendorName, placed: Placed): Promise<Vendor> {
  const { systemId, random, nowMs, jobs } = placed;
  const origin = `http://${systemId}.vendor.test`;
  let parts: SandboxServerParts | null = null;
  const options = {
    jobs: 0,
    seed: random.integer(1, 1_000_000),
    clock: clockOf(nowMs),
    serve: async (given: SandboxServerParts) => {
      parts = given;
      return { origin, close: async () => {} };
    },
  };
  const { sandbox, ...rest } = await starters[name](options, random);
  const serving = parts as SandboxServerParts | null;
  if (!serving) throw new Error(`${name} does not serve`);
  for (let index = 0; index < jobs; index += 1) rest.addJob(random);
  const config = configureSandbox(sandbox);
  return {
    systemId,
    origin,
    config: {
      ...config,
      id: systemId,
      title: systemId,
      timeoutMs: random.pick([2_000, 5_000, 15_000]),
      settings: name === 'veeva-vault' && random.chance(0.4) ? { ...(config.settings as object), reads: 'rest' } : config.settings,
    },
    answer(request) {
      serving.timeline.runDue();
      return serving.answer(request);
    },
    ...rest,
    words() {
      serving.timeline.runDue();
      return rest.words();
    },
    secrets: secretsOf(sandbox.settings),
  };
}

/** The plain secrets, and each with its user name as in a header. */
function secretsOf(settings: object): string[] {
  const entries = Object.entries(settings).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const secrets = entries.flatMap(([key, value]) => (['password', 'securityCode'].includes(key) ? [value] : []));
  const users = entries.flatMap(([key, value]) => (/^user(name)?$/i.test(key) ? [value] : []));
  return [...secrets, ...users.flatMap((user) => secrets.map((secret) => Buffer.from(`${user}:${secret}`).toString('base64')))];
}

type Started = { sandbox: Sandbox } & Pick<Vendor, 'words' | 'addJob' | 'endJob' | 'removeJob' | 'cancelJob' | 'overrule' | 'restart'>;
interface Options {
  jobs: number;
  seed: number;
  clock: { now(): number; advance(ms: number): void };
  serve: NonNullable<Parameters<typeof startKylinSandbox>[0]>['serve'] & {};
}

const starters: Record<VendorName, (options: Options, random: Random) => Promise<Started>> = {
  async kinetica(options, random) {
    const sandbox = await startKineticaSandbox({
      ...options,
      switches: {
        arrivals: false,
        cancelAnswers: random.pick(['terse', 'enum', 'omit', 'reject', 'reorder', 'prose']),
        errorStatus: random.pick([400, 200]),
        stoppingWord: random.pick(['CANCELLED', 'CANCELLING', 'RUNNING']),
        repeatedCancel: random.pick(['accepted', 'rejected']),
        stopMs: random.pick([0, 1_500, 20_000]),
        listOrder: random.pick(['received', 'scrambled']),
      },
    });
    const { state } = sandbox;
    return {
      sandbox,
      // A stopping job continues to run for some time, and the API shows no sync job that has ended.
      words: () =>
        new Map(
          Array.from(state.jobs()).flatMap(({ id, status, kind, running }) => {
            if (kind === 'sync' && !running) return [];
            return [[id, status === 'CANCELLED' && running ? 'CANCELLING' : status]];
          }),
        ),
      addJob: (chance) =>
        chance.chance(0.7)
          ? state.addJob({ runsMs: chance.integer(1, 600) * 1_000, ignoresCancel: chance.chance(0.1) })
          : state.addJob({ status: chance.pick(['WAITING', 'DONE', 'ERROR']), kind: chance.pick(['async', 'sync']) }),
      endJob: (id) => state.job(id)?.status === 'RUNNING' && state.changeJob(id, { status: 'DONE' }),
      removeJob: state.removeJob,
      cancelJob: (id) => void state.cancelJob(id),
      overrule: (id) => state.job(id)?.status === 'CANCELLED' && state.changeJob(id, { status: 'DONE' }),
      restart() {},
    };
  },
  async 'veeva-vault'(options, random) {
    const sandbox = await startVeevaVaultSandbox({
      ...options,
      switches: {
        arrivals: false,
        cancelErrors: random.pick(['object', 'array']),
        allCancelsRejected: random.pick(['SUCCESS', 'FAILURE']),
        cancelRunning: random.pick(['by_job', 'always', 'never']),
        invalidSessionStatus: random.pick([200, 401]),
        warnings: random.chance(0.3),
      },
    });
    const { state } = sandbox;
    return {
      sandbox,
      words: () => new Map([...state.unfinished(), ...state.ended()].map(({ id, status }) => [String(id), status])),
      addJob: (chance) =>
        String(
          state.addJob({
            status: chance.pick(['SCHEDULED', 'QUEUED', 'QUEUED', 'RUNNING', 'SUCCESS']),
            durationMs: chance.integer(10, 600) * 1_000,
            waitMs: chance.integer(1, 300) * 1_000,
            cancellableWhileRunning: chance.chance(0.5),
          }),
        ),
      endJob(id) {
        const job = state.job(Number(id));
        // One that is being canceled only ends otherwise by `overrule`.
        if (job && !job.endedAtMs && !job.status.startsWith('CANCEL')) state.changeJob(Number(id), { status: 'SUCCESS' });
      },
      removeJob: (id) => state.removeJob(Number(id)),
      cancelJob: (id) => void state.cancel(Number(id), 1),
      overrule: (id) => /^CANCEL/.test(state.job(Number(id))?.status ?? '') && state.changeJob(Number(id), { status: 'SUCCESS' }),
      restart: () => state.sessions.endAll(),
    };
  },
  async kylin(options, random) {
    const sandbox = await startKylinSandbox({
      ...options,
      switches: {
        cluster: random.pick(['oneNode', 'twoNodes']),
        errorShape: random.pick(['source', 'documented']),
        listShape: random.pick(['source', 'documented']),
        arrivals: false,
      },
    });
    const { state } = sandbox;
    return {
      sandbox,
      words: () => new Map(Array.from(state.jobs(), ({ id, state: word }) => [id, word])),
      addJob: (chance) =>
        state.addJob({
          state: chance.pick(['RUNNING', 'RUNNING', 'RUNNING', 'READY', 'PAUSED', 'ERROR', 'SUCCEED', 'DISCARDED']),
          project: chance.pick(['retail', 'finance']),
          runMs: chance.integer(10, 900) * 1_000,
        }),
      endJob: (id) => void state.moveJob(id, 'SUCCEED'),
      removeJob: state.removeJob,
      cancelJob: (id) => void state.moveJob(id, 'DISCARDED'),
      overrule: (id) => state.getJob(id)?.state === 'DISCARDED' && state.changeJob(id, { state: 'SUCCEED' }),
      restart: () => state.expireSessions(),
    };
  },
  async aodocs(options, random) {
    const sandbox = await startAodocsSandbox({
      ...options,
      switches: {
        arrivals: false,
        terminalCancel: random.pick(['strict', 'idempotent', 'conflict', 'badRequest']),
        int64: random.pick(['strings', 'numbers']),
        zeros: random.pick(['kept', 'omitted']),
      },
    });
    const { state } = sandbox;
    return {
      sandbox,
      words: () => new Map(state.jobs().map(({ jobId, status }) => [jobId, status])),
      addJob: (chance) => state.addJob({ status: chance.pick(['IN_PROGRESS', 'IN_PROGRESS', 'IN_PROGRESS', 'COMPLETED', 'FAILED']) }),
      endJob: (id) => state.job(id)?.status === 'IN_PROGRESS' && state.changeJob(id, { status: 'COMPLETED' }),
      removeJob: state.removeJob,
      cancelJob: (id) => state.job(id)?.status === 'IN_PROGRESS' && state.changeJob(id, { status: 'CANCELLED' }),
      overrule: (id) => state.job(id)?.status === 'CANCELLED' && state.changeJob(id, { status: 'COMPLETED' }),
      restart() {},
    };
  },
};

/** The purpose of a request: an action on these jobs, or a read of them. */
export type Asking = { kind: 'action'; action: JobAction; ids: string[] } | { kind: 'read'; ids: string[] | 'all' } | null;

const digits = (text = ''): string[] => text.match(/\d+/g) ?? [];
const kylinActions: Record<string, JobAction> = { DISCARD: 'CANCEL', PAUSE: 'PAUSE', RESUME: 'RESUME', RESTART: 'RESTART' };

/** Reads a request of the vendor's as the vendor does. */
export function askingOf(vendor: string, { method, path, query, body }: SandboxRequest): Asking {
  switch (vendor) {
    case 'kinetica':
      if (path.endsWith('/admin/alter/jobs'))
        return { kind: 'action', action: 'CANCEL', ids: digits(/"job_ids":\s*\[([^\]]*)\]/.exec(body)?.[1]) };
      return path.endsWith('/admin/show/jobs') || path.endsWith('/get/job') ? { kind: 'read', ids: 'all' } : null;
    case 'kylin': {
      if (method === 'PUT' && path.endsWith('/jobs/status')) {
        const { job_ids: ids, action } = JSON.parse(body) as { job_ids: string[]; action: string };
        if (!Array.isArray(ids) || ids.length === 0) throw new Error(`An action without job IDs: ${body}`);
        return { kind: 'action', action: kylinActions[action] ?? 'CANCEL', ids };
      }
      if (method !== 'GET' || !/\/jobs(\/[^/]+\/detail)?$/.test(path)) return null;
      const key = query.get('key');
      return { kind: 'read', ids: key ? [key] : 'all' };
    }
    case 'veeva-vault': {
      const started = /\/start_now\/(\d+)$/.exec(path)?.[1];
      if (started) return { kind: 'action', action: 'START', ids: [started] };
      if (path.endsWith('/actions/cancel')) return { kind: 'action', action: 'CANCEL', ids: digits(decodeURIComponent(body)) };
      if (path.endsWith('/query')) return { kind: 'read', ids: 'all' };
      if (method !== 'GET' || !path.includes('/services/jobs/')) return null;
      const id = /\/services\/jobs\/(\d+)$/.exec(path)?.[1];
      return { kind: 'read', ids: id ? [id] : 'all' };
    }
    default: {
      const [, id, isCancel] = /\/job\/v1\/([^/?]+)(\/cancel)?$/.exec(path) ?? [];
      if (!id) return { kind: 'read', ids: 'all' };
      return isCancel ? { kind: 'action', action: 'CANCEL', ids: [id] } : { kind: 'read', ids: [id] };
    }
  }
}

/** Whether the vendor's word shows what the action leads to. */
export function isShownBy(action: JobAction, word: string | undefined): boolean {
  switch (action) {
    case 'CANCEL':
      return word === 'CANCELLED' || word === 'CANCELLING' || word === 'DISCARDED';
    case 'PAUSE':
      return word === 'PAUSED';
    case 'RESUME':
      return word !== undefined && word !== 'PAUSED' && word !== 'ERROR' && word !== 'DISCARDED';
    case 'RESTART':
      return word !== undefined && word !== 'DISCARDED';
    case 'START':
      return word !== undefined && word !== 'SCHEDULED';
  }
}
