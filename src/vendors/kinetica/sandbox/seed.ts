import type { Timeline } from '../../../sandbox-kit/clock.ts';
import { createRandom, type Random } from '../../../sandbox-kit/random.ts';
import { pickWork } from './catalog.ts';
import type { JobStatus, KineticaJob } from './job.ts';
import type { JobInput, KineticaState } from './state.ts';
import type { KineticaSwitches } from './switches.ts';

interface SeedParts {
  state: KineticaState;
  timeline: Timeline;
  switches: KineticaSwitches;
  seed: number;
  /** How many jobs there are from the start. */
  jobs: number;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const oldestMs = 5 * 24 * hour;
/** How long the write that the seeded WAITING jobs wait for still runs. */
const writeMs = 3 * minute;

/** Fills the cluster with the jobs of the last five days, and lets new ones arrive every 20 to 60 seconds. */
export function seedJobs({ state, timeline, switches, seed, jobs }: SeedParts): void {
  const backup = switches.cluster === 'backup';
  const nowMs = timeline.now();
  // A backup is one job behind its primary: that shifts the ids, so that none names the same job on both.
  for (let place = 0; place < jobs; place += 1) {
    const index = backup ? place - 1 : place;
    state.addJob(seededJob(index, jobs, nowMs));
  }

  let nextIndex = backup ? jobs - 1 : jobs;
  scheduleArrival(nowMs);

  function scheduleArrival(afterMs: number): void {
    const atMs = afterMs + sharedRandom(nextIndex).integer(20, 60) * second;
    timeline.at(atMs, () => {
      if (switches.arrivals) {
        state.addJob(arrivingJob(nextIndex));
        state.dropEndedJobs(switches.endedJobsKept);
      }
      nextIndex += 1;
      scheduleArrival(atMs);
    });
  }

  /** Chance that both clusters of a pair share. Index -1 is the backup's oldest job. */
  function sharedRandom(index: number): Random {
    return createRandom(seed * 7919 + index * 104_729);
  }

  function content(index: number, kind: KineticaJob['kind']): JobInput {
    const random = kind === 'async' ? sharedRandom(index) : createRandom(seed * 7919 + index * 104_729 + (backup ? 2 : 1));
    const work = pickWork(random, kind);
    if (kind === 'sync') return { kind, ...work };
    const named = work.userData !== '' && random.chance(0.5);
    const tag = named ? `${work.userData}_${1000 + index}` : random.uuid();
    return { kind, ...work, tag, outcome: random.chance(0.12) ? 'ERROR' : 'DONE', progress: random.integer(5, 90) };
  }

  /** The oldest seven tenths have ended, but for a runaway; of the newest, some wait behind a write. */
  function seededJob(index: number, count: number, startMs: number): JobInput {
    const age = (count - index) / (count + 1);
    const receivedAtMs = Math.round(startMs - oldestMs * age ** 3 - 2 * second);
    const fromNewest = count - 1 - index;
    const random = createRandom(seed * 7919 + index * 104_729 + 3);
    if (index === Math.floor(count * 0.6) && count >= 10) {
      return { ...runaway, receivedAtMs, runsMs: 6 * hour, tag: `fleet-trip-crossjoin_${1000 + index}` };
    }
    if (fromNewest >= count * 0.3) return { ...content(index, 'async'), status: endedStatus(index), receivedAtMs };
    if (fromNewest === Math.ceil(count * 0.1)) {
      return { ...content(index, 'async'), ...blockingWrite, receivedAtMs, runsMs: writeMs, tag: `load-track-backfill_${1000 + index}` };
    }
    const runsMs = random.integer(40, 1200) * second;
    if (fromNewest < count * 0.1 && index % 3 !== 0) {
      return { ...content(index, index % 2 === 0 ? 'async' : 'sync'), status: 'WAITING', receivedAtMs, waitsMs: writeMs, runsMs };
    }
    return { ...content(index, index % 3 === 0 ? 'sync' : 'async'), status: 'RUNNING', receivedAtMs, runsMs };
  }

  function arrivingJob(index: number): JobInput {
    const random = createRandom(seed * 7919 + index * 104_729 + 3);
    const kind = random.chance(0.6) ? 'async' : 'sync';
    const runsMs = kind === 'async' ? random.integer(60, 900) * second : random.integer(5, 120) * second;
    if (random.chance(0.2)) return { ...content(index, kind), status: 'WAITING', waitsMs: random.integer(5, 40) * second, runsMs };
    return { ...content(index, kind), runsMs };
  }
}

/** Of twelve jobs two failed and one was cancelled. */
function endedStatus(index: number): JobStatus {
  const place = (index + 12) % 12;
  if (place === 3 || place === 10) return 'ERROR';
  return place === 6 ? 'CANCELLED' : 'DONE';
}

/** What an operator in an incident looks for. */
const runaway: JobInput = {
  endpoint: '/execute/sql',
  queryText: 'CREATE TABLE fleet.trip_pairs AS SELECT a.trip_id, b.trip_id AS other_id FROM fleet.trip a CROSS JOIN fleet.trip b',
  userData: 'trip-pairs-experiment',
  authId: 'r.castellanos',
  sourceIp: '10.20.2.77',
};

const blockingWrite: JobInput = {
  endpoint: '/insert/records/fromfiles',
  queryText: '',
  userData: 'load-track-backfill',
  authId: 'etl_fleet',
  outcome: 'DONE',
};
