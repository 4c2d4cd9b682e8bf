import { isJobId } from './wire.ts';

/**
 * The parts of a job's ID: `971413`, or `971413@nightly-1` if the caller has the tag that /create/job returned. Each cluster of a group
 * has its own numbers, but a tag is the same on all of them: with a tag, a request that reaches another cluster after a failover can't
 * affect another job with the same number. Lists don't show which tag belongs to which job, so an ID from a list has none.
 */
export interface KineticaJobId {
  number: string;
  tag: string | null;
}

/** Null if the text is not an ID. Source of the tag's characters: Kinetica REST API, /create/job, option job_tag. */
export function parseVendorId(text: string): KineticaJobId | null {
  const [, number = '', tag] = /^([^@]+)(?:@([A-Za-z0-9_-]{1,200}))?$/.exec(text) ?? [];
  return isJobId(number) ? { number, tag: tag ?? null } : null;
}

/** The parts of an ID that `checkVendorId` accepted. */
export function splitVendorId(vendorId: string): KineticaJobId {
  const jobId = parseVendorId(vendorId);
  if (!jobId) throw new TypeError(`Not a Kinetica job ID: ${vendorId}`);
  return jobId;
}

/** Why this text can't be a job's ID, or null. */
export function checkVendorId(text: string): string | null {
  return parseVendorId(text)
    ? null
    : 'A Kinetica job ID is a 64-bit integer without leading zeros, optionally followed by the tag of the job: 971413 or 971413@nightly-1.';
}
