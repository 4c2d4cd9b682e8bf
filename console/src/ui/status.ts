import type { ActionOutcome, BulkOperationStatus, HealthStatus, JobAction, JobStatus } from '../api/generated/graphql.ts';
import type { IconName } from './icon-name.ts';

/** How a status is shown. `tone`: the name of its color. */
export interface Look {
  label: string;
  icon: IconName;
  tone: string;
}

/** In the order of the chips. */
export const jobStatuses = [
  'RUNNING',
  'QUEUED',
  'CANCELLING',
  'SCHEDULED',
  'PAUSED',
  'FAILED',
  'UNKNOWN',
  'CANCELLED',
  'SUCCEEDED',
] as const satisfies readonly JobStatus[];

export const jobLooks: Record<JobStatus, Look> = {
  RUNNING: { label: 'Running', icon: 'running', tone: 'running' },
  QUEUED: { label: 'Queued', icon: 'queued', tone: 'queued' },
  CANCELLING: { label: 'Canceling', icon: 'canceling', tone: 'canceling' },
  SCHEDULED: { label: 'Scheduled', icon: 'scheduled', tone: 'scheduled' },
  PAUSED: { label: 'Paused', icon: 'paused', tone: 'paused' },
  FAILED: { label: 'Failed', icon: 'failed', tone: 'failed' },
  UNKNOWN: { label: 'Unknown', icon: 'unknown', tone: 'unknown' },
  CANCELLED: { label: 'Canceled', icon: 'canceled', tone: 'canceled' },
  SUCCEEDED: { label: 'Succeeded', icon: 'succeeded', tone: 'succeeded' },
};

export const bulkLooks: Record<BulkOperationStatus, Look> = {
  SELECTING: { label: 'Selecting', icon: 'queued', tone: 'queued' },
  RUNNING: jobLooks.RUNNING,
  SUSPENDED: { label: 'Suspended', icon: 'paused', tone: 'paused' },
  SUCCEEDED: jobLooks.SUCCEEDED,
  PARTIALLY_SUCCEEDED: { label: 'Partly succeeded', icon: 'warning', tone: 'canceling' },
  CANCELLED: { label: 'Canceled', icon: 'canceled', tone: 'canceled' },
  FAILED: jobLooks.FAILED,
};

export const healthLooks: Record<HealthStatus, Look> = {
  UP: { label: 'Up', icon: 'succeeded', tone: 'succeeded' },
  DEGRADED: { label: 'Degraded', icon: 'warning', tone: 'canceling' },
  DOWN: { label: 'Down', icon: 'failed', tone: 'failed' },
  UNKNOWN: { label: 'Not checked', icon: 'unknown', tone: 'unknown' },
};

export const outcomeLooks: Record<ActionOutcome, Look> = {
  CONFIRMED: { label: 'Done', icon: 'succeeded', tone: 'succeeded' },
  ACCEPTED: { label: 'Accepted', icon: 'canceling', tone: 'canceling' },
  ALREADY_DONE: { label: 'Nothing to change', icon: 'canceled', tone: 'canceled' },
  JOB_GONE: { label: 'Gone', icon: 'canceled', tone: 'canceled' },
  DRY_RUN_PASSED: { label: 'Dry run passed', icon: 'succeeded', tone: 'scheduled' },
  JOB_NOT_FOUND: { label: 'Not found', icon: 'not-allowed', tone: 'canceled' },
  ACTION_NOT_ALLOWED: { label: 'Not allowed', icon: 'not-allowed', tone: 'scheduled' },
  ACCESS_DENIED: { label: 'Access denied', icon: 'lock', tone: 'failed' },
  SYSTEM_UNAVAILABLE: { label: 'System unavailable', icon: 'warning', tone: 'scheduled' },
  VENDOR_REJECTED: { label: 'Rejected by the system', icon: 'failed', tone: 'failed' },
  NOT_ATTEMPTED: { label: 'Not sent', icon: 'not-sent', tone: 'not-sent' },
  OUTCOME_UNKNOWN: { label: 'Outcome unknown', icon: 'unknown', tone: 'unknown' },
  CONTRADICTED: { label: 'Contradicted', icon: 'failed', tone: 'failed' },
};

/** What results show that is no outcome, with the outcomes. */
export const resultLooks: Record<ActionOutcome | 'IDEMPOTENCY_CONFLICT' | 'ENDED', Look> = {
  ...outcomeLooks,
  IDEMPOTENCY_CONFLICT: { label: 'Key already used', icon: 'lock', tone: 'failed' },
  ENDED: { label: 'Ended', icon: 'canceled', tone: 'canceled' },
};

/** The words for an action: on a button, about jobs that it was performed on, and while it isn't over. */
export interface ActionWords {
  verb: string;
  done: string;
  going: string;
  icon: IconName;
}

export const jobActions = ['CANCEL', 'PAUSE', 'RESUME', 'RESTART', 'START'] as const satisfies readonly JobAction[];

export const actionWords: Record<JobAction, ActionWords> = {
  CANCEL: { verb: 'Cancel', done: 'canceled', going: 'canceling', icon: 'stop' },
  PAUSE: { verb: 'Pause', done: 'paused', going: 'pausing', icon: 'pause' },
  RESUME: { verb: 'Resume', done: 'resumed', going: 'resuming', icon: 'play' },
  RESTART: { verb: 'Restart', done: 'restarted', going: 'restarting', icon: 'restart' },
  START: { verb: 'Start', done: 'started', going: 'starting', icon: 'play' },
};
