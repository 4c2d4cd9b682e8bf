import { z } from 'zod';
import { isNumberOrText, isText, optionalField } from '../../../transport/optional-field.ts';

/*
 * What AODocs answers, in its own names: only the fields that are used or shown, absent and null alike.
 * Source: AODocs' OpenAPI description of job:v1 (68.1.0). It requires no property; the server leaves out nulls and empty arrays.
 */

const text = z.string().nullish();

/** A text that nothing depends on. */
const shownText = optionalField(isText);

/** Epoch milliseconds. The description says number; the server sends text. What is neither tells nothing and spoils nothing. */
const int64 = optionalField(isNumberOrText);

/** A 32-bit number of tasks. */
export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 31;
}

const count = optionalField(isCount);

/** `ApiJob`. `completed` is true for failed and cancelled jobs too: only for people to look at. */
export const jobSchema = z.object({
  jobId: z.unknown().transform(toJobId).pipe(z.string()),
  libraryId: shownText,
  /** An open set: new values come with minor releases. */
  type: shownText,
  status: shownText,
  completed: optionalField((value) => typeof value === 'boolean'),
  /** An e-mail address. */
  requestor: shownText,
  startedAt: int64,
  lastActivityAt: int64,
  remainingTasks: count,
  succeededTasks: count,
  failedTasks: count,
  taskRetries: count,
});
export type WireJob = z.infer<typeof jobSchema>;

/** The id of a job; null for what is none. */
export function toJobId(value: unknown): string | null {
  if (Number.isSafeInteger(value)) return String(value);
  return isText(value) && value !== '' ? value : null;
}

/** `ApiJobList`. Without `jobList` it is empty; without `nextPageToken`, however short, it is the last page. Rows: see `toListRow`. */
export const jobListSchema = z.object({
  jobList: z.custom<readonly unknown[]>(Array.isArray).nullish(),
  nextPageToken: text,
});
export type WireJobList = z.infer<typeof jobListSchema>;

const jobEventSchema = z.object({ message: shownText, timestamp: int64 });
export type WireJobEvent = z.infer<typeof jobEventSchema>;

/** `ApiJobEventList`, of the job's errors, one page; `severity` is the request's business. What is no event tells nothing. */
export const jobEventListSchema = z.object({
  events: z.array(jobEventSchema.nullable().catch(null)).nullish(),
  nextPageToken: text,
});
export type WireJobEventList = z.infer<typeof jobEventListSchema>;

/** A word for programs; anything else in its place is not one to pass on. */
const word = z
  .string()
  .regex(/^\w{1,64}$/)
  .nullish()
  .catch(null);

/** The envelope of an error. The HTTP status decides, `reason` refines it, `message` is for people and changes. */
export const errorSchema = z.object({
  error: z.object({
    message: text,
    errors: z.array(z.object({ reason: word })).nullish(),
  }),
});
