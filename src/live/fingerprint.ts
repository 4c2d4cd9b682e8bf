import { hash } from 'node:crypto';
import type { JobRead } from '../reading/job-read.ts';

/**
 * What counts as a change of a job: two copies with the same fingerprint show the same, in whichever replica.
 * Without what moves by itself (observedAt, durations that the vendor measures), without what is computed when asked for, without the
 * vendor's raw fields, and without the name and the facts that reads leave out, which one replica may know from a list while another's
 * reads by id do not have them.
 */
export function fingerprintOf(read: JobRead): string {
  switch (read.kind) {
    case 'notFound':
      return 'absent';
    case 'problem':
      return `problem ${read.problem.code}`;
    case 'job': {
      const { observedAt, stale, durationSeconds, waitSeconds, dataRange, raw, problem, name, leftOut = [], ...facts } = read.job;
      for (const fact of leftOut) if (fact !== 'waitSeconds') delete (facts as Partial<typeof facts>)[fact];
      return hash('sha1', JSON.stringify([facts, problem?.code]), 'base64');
    }
  }
}
