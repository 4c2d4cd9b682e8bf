import type { Job, JobFailure, JobLink, JobProgress, JobStep } from './job.ts';
import { toBoundedText, toStorableText } from './storable-text.ts';

/*
 * What vendors say, as it may be handed out: whole characters of bounded number, and values that the schema's scalars can hold.
 * Adapters need not think of it.
 */

/** Most characters of a job's name, type, scope, owner and vendorStatus, and of a step's id, name and vendorStatus. */
export const maxName = 1_000;
/** Most characters of a vendor's message on a step, and of an error's message. */
export const maxMessage = 2_000;
const maxSubsteps = 1_000;
const maxLinks = 20;
/** Most characters of `Job.raw` as JSON. */
export const maxRaw = 65_536;

export function toName(text: string | null): string | null {
  return text === null ? null : toBoundedText(text, maxName);
}

/** 0001-01-01 to 9999-12-31: other dates have no RFC 3339 form. */
const earliestMs = -62_135_596_800_000;
const latestMs = 253_402_300_799_999;

/** Null for a date that RFC 3339 can't write. */
export function toInstant(date: Date | null): Date | null {
  const ms = date?.getTime() ?? Number.NaN;
  // NaN is not in between either.
  return ms >= earliestMs && ms <= latestMs ? date : null;
}

/** Null for a negative time, and for what is no number. */
export function toSeconds(seconds: number | null): number | null {
  return seconds !== null && seconds >= 0 && seconds < Number.POSITIVE_INFINITY ? seconds : null;
}

/** Undefined stays so: it is still to be read. */
export function toProgress(progress: JobProgress | null): JobProgress | null;
export function toProgress(progress: JobProgress | null | undefined): JobProgress | null | undefined;
export function toProgress(progress: JobProgress | null | undefined): JobProgress | null | undefined {
  if (!progress) return progress;
  const { fraction, succeededTasks, failedTasks, remainingTasks } = progress;
  // Nearly always as it is; looking costs less than copying.
  if (isFraction(fraction) && isCount(succeededTasks) && isCount(failedTasks) && isCount(remainingTasks)) return progress;
  return {
    fraction: fraction === null || Number.isNaN(fraction) ? null : Math.min(1, Math.max(0, fraction)),
    succeededTasks: isCount(succeededTasks) ? succeededTasks : null,
    failedTasks: isCount(failedTasks) ? failedTasks : null,
    remainingTasks: isCount(remainingTasks) ? remainingTasks : null,
  };
}

function isFraction(fraction: number | null): boolean {
  return fraction === null || (fraction >= 0 && fraction <= 1);
}

/** GraphQL's Int has 32 bits. */
const maxTasks = 2 ** 31 - 1;

function isCount(count: number | null): boolean {
  return count === null || (Number.isInteger(count) && count >= 0 && count <= maxTasks);
}

export function toStep(step: JobStep): JobStep {
  return {
    id: toBoundedText(step.id, maxName),
    name: toBoundedText(step.name, maxName),
    status: step.status,
    vendorStatus: toName(step.vendorStatus),
    startedAt: toInstant(step.startedAt),
    finishedAt: toInstant(step.finishedAt),
    durationSeconds: toSeconds(step.durationSeconds),
    waitSeconds: toSeconds(step.waitSeconds),
    message: toMessage(step.message),
    failureCode: toName(step.failureCode),
    advice: toMessage(step.advice),
    substeps: step.substeps.slice(0, maxSubsteps).map(toStep),
    links: step.links.flatMap(toLink).slice(0, maxLinks),
  };
}

export function toFailure(failure: JobFailure): JobFailure {
  return {
    message: failure.message,
    code: toName(failure.code),
    advice: toMessage(failure.advice),
    step: failure.step && toStep(failure.step),
  };
}

function toMessage(text: string | null): string | null {
  return text === null ? null : toBoundedText(text, maxMessage);
}

/** Only of the web, as a front end makes a link of it, and without a password. Written as browsers write it, without odd characters. */
function toLink({ title, url }: JobLink): JobLink[] {
  const parsed = url.length <= maxMessage ? URL.parse(url) : null;
  const isOfWeb = parsed?.protocol === 'https:' || parsed?.protocol === 'http:';
  if (!isOfWeb || parsed.username !== '' || parsed.password !== '') return [];
  return [{ title: toBoundedText(title, maxName), url: parsed.href }];
}

/** As JSON.stringify writes half a surrogate pair, and NUL. */
const escapedUnstorable = /\\u(?:d[89a-f][0-9a-f]{2}|0000)/;

/** The vendor's own fields for people to look at. Too many of them, or ones that are no JSON, are stood in for by a text that says so. */
export function toShownRaw({ raw }: Pick<Job, 'raw'>): unknown {
  const value = raw();
  let text: string;
  try {
    text = JSON.stringify(value) ?? 'null';
  } catch {
    return '(not shown: nested too deep, or no JSON)';
  }
  if (text.length > maxRaw) return `(not shown: ${text.length} characters of JSON, the most is ${maxRaw})`;
  return escapedUnstorable.test(text) ? JSON.parse(text, toStorable) : value;
}

/** For JSON.parse: names and texts as PostgreSQL can hold them. */
function toStorable(_name: string, value: unknown): unknown {
  if (typeof value === 'string') return toStorableText(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [toStorableText(name), field]));
}
