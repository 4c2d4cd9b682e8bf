import { z } from 'zod';
import { isNumberOrText, isText, optionalField } from '../../../transport/optional-field.ts';

/*
 * AODocs' responses, in its own names: only the fields that the adapter uses or shows. Absent and null mean the same.
 * Source: AODocs' OpenAPI description of job:v1 (68.1.0). It requires no property; the server leaves out nulls and empty arrays.
 */

const text = z.string().nullish();

/** A text that the adapter only shows. */
const shownText = optionalField(isText);

/** Epoch milliseconds. Numbers in the description, text from the server. Anything else counts as null. */
const int64 = optionalField(isNumberOrText);

/** A 32-bit number of tasks. */
export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 31;
}

const count = optionalField(isCount);

/** `ApiJob`. `completed` is true for failed and canceled jobs too, so the adapter only shows it. */
export const jobSchema = z.object({
  jobId: z.unknown().transform(toJobId).pipe(z.string()),
  libraryId: shownText,
  /** An open set: minor releases add values. */
  type: shownText,
  status: shownText,
  completed: optionalField((value) => typeof value === 'boolean'),
  /** An email address. */
  requestor: shownText,
  startedAt: int64,
  lastActivityAt: int64,
  remainingTasks: count,
  succeededTasks: count,
  failedTasks: count,
  taskRetries: count,
});
export type WireJob = z.infer<typeof jobSchema>;

/** The ID of a job; null if the value is not an ID. */
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

const jobEventSchema = z.object({ message: shownText, severity: shownText, timestamp: int64 });
export type WireJobEvent = z.infer<typeof jobEventSchema>;

/** `ApiJobEventList`, one page. Anything that is not an event counts as null. */
export const jobEventListSchema = z.object({
  events: z.array(jobEventSchema.nullable().catch(null)).nullish(),
  nextPageToken: text,
});
export type WireJobEventList = z.infer<typeof jobEventListSchema>;

/** A code for programs; anything else counts as null. */
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
