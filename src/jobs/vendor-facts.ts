import type { Job, JobFailure, JobLink, JobOutput, JobProgress, JobStep } from './job.ts';
import { toBoundedText, toStorableText } from './storable-text.ts';

/*
 * Vendors' facts as callers may get them: texts of bounded length without broken characters, and values that the schema's scalars can represent.
 * Adapters don't need to check this.
 */

/** The maximum length of a job's name, type, scope, owner, and vendorStatus, and of a step's ID, name, and vendorStatus. */
export const maxName = 1_000;
/** The maximum length of a vendor's message on a step, and of its advice. */
export const maxMessage = 2_000;
const maxSubsteps = 1_000;
const maxLinks = 20;
const maxTags = 100;
/** The maximum number of outputs of a job. */
const maxOutputs = 100;
/** The maximum length of `Job.raw`, and of an output, as JSON. */
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

/** Null for a negative number, infinity, and NaN. */
export function toSeconds(seconds: number | null): number | null {
  return seconds !== null && seconds >= 0 && seconds < Number.POSITIVE_INFINITY ? seconds : null;
}

/** Undefined stays undefined: it has not been read. */
export function toProgress(progress: JobProgress | null): JobProgress | null;
export function toProgress(progress: JobProgress | null | undefined): JobProgress | null | undefined;
export function toProgress(progress: JobProgress | null | undefined): JobProgress | null | undefined {
  if (!progress) return progress;
  const { fraction, succeededTasks, failedTasks, remainingTasks } = progress;
  // Nearly always unchanged, and a test costs less than a copy.
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
    links: toShownLinks(step.links),
  };
}

export function toFailure(failure: JobFailure): JobFailure {
  return {
    message: toBoundedText(failure.message, maxMessage),
    code: toName(failure.code),
    advice: toMessage(failure.advice),
    step: failure.step && toStep(failure.step),
  };
}

function toMessage(text: string | null): string | null {
  return text === null ? null : toBoundedText(text, maxMessage);
}

/** At most 100 tags. */
export function toTags(tags: readonly string[]): string[] {
  return tags.slice(0, maxTags).map((tag) => toBoundedText(tag, maxName));
}

/** At most 20 links to web pages. */
export function toShownLinks(links: readonly JobLink[]): JobLink[] {
  return links.flatMap(toLink).slice(0, maxLinks);
}

/** Only http and https, as front ends make a link of it, and without credentials. Normalized as browsers do it. */
function toLink({ title, url }: JobLink): JobLink[] {
  const parsed = url.length <= maxMessage ? URL.parse(url) : null;
  const isWebUrl = parsed?.protocol === 'https:' || parsed?.protocol === 'http:';
  if (!isWebUrl || parsed.username !== '' || parsed.password !== '') return [];
  return [{ title: toBoundedText(title, maxName), url: parsed.href }];
}

/** The escapes that JSON.stringify writes for half a surrogate pair and for NUL. */
const escapedUnstorable = /\\u(?:d[89a-f][0-9a-f]{2}|0000)/;

/** The vendor's own fields, for people to inspect. A text replaces them if they are too long or not JSON. */
export function toShownRaw({ raw }: Pick<Job, 'raw'>): unknown {
  const value = raw();
  let text: string;
  try {
    text = JSON.stringify(value) ?? 'null';
  } catch {
    return '(not shown: nested too deeply, or not JSON)';
  }
  if (text.length > maxRaw) return `(not shown: ${text.length} characters of JSON; the maximum is ${maxRaw})`;
  return escapedUnstorable.test(text) ? JSON.parse(text, toStorable) : value;
}

/** An output as callers get it. `truncated`: the value is too long, or not JSON, and null here. */
export type ShownOutput = JobOutput & { truncated: boolean };

export function toShownOutputs(outputs: readonly JobOutput[]): ShownOutput[] {
  return outputs.slice(0, maxOutputs).map(({ name, stepId, value }) => {
    const shown = toStorableJson(value);
    return { name: toBoundedText(name, maxName), stepId: toName(stepId), value: shown ? shown.value : null, truncated: shown === null };
  });
}

/** The value as PostgreSQL can store it. Null: it has more than 65,536 characters of JSON, or isn't JSON. */
function toStorableJson(value: unknown): { value: unknown } | null {
  let text: string;
  try {
    text = JSON.stringify(value) ?? 'null';
  } catch {
    return null;
  }
  if (text.length > maxRaw) return null;
  return { value: escapedUnstorable.test(text) ? JSON.parse(text, toStorable) : value };
}

/** For JSON.parse: names and texts as PostgreSQL can store them. */
function toStorable(_name: string, value: unknown): unknown {
  if (typeof value === 'string') return toStorableText(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [toStorableText(name), field]));
}
