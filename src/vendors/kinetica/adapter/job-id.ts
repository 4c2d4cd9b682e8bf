import { isJobId } from './wire.ts';

/**
 * A job as its id names it: `971413`, or `971413@nightly-1` for a job whose creator knows the tag that /create/job gave it.
 * Ids are of one cluster, a tag is the same on all clusters of a group: with the tag, a request that arrives at another cluster
 * after a failover can't meet another job of the same number. Lists don't show which tag belongs to which job, so an id from a list has none.
 */
export interface KineticaJobId {
  number: string;
  tag: string | null;
}

/** Null for what is no id. Source of the tag's characters: Kinetica REST API, /create/job, option job_tag. */
export function parseJobId(text: string): KineticaJobId | null {
  const [, number = '', tag] = /^([^@]+)(?:@([A-Za-z0-9_-]{1,200}))?$/.exec(text) ?? [];
  return isJobId(number) ? { number, tag: tag ?? null } : null;
}

/** The parts of an id that `checkVendorId` let through. */
export function toJobId(vendorId: string): KineticaJobId {
  const jobId = parseJobId(vendorId);
  if (!jobId) throw new TypeError(`Not a Kinetica job id: ${vendorId}`);
  return jobId;
}

/** Why a text can't be a job's id, or null. */
export function checkVendorId(text: string): string | null {
  return parseJobId(text)
    ? null
    : 'A Kinetica job id is a whole number of 64 bits without leading zeros, optionally followed by the tag of the job: 971413 or 971413@nightly-1.';
}
