import type { ActionResult } from '../actions/action-result.ts';
import type { JobAction } from '../jobs/job.ts';
import type { OutcomeClass } from '../jobs/outcome.ts';
import type { Permissions } from '../jobs/permissions.ts';
import type { Problem } from '../jobs/problem.ts';

export const bulkStatuses = ['SELECTING', 'RUNNING', 'SUSPENDED', 'SUCCEEDED', 'PARTIALLY_SUCCEEDED', 'CANCELLED', 'FAILED'] as const;
export type BulkStatus = (typeof bulkStatuses)[number];

export type BulkItemStatus = 'PENDING' | OutcomeClass;

/** The last four add up to `selected`. */
export interface BulkCounts {
  selected: number;
  pending: number;
  succeeded: number;
  failed: number;
  unknown: number;
}

export type BulkCommand = 'SUSPEND' | 'RESUME' | 'CANCEL' | 'RETRY_FAILED';

/** What somebody did to an operation after its start. */
export interface BulkCommandRecord {
  command: BulkCommand;
  caller: string;
  requestId: string;
  recordedAt: Date;
}

/** An action on many jobs that runs in the background. */
export interface BulkOperation {
  id: string;
  /** Grows with each start. */
  number: string;
  action: JobAction;
  /** As it was given, as JSON. */
  filter: unknown;
  reason: string;
  startedBy: string;
  /** In whose name things are sent now: who resumed it or tried its items once more last, or who started it. */
  actor: string;
  /** Newest first, at most 100. */
  commands: BulkCommandRecord[];
  status: BulkStatus;
  createdAt: Date;
  finishedAt: Date | null;
  maxPerSecond: number | null;
  counts: BulkCounts;
  /** In the order of the configuration at the start. */
  systems: { systemId: string; counts: BulkCounts; problem: Problem | null }[];
  /** Systems on which the actor was allowed the action. */
  actionableSystems: string[];
  /** Why it FAILED as a whole. */
  refusal: StartBulkError | null;
}

export interface BulkItem {
  position: number;
  jobId: string;
  status: BulkItemStatus;
  attempts: number;
  finishedAt: Date | null;
  /** Null while it is PENDING. Holds no copy of the job. */
  result: ActionResult | null;
}

export interface SystemProblem extends Problem {
  systemId: string;
}

/** Why nothing was started, or not changed. Nothing was sent. */
export type StartBulkError =
  | { kind: 'changed'; problem: Problem; previewedCount: number; matchedCount: number; addedCount: number; removedCount: number }
  | { kind: 'tooMany'; problem: Problem; matchedCount: number; maxJobs: number }
  | { kind: 'nothing'; problem: Problem }
  | BulkOperationError;

export interface BulkOperationError {
  kind: 'rejected';
  problem: Problem;
  systemProblems: SystemProblem[];
}

/** Who asks, and what they may do. */
export interface BulkCaller {
  name: string;
  /** Whom the vendor requests of a preview count for; see Call. */
  requestsCountFor: string;
  requestId: string;
  permissions: Permissions;
  /** Writes a line of what the caller does to an operation. Throws AuditUnavailableError if it can't be kept: then it is not done. */
  noteControl(control: BulkCommand, operationId: string): void;
  /** Aborted when the answer is no longer wanted. */
  readonly signal: AbortSignal;
  /** Aborted before `signal`: vendors and selections are waited for until then, so that the store still has time. */
  readonly waitSignal: AbortSignal;
  /** Told of each vendor request. */
  onRequest(): void;
}

export function refuse(problem: Problem, systemProblems: SystemProblem[] = []): BulkOperationError {
  return { kind: 'rejected', problem, systemProblems };
}

/** Why no operation can touch a system that is asked with each caller's own credential. */
export const passthroughMessage =
  "it is asked with each caller's own credential, and none is kept for the background. Use the direct actions, or leave it out by the filter.";
