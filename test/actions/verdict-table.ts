import { type Attempt, decide, type Observation, type Verdict } from '../../src/actions/decide.ts';
import { type ActionSupport, type JobSystemAdapter, unsupportedAction } from '../../src/jobs/adapter.ts';
import { createJob } from '../../src/jobs/create-job.ts';
import { type Job, type JobAction, type JobStatus, jobActions, jobStatuses } from '../../src/jobs/job.ts';
import { createProblem, type ProblemCode } from '../../src/jobs/problem.ts';
import { connectMemory, jobFields } from '../jobs/memory-adapter.ts';

/*
 * Every input of `decide`, and its form in the table of verdicts.txt.
 */

export const attemptedAt = new Date(9_000);
const overdueAt = new Date(20_000);
export const problemOf = (code: ProblemCode) => createProblem(code, 'The reason.');
export const jobIn = (status: JobStatus, observedAt = new Date(10_000)): Job =>
  createJob('memory', jobFields('1', { status, createdAt: new Date(1_000), startedAt: new Date(2_000) }), observedAt);

/** FAILED jobs can be canceled and resumed too, as Kylin's can. */
const allowedStatuses: Record<JobAction, readonly JobStatus[]> = {
  CANCEL: ['QUEUED', 'RUNNING', 'FAILED'],
  PAUSE: ['RUNNING'],
  RESUME: ['PAUSED', 'FAILED'],
  RESTART: ['RUNNING', 'FAILED'],
  START: ['SCHEDULED'],
};

/** How a system treats what it accepts. */
export const supports = {
  /** An unchanged job may still change. */
  patient: { unchangedOutcome: 'ACCEPTED' },
  /** It would have changed at once. */
  prompt: { unchangedOutcome: 'VENDOR_REJECTED' },
  /** Like `prompt`; of running jobs it accepts some only. */
  choosy: { unchangedOutcome: 'VENDOR_REJECTED', uncertain: { statuses: ['RUNNING'], reason: 'It depends.' } },
} satisfies Record<string, Partial<ActionSupport>>;
export type SupportName = keyof typeof supports;

export function adapterWith(overrides: Partial<ActionSupport> = {}): JobSystemAdapter {
  const support = (action: JobAction): ActionSupport => ({
    ...unsupportedAction,
    support: 'ONE_BY_ONE',
    allowedStatuses: allowedStatuses[action],
    safeToRetry: action !== 'RESTART',
    ...overrides,
  });
  const actions = Object.fromEntries(jobActions.map((action) => [action, support(action)]));
  return connectMemory({ actions }).system.adapter;
}

/** The attempt: its response, or the result of an earlier verdict. */
export const responses = {
  accepted: { kind: 'accepted', job: null },
  rejected: { kind: 'rejected', problem: problemOf('VENDOR_REJECTED'), vendorCode: 'E1' },
  'rejected for now': { kind: 'rejected', problem: { ...problemOf('VENDOR_REJECTED'), retryable: true }, vendorCode: 'E1' },
  denied: { kind: 'rejected', problem: problemOf('ACCESS_DENIED'), vendorCode: 'E2' },
  ineligible: { kind: 'rejected', problem: problemOf('NOT_ELIGIBLE'), vendorCode: 'E3' },
  'batch rejected': { kind: 'batchRejected', problem: problemOf('VENDOR_REJECTED'), vendorCode: 'E4' },
  'batch denied': { kind: 'batchRejected', problem: problemOf('ACCESS_DENIED'), vendorCode: 'E5' },
  'batch ineligible': { kind: 'batchRejected', problem: problemOf('NOT_ELIGIBLE'), vendorCode: 'E6' },
  'not found': { kind: 'notFound' },
  down: { kind: 'notSent', problem: problemOf('SYSTEM_UNAVAILABLE') },
  throttled: { kind: 'notSent', problem: problemOf('RATE_LIMITED') },
  'not sent': { kind: 'notSent', problem: problemOf('NOT_ATTEMPTED') },
  lost: { kind: 'inconclusive', problem: problemOf('TIMED_OUT') },
  'lost long ago': { kind: 'inconclusive', problem: problemOf('TIMED_OUT') },
  'under way': { kind: 'acceptedBefore' },
  'under way for long': { kind: 'acceptedBefore' },
  confirmed: { kind: 'confirmedBefore', confirmedAt: new Date(9_500) },
} satisfies Record<string, Attempt['response']>;
export type ResponseName = keyof typeof responses;
export const responseNames = Object.keys(responses) as ResponseName[];

/** `listed`: only that there was a job. `allowed`: in a status in which the system accepts the action. */
export const befores = { none: null, listed: 'UNKNOWN', allowed: 'allowed', ended: 'SUCCEEDED' } as const;
export type BeforeName = keyof typeof befores;
export const beforeNames = Object.keys(befores) as BeforeName[];

export const observationNames = ['unread', 'failed', 'absent', ...jobStatuses] as const;
export type ObservationName = (typeof observationNames)[number];

export interface Combination {
  action: JobAction;
  support: SupportName;
  response: ResponseName;
  before: BeforeName;
  observation: ObservationName;
}

const isLate = (response: ResponseName): boolean => response.endsWith('long') || response.endsWith('long ago');
const now = new Date(30_000);

function observe(name: ObservationName, response: ResponseName): Observation {
  if (name === 'unread') return null;
  if (name === 'failed') return { kind: 'problem', problem: problemOf('TIMED_OUT') };
  return name === 'absent' ? { kind: 'notFound' } : { kind: 'job', job: jobIn(name, isLate(response) ? now : new Date(10_000)) };
}

const adapters = new Map<SupportName, JobSystemAdapter>();

export function decideCombination({ action, support, response, before, observation }: Combination): Verdict {
  const adapter = adapters.get(support) ?? adapterWith(supports[support]);
  adapters.set(support, adapter);
  const status = befores[before] === 'allowed' ? allowedStatuses[action][0] : befores[before];
  const attempt: Attempt = {
    systemId: 'memory',
    adapter,
    action,
    before: status ? jobIn(status as JobStatus, new Date(5_000)) : null,
    response: responses[response],
    attemptedAt,
    overdueAt: isLate(response) ? overdueAt : null,
  };
  return decide(attempt, observe(observation, response), now);
}

/** Words of the table. A `!` after a word: the verdict is final. */
export const words = {
  CONFIRMED: 'confirmed',
  ACCEPTED: 'accepted',
  ALREADY_DONE: 'done',
  JOB_GONE: 'gone',
  DRY_RUN_PASSED: 'passed',
  JOB_NOT_FOUND: 'missing',
  ACTION_NOT_ALLOWED: 'ruled-out',
  ACCESS_DENIED: 'denied',
  SYSTEM_UNAVAILABLE: 'down',
  VENDOR_REJECTED: 'rejected',
  NOT_ATTEMPTED: 'unsent',
  OUTCOME_UNKNOWN: 'unknown',
} as const;

export function writeVerdict({ result, isFinal }: Verdict): string {
  return `${words[result.outcome]}${isFinal ? '!' : ''}`;
}
