import type { Random } from '../../../sandbox-kit/random.ts';
import type { Catalog, Draft } from './catalog.ts';
import { type InternalState, isUnderway, isWaiting, type Job } from './job.ts';
import { drawMishap } from './mishap.ts';
import type { KylinState } from './state.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** States of the seeded jobs, over and over; of the unfinished ones only a few, as in a real cluster. */
const mix: readonly InternalState[] = [
  ...['SUCCEED', 'RUNNING', 'SUCCEED', 'ERROR', 'SUCCEED', 'PAUSED', 'SUCCEED', 'DISCARDED', 'SUCCEED', 'PENDING'],
  ...['SUCCEED', 'RUNNING', 'SUCCEED', 'ERROR', 'SUCCEED', 'READY', 'SUCCEED', 'DISCARDED', 'SUCCEED', 'SUCCEED'],
] as const satisfies readonly InternalState[];
const most = new Map<InternalState, number>([
  ['RUNNING', 12],
  ['PENDING', 4],
  ['READY', 4],
  ['PAUSED', 20],
]);

/** A seeded running job has used up at most this share of its running time. */
const seededRunShare = 0.8;

/** Cases that operators see occasionally. They replace the first jobs. */
const specialCases: readonly Partial<Job>[] = [
  { state: 'SUICIDAL', type: 'INDEX_REFRESH', target: 'deleted' },
  { state: 'SUCCEED', type: 'INC_BUILD', target: 'broken' },
  { state: 'SUCCEED', type: 'TABLE_SAMPLING', subject: 'SHOP.TMP_PROMO', model: 'SHOP.TMP_PROMO', project: 'retail', target: 'deleted' },
  { state: 'SUCCEED', type: 'SNAPSHOT_BUILD', subject: 'FIN.INVOICES', model: 'FIN.INVOICES', project: 'finance', target: 'deleted' },
  {
    state: 'RUNNING',
    type: 'SNAPSHOT_REFRESH',
    project: 'supply_chain',
    subject: 'SCM.SHIPMENTS',
    model: 'SCM.SHIPMENTS',
    snapshotDataRange: '["2025-10-01","2025-11-01"]',
  },
  { state: 'RUNNING', type: 'INC_BUILD', discardSafety: false, tag: 'nightly' },
  { state: 'PAUSED', type: 'INDEX_BUILD', tag: { ticket: 'DATA-4711', cost_center: 204 } },
  { state: 'ERROR', type: 'INDEX_BUILD', schedulerMode: 'DAG', segmentStatus: 'LOADING' },
  { state: 'DISCARDED', type: 'INC_BUILD', ranMs: 0 },
  { state: 'PAUSED', type: 'INDEX_REFRESH', ranMs: 0, startTime: 0, endTime: 0 },
];

/** Adds `count` jobs with a past of some weeks, oldest first. The same random source and time give the same jobs. */
export function seedJobs(state: KylinState, catalog: Catalog, random: Random, nowMs: number, count: number): void {
  const counts = new Map<InternalState, number>();
  const drafts = Array.from({ length: count }, (_, index) => {
    const special = specialCases[index] ?? {};
    let jobState = special.state ?? mix[index % mix.length] ?? 'SUCCEED';
    const already = counts.get(jobState) ?? 0;
    if (already >= (most.get(jobState) ?? count)) jobState = 'SUCCEED';
    counts.set(jobState, already + 1);
    const about = { ...catalog.draw(nowMs, special.type), ...special };
    const mishap = special.state || !isUnderway(jobState) ? null : drawMishap(about.runMs, seededRunShare, random);
    return { ...about, ...drawTimes(jobState, about, random, nowMs), state: jobState, mishap };
  });
  drafts.sort((a, b) => a.createTime - b.createTime);
  for (const draft of drafts) state.addJob(draft);
}

function drawTimes(jobState: InternalState, about: Draft, random: Random, nowMs: number): Partial<Job> & Pick<Job, 'createTime'> {
  const { runMs } = about;
  if (isWaiting(jobState)) {
    const createTime = nowMs - (jobState === 'READY' ? random.integer(500, 9_000) : random.integer(12_000, 45_000));
    return { createTime, lastModified: createTime };
  }
  const waitMs = random.integer(1_500, 14_000);
  if (jobState === 'RUNNING') {
    const startTime = nowMs - random.integer(2_000, Math.floor(runMs * seededRunShare));
    return { createTime: startTime - waitMs, startTime };
  }
  const ranMs = about.ranMs ?? (jobState === 'SUCCEED' ? runMs : random.integer(15_000, Math.floor(runMs * 0.9)));
  const endTime = nowMs - drawAgeMs(random);
  const startTime = endTime - ranMs;
  return { createTime: startTime - waitMs, startTime, endTime, ranMs, lastModified: endTime, ...neverStarted(about, endTime) };
}

/** A job that was paused before it ran has no times yet, although it was changed. */
function neverStarted(about: Partial<Job>, changedAtMs: number): Partial<Job> {
  return about.startTime === 0 ? { startTime: 0, endTime: 0, lastModified: changedAtMs } : {};
}

/** Half of the ended jobs are of the last day, the rest go back six weeks. */
function drawAgeMs(random: Random): number {
  if (random.chance(0.5)) return random.integer(minuteMs, dayMs);
  return random.chance(0.6) ? random.integer(dayMs, 7 * dayMs) : random.integer(7 * dayMs, 42 * dayMs);
}
