import {
  createOddRow,
  createRowWithoutId,
  type FieldRule,
  isText,
  type JobFields,
  type JobStatus,
  type ListedJob,
  type OddRow,
  toInstant,
  toListedJob,
} from 'jobyard/adapter';
import { z } from 'zod';
import { toVendorId } from './job-id.ts';
import type { State, StoredJob, StoredRead } from './read-jobs.ts';
import { privateFields } from './settings.ts';

/** What the mapping needs of the settings: the beginnings of `failedReason` that mean that a job was canceled. */
export type CanceledReasons = readonly string[];

const statuses: Readonly<Record<Exclude<State, 'failed'>, JobStatus>> = {
  waiting: 'QUEUED',
  prioritized: 'QUEUED',
  'waiting-children': 'QUEUED',
  delayed: 'SCHEDULED',
  active: 'RUNNING',
  completed: 'SUCCEEDED',
  unknown: 'UNKNOWN',
};

export function toStatus({ state, isPaused, fields }: StoredJob, canceledReasons: CanceledReasons): JobStatus {
  if (state === 'failed') return canceledReasons.some((reason) => fields.failedReason?.startsWith(reason)) ? 'CANCELLED' : 'FAILED';
  const status = statuses[state];
  return status === 'QUEUED' && isPaused ? 'PAUSED' : status;
}

export function toJobFields(job: StoredJob, canceledReasons: CanceledReasons): JobFields {
  const { queue, id, state, dueAtMs, fields } = job;
  const status = toStatus(job, canceledReasons);
  const hasEnded = state === 'completed' || state === 'failed';
  return {
    vendorId: toVendorId({ queue, id }),
    name: null,
    type: fields.name || null,
    status,
    vendorStatus: state,
    owner: null,
    createdAt: toDate(fields.timestamp),
    // The start of the latest attempt; a retry deletes it.
    startedAt: toDate(fields.processedOn),
    finishedAt: hasEnded ? toDate(fields.finishedOn) : null,
    scheduledFor: dueAtMs === null ? null : toInstant(new Date(dueAtMs)),
    durationSeconds: null,
    progress: toProgress(fields.progress),
    // A reason can stay from an earlier attempt, even on a completed job.
    failure: status === 'FAILED' && fields.failedReason ? { message: fields.failedReason, code: null, advice: null, step: null } : null,
    scope: queue,
    waitSeconds: null,
    dataRange: null,
    raw: () => toRaw(job),
  };
}

/** Producers give any text as the time. Null for what is no date. */
function toDate(text: string | undefined): Date | null {
  return text !== undefined && /^-?\d+(?:\.\d+)?$/.test(text) ? toInstant(new Date(Number(text))) : null;
}

function toProgress(text: string | undefined): JobFields['progress'] {
  const percent = text === undefined ? null : parse(text);
  if (typeof percent !== 'number' || percent < 0 || percent > 100) return null;
  return { fraction: percent / 100, succeededTasks: null, failedTasks: null, remainingTasks: null };
}

/** The fields for people to inspect, with BullMQ's own names where it has any. */
function toRaw({ id, state, isPaused, dueAtMs, fields }: StoredJob): object {
  const { opts, atm, ats, stc, priority, delay, progress, pb, parentKey, rjk, deid } = fields;
  return {
    id,
    state,
    queuePaused: isPaused,
    attemptsMade: toNumber(atm),
    attemptsStarted: toNumber(ats),
    attempts: optionsOf(opts).attempts ?? null,
    lifo: optionsOf(opts).lifo ?? false,
    stalledCount: toNumber(stc),
    priority: toNumber(priority),
    delay: toNumber(delay),
    dueAt: dueAtMs === null ? null : (toInstant(new Date(dueAtMs))?.toISOString() ?? null),
    progress: progress === undefined ? null : (parse(progress) ?? progress),
    processedBy: pb ?? null,
    parentKey: parentKey ?? null,
    repeatJobKey: rjk ?? null,
    deduplicationId: deid ?? null,
    ...Object.fromEntries(
      privateFields.flatMap((name) => {
        const text = fields[name];
        return text === undefined ? [] : [[name, parse(text) ?? text]];
      }),
    ),
  };
}

/** `kl`: BullMQ's short name of `keepLogs`, the number of lines that the log of the job keeps. */
const optionsSchema = z
  .object({
    attempts: z.number().optional().catch(undefined),
    lifo: z.boolean().optional().catch(undefined),
    kl: z.number().optional().catch(undefined),
  })
  .catch({});

/** The options of the job that its producer chose, as far as they can be read. */
export function optionsOf(opts: string | undefined): z.output<typeof optionsSchema> {
  return optionsSchema.parse(opts === undefined ? {} : parse(opts));
}

function toNumber(text: string | undefined): number | null {
  const value = text === undefined || text === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

/** Null for what is not JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The fields that BullMQ itself reads as JSON. It can't show a page with a job that breaks one. */
const jsonFields = ['opts', 'progress', 'data'] as const;

function toJsonRule(name: (typeof jsonFields)[number]): FieldRule {
  return { name, expected: 'JSON', isOfKind: isJson, optional: true };
}

function isJson(value: unknown): boolean {
  if (!isText(value)) return false;
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}

/** A row of a list; null if there is no such job any more. `index` counts from 0 within the response. */
export function toListRow(
  systemId: string,
  { read, vendorId, index }: { read: StoredRead; vendorId: string; index: number },
  canceledReasons: CanceledReasons,
): ListedJob | OddRow | null {
  if (read.kind === 'notFound') return null;
  if (read.kind === 'broken') return createRowWithoutId(systemId, 'id', index, vendorId);
  const job = toListedJob(toJobFields(read.job, canceledReasons));
  const { fields } = read.job;
  const broken = jsonFields.find((name) => fields[name] !== undefined && !isJson(fields[name]));
  return broken ? createOddRow(systemId, toJsonRule(broken), fields[broken], job) : job;
}
