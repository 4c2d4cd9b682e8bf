import {
  createOddRow,
  createRowWithoutId,
  type FieldRule,
  findBrokenRule,
  type JobFields,
  type JobStatus,
  type ListedJob,
  type OddRow,
  optionalNumber,
  optionalText,
  requiredText,
  toListedJob,
} from 'jobyard/adapter';
import { checkVendorId } from './job-id.ts';
import { type Run, runSchema } from './wire.ts';

/** Nightrun's words for the states of a run. Another word is shown as UNKNOWN. */
export const statuses: ReadonlyMap<string, JobStatus> = new Map([
  ['waiting', 'QUEUED'],
  ['running', 'RUNNING'],
  ['stopping', 'CANCELLING'],
  ['stopped', 'CANCELLED'],
  ['done', 'SUCCEEDED'],
  ['failed', 'FAILED'],
]);

export function toJobFields(run: Run): JobFields {
  const status = statuses.get(run.state ?? '') ?? 'UNKNOWN';
  return {
    vendorId: run.id,
    name: run.title || null,
    type: null,
    status,
    vendorStatus: run.state || null,
    owner: run.user || null,
    createdAt: toDate(run.createdAt),
    startedAt: toDate(run.startedAt),
    finishedAt: toDate(run.endedAt),
    durationSeconds: null,
    progress: toProgress(run.percent),
    failure: status === 'FAILED' && run.error ? { message: run.error, code: null, advice: null, step: null } : null,
    scope: run.queue || null,
    waitSeconds: null,
    dataRange: null,
    // The schema has only the fields above, none of which contains a secret.
    raw: () => run,
  };
}

function toProgress(percent: number | null | undefined): JobFields['progress'] {
  if (percent === null || percent === undefined) return null;
  return { fraction: percent / 100, succeededTasks: null, failedTasks: null, remainingTasks: null };
}

export function toDate(text: string | null | undefined): Date | null {
  const ms = text ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? null : new Date(ms);
}

const rules: readonly FieldRule[] = [
  requiredText('state'),
  ...['title', 'queue', 'user', 'createdAt', 'startedAt', 'endedAt', 'error'].map(optionalText),
  optionalNumber('percent'),
];

/** A row of the list. `index` counts from 0 within the response. An invalid row is reported, and what can be read of it is shown. */
export function toListRow(systemId: string, row: unknown, index: number): ListedJob | OddRow {
  const fields: Readonly<Record<string, unknown>> = typeof row === 'object' && row !== null ? { ...row } : {};
  const { id } = fields;
  if (typeof id !== 'string' || checkVendorId(id) !== null) return createRowWithoutId(systemId, 'id', index, id);
  const broken = findBrokenRule(fields, rules);
  const job = toListedJob(toJobFields(runSchema.parse({ ...fields, id })));
  return broken ? createOddRow(systemId, broken, fields[broken.name], job) : job;
}
