import { isEndedStatus, type VaultJob } from './job.ts';
import type { VaultSwitches } from './switches.ts';

/** A row of monitors. */
export function monitorRow(job: VaultJob, switches: VaultSwitches) {
  return { ...rowFields(job, switches), ...job.odd };
}

function rowFields(job: VaultJob, switches: VaultSwitches) {
  return {
    job_id: job.id,
    title: job.title,
    status: job.status,
    created_by: job.createdBy,
    created_date: dateOf(job, job.createdAtMs, switches),
    modified_by: job.modifiedBy,
    modified_date: dateOf(job, job.modifiedAtMs, switches),
    // The planned start, until it has started.
    run_start_date: dateOf(job, job.startedAtMs ?? job.plannedStartMs, switches),
  };
}

/** A row of histories. */
export function historyRow(job: VaultJob, switches: VaultSwitches) {
  return { ...rowFields(job, switches), run_end_date: dateOf(job, job.endedAtMs ?? job.modifiedAtMs, switches), ...job.odd };
}

/** `data` of Job status: without a title, and only with fields that already have a value. */
export function statusFields(job: VaultJob, version: string, nowMs: number, switches: VaultSwitches) {
  return {
    id: job.id,
    status: job.status,
    ...(job.method !== undefined && { method: job.method }),
    ...(isEndedStatus(job.status) && { links: linksOf(job, version) }),
    ...(job.taskIds.length > 0 && { progress: progressOf(job, nowMs) }),
    created_by: job.createdBy,
    created_date: dateOf(job, job.createdAtMs, switches),
    ...(job.startedAtMs !== undefined && { run_start_date: dateOf(job, job.startedAtMs, switches) }),
    ...(job.endedAtMs !== undefined && { run_end_date: dateOf(job, job.endedAtMs, switches) }),
  };
}

/** The tasks of an SDK job, which run one after the other. */
export function tasksOf(job: VaultJob, nowMs: number): { id: string; status: string }[] {
  const { taskIds, startedAtMs } = job;
  const runMs = startedAtMs === undefined ? 0 : (job.endedAtMs ?? nowMs) - startedAtMs;
  const done =
    job.status === 'SUCCESS' ? taskIds.length : Math.min(taskIds.length - 1, Math.floor((runMs / job.durationMs) * taskIds.length));
  const current = startedAtMs === undefined && !isEndedStatus(job.status) ? 'QUEUED' : job.status;
  const later = isEndedStatus(job.status) ? 'CANCELLED' : 'QUEUED';
  return taskIds.map((id, index) => ({ id, status: index < done ? 'SUCCESS' : index === done ? current : later }));
}

/** The number of tasks by status. Only the key `size` is documented. */
function progressOf(job: VaultJob, nowMs: number): { status: string; size: number }[] {
  const sizes = new Map<string, number>();
  for (const { status } of tasksOf(job, nowMs)) sizes.set(status, (sizes.get(status) ?? 0) + 1);
  return [...sizes].map(([status, size]) => ({ status, size }));
}

function linksOf(job: VaultJob, version: string) {
  const self = `/api/${version}/services/jobs/${job.id}`;
  const link = (rel: string, href: string) => ({ rel, href, method: 'GET', accept: 'application/json' });
  // Only a requested job has files to download.
  return job.method === undefined ? [link('self', self)] : [link('self', self), link('artifacts', `${self}/artifacts`)];
}

/** ISO 8601 with zero milliseconds; a recurring job's times are in the Vault's time zone despite the `Z`. */
function dateOf(job: VaultJob, atMs: number, switches: VaultSwitches): string {
  const { zonelessDates, scheduledTimesOffsetMinutes } = switches;
  const isLocal = zonelessDates || job.repeatEveryMs !== undefined;
  const text = utcDate(atMs + (isLocal ? scheduledTimesOffsetMinutes * 60_000 : 0));
  return zonelessDates ? text.slice(0, -1) : text;
}

export function utcDate(atMs: number): string {
  return new Date(Math.floor(atMs / 1_000) * 1_000).toISOString();
}
