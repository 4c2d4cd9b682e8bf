// The terms of the domain: jobs, systems, problems, outcomes, and the adapter contract (adapter.ts).

import type { Problem } from './problem.ts';

export const jobStatuses = [
  'SCHEDULED',
  'QUEUED',
  'RUNNING',
  'PAUSED',
  'CANCELLING',
  'CANCELLED',
  'SUCCEEDED',
  'FAILED',
  'UNKNOWN',
] as const;
export type JobStatus = (typeof jobStatuses)[number];

export const jobActions = ['CANCEL', 'PAUSE', 'RESUME', 'RESTART', 'START'] as const;
export type JobAction = (typeof jobActions)[number];

/** The noun of each action in messages, as in "accepted the cancellation". */
export const actionNouns: Record<JobAction, string> = {
  CANCEL: 'cancellation',
  PAUSE: 'pause',
  RESUME: 'resume',
  RESTART: 'restart',
  START: 'start',
};

/** A job as an adapter reads it: the vendor's facts in Jobyard's terms. Unknown facts are null. */
export interface JobFields {
  /** The vendor's own ID as text, exactly as the vendor spells it. */
  vendorId: string;
  /** The display name; null if the vendor has none. */
  name: string | null;
  type: string | null;
  /** UNKNOWN if the adapter can't map the vendor's word. */
  status: JobStatus;
  /** The vendor's word, verbatim. */
  vendorStatus: string | null;
  owner: string | null;
  createdAt: Date | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** The earliest time at which the vendor starts the job, as planned. Default: null, unknown. */
  scheduledFor?: Date | null;
  /** When the vendor last changed the job, as the vendor records it. Default: null, unknown. */
  updatedAt?: Date | null;
  /** As the vendor measures it; null if it doesn't, in which case Jobyard computes it from startedAt and finishedAt. */
  durationSeconds: number | null;
  /** Undefined: costs a vendor request of its own (`getProgress`), made only if selected. */
  progress: JobProgress | null | undefined;
  /** Why a FAILED job failed, if this way of reading the job returns it; else null. Default: `getFailure` reads it. */
  failure?: JobFailure | null;
  /** The vendor's grouping of jobs (a Kylin project, an AODocs library), which later calls may need; null if the vendor has none. */
  scope: string | null;
  /** The text to show if the scope contains a secret. Default: the scope itself. */
  shownScope?: string;
  /** How long the job waited to run, or has waited until now, in seconds; null if unknown. */
  waitSeconds: number | null;
  /** Computes the range of data that the job processes. Called only if selected; null if the vendor has no such ranges. */
  dataRange: (() => JobDataRange | null) | null;
  /**
   * Facts that this way of reading the job doesn't return, but another does: null here unless an earlier copy had them. If one is selected and
   * not known, it costs a vendor request (`readLeftOut`). Default: none.
   */
  leftOut?: readonly LeftOutFact[];
  /** Labels of the job, or of what it is a run of. Null: unknown. Default: the vendor has none, and `Job.tags` is null. */
  tags?: readonly string[] | null;
  /** The vendor's own pages about the job. Called only if selected. Default: none. */
  links?: () => readonly JobLink[];
  /** The vendor's own fields, for people to inspect, without secrets. Called only if selected; `toShownRaw` bounds the result. */
  raw: () => unknown;
}

/** A fact about a job that some ways of reading don't return, and that hardly changes once the job has started. */
export type LeftOutFact = 'type' | 'owner' | 'createdAt' | 'startedAt' | 'waitSeconds' | 'tags';

/** A job of one system as Jobyard returns it. */
export interface Job extends JobFields {
  /** systemId:vendorId */
  id: string;
  systemId: string;
  /** When this copy was read, or when the attempt to read it failed. */
  observedAt: Date;
  /** True for a cached copy: the job can't be read now. */
  stale: boolean;
  /** Why the job is stale or could not be read; else null. */
  problem: Problem | null;
}

export interface JobProgress {
  /** 0 to 1. */
  fraction: number | null;
  succeededTasks: number | null;
  failedTasks: number | null;
  remainingTasks: number | null;
}

/** The data that a job processes, from `from` (inclusive) to `to` (exclusive). Null: open on that side. */
export interface JobDataRange {
  from: Date | null;
  to: Date | null;
}

/** Why a job failed, as the vendor explains it. */
export interface JobFailure {
  message: string;
  /** The vendor's own code for the failure, or null. */
  code: string | null;
  /** The vendor's advice, or null. */
  advice: string | null;
  /** The step that failed, or null if the vendor names none. */
  step: JobStep | null;
}

/** A value that a job produced. */
export interface JobOutput {
  name: string;
  /** The `JobStep.id` of the step that produced it; null if the job did, or if that is unknown. */
  stepId: string | null;
  /** Any JSON. */
  value: unknown;
}

/** A page about a job or step: the vendor's own, or one of the configuration. */
export interface JobLink {
  title: string;
  url: string;
}

export interface JobStep {
  /** Unique within the job. */
  id: string;
  name: string;
  status: JobStatus;
  vendorStatus: string | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** How long the step ran or has run, as the vendor measures it; null if unknown. */
  durationSeconds: number | null;
  /** How long the step waited to run; null if unknown. */
  waitSeconds: number | null;
  /** The vendor's message on the step; why it failed, if it did. */
  message: string | null;
  /** The vendor's own code for the failure. */
  failureCode: string | null;
  /** The vendor's advice about the failure. */
  advice: string | null;
  /** The parts of the step, in the vendor's order; they have no parts of their own. */
  substeps: readonly JobStep[];
  links: readonly JobLink[];
}

const terminalStatuses: ReadonlySet<JobStatus> = new Set(['CANCELLED', 'SUCCEEDED', 'FAILED']);

/** Whether a job of this status has ended. Some vendors allow resuming a FAILED job. */
export function isTerminal(status: JobStatus): boolean {
  return terminalStatuses.has(status);
}
