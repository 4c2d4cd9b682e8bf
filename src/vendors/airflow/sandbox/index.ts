import { createClock, createTimeline } from '../../../sandbox-kit/clock.ts';
import { createFaults } from '../../../sandbox-kit/faults.ts';
import { createRandom } from '../../../sandbox-kit/random.ts';
import { createRequestLog } from '../../../sandbox-kit/request-log.ts';
import type { Sandbox, SandboxOptions } from '../../../sandbox-kit/sandbox.ts';
import { startSandboxServer } from '../../../sandbox-kit/server.ts';
import { createAnswer } from './answer.ts';
import { startArrivals } from './arrivals.ts';
import { addJobsFor } from './jobs-for-actions.ts';
import { addOddRows } from './odd-rows.ts';
import { seedJobs } from './seed.ts';
import { type AirflowState, createState } from './state.ts';
import { type AirflowSwitches, defaultSwitches } from './switches.ts';
import { createTokens, type Tokens } from './users.ts';

/** The runs, and the tokens that tests can invalidate. */
export type AirflowSandboxState = AirflowState & { tokens: Tokens };

/**
 * Starts a simulated Apache Airflow 3 with the API v2: runs and their tasks, logs, DAGs, and logins. Its DAGs have mapped, deferred, retried,
 * skipped, and teardown tasks. Users: admin, op (may change runs), viewer (may not).
 */
export async function startAirflowSandbox(
  options: SandboxOptions<AirflowSwitches> = {},
): Promise<Sandbox<AirflowSwitches, AirflowSandboxState>> {
  const { host = '127.0.0.1', port = 0, seed = 1, jobs = 120, latencyMs = 0, clock = createClock() } = options;
  const { serve = startSandboxServer } = options;
  const switches: AirflowSwitches = { ...defaultSwitches, ...options.switches };
  const timeline = createTimeline(clock);
  const faults = createFaults();
  const requests = createRequestLog();

  // Separate sources, so that jobs of a test don't change the later arrivals.
  const state = createState(timeline, createRandom(seed));
  const random = createRandom(seed + 1);
  seedJobs(state, random, clock.now(), jobs);
  startArrivals(state, random, timeline, switches, jobs);

  const tokens = createTokens(state.users, timeline.now);
  const answer = createAnswer({ state, switches, tokens, now: timeline.now, lastOrder: { value: null } });
  const server = await serve({ host, port, latencyMs, clock, timeline, faults, requests, switches, answer });
  const { username, password } = state.users.find('op') ?? { username: '', password: '' };
  return {
    vendor: 'airflow',
    url: server.origin,
    settings: { username, password, cancellationNotes: true },
    clock,
    faults,
    requests,
    switches,
    addOddRows: () => addOddRows(state),
    addJobsFor: (action, count) => addJobsFor(state, action, count),
    state: { ...state, tokens },
    close: server.close,
  };
}
