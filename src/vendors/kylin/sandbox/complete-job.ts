import type { Random } from '../../../sandbox-kit/random.ts';
import { isWaiting, type Job } from './job.ts';

const defaultRunMs = 300_000;
/** As many digits as a signed 64-bit integer can have: the end of a full build's data range. */
export const endOfTime = '9223372036854775807';

/** Fills in the fields that were left out, to suit the job's state. The default state is READY. */
export function completeJob(fields: Partial<Job>, nowMs: number, row: number, random: Random): Job {
  const state = fields.state ?? 'READY';
  const runMs = fields.runMs ?? defaultRunMs;
  const hasStarted = !isWaiting(state);
  const hasEnded = hasStarted && state !== 'RUNNING';
  const ranMs = fields.ranMs ?? (state === 'SUCCEED' ? runMs : hasEnded ? Math.floor(runMs / 2) : 0);
  const startTime = fields.startTime ?? (hasStarted ? nowMs - ranMs : 0);
  const endTime = fields.endTime ?? (hasEnded ? startTime + ranMs : 0);
  const createTime = fields.createTime ?? (startTime || nowMs);
  return {
    id: random.uuid(),
    project: 'retail',
    type: 'INC_BUILD',
    submitter: 'ADMIN',
    subject: 'sales_daily',
    model: '9a4c7d52-7f5e-4c40-a6ce-0b1f1d2e3c4b',
    target: 'present',
    segments: [],
    segmentStatus: null,
    dataRangeStart: '0',
    dataRangeEnd: endOfTime,
    snapshotDataRange: null,
    tag: null,
    discardSafety: true,
    schedulerMode: 'CHAIN',
    indexCount: 12,
    runningSince: state === 'RUNNING' ? startTime + ranMs : 0,
    lastModified: endTime || startTime || createTime,
    mishap: null,
    node: null,
    odd: {},
    ...fields,
    row,
    state,
    runMs,
    ranMs,
    createTime,
    startTime,
    endTime,
  };
}
