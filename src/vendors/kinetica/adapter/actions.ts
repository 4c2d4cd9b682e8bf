import { type ActionResponse, type ActionSupport, type ActionTarget, type CallContext, unsupportedAction } from '../../../jobs/adapter.ts';
import type { JobAction, JobFields } from '../../../jobs/job.ts';
import { createProblem, type Problem } from '../../../jobs/problem.ts';
import { textOrNull } from '../../../transport/optional-field.ts';
import { toUncertain } from '../../../transport/reply.ts';
import type { Calls, Reply } from './calls.ts';
import { codeIn, isAccessDenied, quote, toLine, withoutCode } from './errors.ts';
import { splitVendorId } from './job-id.ts';
import { type AlterJobs, isWireId } from './wire.ts';

/** /admin/alter/jobs has one action, cancel, and no limit on the number of IDs. */
const cancelSupport: ActionSupport = {
  support: 'NATIVE_BATCH',
  // UNKNOWN too: the vendor's statuses are an open set.
  allowedStatuses: ['QUEUED', 'RUNNING', 'PAUSED', 'UNKNOWN'],
  // Alter Jobs: "depending on the type and state of the job", without naming them. The Job Manager page: reads only while they wait.
  uncertain: {
    statuses: ['RUNNING', 'UNKNOWN'],
    reason: 'Kinetica can cancel most running requests but not all, and no read shows which. Cancel the job to find out.',
  },
  maxBatchSize: null,
  asynchronous: true,
  safeToRetry: true,
  requestSize: 500,
  readBeforeAction: true,
  acceptedState: null,
  unchangedOutcome: 'ACCEPTED',
  // A request can contain the tag of one job only.
  batchKey: ({ vendorId }) => (splitVendorId(vendorId).tag === null ? '' : vendorId),
};

export const actionSupport: Readonly<Record<JobAction, ActionSupport>> = {
  CANCEL: cancelSupport,
  PAUSE: unsupportedAction,
  RESUME: unsupportedAction,
  RESTART: unsupportedAction,
  START: unsupportedAction,
};

/** The Job Manager page: insert, update, and delete requests can't be canceled; most other requests that are not administrative can. */
export function checkEligibility(action: JobAction, { type }: JobFields): string | null {
  if (action !== 'CANCEL' || type === null) return null;
  if (/^\/?(insert|update|delete)\//i.test(type)) return `Kinetica can't cancel insert, update, and delete requests (${type}).`;
  if (/^\/?admin\//i.test(type)) return `Kinetica can't cancel administrative requests (${type}).`;
  return null;
}

/** Cancels the jobs in one request: any number of untagged jobs, or one with a tag. Without jobs, sends nothing. */
export async function performAction(
  { systemId, calls }: { systemId: string; calls: Calls },
  targets: readonly ActionTarget[],
  call: CallContext,
): Promise<ActionResponse[]> {
  const jobIds = targets.map(({ vendorId }) => splitVendorId(vendorId));
  if (jobIds[0] === undefined) return [];
  const numbers = jobIds.map(({ number }) => number);
  return toResponses(systemId, numbers, await calls.cancelJobs(numbers, jobIds[0].tag, call));
}

function toResponses(systemId: string, ids: readonly string[], reply: Reply<AlterJobs>): ActionResponse[] {
  switch (reply.kind) {
    case 'value': {
      const information = describeInfo(reply.value.info);
      const outcomes = toOutcomes(reply.value);
      // An unreadable ID may belong to any job that seems to be left out.
      const unnamed: JobOutcome = reply.value.job_ids.every(isWireId) ? { isNamed: false } : { isNamed: true, word: null };
      return ids.map((id) => toResponse(systemId, outcomes.get(id) ?? unnamed, information));
    }
    case 'rejected': {
      const { problem, vendorCode } = reply;
      // One unknown ID can make Kinetica reject all jobs. A missing permission is about the endpoint, so it applies to each job.
      const kind = ids.length > 1 && problem.code !== 'ACCESS_DENIED' ? 'batchRejected' : 'rejected';
      return ids.map(() => ({ kind, problem, vendorCode }));
    }
    case 'failed':
      return ids.map(() => toUncertain(reply));
  }
}

/**
 * Kinetica does not document the outcomes of single jobs, so the adapter only accepts whole phrases that can mean one thing.
 * With any other phrase ("Cancellation notified", or a word that may be the job's status) the outcome is unknown until the core reads the
 * job.
 */
const acceptedPhrase = /^(?:ok|success|cancell?ed|cancell?ing|cancel(?:lation)? requested)\.?$/i;
/** The core confirms these by reading the job: a job that is "not found" may merely have ended. */
const rejectedPhrase =
  /^(?:job -?\d+ )?(?:not[ _]found|does not exist|not[ _]cancell?able|(?:cannot|can not|can't|could not) be cancell?ed)\.?$/i;

/** Whether the response names a job, and the job's outcome; null if that is not text. */
type JobOutcome = { isNamed: false } | { isNamed: true; word: string | null };

/** Outcomes by ID: the response may be in another order, or leave IDs out. */
function toOutcomes({ job_ids: ids, status: words }: AlterJobs): Map<string, JobOutcome> {
  const outcomes = new Map<string, JobOutcome>();
  ids.forEach((id, index) => {
    if (isWireId(id)) outcomes.set(String(id), { isNamed: true, word: textOrNull(words[index]) });
  });
  return outcomes;
}

/** `information`: the response's `info`, as an addition to messages. */
function toResponse(systemId: string, outcome: JobOutcome, information: string): ActionResponse {
  const reject = (code: Problem['code'], text: string, vendorCode: string | null): ActionResponse => {
    return { kind: 'rejected', problem: createProblem(code, `${systemId} ${text}${information}.`), vendorCode };
  };
  if (!outcome.isNamed) return reject('VENDOR_REJECTED', 'did not include this job in its response to the cancellation', null);
  const word = outcome.word ?? '';
  const phrase = withoutCode(word);
  if (acceptedPhrase.test(phrase)) return { kind: 'accepted', job: null };
  if (isAccessDenied(word)) return reject('ACCESS_DENIED', `did not cancel the job: ${quote(word)}`, codeIn(word));
  if (rejectedPhrase.test(phrase)) return reject('VENDOR_REJECTED', `did not cancel the job: ${quote(word)}`, codeIn(word));
  const unknown = phrase === '' ? 'without a readable outcome for this job' : `with an undocumented outcome: ${quote(word)}`;
  return {
    kind: 'inconclusive',
    problem: createProblem('INVALID_VENDOR_RESPONSE', `${systemId} responded to the cancellation ${unknown}${information}.`),
  };
}

/** The response's `info` as an addition to a message: ` (note: try later)`. Empty if it contains no text. */
function describeInfo(info: AlterJobs['info']): string {
  const words = Object.entries(info ?? {}).flatMap(([key, value]) => (typeof value === 'string' && value !== '' ? `${key}: ${value}` : []));
  return words.length === 0 ? '' : ` (${toLine(words.join('; '))})`;
}
