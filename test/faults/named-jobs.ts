import type { LoggedRequest } from '../../src/sandbox-kit/request-log.ts';
import { systemNames } from '../end-to-end/jobs.ts';
import type { Sandboxes, SystemName } from '../start.ts';

/** The vendor IDs that a request names for an action, as sent. Null if it is no action. */
const readers: Record<SystemName, (request: LoggedRequest) => string[] | null> = {
  kinetica: ({ target, body }) => (target.includes('/admin/alter/jobs') ? digitsIn(/"job_ids":\[([^\]]*)\]/.exec(body)?.[1]) : null),
  'veeva-vault'({ target, body }) {
    const started = /\/start_now\/(\d+)$/.exec(target)?.[1];
    if (started) return [started];
    return target.includes('/actions/cancel') ? digitsIn(body) : null;
  },
  kylin({ method, target, body }) {
    if (method !== 'PUT' || !target.includes('/jobs/status')) return null;
    const { job_ids: ids } = JSON.parse(body);
    // Kylin takes an empty list for every job of the project.
    if (!Array.isArray(ids) || ids.length === 0) throw new Error(`An action without job IDs: ${body}`);
    return ids;
  },
  aodocs({ method, target }) {
    const cancelled = method === 'POST' ? /\/job\/v1\/([^/?]+)\/cancel/.exec(target)?.[1] : undefined;
    return cancelled === undefined ? null : [cancelled];
  },
};

/** From the text: some ids are longer than a JavaScript number. */
function digitsIn(text = ''): string[] {
  return text.match(/\d+/g) ?? [];
}

/** The Jobyard IDs of the jobs that this request names for an action; empty if it is no action. */
export function namedJobs(system: SystemName, request: LoggedRequest): string[] {
  return (readers[system](request) ?? []).map((vendorId) => `${system}:${vendorId}`);
}

/** How often an action on each job has reached its vendor, since the request logs were cleared. */
export function countSends(sandboxes: Sandboxes): Map<string, number> {
  const counts = new Map<string, number>();
  for (const system of systemNames) {
    for (const request of sandboxes[system].requests.all()) {
      for (const id of namedJobs(system, request)) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
  }
  return counts;
}
