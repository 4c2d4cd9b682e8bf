import { toStorableText } from '../jobs/storable-text.ts';

/** Unit separator: between the ids of a list that is given as one text, which PostgreSQL takes apart in half the time of an array. */
export const separator = '\x1F';

/** A job's id as events hold it, and are looked up by. */
export function toStorableId(jobId: string): string {
  return toStorableText(jobId).replaceAll(separator, '\uFFFD');
}

const surrogate = /[\ud800-\udfff]/;

/** What of a storable id the database's hash_ids makes a number of: all but the last two characters, which are code points there. */
export function toStem(jobId: string): string {
  return surrogate.test(jobId.slice(-2)) ? Array.from(jobId).slice(0, -2).join('') : jobId.slice(0, -2);
}
