import type { ActionResult } from '../actions/action-result.ts';
import { decide, observeAfter } from '../actions/decide.ts';
import type { JobLookup } from '../job-service/job-lookups.ts';
import type { JobService } from '../job-service/job-service.ts';
import type { Job, JobAction } from '../jobs/job.ts';
import { parseJobId } from '../jobs/job-id.ts';
import type { JobRead } from '../reading/job-read.ts';
import type { LiveJobs } from './live-jobs.ts';

export interface ResolveAcceptedOptions {
  live: Pick<LiveJobs, 'wait'>;
  findSystem: JobService['findSystem'];
  action: JobAction;
  forMs: number;
}

/**
 * Waits, at most so long, until no action is merely ACCEPTED any more, and decides each anew by what its job shows by then. By job id; those
 * of which nothing newer could be read are left out. The jobs must have been reserved.
 * `accepted`: the time, by job id, of the copy that shows that the job is not in the target status yet, or of the request.
 */
export async function resolveAccepted(
  accepted: ReadonlyMap<string, Date>,
  { live, findSystem, action, forMs }: ResolveAcceptedOptions,
): Promise<Map<string, ActionResult>> {
  const decideAnew = (jobId: string, read: JobRead | undefined): ActionResult | null => {
    const since = accepted.get(jobId);
    const systemId = parseJobId(jobId)?.systemId;
    const system = systemId === undefined ? null : findSystem(systemId);
    const observation = since ? observeAfter(read, since) : null;
    if (!since || !system || !observation) return null;
    const { id, adapter } = system;
    const response = { kind: 'acceptedBefore' } as const;
    return decide({ systemId: id, adapter, action, before: null, response, attemptedAt: since, overdueAt: null }, observation, new Date())
      .result;
  };
  const isResolved = (job: Job): boolean => (decideAnew(job.id, { kind: 'job', job })?.outcome ?? 'ACCEPTED') !== 'ACCEPTED';
  const lookups = await live.wait([...accepted.keys()], isResolved, forMs);
  return new Map(
    Array.from(lookups).flatMap(([jobId, lookup]) => {
      const result = decideAnew(jobId, toRead(lookup));
      return result ? [[jobId, result]] : [];
    }),
  );
}

function toRead(lookup: JobLookup): JobRead {
  return lookup.kind === 'notFound' ? { kind: 'notFound' } : lookup;
}
