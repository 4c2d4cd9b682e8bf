import type { Timeline } from '../../../sandbox-kit/clock.ts';
import type { JobInput } from './complete-job.ts';
import type { JobStatus } from './job.ts';
import { drawWork, type JobSource, randomOf } from './job-source.ts';
import type { KineticaState } from './state.ts';

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const oldestMs = 5 * 24 * hourMs;
/** The remaining duration of the write that the seeded WAITING jobs wait for. */
const writeMs = 3 * minuteMs;

/** Adds `count` jobs of the last five days. */
export function seedJobs(parts: { state: KineticaState; timeline: Timeline; source: JobSource; count: number }): void {
  const { state, timeline, source, count } = parts;
  const nowMs = timeline.now();
  // A backup is one job behind its primary: that shifts the IDs, so that none names the same job on both.
  const firstIndex = source.isBackup ? -1 : 0;
  for (let index = firstIndex; index < firstIndex + count; index += 1) state.addJob(toSeededJob(source, index, count, nowMs));
}

/** The oldest seven tenths have ended, except for one runaway. Some of the newest wait behind a write. */
function toSeededJob(source: JobSource, index: number, count: number, nowMs: number): JobInput {
  const fromNewest = count - 1 - index;
  const receivedAtMs = toReceivedAtMs(index, count, nowMs);
  if (index === Math.floor(count * 0.6) && count >= 10) {
    return { ...runaway, receivedAtMs, runsMs: 6 * hourMs, tag: `fleet-trip-crossjoin_${1000 + index}` };
  }
  if (fromNewest >= count * 0.3) return { ...drawWork(source, index, 'async'), status: endedStatus(index), receivedAtMs };
  if (fromNewest === Math.ceil(count * 0.1)) {
    const work = drawWork(source, index, 'async');
    return { ...work, ...blockingWrite, receivedAtMs, runsMs: writeMs, tag: `load-track-backfill_${1000 + index}` };
  }
  const runsMs = randomOf(source, index, 'times').integer(40, 1200) * secondMs;
  if (fromNewest < count * 0.1 && index % 3 !== 0) {
    const work = drawWork(source, index, index % 2 === 0 ? 'async' : 'sync');
    return { ...work, status: 'WAITING', receivedAtMs, waitsMs: writeMs, runsMs };
  }
  return { ...drawWork(source, index, index % 3 === 0 ? 'sync' : 'async'), status: 'RUNNING', receivedAtMs, runsMs };
}

/** More jobs of the recent past than of the distant past. */
function toReceivedAtMs(index: number, count: number, nowMs: number): number {
  const age = (count - index) / (count + 1);
  return Math.round(nowMs - oldestMs * age ** 3 - 2 * secondMs);
}

/** Of twelve jobs, two failed and one was canceled. */
function endedStatus(index: number): JobStatus {
  const place = (index + 12) % 12;
  if (place === 3 || place === 10) return 'ERROR';
  return place === 6 ? 'CANCELLED' : 'DONE';
}

/** A job that an operator searches for in an incident. */
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
