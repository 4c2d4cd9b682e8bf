// The words of the domain: jobs, systems, problems, and the contract of adapters (adapter.ts).

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

/** A job as an adapter reads it: the vendor's facts in the common words. Unknown facts are null. */
export interface JobFields {
  /** The vendor's own id as text, exactly as the vendor spells it. */
  vendorId: string;
  /** What people call the job; null where the vendor gave none. */
  name: string | null;
  type: string | null;
  /** UNKNOWN for a word the adapter does not know. */
  status: JobStatus;
  /** The vendor's word, verbatim. */
  vendorStatus: string | null;
  owner: string | null;
  createdAt: Date | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** Only where the vendor measures it; otherwise null and it is computed from startedAt and finishedAt. */
  durationSeconds: number | null;
  /** undefined: costs a vendor request of its own (`readProgress`), made only when selected. */
  progress: JobProgress | null | undefined;
  /** The vendor's grouping of jobs (a Kylin project, an AODocs library), which later calls may have to name; null if the vendor has none. */
  scope: string | null;
  /** What is shown in the place of a scope that holds a secret; absent: the scope itself. */
  shownScope?: string;
  /** How long the job waited to run, or has waited until now, in seconds; null if the vendor doesn't tell. */
  waitSeconds: number | null;
  /** Computes the range of data that the job processes, only if selected; null if the vendor has no such ranges. */
  dataRange: (() => JobDataRange | null) | null;
  /**
   * Facts that this way of reading the job doesn't show, but another does: null here unless an older copy had them. They cost a vendor
   * request (`readLeftOut`) if they are selected and not known. Default: none.
   */
  leftOut?: readonly LeftOutFact[];
  /** The vendor's own fields for people to look at, secrets removed; called only when selected. `toShownRaw` bounds them. */
  raw: () => unknown;
}

/** A fact about a job that some ways of reading don't show, and that doesn't change once the job has started. */
export type LeftOutFact = 'type' | 'owner' | 'createdAt' | 'startedAt' | 'waitSeconds';

/** A job of one system as Jobyard hands it out. */
export interface Job extends JobFields {
  /** systemId:vendorId */
  id: string;
  systemId: string;
  /** When this copy was read; of a job that could not be read, when that was tried. */
  observedAt: Date;
  /** True where a newer read was not possible and an older copy stands in. */
  stale: boolean;
  /** Why the job is stale or could not be read. */
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
  /** The vendor's own code for the reason, or null. */
  code: string | null;
  /** What the vendor advises to do, or null. */
  advice: string | null;
  /** The step that failed, or null if the vendor names none. */
  step: JobStep | null;
}

/** A page about a job or step that the vendor links to. */
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
  /** How long the step ran or has run, as the vendor measures it; null if the vendor doesn't tell. */
  durationSeconds: number | null;
  /** How long the step waited to run; null if the vendor doesn't tell. */
  waitSeconds: number | null;
  /** Why the step failed, in the vendor's words. */
  message: string | null;
  /** The vendor's own code for the failure. */
  failureCode: string | null;
  /** What the vendor advises to do about the failure. */
  advice: string | null;
  /** The parts of the step, in the vendor's order; they have no parts of their own. */
  substeps: readonly JobStep[];
  links: readonly JobLink[];
}

const terminalStatuses: ReadonlySet<JobStatus> = new Set(['CANCELLED', 'SUCCEEDED', 'FAILED']);

/** Whether a job of this status is over for somebody who watches it. Some vendors let a FAILED job be resumed. */
export function isTerminal(status: JobStatus): boolean {
  return terminalStatuses.has(status);
}
