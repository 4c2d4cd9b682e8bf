import {
  createClock,
  createFaults,
  createRandom,
  createRequestLog,
  createTimeline,
  type Sandbox,
  type SandboxOptions,
  startSandboxServer,
} from 'jobyard/sandbox';
import { createAnswer } from './answer.ts';
import { createRuns, type NightrunSwitches, type Runs, startArrivals } from './runs.ts';

const token = 'nightrun-sandbox-token';

/** Starts a simulated Nightrun, written from its manual and not from the adapter. */
export async function startNightrunSandbox(options: SandboxOptions<NightrunSwitches> = {}): Promise<Sandbox<NightrunSwitches, Runs>> {
  const { host = '127.0.0.1', port = 0, seed = 1, jobs = 120, latencyMs = 0, clock = createClock() } = options;
  const { serve = startSandboxServer } = options;
  const switches: NightrunSwitches = { arrivals: true, ...options.switches };
  const timeline = createTimeline(clock);
  const faults = createFaults();
  const requests = createRequestLog();
  const runs = createRuns(timeline);
  const random = createRandom(seed);
  runs.seed(jobs, random);
  startArrivals(runs, random, timeline, switches);
  const answer = createAnswer(runs, token);
  const server = await serve({ host, port, latencyMs, clock, timeline, faults, requests, switches, answer });
  return {
    vendor: 'nightrun',
    url: server.origin,
    settings: { token },
    clock,
    faults,
    requests,
    switches,
    addOddRows: runs.addOddRows,
    // They never end on their own.
    addJobsFor: (action, count) =>
      action === 'CANCEL' ? Array.from({ length: count }, () => runs.add({ state: 'running', endsInMs: null })) : [],
    state: runs,
    close: server.close,
  };
}
