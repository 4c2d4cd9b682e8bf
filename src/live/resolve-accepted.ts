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
 * Waits, at most `forMs`, until no action is only ACCEPTED, and decides each again by the state of its job then. Results by job ID; jobs that
 * could not be read again are left out. The jobs must have been reserved.
 * `accepted`: by job ID, the time of the copy that shows that the job is not in the target status yet, or of the request.
 */
export async function resolveAccepted(
  accepted: ReadonlyMap<string, Date>,
  { live, findSystem, action, forMs }: ResolveAcceptedOptions,
): Promise<Map<string, ActionResult>> {
  const decideAgain = (jobId: string, read: JobRead | undefined): ActionResult | null => {
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
  const isResolved = (job: Job): boolean => (decideAgain(job.id, { kind: 'job', job })?.outcome ?? 'ACCEPTED') !== 'ACCEPTED';
  const lookups = await live.wait([...accepted.keys()], isResolved, forMs);
  return new Map(
    Array.from(lookups).flatMap(([jobId, lookup]) => {
      const result = decideAgain(jobId, toRead(lookup));
      return result ? [[jobId, result]] : [];
    }),
  );
}

function toRead(lookup: JobLookup): JobRead {
  return lookup.kind === 'notFound' ? { kind: 'notFound' } : lookup;
}
