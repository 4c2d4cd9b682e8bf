import { createClock, createTimeline } from '../../../sandbox-kit/clock.ts';
import { createFaults } from '../../../sandbox-kit/faults.ts';
import { createRequestLog } from '../../../sandbox-kit/request-log.ts';
import type { Sandbox, SandboxOptions } from '../../../sandbox-kit/sandbox.ts';
import { startSandboxServer } from '../../../sandbox-kit/server.ts';
import { defaultAccounts } from './accounts.ts';
import { createAnswer } from './answer.ts';
import { startArrivals } from './arrivals.ts';
import type { JobSource } from './job-source.ts';
import { addJobsFor } from './jobs-for-actions.ts';
import { addOddRows } from './odd-rows.ts';
import { seedJobs } from './seed.ts';
import { createState, type KineticaState } from './state.ts';
import { defaultSwitches, type KineticaSwitches } from './switches.ts';

export type { JobInput } from './complete-job.ts';
export { errorBody } from './envelope.ts';
export type { KineticaJob } from './job.ts';
export type { KineticaState } from './state.ts';
export type { KineticaSwitches } from './switches.ts';

export type KineticaSandbox = Sandbox<KineticaSwitches, KineticaState>;

/** Starts a simulated head rank of a Kinetica 7.2 cluster: its job endpoints as JSON over HTTP. */
export async function startKineticaSandbox(options: SandboxOptions<KineticaSwitches> = {}): Promise<KineticaSandbox> {
  const { host = '127.0.0.1', port = 0, seed = 1, jobs = 120, latencyMs = 0, clock = createClock() } = options;
  const { serve = startSandboxServer } = options;
  const switches = { ...defaultSwitches, ...options.switches };
  const timeline = createTimeline(clock);
  const faults = createFaults();
  const requests = createRequestLog();
  const state = createState({ timeline, switches, seed });
  const source: JobSource = { seed, isBackup: switches.cluster === 'backup' };
  seedJobs({ state, timeline, source, count: jobs });
  startArrivals({ state, timeline, switches, source, count: jobs });

  const pathPrefix = switches.pathPrefix.replace(/\/$/, '');
  const answer = createAnswer({ clock, state, switches, pathPrefix });
  const server = await serve({ host, port, latencyMs, clock, timeline, faults, requests, switches, answer });
  const [administrator] = defaultAccounts();
  return {
    vendor: 'kinetica',
    url: server.origin + pathPrefix,
    settings: { username: administrator?.username, password: administrator?.password },
    clock,
    faults,
    requests,
    switches,
    addOddRows: () => addOddRows(state),
    addJobsFor: (action, count) => addJobsFor(state, action, count),
    state,
    close: server.close,
  };
}
