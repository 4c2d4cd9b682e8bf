import { durationOf, type Job } from './job.ts';

/** A step of a job; those that run Spark have stages. */
export interface Step {
  name: string;
  stages: readonly string[];
}

const waiting = 'Waiting for yarn resources';
const detect: Step = { name: 'Detect Resource', stages: [] };
const updateMetadata: Step = { name: 'Update Metadata', stages: [] };

/** The stage that reports how many indexes are done. */
export const indexStage = 'Build indexes by layer';

const buildSteps: readonly Step[] = [
  detect,
  {
    name: 'Load Data To Index',
    stages: [
      waiting,
      'Build or refresh snapshot',
      'Materialize fact table view',
      'Generate global dictionary',
      'Generate flat table',
      'Cost based planner',
      'Get flat table statistics',
      indexStage,
      'Update flat table statistics',
    ],
  },
  updateMetadata,
];

const mergeSteps: readonly Step[] = [
  detect,
  { name: 'Merge Segment Data', stages: [waiting, 'Merge flat table', 'Merge indexes', 'Merge flat table statistics'] },
  { name: 'Clean Up Old Segment', stages: [] },
  updateMetadata,
];

const stepsByType = new Map<string, readonly Step[]>([
  ['INDEX_MERGE', mergeSteps],
  ['SNAPSHOT_BUILD', [{ name: 'Build Snapshot', stages: [waiting, 'Build Snapshot'] }, updateMetadata]],
  ['SNAPSHOT_REFRESH', [{ name: 'Build Snapshot', stages: [waiting, 'Build Snapshot'] }, updateMetadata]],
  ['TABLE_SAMPLING', [detect, { name: 'Table Sampling', stages: [waiting, 'Sample Table Data'] }]],
  ['INTERNAL_TABLE_BUILD', [{ name: 'Load Internal Table', stages: [waiting, 'Load Internal Table'] }]],
  ['INTERNAL_TABLE_REFRESH', [{ name: 'Load Internal Table', stages: [waiting, 'Load Internal Table'] }]],
]);

export function stepsOf(type: string): readonly Step[] {
  return stepsByType.get(type) ?? buildSteps;
}

/** The smallest parts of a job that end one by one: its stages, and the steps without stages. */
export interface Unit {
  /** Position of the step in the job and of the stage in the step; null: the step has no stages. */
  step: number;
  stage: number | null;
  name: string;
  /** Running time of the job when this part begins and ends. */
  fromMs: number;
  toMs: number;
}

/** Share of a job's running time after which all parts are done while the job itself has not ended yet. */
const partsShare = 0.985;

const weights = new Map([
  [waiting, 1],
  ['Generate flat table', 4],
  [indexStage, 8],
  ['Merge indexes', 8],
  ['Sample Table Data', 6],
  ['Build Snapshot', 6],
]);

export function unitsOf(job: Job): Unit[] {
  const units = stepsOf(job.type).flatMap((step, index): Unit[] => {
    const times = { fromMs: 0, toMs: 0 };
    if (step.stages.length === 0) return [{ step: index, stage: null, name: step.name, ...times }];
    return step.stages.map((name, stage) => ({ step: index, stage, name, ...times }));
  });
  const weightOf = (unit: Unit) => weights.get(unit.name) ?? 2;
  const total = units.reduce((sum, unit) => sum + weightOf(unit), 0);
  let reached = 0;
  for (const unit of units) {
    unit.fromMs = Math.floor((reached / total) * job.runMs * partsShare);
    reached += weightOf(unit);
    unit.toMs = Math.floor((reached / total) * job.runMs * partsShare);
  }
  return units;
}

/** Indexes that the index stage has finished by now. */
export function finishedIndexes(job: Job, unit: Unit, nowMs: number): number {
  const done = (durationOf(job, nowMs) - unit.fromMs) / (unit.toMs - unit.fromMs || 1);
  return job.state === 'SUCCEED' ? job.indexCount : Math.floor(Math.max(0, Math.min(1, done)) * job.indexCount);
}

/**
 * `step_ratio`: the share of parts that are done, the index stage counted by its indexes if there is one segment;
 * 0.99 while all parts are done and the job has not succeeded (Kylin ExecutableResponse). A 32-bit float.
 */
export function stepRatioOf(job: Job, nowMs: number): number {
  if (job.state === 'SUCCEED') return 1;
  const ran = durationOf(job, nowMs);
  if (ran === 0) return 0;
  const units = unitsOf(job);
  let done = 0;
  for (const unit of units) {
    if (unit.toMs <= ran) done += 1;
    else if (unit.name === indexStage && job.segments.length === 1) done += finishedIndexes(job, unit, nowMs) / job.indexCount;
  }
  return Math.fround(done >= units.length ? 0.99 : done / units.length);
}

/** Kylin also updates a running job's row when a part of it ends. */
export function lastModifiedOf(job: Job, nowMs: number): number {
  if (job.state !== 'RUNNING') return job.lastModified;
  const ran = durationOf(job, nowMs);
  const boundary = unitsOf(job).findLast((unit) => unit.toMs <= ran && unit.toMs > job.ranMs);
  return boundary ? Math.max(job.lastModified, job.runningSince + boundary.toMs - job.ranMs) : job.lastModified;
}
