import { z } from 'zod';
import { isNumberOrText, optionalField } from '../optional-field.ts';

/*
 * What AODocs answers, in its own names: only the fields that are used or shown, absent and null alike.
 * Source: AODocs' OpenAPI description of job:v1 (68.1.0). It requires no property; the server leaves out nulls and empty arrays.
 */

const text = z.string().nullish();

/** Epoch milliseconds. The description says number; the server sends text. What is neither tells nothing and spoils nothing. */
const int64 = optionalField(isNumberOrText);

const count = optionalField((value): value is number => Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 31);

/** `ApiJob`. `completed` is true for failed and cancelled jobs too: only for people to look at. */
export const jobSchema = z.object({
  jobId: z.string().min(1),
  libraryId: text,
  /** An open set: new values come with minor releases. */
  type: text,
  status: text,
  completed: optionalField((value) => typeof value === 'boolean'),
  /** An e-mail address. */
  requestor: text,
  startedAt: int64,
  lastActivityAt: int64,
  remainingTasks: count,
  succeededTasks: count,
  failedTasks: count,
  taskRetries: count,
});
export type WireJob = z.infer<typeof jobSchema>;

/** `ApiJobList`. Without `jobList` it is empty; without `nextPageToken`, however short, it is the last page. */
export const jobListSchema = z.object({
  jobList: z.array(jobSchema).nullish(),
  nextPageToken: text,
});
export type WireJobList = z.infer<typeof jobListSchema>;

/** `ApiJobEventList`, of the job's errors; `severity` is the request's business. */
export const jobEventListSchema = z.object({
  events: z.array(z.object({ message: text.catch(null), timestamp: int64 })).nullish(),
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

/** Whether an id can be sent as a part of a path. Ids are opaque, but these would be changed on the way or name something else. */
export function isPathSegment(id: string): boolean {
  return /^[^\s\p{Cc}]+$/u.test(id) && id.isWellFormed() && id !== '.' && id !== '..';
}

/** Parts of other paths: as an id they would be answered with a 404 that looks like that of a job. */
const reservedWords = new Set(['libraries', 'events']);

/** Why a text can't be a job's id, or null. */
export function refuseJobId(jobId: string): string | null {
  if (!isPathSegment(jobId)) return 'An AODocs job id holds no spaces and no control characters.';
  return reservedWords.has(jobId) ? `"${jobId}" is a word of AODocs' addresses, not a job id.` : null;
}
