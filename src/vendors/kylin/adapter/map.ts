import type { ListedJob, OddRow } from '../../../jobs/adapter.ts';
import type { JobDataRange, JobFields, JobLink, JobStatus, JobStep } from '../../../jobs/job.ts';
import { toInstant } from '../../../jobs/vendor-facts.ts';
import {
  createOddRow,
  createRowWithoutId,
  findBrokenRule,
  optionalNumber,
  optionalText,
  requiredText,
} from '../../../transport/odd-row.ts';
import { isNumber, isText, textOrNull } from '../../../transport/optional-field.ts';
import { firstLine } from './errors.ts';
import { jobSchema, type KylinRow, type KylinStep, stepSchema } from './wire.ts';

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

/** What people look for in a row. */
const rowRules = [
  requiredText('job_status'),
  optionalText('job_name'),
  optionalText('target_subject'),
  optionalText('submitter'),
  optionalNumber('create_time'),
];

/** Where a row stands. */
export interface RowPlace {
  systemId: string;
  /** The project whose list it is; null: of all projects. */
  project: string | null;
  /** Counts from 0 within the answer. */
  index: number;
}

/** A row of a list: the job, or what can be shown of it. */
export function toListRow(row: unknown, { systemId, project, index }: RowPlace): ListedJob | OddRow {
  const fields = isObject(row) ? row : {};
  const id = toVendorId(fields.id);
  if (id === null) return createRowWithoutId(systemId, 'id', index, fields.id);
  const job: ListedJob = {
    vendorId: id,
    createdAtMs: toDate(fields.create_time)?.getTime() ?? null,
    toFields() {
      const shown = toJobFields(fields, id);
      // Some servers leave the project out of a list of one.
      shown.scope ??= project;
      return shown;
    },
  };
  const broken = findBrokenRule(fields, rowRules);
  return broken ? createOddRow(systemId, broken, fields[broken.name], job) : job;
}

function isObject(value: unknown): value is KylinRow {
  return typeof value === 'object' && value !== null;
}

/** A job's id as text; null for what is none. */
export function toVendorId(id: unknown): string | null {
  if (typeof id === 'string') return id || null;
  return Number.isSafeInteger(id) ? String(id) : null;
}

export function toJobFields(job: KylinRow, vendorId: string): JobFields {
  const vendorStatus = textOrNull(job.job_status);
  const status = toStatus(vendorStatus);
  const startedAt = toDate(job.exec_start_time);
  return {
    vendorId,
    name: textOrNull(job.target_subject) || null,
    type: textOrNull(job.job_name) || null,
    status,
    vendorStatus,
    owner: textOrNull(job.submitter) || null,
    createdAt: toDate(job.create_time),
    startedAt,
    finishedAt: toFinish(status, job.exec_end_time),
    // Only the time that it ran, without pauses.
    durationSeconds: startedAt === null ? null : toSeconds(job.duration),
    progress: isNumber(job.step_ratio)
      ? { fraction: Math.min(1, Math.max(0, job.step_ratio)), succeededTasks: null, failedTasks: null, remainingTasks: null }
      : null,
    // An empty name would be refused in later calls, a missing one is not.
    scope: textOrNull(job.project) || null,
    waitSeconds: toSeconds(job.wait_time),
    dataRange: () => toDataRange(job.data_range_start, job.data_range_end),
    raw() {
      const known = jobSchema.parse(job);
      return { ...known, tag: withoutSecrets(known.tag) };
    },
  };
}

function toSeconds(ms: unknown): number | null {
  return isNumber(ms) ? ms / 1000 : null;
}

/** Null if Kylin tells none, or not in a way that can be read. */
function toDataRange(start: unknown, end: unknown): JobDataRange | null {
  const from = toBound(start);
  const to = toBound(end);
  return from === undefined || to === undefined ? null : { from, to };
}

/** Null: open, as 0 and the largest 64-bit integer are. Undefined: no number. */
function toBound(ms: unknown): Date | null | undefined {
  if (!isNumber(ms) && !(isText(ms) && /^-?\d{1,19}$/.test(ms))) return undefined;
  const value = Number(ms);
  return value === 0 ? null : toInstant(new Date(value));
}

/** The steps that can be read, with their stages as substeps. One without an id costs itself. */
export function toSteps(rows: readonly unknown[]): JobStep[] {
  return readSteps(rows).map((step) => {
    const failure = toFailure(step);
    // Kylin explains the failure of a stage beside the step.
    const explain = (stage: JobStep): JobStep =>
      stage.id === step.failed_step_id && stage.message === null ? { ...stage, ...failure } : stage;
    const stages = readSteps(step.sub_stages ?? []).map((stage) => ({ ...toStepFields(stage), ...toFailure(stage), substeps: [] }));
    return { ...toStepFields(step), ...failure, substeps: stages.map(explain) };
  });
}

function readSteps(rows: readonly unknown[]): KylinStep[] {
  return rows.flatMap((row) => stepSchema.safeParse(row).data ?? []);
}

function toStepFields(step: KylinStep): Omit<JobStep, 'message' | 'failureCode' | 'advice' | 'substeps'> {
  const status = toStepStatus(step.step_status);
  const startedAt = toDate(step.exec_start_time);
  return {
    id: step.id,
    name: step.name || step.id,
    status,
    vendorStatus: step.step_status ?? null,
    startedAt,
    finishedAt: toFinish(status, step.exec_end_time),
    durationSeconds: startedAt === null ? null : toSeconds(step.duration),
    waitSeconds: toSeconds(step.wait_time),
    links: toLinks(step.info ?? {}),
  };
}

function toFailure(step: KylinStep): Pick<JobStep, 'message' | 'failureCode' | 'advice'> {
  const code = (step.failed_code ?? '').trim();
  return {
    message: firstLine(step.failed_msg || step.failed_reason || '') || null,
    // `KE-030001004(Out of Memory):`
    failureCode: /^KE-\d{9}/.exec(code)?.[0] ?? (firstLine(code) || null),
    advice: firstLine(step.failed_resolve ?? '') || null,
  };
}

/** Of the names in `info` (Kylin ExecutableConstants), those whose value is a link. */
const linkTitles: ReadonlyMap<string, string> = new Map([
  ['yarn_application_tracking_url', 'YARN application'],
  ['spark_history_application_tracking_url', 'Spark history'],
]);

/** The web pages that `info` links to. */
function toLinks(info: Readonly<Record<string, unknown>>): JobLink[] {
  return Object.entries(info).flatMap(([name, value]) =>
    isText(value) && /^https?:\/\//i.test(value) ? [{ title: linkTitles.get(name) ?? name, url: value }] : [],
  );
}

/** Kylin also sets the end time when a job is stopped, and takes it back when the job goes on. */
function toFinish(status: JobStatus, ms: unknown): Date | null {
  return status === 'SUCCEEDED' || status === 'FAILED' || status === 'CANCELLED' ? toDate(ms) : null;
}

function toDate(ms: unknown): Date | null {
  return isNumber(ms) && ms > 0 ? toInstant(new Date(ms)) : null;
}

const secretWord = /passw|secret|token|credential|api_?key|private_?key|authorization/i;
const maxTag = 2_000;
const hiddenTag = '(not shown: too long, or it may hold a secret)';

/** A tag is whatever the submitter attached. */
function withoutSecrets(tag: unknown): unknown {
  if (tag === null || tag === undefined) return null;
  try {
    const text = JSON.stringify(tag);
    return text.length > maxTag || secretWord.test(text) ? hiddenTag : tag;
  } catch {
    // Nested too deep to be written.
    return hiddenTag;
  }
}
