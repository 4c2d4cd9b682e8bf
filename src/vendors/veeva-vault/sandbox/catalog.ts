import type { Random } from '../../../sandbox-kit/random.ts';
import type { EndedStatus } from './job.ts';
import { integrationUserId } from './users.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

export interface RecurringJob {
  title: string;
  everyMs: number;
  taskIds?: readonly string[];
}

/** Jobs that the Vault, or a customer's SDK code, runs repeatedly. */
export const recurringJobs: readonly RecurringJob[] = [
  { title: 'Task Reminder Notification', everyMs: dayMs },
  { title: 'User Account Activation', everyMs: dayMs },
  { title: 'Clean up temp file handle metadata', everyMs: dayMs },
  { title: 'Cleanup User Exceptions', everyMs: dayMs },
  { title: 'Synchronize Portal Assets', everyMs: dayMs },
  { title: 'Document Expiration Check', everyMs: dayMs },
  { title: 'Periodic Review Reminder', everyMs: dayMs },
  { title: 'Update CrossLink Documents', everyMs: hourMs },
  { title: 'Refresh Training Assignments', everyMs: hourMs },
  { title: 'Process Expired Envelopes', everyMs: 12 * hourMs },
  { title: 'Rebuild Recent Documents Index', everyMs: 6 * hourMs },
  { title: 'Send Daily Digest', everyMs: dayMs },
  { title: 'Sync Batch Records from SAP', everyMs: 15 * minuteMs, taskIds: ['FetchBatches', 'UpsertBatches', 'CloseOutBatches'] },
  { title: 'Recalculate CAPA Due Dates', everyMs: 4 * hourMs, taskIds: ['CollectOpenCapas', 'RecalculateDueDates'] },
];

/** Jobs that people and integrations request. */
const requestedJobs: readonly { title: string; cancellable?: boolean; taskIds?: readonly string[] }[] = [
  { title: 'Export Documents', cancellable: true },
  { title: 'Binder Export', cancellable: true },
  { title: 'Import Submission' },
  { title: 'Export Submission', cancellable: true },
  { title: 'Create EDL' },
  { title: 'Deploy Package' },
  { title: 'Deep Copy Object Record' },
  { title: 'Cascade Delete Object Record' },
  { title: 'Bulk Document Update', cancellable: true },
  { title: 'Vault Loader Extract', cancellable: true },
  { title: 'Reassign Open Deviations', cancellable: true, taskIds: ['Batch-1', 'Batch-2', 'Batch-3', 'Batch-4', 'Batch-5'] },
  { title: 'Archive Superseded SOPs', taskIds: ['FindSuperseded', 'MoveToArchive', 'NotifyOwners'] },
];

/** The owners of requested jobs. */
export const ownerIds = [integrationUserId, integrationUserId, 20_398, 20_423, 20_431, 20_460];

/** A job that a user requests now. */
export function requestedJob(random: Random) {
  const { title, cancellable, taskIds } = random.pick(requestedJobs);
  return {
    title,
    method: 'POST',
    createdBy: random.pick(ownerIds),
    cancellableWhileRunning: cancellable ?? false,
    taskIds: taskIds ?? [],
    ...timesOf(random),
  };
}

export function timesOf(random: Random): { waitMs: number; durationMs: number } {
  return { waitMs: random.integer(4_000, 40_000), durationMs: random.integer(20_000, 8 * minuteMs) };
}

export function pickOutcome(random: Random): EndedStatus {
  const fraction = random.fraction();
  if (fraction < 0.86) return 'SUCCESS';
  if (fraction < 0.95) return 'ERRORS_ENCOUNTERED';
  return fraction < 0.98 ? 'TIMEOUT' : 'COMPLETED_DUE_TO_INACTIVITY';
}
