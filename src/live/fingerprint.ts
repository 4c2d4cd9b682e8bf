import { hash } from 'node:crypto';
import type { JobRead } from '../reading/job-read.ts';

/**
 * Identifies a state of a job: two copies with the same fingerprint show no change, in any replica.
 * Leaves out fields that change on their own (observedAt, durations that the vendor measures), fields that are computed on demand, the vendor's
 * raw fields, the failure, which belongs to the status, and the name, the planned and changed times, and the left-out facts, which one replica
 * may have from a list while another replica's reads by ID lack them.
 */
export function fingerprintOf(read: JobRead): string {
  switch (read.kind) {
    case 'notFound':
      return 'absent';
    case 'problem':
      return `problem ${read.problem.code}`;
    case 'job': {
      const { observedAt, stale, durationSeconds, waitSeconds, dataRange, raw, problem, failure, name, leftOut = [], ...others } = read.job;
      const { scheduledFor, updatedAt, ...facts } = others;
      for (const fact of leftOut) if (fact !== 'waitSeconds') delete (facts as Partial<typeof facts>)[fact];
      return hash('sha1', JSON.stringify([facts, problem?.code]), 'base64');
    }
  }
}
