import type { JobFields, JobStatus, JobStep } from '../../jobs/job.ts';
import { isNumber, textOrNull } from '../optional-field.ts';
import { firstLine } from './errors.ts';
import { jobSchema, type KylinRow, type KylinStep } from './wire.ts';

/** The common status of each of Kylin's that jobs have; the others of its JobStatusEnum belong to steps or to streaming. */
const statuses: ReadonlyMap<string, JobStatus> = new Map([
  ['PENDING', 'QUEUED'],
  ['RUNNING', 'RUNNING'],
  ['STOPPED', 'PAUSED'],
  // Over for a watcher, although Kylin lets it be resumed.
  ['ERROR', 'FAILED'],
  ['FINISHED', 'SUCCEEDED'],
  ['DISCARDED', 'CANCELLED'],
]);

const stepStatuses: ReadonlyMap<string, JobStatus> = new Map([...statuses, ['SKIP', 'SUCCEEDED'], ['WARNING', 'SUCCEEDED']]);

export function toStatus(word: string | null | undefined): JobStatus {
  return statuses.get(word ?? '') ?? 'UNKNOWN';
}

function toStepStatus(word: string | null | undefined): JobStatus {
  return stepStatuses.get(word ?? '') ?? 'UNKNOWN';
}

/** Kylin's words for these statuses, none for what no job of Kylin's is. Null: no list of words covers them. */
export function toVendorStatuses(wanted: ReadonlySet<JobStatus>): string[] | null {
  if (wanted.has('UNKNOWN')) return null;
  return [...statuses].filter(([, status]) => wanted.has(status)).map(([word]) => word);
}

export function toJobFields(job: KylinRow): JobFields {
  const vendorStatus = textOrNull(job.job_status);
  const status = toStatus(vendorStatus);
  const startedAt = toDate(job.exec_start_time);
  return {
    vendorId: job.id,
    name: textOrNull(job.target_subject) || null,
    type: textOrNull(job.job_name) || null,
    status,
    vendorStatus,
    owner: textOrNull(job.submitter) || null,
    createdAt: toDate(job.create_time),
    startedAt,
    finishedAt: toFinish(status, job.exec_end_time),
    // Only the time that it ran, without pauses.
    durationSeconds: startedAt === null || !isNumber(job.duration) ? null : job.duration / 1000,
    progress: isNumber(job.step_ratio)
      ? { fraction: Math.min(1, Math.max(0, job.step_ratio)), succeededTasks: null, failedTasks: null, remainingTasks: null }
      : null,
    // An empty name would be refused in later calls, a missing one is not.
    scope: textOrNull(job.project) || null,
    waitSeconds: null,
    dataRange: null,
    raw() {
      const known = jobSchema.parse(job);
      return { ...known, tag: withoutSecrets(known.tag) };
    },
  };
}

export function toStep(step: KylinStep): JobStep {
  const status = toStepStatus(step.step_status);
  const message = firstLine(step.failed_msg || step.failed_reason || '');
  return {
    id: step.id,
    name: step.name || step.id,
    status,
    vendorStatus: step.step_status ?? null,
    startedAt: toDate(step.exec_start_time),
    finishedAt: toFinish(status, step.exec_end_time),
    durationSeconds: null,
    waitSeconds: null,
    message: message || null,
    failureCode: null,
    advice: null,
    substeps: [],
    links: [],
  };
}

/** Kylin also sets the end time when a job is stopped, and takes it back when the job goes on. */
function toFinish(status: JobStatus, ms: unknown): Date | null {
  return status === 'SUCCEEDED' || status === 'FAILED' || status === 'CANCELLED' ? toDate(ms) : null;
}

/** 9999-12-31T23:59:59.999Z: later dates have no RFC 3339 form. */
const latestMs = 253_402_300_799_999;

function toDate(ms: unknown): Date | null {
  return isNumber(ms) && ms > 0 && ms <= latestMs ? new Date(ms) : null;
}

const secretWord = /passw|secret|token|credential|api_?key|private_?key|authorization/i;
const longestTag = 2_000;
const hiddenTag = '(not shown: too long, or it may hold a secret)';

/** A tag is whatever the submitter attached. */
function withoutSecrets(tag: unknown): unknown {
  if (tag === null || tag === undefined) return null;
  try {
    const text = JSON.stringify(tag);
    return text.length > longestTag || secretWord.test(text) ? hiddenTag : tag;
  } catch {
    // Nested too deep to be written.
    return hiddenTag;
  }
}
