import { toStorableText } from '../jobs/storable-text.ts';

/** Unit separator, between IDs in a list that is passed as one text: PostgreSQL splits it in half the time of an array. */
export const separator = '\x1F';

/** A job's ID as events store it and as queries compare it. */
export function toStorableId(jobId: string): string {
  return toStorableText(jobId).replaceAll(separator, '\uFFFD');
}

const surrogate = /[\ud800-\udfff]/;

/** The part of a storable ID that the database's hash_ids hashes: all but the last two characters (code points). */
export function toStem(jobId: string): string {
  return surrogate.test(jobId.slice(-2)) ? Array.from(jobId).slice(0, -2).join('') : jobId.slice(0, -2);
}
