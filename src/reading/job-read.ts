import type { Job } from '../jobs/job.ts';
import type { Problem } from '../jobs/problem.ts';

/** One read of a job. `notFound`: the vendor has no such job. `problem`: the job could not be read, and there is no cached copy to return. */
export type JobRead = { kind: 'job'; job: Job } | { kind: 'notFound' } | { kind: 'problem'; problem: Problem };
