import { type Rejection, reject } from './errors.ts';
import type { Job, JobChange } from './job.ts';
import type { Jobs } from './jobs.ts';

/** Requests that the application rejects before it does anything. */
export interface RejectionRule {
  /** The application's status. The framework may write another one: with exception compatibility 500 becomes 503 and 429 becomes 404. */
  status: number;
  reason?: string;
  message?: string;
  /** Sent as `X-aodocs-retryable`. */
  retryable?: boolean;
  /** Only requests of this method. */
  method?: string;
  /** Only requests whose path contains this text, such as a job ID. */
  path?: string;
  /** Default 1. */
  times?: number;
}

/** What tests can make happen inside AODocs. Faults on the network are the kit's `faults`. */
export interface Hooks {
  /** The next requests that match are rejected; the earliest rule that matches counts. */
  rejectNext(rule: RejectionRule): void;
  /** Changes a job after the next cancel of it arrives and before the cancel is performed, as if the job ends in between. */
  beforeNextCancel(jobId: string, change: JobChange): void;
  takeRejection(method: string, path: string): Rejection | undefined;
  runBeforeCancel(job: Job): void;
}

export function createHooks(jobs: Jobs): Hooks {
  let rules: { rule: RejectionRule; left: number }[] = [];
  const changes = new Map<string, JobChange>();
  return {
    rejectNext: (rule) => void rules.push({ rule, left: rule.times ?? 1 }),
    beforeNextCancel: (jobId, change) => void changes.set(jobId, change),
    takeRejection(method, path) {
      const found = rules.find(({ rule }) => (rule.method ?? method) === method && path.includes(rule.path ?? ''));
      if (!found) return undefined;
      found.left -= 1;
      rules = rules.filter((entry) => entry.left > 0);
      const { status, reason, message = defaultMessage(status), retryable } = found.rule;
      const headers = retryable === undefined ? {} : { headers: { 'X-aodocs-retryable': String(retryable) } };
      return { ...reject(status, message, reason), ...headers };
    },
    runBeforeCancel(job) {
      const change = changes.get(job.jobId);
      changes.delete(job.jobId);
      if (change) jobs.change(job.jobId, change);
    },
  };
}

function defaultMessage(status: number): string {
  if (status === 409) return 'The resource is being modified by another request';
  if (status === 429) return 'Quota exceeded';
  return status >= 500 ? 'backend error' : 'The request was rejected';
}
