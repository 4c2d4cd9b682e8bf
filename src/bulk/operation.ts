import type { ActionResult } from '../actions/action-result.ts';
import type { JobAction } from '../jobs/job.ts';
import type { FollowUpOutcome, OutcomeClass } from '../jobs/outcome.ts';
import type { Permissions } from '../jobs/permissions.ts';
import type { Problem, ProblemCode } from '../jobs/problem.ts';

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

/** A command that a caller applied to an operation after its start. */
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
  /** The filter of the start, as JSON. */
  filter: unknown;
  reason: string;
  startedBy: string;
  /** The caller on whose behalf actions are sent: the last one that resumed the operation or retried its failed items, else the one that started it. */
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
  /** Systems on which the actor has permission for the action. */
  actionableSystems: string[];
  /** Why the start failed; null if it didn't. */
  startError: StartBulkError | null;
}

export interface BulkItem {
  position: number;
  jobId: string;
  /** See toStoredName. Null: unknown. */
  name: string | null;
  status: BulkItemStatus;
  attempts: number;
  finishedAt: Date | null;
  /** Null while the item is PENDING. Without a copy of the job. */
  result: ActionResult | null;
}

/** Conditions on items. Null: no condition. */
export interface BulkItemFilter {
  status: BulkItemStatus | null;
  /** Of finished items only. */
  outcomes: readonly FollowUpOutcome[] | null;
  /** Of finished items only. */
  codes: readonly ProblemCode[] | null;
  systemIds: readonly string[] | null;
}

/** Finished items with the same outcome and problem code. `message`: that of one of them. */
export interface BulkOutcomeCount {
  status: BulkItemStatus;
  outcome: ActionResult['outcome'];
  code: ProblemCode | null;
  count: number;
  message: string | null;
}

/** Conditions on operations. Null: no condition. */
export interface BulkOperationFilter {
  statuses: readonly BulkStatus[] | null;
  actions: readonly JobAction[] | null;
  startedBy: readonly string[] | null;
}

export interface SystemProblem extends Problem {
  systemId: string;
}

/** Why a bulk operation was not started. Nothing was sent. */
export type StartBulkError =
  | { kind: 'changed'; problem: Problem; previewedCount: number; matchedCount: number; addedCount: number; removedCount: number }
  | { kind: 'tooMany'; problem: Problem; matchedCount: number; maxJobs: number }
  | { kind: 'nothing'; problem: Problem }
  | BulkOperationError;

/** Why a bulk operation was not started, previewed, or changed. */
export interface BulkOperationError {
  kind: 'rejected';
  problem: Problem;
  systemProblems: SystemProblem[];
}

/** The caller of a request, and its permissions. */
export interface BulkCaller {
  name: string;
  /** The caller that the vendor requests of a preview count toward; see CallContext. */
  requestsCountFor: string;
  requestId: string;
  permissions: Permissions;
  /** Records the command in the audit log. Throws AuditUnavailableError if it can't: then the command is not applied. */
  noteControl(control: BulkCommand, operationId: string): void;
  /** Aborted when the caller no longer waits for the response. */
  readonly signal: AbortSignal;
  /** Aborted before `signal`: the end of the wait for vendors and selections, so that time is left for the store. */
  readonly waitSignal: AbortSignal;
  /** Called for each vendor request. */
  onRequest(): void;
}

export function toBulkError(problem: Problem, systemProblems: SystemProblem[] = []): BulkOperationError {
  return { kind: 'rejected', problem, systemProblems };
}

/** Why bulk operations exclude a system that needs each caller's own credential. */
export const passthroughMessage =
  "it requires each caller's own credential, which isn't stored for background work. Use the direct actions, or exclude it in the filter.";
