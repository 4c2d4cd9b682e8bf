import type { ActionAnswer, ActionSupport, ActionTarget, Call } from '../../jobs/adapter.ts';
import type { JobAction, JobFields } from '../../jobs/job.ts';
import { createProblem } from '../../jobs/problem.ts';
import type { Calls, Reply } from './calls.ts';
import { codeIn, isAccessDenied, quote } from './errors.ts';
import type { AlterJobs } from './wire.ts';

/** /admin/alter/jobs knows one action, cancel, and no limit of ids. */
export const cancelSupport: ActionSupport = {
  support: 'NATIVE_BATCH',
  // UNKNOWN too: the vendor's status words are an open set.
  fromStatuses: ['QUEUED', 'RUNNING', 'PAUSED', 'UNKNOWN'],
  // Alter Jobs: "depending on the type and state of the job", without naming them; the Job Manager page: reads only while they wait.
  uncertain: {
    statuses: ['RUNNING', 'UNKNOWN'],
    reason: 'Kinetica can cancel most running requests but not all, and no read shows which. Cancel the job to find out.',
  },
  maxBatchSize: null,
  completesLater: true,
  repeatIsSafe: true,
  requestSize: 500,
  readsFirst: true,
  acceptedState: null,
  unchangedMeans: 'PENDING',
};

/** The Job Manager page: insert, update and delete requests can't be cancelled; most others that are not the administrators' can. */
export function refuseAction(action: JobAction, { type }: JobFields): string | null {
  if (action !== 'CANCEL' || type === null) return null;
  if (/^\/?(insert|update|delete)\//i.test(type)) return `Kinetica can't cancel insert, update and delete requests (${type}).`;
  if (/^\/?admin\//i.test(type)) return `Kinetica can't cancel administrative requests (${type}).`;
  return null;
}

/** Cancels the jobs in one request; with none, sends nothing. */
export async function cancelJobs(systemId: string, calls: Calls, targets: readonly ActionTarget[], call: Call): Promise<ActionAnswer[]> {
  if (targets.length === 0) return [];
  const ids = targets.map((target) => target.vendorId);
  return toAnswers(systemId, ids, await calls.cancelJobs(ids, call));
}

function toAnswers(systemId: string, ids: readonly string[], reply: Reply<AlterJobs>): ActionAnswer[] {
  switch (reply.kind) {
    case 'value': {
      // By id: the answer may come in another order, or leave ids out.
      const words = new Map(reply.value.job_ids.map((id, index) => [String(id), reply.value.status[index]]));
      return ids.map((id) => toAnswer(systemId, words.get(id)));
    }
    case 'refused': {
      const { problem, vendorCode } = reply;
      // One unknown id can refuse all; a lack of permission is about the endpoint and meets each job alike.
      const kind = ids.length > 1 && problem.code !== 'ACCESS_DENIED' ? 'refusedTogether' : 'refused';
      return ids.map(() => ({ kind, problem, vendorCode }));
    }
    case 'failed': {
      const { problem } = reply;
      return ids.map(() => ({ kind: reply.mayHaveArrived ? 'unsettled' : 'notSent', problem }));
    }
  }
}

/**
 * The words are published nowhere, so a no is recognised by how it sounds, and either is confirmed by reading the job:
 * one that is "not found" may only have ended.
 */
const saysNo = /not|n't|no such|unable|fail|error|invalid|unknown|denied|already/i;

/** From the vendor's outcome for one job; undefined where the answer does not name it. */
function toAnswer(systemId: string, word: string | undefined): ActionAnswer {
  if (word === undefined) {
    const problem = createProblem('VENDOR_REJECTED', `${systemId} did not name this job among those it acted on.`);
    return { kind: 'refused', problem, vendorCode: null };
  }
  if (word.trim() === '') {
    return { kind: 'unsettled', problem: createProblem('BAD_VENDOR_ANSWER', `${systemId} answered without an outcome for this job.`) };
  }
  if (isAccessDenied(word) || saysNo.test(word)) {
    const code = isAccessDenied(word) ? 'ACCESS_DENIED' : 'VENDOR_REJECTED';
    return { kind: 'refused', problem: createProblem(code, `${systemId} did not cancel it: ${quote(word)}.`), vendorCode: codeIn(word) };
  }
  return { kind: 'accepted', job: null };
}
