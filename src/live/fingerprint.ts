import { hash } from 'node:crypto';
import type { JobRead } from '../jobs/reader.ts';

/**
 * What counts as a change of a job: two copies with the same fingerprint show the same, in whichever replica.
 * Without what moves by itself (observedAt, a duration or a wait that the vendor measures), without the vendor's raw fields, and without
 * the name and the facts left out by reads, which one replica may know from a list while another's reads by id do not have them.
 */
export function fingerprintOf(read: JobRead): string {
  switch (read.kind) {
    case 'absent':
      return 'absent';
    case 'problem':
      return `problem ${read.problem.code}`;
    case 'job': {
      const { observedAt, stale, durationSeconds, waitSeconds, raw, problem, name, leftOut = [], ...facts } = read.job;
      for (const fact of leftOut) if (fact !== 'waitSeconds') delete (facts as Partial<typeof facts>)[fact];
      return hash('sha1', JSON.stringify([facts, problem?.code]), 'base64');
    }
  }
}
