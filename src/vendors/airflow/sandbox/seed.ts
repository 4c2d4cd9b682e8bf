import type { Random } from '../../../sandbox-kit/random.ts';
import { drawRun } from './catalog.ts';
import type { Run, RunState } from './job.ts';
import type { AirflowState } from './state.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** States of the seeded runs, over and over; of the unfinished ones only a few, as in a real system. */
const mix: readonly RunState[] = [
  'success',
  'running',
  'success',
  'failed',
  'success',
  'success',
  'queued',
  'success',
  'failed',
  'success',
];
const most = new Map<RunState, number>([
  ['running', 10],
  ['queued', 6],
]);

/** Cases that operators see occasionally. They replace the first runs. */
const specialCases: readonly Partial<Run>[] = [
  // Waits until its DAG is no longer paused.
  { dagId: 'archive_logs', state: 'queued', type: 'scheduled', user: null },
  // The file of its DAG is gone.
  { dagId: 'old_exports', state: 'success', type: 'scheduled', user: null },
  { dagId: 'import_legacy', state: 'failed', type: 'manual', user: 'maria.keller', note: 'Known problem, see DATA-4711' },
  { dagId: 'train_model', state: 'running', type: 'manual', user: 'li.wei', conf: { password: 'not for everybody' } },
  { dagId: 'load_test', state: 'running', type: 'manual', user: 'j.okafor' },
  { dagId: 'wait_for_upload', state: 'running', type: 'asset_triggered', user: null, logicalMs: null },
];

/** Adds `count` runs with a past of some weeks, oldest first. The same random source and time give the same runs. */
export function seedJobs(state: AirflowState, random: Random, nowMs: number, count: number): void {
  const dags = [...state.dags()].filter(({ isPaused, isStale }) => !isPaused && !isStale);
  const counts = new Map<RunState, number>();
  const drafts = Array.from({ length: count }, (_, index): Partial<Run> & Pick<Run, 'runAfterMs'> => {
    const special = specialCases[index] ?? {};
    let runState = special.state ?? mix[index % mix.length] ?? 'success';
    const already = counts.get(runState) ?? 0;
    if (already >= (most.get(runState) ?? count)) runState = 'success';
    counts.set(runState, already + 1);
    return { ...drawRun(dags, random), ...drawTimes(runState, random, nowMs), ...special, state: runState };
  });
  drafts.sort((a, b) => a.runAfterMs - b.runAfterMs);
  for (const draft of drafts) state.addJob(draft);
}

function drawTimes(state: RunState, random: Random, nowMs: number): Partial<Run> & Pick<Run, 'runAfterMs'> {
  if (state === 'queued') return { runAfterMs: nowMs - random.integer(0, 5_000) };
  if (state === 'running') {
    const startMs = nowMs - random.integer(1_000, 30_000);
    return { runAfterMs: startMs - random.integer(500, 5_000), startMs };
  }
  const startMs = nowMs - (random.chance(0.5) ? random.integer(15 * minuteMs, dayMs) : random.integer(dayMs, 42 * dayMs));
  return { runAfterMs: startMs - random.integer(500, 20_000), startMs };
}
