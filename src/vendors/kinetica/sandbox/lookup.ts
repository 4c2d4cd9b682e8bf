import { z } from 'zod';
import type { KineticaJob } from './job.ts';
import type { KineticaState } from './state.ts';
import type { KineticaSwitches } from './switches.ts';

/** A job ID in a request: a bare integer of 64 bits. */
export const long = z
  .bigint()
  .min(-(2n ** 63n))
  .max(2n ** 63n - 1n);

/** Ids of version 6.2 have 32 bits. */
export function isInt32(id: bigint): boolean {
  return BigInt.asIntN(32, id) === id;
}

/** The job with this ID, or with this tag if one is given. An ended synchronous job no longer exists. */
export function findJob(state: KineticaState, { jobTag }: KineticaSwitches, id: bigint, tag: string): Readonly<KineticaJob> | undefined {
  const job = tag !== '' && jobTag === 'decides' ? state.jobOfTag(tag) : state.job(String(id));
  if (!job || (job.kind === 'sync' && !job.running)) return undefined;
  return tag === '' || job.tag === tag ? job : undefined;
}
