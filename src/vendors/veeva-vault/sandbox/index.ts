import { createClock, createTimeline } from '../../../sandbox-kit/clock.ts';
import { createFaults } from '../../../sandbox-kit/faults.ts';
import { createRandom } from '../../../sandbox-kit/random.ts';
import { createRequestLog } from '../../../sandbox-kit/request-log.ts';
import type { Sandbox, SandboxOptions } from '../../../sandbox-kit/sandbox.ts';
import { startSandboxServer } from '../../../sandbox-kit/server.ts';
import { createAnswer } from './answer.ts';
import { startArrivals } from './arrivals.ts';
import { createHooks } from './hooks.ts';
import { createJobs } from './jobs.ts';
import { addJobsFor } from './jobs-for-actions.ts';
import { createLimits } from './limits.ts';
import { addOddRows } from './odd-rows.ts';
import { createQueries } from './query.ts';
import { seedJobs } from './seed.ts';
import { createSessions } from './session.ts';
import { createState, type VaultState } from './state.ts';
import { defaultSwitches, type VaultSwitches } from './switches.ts';
import { createUsers } from './users.ts';

export type { VaultState } from './state.ts';
export type { VaultSwitches } from './switches.ts';

/** Starts a simulated Veeva Vault: one Vault of one company, with the Jobs API and logins. */
export async function startVeevaVaultSandbox(options: SandboxOptions<VaultSwitches> = {}): Promise<Sandbox<VaultSwitches, VaultState>> {
  const { host = '127.0.0.1', port = 0, seed = 1, jobs: jobCount = 120, latencyMs = 0, clock = createClock() } = options;
  const { serve = startSandboxServer } = options;
  const timeline = createTimeline(clock);
  const switches = { ...defaultSwitches, ...options.switches };
  const faults = createFaults();
  const requests = createRequestLog();

  // A source of chance for each purpose, so that logging in more often does not change which jobs arrive.
  const jobs = createJobs({ timeline, random: createRandom(seed), switches });
  seedJobs(jobCount, { jobs, timeline, random: createRandom(seed + 1) });
  startArrivals({ jobs, timeline, random: createRandom(seed + 2), switches });

  const users = createUsers();
  const sessions = createSessions({ timeline, random: createRandom(seed + 3), switches, users });
  const limits = createLimits(timeline, switches);
  const hooks = createHooks();
  const queryIds = createRandom(seed + 5);
  let origin = '';
  const answer = createAnswer({
    jobs,
    users,
    sessions,
    limits,
    queries: createQueries({ jobs, switches, nowMs: () => timeline.now(), uuid: () => queryIds.uuid() }),
    hooks,
    timeline,
    switches,
    random: createRandom(seed + 4),
    ownHost: () => new URL(origin).host,
  });
  const server = await serve({ host, port, latencyMs, clock, timeline, faults, requests, switches, answer });
  origin = server.origin;

  const { username, password } = users.integration;
  return {
    vendor: 'veeva-vault',
    url: origin,
    settings: { version: 'v26.1', username, password },
    clock,
    faults,
    requests,
    switches,
    addOddRows: () => addOddRows(jobs),
    addJobsFor: (action, count) => addJobsFor(jobs, action, count),
    state: createState({ jobs, users, sessions, hooks }),
    close: server.close,
  };
}
