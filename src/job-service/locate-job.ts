import { jobActions } from '../jobs/job.ts';
import { parseJobId } from '../jobs/job-id.ts';
import type { Permissions } from '../jobs/permissions.ts';
import { accessDenied } from '../jobs/permissions.ts';
import { createProblem, fail, type Problem, type Result, succeed, systemNotFound } from '../jobs/problem.ts';
import type { ServedSystem } from './served-system.ts';

export interface LocatedJob {
  system: ServedSystem;
  vendorId: string;
}

/** The location of a job to read, or why it can't be read: the ID is invalid, or the caller can't read the system's jobs. */
export type ReadableJob =
  | ({ kind: 'readable' } & LocatedJob)
  | { kind: 'notFound'; problem: Problem }
  | ({ kind: 'problem'; problem: Problem } & LocatedJob);

/** Locates jobs for one caller: decides which systems exist for the caller, and whose jobs it can read. */
export interface JobLocator {
  /** Parses an ID and finds its system. The problem names the invalid part. */
  locate(id: string): Result<LocatedJob>;
  locateReadable(id: string): ReadableJob;
}

export function createJobLocator(findSystem: (id: string) => ServedSystem | null, permissions: Permissions): JobLocator {
  // A system doesn't exist for callers without any permission on its jobs.
  const isKnown = ({ id }: ServedSystem): boolean => permissions.mayRead(id) || jobActions.some((action) => permissions.mayAct(id, action));

  const locate = (id: string): Result<LocatedJob> => {
    const parsed = parseJobId(id);
    if (!parsed) return fail(createProblem('INVALID_ID', `"${id.slice(0, 100)}" is not a job ID: expected systemId:vendorId.`));
    const system = findSystem(parsed.systemId);
    if (!system || !isKnown(system)) return fail(systemNotFound(parsed.systemId));
    const reason = system.adapter.checkVendorId(parsed.vendorId);
    return reason === null ? succeed({ system, vendorId: parsed.vendorId }) : fail(createProblem('INVALID_ID', reason));
  };

  return {
    locate,
    locateReadable(id) {
      const located = locate(id);
      if (!located.ok) return { kind: 'notFound', problem: located.problem };
      const { system, vendorId } = located.value;
      if (permissions.mayRead(system.id)) return { kind: 'readable', system, vendorId };
      return { kind: 'problem', problem: accessDenied('jobs:read', system.id), system, vendorId };
    },
  };
}
