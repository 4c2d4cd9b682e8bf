import { createClock, createTimeline } from '../../../sandbox-kit/clock.ts';
import { createFaults } from '../../../sandbox-kit/faults.ts';
import { createRandom } from '../../../sandbox-kit/random.ts';
import { createRequestLog } from '../../../sandbox-kit/request-log.ts';
import type { Sandbox, SandboxOptions } from '../../../sandbox-kit/sandbox.ts';
import { startSandboxServer } from '../../../sandbox-kit/server.ts';
import { createAccess } from './access.ts';
import { createAnswer } from './answer.ts';
import { startArrivals } from './arrivals.ts';
import { createHooks } from './hooks.ts';
import { jobTypes, unpublishedType } from './job-types.ts';
import { createJobs } from './jobs.ts';
import { addJobsFor } from './jobs-for-actions.ts';
import { createLifeCycle } from './life-cycle.ts';
import { addOddRows } from './odd-rows.ts';
import { seedAccess, seedJobs } from './seed.ts';
import { type AodocsState, createState } from './state.ts';
import { type AodocsSwitches, defaultSwitches } from './switches.ts';

export type { AodocsState } from './state.ts';
export type { AodocsSwitches } from './switches.ts';

/**
 * Starts a simulated AODocs with the Job API (`job:v1`) of one domain: six libraries, one of them without jobs.
 * The account in `settings` is the domain's administrator.
 */
export async function startAodocsSandbox(options: SandboxOptions<AodocsSwitches> = {}): Promise<Sandbox<AodocsSwitches, AodocsState>> {
  const { host = '127.0.0.1', port = 0, seed = 1, jobs: count = 120, latencyMs = 0, clock = createClock() } = options;
  const { serve = startSandboxServer } = options;
  const switches: AodocsSwitches = { ...defaultSwitches, ...options.switches };
  const timeline = createTimeline(clock);
  const faults = createFaults();
  const requests = createRequestLog();
  const random = createRandom(seed);

  const access = createAccess({ domain: 'brightwater.example', clock, random, switches });
  seedAccess(access, random);
  const jobs = createJobs({
    timeline,
    random,
    knownTypes: [...jobTypes, unpublishedType],
    defaults: { libraryId: access.libraries[0] ?? null, requestor: access.people[1]?.email ?? '' },
  });
  const lifeCycle = createLifeCycle({ jobs, timeline, switches });
  const hooks = createHooks(jobs);
  const randomOf = (ordinal: number) => createRandom(Math.imul(seed, 1_000_003) + ordinal);
  const seedParts = { randomOf, count, jobs, access, lifeCycle, timeline, switches };
  startArrivals(seedParts, seedJobs(seedParts));

  const state = createState({ jobs, access, hooks, timeline });
  const answer = createAnswer({ jobs, access, hooks, lifeCycle, timeline, switches });
  const server = await serve({ host, port, latencyMs, clock, timeline, faults, requests, switches, answer });
  return {
    vendor: 'aodocs',
    url: `${server.origin}/api`,
    settings: { securityCode: access.people[0]?.securityCode, domain: access.domain, libraries: access.libraries },
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
