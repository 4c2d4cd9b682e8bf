import { durationOf, type Job, publicStatusOf, waitTimeOf } from './job.ts';
import { jsonFloat, jsonLong } from './numbers.ts';
import { lastModifiedOf, stepRatioOf } from './steps.ts';
import type { KylinSwitches } from './switches.ts';

/** A job as lists show it (Kylin ExecutableResponse). */
export function jobRow(job: Readonly<Job>, nowMs: number, switches: KylinSwitches): unknown {
  const row = switches.listShape === 'documented' ? documentedRow(job, nowMs) : fullRow(job, nowMs, switches);
  return { ...row, ...job.odd };
}

/** The fields of the manual's sample. */
function documentedRow(job: Readonly<Job>, nowMs: number): object {
  const target = targetOf(job);
  return {
    id: job.id,
    last_modified: lastModifiedOf(job, nowMs),
    duration: durationOf(job, nowMs),
    exec_start_time: job.startTime,
    steps: null,
    job_status: publicStatusOf(job.state),
    job_name: job.type,
    data_range_start: jsonLong(job.dataRangeStart),
    data_range_end: jsonLong(job.dataRangeEnd),
    target_model: job.model,
    target_segments: job.segments,
    step_ratio: stepRatioOf(job, nowMs),
    create_time: job.createTime,
    wait_time: waitTimeOf(job, nowMs),
    target_subject: target.subject,
    target_subject_error: target.error,
    project: job.project,
    submitter: job.submitter,
    exec_end_time: job.endTime,
    tag: job.tag,
  };
}

/** The fields of the server's response class. */
function fullRow(job: Readonly<Job>, nowMs: number, switches: KylinSwitches): object {
  const durationMs = durationOf(job, nowMs);
  const waitMs = waitTimeOf(job, nowMs);
  const target = targetOf(job);
  return {
    id: job.id,
    last_modified: lastModifiedOf(job, nowMs),
    duration: durationMs,
    total_duration: durationMs + waitMs,
    exec_start_time: job.startTime,
    exec_end_time: job.endTime,
    create_time: job.createTime,
    wait_time: waitMs,
    // Computed from the steps, which lists do not load.
    steps: [],
    progress: jsonFloat(0),
    step_ratio: jsonFloat(stepRatioOf(job, nowMs)),
    job_status: publicStatusOf(job.state),
    scheduler_state: job.state,
    job_name: job.type,
    job_scheduler_mode: job.schedulerMode,
    data_range_start: jsonLong(job.dataRangeStart),
    data_range_end: jsonLong(job.dataRangeEnd),
    target_model: job.model,
    target_subject: target.subject,
    target_subject_error: target.error,
    target_segments: job.segments,
    related_segment: job.segments.join(','),
    segments: job.segmentStatus === null ? null : job.segments.map((id) => ({ id, status_to_display: job.segmentStatus })),
    snapshot_data_range: job.snapshotDataRange,
    project: job.project,
    submitter: job.submitter,
    discard_safety: job.discardSafety,
    tag: job.tag,
    version: null,
    ...(switches.extraFields && { priority: 3, resource_group: 'default' }),
  };
}

/** The target of the job, or Kylin's text for a deleted one. */
function targetOf(job: Readonly<Job>): { subject: string; error: boolean } {
  if (job.target === 'present') return { subject: job.subject, error: false };
  if (job.target === 'broken') return { subject: `${job.subject} broken`, error: true };
  if (job.type.startsWith('SNAPSHOT_')) return { subject: 'The snapshot is deleted', error: true };
  if (job.type.startsWith('INTERNAL_TABLE_')) return { subject: `${job.subject}not exist or has been deleted`, error: true };
  if (job.type === 'TABLE_SAMPLING') return { subject: `${job.subject} deleted`, error: true };
  return { subject: 'The model is deleted', error: true };
}
