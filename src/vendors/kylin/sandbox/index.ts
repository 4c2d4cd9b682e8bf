import { createClock, createTimeline } from '../../../sandbox-kit/clock.ts';
import { createFaults } from '../../../sandbox-kit/faults.ts';
import { createRandom } from '../../../sandbox-kit/random.ts';
import { createRequestLog } from '../../../sandbox-kit/request-log.ts';
import type { Sandbox, SandboxOptions } from '../../../sandbox-kit/sandbox.ts';
import { startSandboxServer } from '../../../sandbox-kit/server.ts';
import { basePath, createAnswer } from './answer.ts';
import { startArrivals } from './arrivals.ts';
import { createCatalog } from './catalog.ts';
import { addJobsFor } from './jobs-for-actions.ts';
import { addOddRows } from './odd-rows.ts';
import { seedJobs } from './seed.ts';
import { createSessions } from './session.ts';
import { createState, type KylinState } from './state.ts';
import { defaultSwitches, type KylinSwitches } from './switches.ts';

/** The jobs, and the login sessions that tests can end. */
export type KylinSandboxState = KylinState & { expireSessions(): void };

/**
 * Starts a simulated Apache Kylin 5.0 with the job API: list, detail, step output, actions, deletion, projects, authentication.
 * Accounts: ADMIN (administrator), etl_svc (may operate retail and finance), maria.keller (may only read retail).
 */
export async function startKylinSandbox(options: SandboxOptions<KylinSwitches> = {}): Promise<Sandbox<KylinSwitches, KylinSandboxState>> {
  const { host = '127.0.0.1', port = 0, seed = 1, jobs = 120, latencyMs = 0, clock = createClock() } = options;
  const { serve = startSandboxServer } = options;
  const switches: KylinSwitches = { ...defaultSwitches, ...options.switches };
  const timeline = createTimeline(clock);
  const faults = createFaults();
  const requests = createRequestLog();

  // Separate sources, so that neither logins nor jobs of a test change the later arrivals.
  const state = createState(timeline, createRandom(seed));
  const random = createRandom(seed + 1);
  const sessions = createSessions(state.accounts, switches, createRandom(seed + 2));
  const catalog = createCatalog(state, random);
  seedJobs(state, catalog, random, clock.now(), jobs);
  startArrivals(state, catalog, random, timeline, switches, jobs);

  const answer = createAnswer({ state, sessions, switches, now: timeline.now });
  const server = await serve({ host, port, latencyMs, clock, timeline, faults, requests, switches, answer });
  return {
    vendor: 'kylin',
    url: `${server.origin}${basePath}`,
    settings: { username: 'ADMIN', password: 'KYLIN' },
    clock,
    faults,
    requests,
    switches,
    addOddRows: () => addOddRows(state),
    addJobsFor: (action, count) => addJobsFor(state, action, count),
    state: { ...state, expireSessions: sessions.expireAll },
    close: server.close,
  };
}
