import DataLoader from 'dataloader';
import { mapConcurrently } from '../concurrency/map-concurrently.ts';
import type { CallContext } from '../jobs/adapter.ts';
import type { Job, JobFailure, JobProgress, JobStep } from '../jobs/job.ts';
import { pairResults } from '../jobs/pair-results.ts';
import { type Result, succeed } from '../jobs/problem.ts';
import { toLine } from '../jobs/storable-text.ts';
import { type ShownOutput, toFailure, toProgress, toShownOutputs, toStep } from '../jobs/vendor-facts.ts';
import { findFailure } from './find-failure.ts';
import type { CopyCache, ReadsOfCopies } from './reads-of-copies.ts';
import type { ServedSystem } from './served-system.ts';

/** Details of jobs that a copy doesn't have. Read on demand; those of one tick together. */
export interface JobDetails {
  loadSteps(job: Job): Promise<Result<JobStep[] | null>>;
  /** The copy with the facts that it leaves out (`leftOut`), as far as the vendor returns them. */
  loadLeftOut(job: Job): Promise<Result<Job>>;
  loadProgress(job: Job): Promise<Result<JobProgress | null>>;
  /** Null for a job that is not FAILED, or whose vendor doesn't explain the failure. `message` is one line of at most 300 characters. */
  loadFailure(job: Job): Promise<Result<JobFailure | null>>;
  loadOutputs(job: Job): Promise<Result<ShownOutput[] | null>>;
}

export interface JobDetailsOptions {
  findSystem(id: string): ServedSystem | null;
  callTo(system: ServedSystem): CallContext;
  /** Null: details are cached for this operation only. */
  ofCopies: ReadsOfCopies | null;
}

const none = { ok: true, value: null } as const;

export function createJobDetails(options: JobDetailsOptions): JobDetails {
  const { ofCopies } = options;
  const steps = createLoader(options, ofCopies?.steps, readSteps);
  const leftOut = createLoader(options, ofCopies?.leftOut, ({ reader }, jobs, call) => reader.readLeftOut(jobs, call));
  const progress = createLoader(options, ofCopies?.progress, (system, jobs, call) =>
    mapConcurrently(jobs, system.concurrency, (job) => readProgress(system, job, call)),
  );
  const failures = createLoader(options, ofCopies?.failures, (system, jobs, call) =>
    mapConcurrently(jobs, system.concurrency, (job) => readFailure(system, job, call, (failed) => steps.load(failed))),
  );
  // A job that runs may produce further outputs.
  const outputs = createLoader(options, undefined, (system, jobs, call) =>
    mapConcurrently(jobs, system.concurrency, (job) => readOutputs(system, job, call)),
  );
  return {
    loadOutputs: (job) => outputs.load(job),
    loadSteps: (job) => steps.load(job),
    loadLeftOut: (job) => leftOut.load(job),
    async loadProgress(job) {
      return job.progress === undefined ? progress.load(job) : succeed(job.progress);
    },
    async loadFailure(job) {
      if (job.status !== 'FAILED') return none;
      const read = job.failure === undefined ? await failures.load(job) : succeed(job.failure);
      return read.ok ? succeed(onOneLine(read.value)) : read;
    },
  };
}

type ReadDetails<Value> = (system: ServedSystem, jobs: readonly Job[], call: CallContext) => Promise<Result<Value>[]>;

/** Reads a detail of the jobs of one tick, system by system. Problems are not cached. */
function createLoader<Value>(
  { findSystem, callTo }: JobDetailsOptions,
  cache: CopyCache<Value> | undefined,
  read: ReadDetails<Value>,
): DataLoader<Job, Result<Value>> {
  return new DataLoader<Job, Result<Value>>(async (wanted) => {
    const results = new Map<Job, Result<Value>>();
    await Promise.all(
      Array.from(
        Map.groupBy(wanted, (job) => job.systemId),
        async ([systemId, jobs]) => {
          const system = findSystem(systemId);
          if (!system) throw new Error(`No system ${systemId}`);
          for (const [job, result] of pairResults(jobs, await read(system, jobs, callTo(system)))) {
            results.set(job, result);
            if (!result.ok) cache?.delete(job);
          }
        },
      ),
    );
    return wanted.map((job) => results.get(job) ?? new Error(`Not read: ${job.id}`));
  }, cache && { cacheMap: cache });
}

const readSteps: ReadDetails<JobStep[] | null> = async ({ adapter, concurrency }, jobs, call) => {
  const reads = adapter.getStepsOfJobs
    ? await adapter.getStepsOfJobs(jobs, call)
    : await mapConcurrently(jobs, concurrency, async (job) => (await adapter.getSteps?.(job, call)) ?? none);
  return reads.map((read) => (read.ok ? succeed(read.value?.map(toStep) ?? null) : read));
};

async function readProgress({ adapter }: ServedSystem, job: Job, call: CallContext): Promise<Result<JobProgress | null>> {
  const read = (await adapter.getProgress?.(job, call)) ?? none;
  return read.ok ? succeed(toProgress(read.value)) : read;
}

async function readOutputs({ adapter }: ServedSystem, job: Job, call: CallContext): Promise<Result<ShownOutput[] | null>> {
  const read = (await adapter.getOutputs?.(job, call)) ?? none;
  return read.ok ? succeed(read.value && toShownOutputs(read.value)) : read;
}

async function readFailure(
  { adapter: { getFailure } }: ServedSystem,
  job: Job,
  call: CallContext,
  loadSteps: JobDetails['loadSteps'],
): Promise<Result<JobFailure | null>> {
  if (getFailure !== 'fromSteps') {
    const failure = (await getFailure?.(job, call)) ?? none;
    return failure.ok ? succeed(failure.value && toFailure(failure.value)) : failure;
  }
  const read = await loadSteps(job);
  return read.ok ? succeed(findFailure(read.value ?? [])) : read;
}

/** Null if the message is empty. */
function onOneLine(failure: JobFailure | null): JobFailure | null {
  const message = failure && toLine(failure.message);
  return failure && message ? { ...failure, message } : null;
}
