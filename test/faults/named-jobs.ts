import type { LoggedRequest } from '../../src/sandbox-kit/request-log.ts';
import { namesOf, type Sandboxes, type SystemName } from '../start.ts';
import { subjects } from '../vendors/subjects.ts';

/** The Jobyard IDs of the jobs that this request names for an action; empty if it is no action. */
export function namedJobs(system: SystemName, request: LoggedRequest): string[] {
  const purpose = subjects[system].purposeOf(request);
  return purpose?.kind === 'action' ? purpose.ids.map((vendorId) => `${system}:${vendorId}`) : [];
}

/** How often an action on each job has reached its vendor, since the request logs were cleared. */
export function countSends(sandboxes: Sandboxes): Map<string, number> {
  const counts = new Map<string, number>();
  for (const system of namesOf(sandboxes)) {
    for (const request of sandboxes[system].requests.all()) {
      for (const id of namedJobs(system, request)) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
  }
  return counts;
}
