import type { ActionResult } from '../../src/actions/action-result.ts';
import type { ActionResponse, ActionSupport, ActionTarget, ReadResult } from '../../src/jobs/adapter.ts';
import type { JobStatus } from '../../src/jobs/job.ts';
import { createProblem, type Problem } from '../../src/jobs/problem.ts';
import { cancelSupport, connectMemory, jobFields, type MemoryOptions } from '../jobs/memory-adapter.ts';

export const batchSupport: ActionSupport = {
  ...cancelSupport,
  support: 'NATIVE_BATCH',
  maxBatchSize: null,
  requestSize: 100,
  readBeforeAction: true,
};
export const refusal: Problem = createProblem('VENDOR_REJECTED', 'One of them can not be cancelled.');
export const together: ActionResponse = { kind: 'batchRejected', problem: refusal, vendorCode: 'E1' };

/** A vendor whose jobs have only a status, and that accepts every cancel by default. */
export function connect(statuses: Record<string, JobStatus>, support: ActionSupport, options: MemoryOptions = {}) {
  const jobs = new Map(Object.entries(statuses));
  const answerRead = (vendorId: string): ReadResult => {
    const status = jobs.get(vendorId);
    return status ? { kind: 'job', job: jobFields(vendorId, { status }) } : { kind: 'notFound' };
  };
  const cancel = (targets: readonly ActionTarget[]): ActionResponse[] => {
    for (const { vendorId } of targets) jobs.set(vendorId, 'CANCELLED');
    return targets.map(() => ({ kind: 'accepted', job: null }));
  };
  const connected = connectMemory({
    actions: { CANCEL: support },
    answerRead,
    answerAction: (_action, targets) => cancel(targets),
    ...options,
  });
  return { ...connected, jobs, cancel };
}

export const describeAll = (results: Map<string, ActionResult>) =>
  Object.fromEntries(
    Array.from(results, ([id, result]) => [id, 'problem' in result ? `${result.outcome} ${result.problem.code}` : result.outcome]),
  );
