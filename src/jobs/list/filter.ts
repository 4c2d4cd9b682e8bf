import type { JobOrder, JobQuery } from '../adapter.ts';
import { refuseAction } from '../eligibility.ts';
import type { JobAction, JobFields, JobStatus } from '../job.ts';
import type { JobSystem } from '../system.ts';

/** What a caller wants listed. Absent or null: no condition. An empty list matches nothing. */
export interface JobFilter {
  systemIds?: readonly string[] | null;
  vendors?: readonly string[] | null;
  statuses?: readonly JobStatus[] | null;
  types?: readonly string[] | null;
  owners?: readonly string[] | null;
  text?: string | null;
  createdFrom?: Date | null;
  createdTo?: Date | null;
  actionable?: JobAction | null;
}

/** The systems that can hold matches; the others are not asked. */
export function selectSystems(systems: readonly JobSystem[], filter: JobFilter): JobSystem[] {
  return systems.filter((system) => {
    if (filter.systemIds && !filter.systemIds.includes(system.id)) return false;
    if (filter.vendors && !filter.vendors.includes(system.vendor)) return false;
    return toQuery(system, filter, null) !== null;
  });
}

/** What to ask of one system; null where none of its jobs can match. */
export function toQuery(system: JobSystem, filter: JobFilter, order: JobOrder | null): JobQuery | null {
  const statuses = wantedStatuses(system, filter);
  const impossible = [statuses && [...statuses], filter.types, filter.owners].some((values) => values?.length === 0);
  if (impossible) return null;
  return {
    statuses,
    types: filter.types ?? null,
    owners: filter.owners ?? null,
    text: filter.text || null,
    createdFrom: filter.createdFrom ?? null,
    createdTo: filter.createdTo ?? null,
    order,
  };
}

function wantedStatuses(system: JobSystem, filter: JobFilter): ReadonlySet<JobStatus> | null {
  const asked = filter.statuses ? new Set(filter.statuses) : null;
  if (!filter.actionable) return asked;
  const possible = new Set(system.adapter.actions[filter.actionable].fromStatuses);
  return asked ? asked.intersection(possible) : possible;
}

/** Whether a job meets every condition of the filter, whatever the vendor was asked. */
export function createMatcher(system: JobSystem, filter: JobFilter, query: JobQuery): (job: JobFields) => boolean {
  const text = query.text?.toLowerCase();
  const fromMs = query.createdFrom?.getTime() ?? Number.NEGATIVE_INFINITY;
  const toMs = query.createdTo?.getTime() ?? Number.POSITIVE_INFINITY;
  const dated = query.createdFrom !== null || query.createdTo !== null;
  const { actionable } = filter;
  return (job) => {
    if (query.statuses && !query.statuses.has(job.status)) return false;
    if (query.types && (job.type === null || !query.types.includes(job.type))) return false;
    if (query.owners && (job.owner === null || !query.owners.includes(job.owner))) return false;
    if (text && !displayName(job).toLowerCase().includes(text) && !job.vendorId.toLowerCase().includes(text)) return false;
    if (dated) {
      const createdMs = job.createdAt?.getTime();
      if (createdMs === undefined || createdMs < fromMs || createdMs > toMs) return false;
    }
    return !actionable || refuseAction(system.adapter, actionable, { ...job, systemId: system.id }) === null;
  };
}

/** What people see: the name, else the type, else the vendor's id. */
export function displayName(job: JobFields): string {
  return job.name ?? job.type ?? job.vendorId;
}
