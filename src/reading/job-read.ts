import type { Job } from '../jobs/job.ts';
import type { Problem } from '../jobs/problem.ts';

/**
 * One read of a job. `notFound`: the vendor has no such job (any more; `known`: what an earlier copy showed). `problem`: the job could not be read,
 * and there is no cached copy to return.
 */
export type JobRead =
  | { kind: 'job'; job: Job }
  | { kind: 'notFound'; known?: Pick<Job, 'name' | 'type'> }
  | { kind: 'problem'; problem: Problem };
