import type { JobLookup } from '../../job-service/job-lookups.ts';
import type { ServedSystem } from '../../job-service/served-system.ts';
import { isLeftOut } from '../../jobs/create-job.ts';
import { durationSecondsOf } from '../../jobs/duration.ts';
import { listAvailability } from '../../jobs/eligibility.ts';
import { displayName } from '../../jobs/filter.ts';
import { isTerminal, type Job, type JobDataRange, type JobStep, type LeftOutFact } from '../../jobs/job.ts';
import type { JobId } from '../../jobs/job-id.ts';
import { linksOf } from '../../jobs/job-links.ts';
import { accessDenied } from '../../jobs/permissions.ts';
import type { Result } from '../../jobs/problem.ts';
import { type ShownOutput, toName, toShownRaw } from '../../jobs/vendor-facts.ts';
import type {
  JobActionAvailability,
  JobProgress,
  JobResolvers,
  JobResultResolvers,
  JobStepResolvers,
  SystemProblem,
} from '../generated/resolvers.ts';
import { toShownJobId } from './bad-user-input.ts';
import type { Context } from './context.ts';
import { toError } from './field-error.ts';
import { logOf } from './job-log.ts';
import type { JobFailureParent, JobParent, JobStepParent } from './parents.ts';

export const jobResolvers: JobResolvers<Context> = {
  system: (job, _arguments, { jobs }) => systemOf(job, jobs.findSystem),
  name: ofJob(displayName),
  type: factOfJob('type'),
  status: ofJob((job) => job.status),
  vendorStatus: ofJob((job) => job.vendorStatus),
  isTerminal: ofJob((job) => isTerminal(job.status)),
  // Redacted only here: later vendor requests use the original.
  scope: ofJob((job) => toName(job.shownScope ?? job.scope)),
  owner: factOfJob('owner'),
  createdAt: factOfJob('createdAt'),
  startedAt: factOfJob('startedAt'),
  finishedAt: ofJob((job) => job.finishedAt),
  scheduledFor: ofJob((job) => job.scheduledFor ?? null),
  updatedAt: ofJob((job) => job.updatedAt ?? null),
  durationSeconds: ofJob(durationSecondsOf),
  waitSeconds: factOfJob('waitSeconds'),
  dataRange: ofJob((job): JobDataRange | null => job.dataRange?.() ?? null),
  observedAt: ofJob((job) => job.observedAt),
  stale: ofJob((job) => job.stale),
  problem: ofJob((job): SystemProblem | null => job.problem && { ...job.problem, systemId: job.systemId }),
  tags: ofJob(async (job, { jobs }): Promise<string[] | null> => {
    const { tags } = isLeftOut(job, 'tags') ? valueOrError(await jobs.loadLeftOut(job)) : job;
    return tags ? [...tags] : null;
  }),
  outputs: ofJob(async (job, { jobs }): Promise<ShownOutput[] | null> => {
    if (!jobs.permissions.mayReadLogs(job.systemId)) throw toError(accessDenied('jobs:logs', job.systemId));
    return valueOrError(await jobs.loadOutputs(job));
  }),
  links: ofJob((job, { jobs }) => linksOf(job, systemOf(job, jobs.findSystem).links)),
  raw: ofJob((job, { jobs }) => {
    if (jobs.permissions.mayReadRaw(job.systemId)) return toShownRaw(job);
    throw toError(accessDenied('jobs:raw', job.systemId));
  }),
  actions: ofJob((job, { jobs }): JobActionAvailability[] => listAvailability(systemOf(job, jobs.findSystem).adapter, job)),
  steps: ofJob(async (job, { jobs }): Promise<JobStepParent[] | null> => ofSteps(valueOrError(await jobs.loadSteps(job)), job)),
  progress: ofJob(async (job, { jobs }): Promise<JobProgress | null> => valueOrError(await jobs.loadProgress(job))),
  failureMessage: ofJob(async (job, { jobs }): Promise<string | null> => valueOrError(await jobs.loadFailure(job))?.message ?? null),
  failure: ofJob(async (job, { jobs }): Promise<JobFailureParent | null> => {
    const failure = valueOrError(await jobs.loadFailure(job));
    return failure && { ...failure, step: failure.step && { ...failure.step, job } };
  }),
  log: (parent, wanted, context) => ofJob((job) => logOf(job, null, wanted, context))(parent, wanted, context),
};

export const jobStepResolvers: JobStepResolvers<Context> = {
  durationSeconds: durationSecondsOf,
  substeps: ({ substeps, job }) => ofSteps(substeps, job),
  log: ({ id, job }, wanted, context) => logOf(job, id, wanted, context),
};

export const jobResultResolvers: JobResultResolvers<Context> = {
  __resolveType: (result) => ('__typename' in result && result.__typename ? result.__typename : 'Job'),
};

/** The member of JobResult for a lookup. */
export function toJobResult(lookup: JobLookup, jobId: string) {
  switch (lookup.kind) {
    case 'job':
      return lookup.job;
    case 'notFound':
      return { __typename: 'JobNotFound' as const, jobId: toShownJobId(jobId), ...lookup.problem };
    case 'problem':
      return lookup.problem.code === 'ACCESS_DENIED'
        ? { __typename: 'AccessDenied' as const, jobId, ...lookup.problem }
        : { __typename: 'SystemUnavailable' as const, jobId, ...lookup.problem, system: lookup.system };
  }
}

/** A field of the job itself: immediate if the job was read, after one batched read if the parent is a reference. */
function ofJob<Value>(read: (job: Job, context: Context) => Value) {
  return (parent: JobParent, _arguments: unknown, context: Context): Value | Promise<Awaited<Value>> =>
    'status' in parent
      ? read(parent, context)
      : // `then` unwraps promises, which its type doesn't say of a type parameter.
        (context.jobs.loadReference(parent).then((job) => read(job, context)) as Promise<Awaited<Value>>);
}

/** A fact that the copy may omit: then it is read, together with those of the other jobs. */
function factOfJob<Fact extends LeftOutFact>(fact: Fact) {
  return ofJob((job, { jobs }): Job[Fact] | Promise<Job[Fact]> =>
    isLeftOut(job, fact) ? jobs.loadLeftOut(job).then((outcome) => valueOrError(outcome)[fact]) : job[fact],
  );
}

function ofSteps(steps: readonly JobStep[], job: Job): JobStepParent[];
function ofSteps(steps: readonly JobStep[] | null, job: Job): JobStepParent[] | null;
function ofSteps(steps: readonly JobStep[] | null, job: Job): JobStepParent[] | null {
  return steps?.map((step) => ({ ...step, job })) ?? null;
}

/** The system of a job. */
export function systemOf(job: JobId, findSystem: (id: string) => ServedSystem | null): ServedSystem {
  const system = findSystem(job.systemId);
  if (!system) throw new Error(`System ${job.systemId} not found`);
  return system;
}

/** A field with its own vendor request fails alone: the rest of the job stays. */
function valueOrError<Value>(outcome: Result<Value>): Value {
  if (outcome.ok) return outcome.value;
  throw toError(outcome.problem);
}
