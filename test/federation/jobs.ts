import { addJob } from '../end-to-end/jobs.ts';
import { forEachSystem, namesOf, type SystemName, type WithSandboxes } from '../start.ts';

/** Adds jobs to each system that don't change until an action. Returns their IDs by system. */
export function addJobs({ sandboxes }: WithSandboxes, count: number): Record<SystemName, string[]> {
  return forEachSystem((system) => Array.from({ length: count }, () => addJob({ sandboxes }, system)), namesOf(sandboxes));
}

/** The two parts of a job's id: its other key. */
export function toParts(id: string): { systemId: string; vendorId: string } {
  const colon = id.indexOf(':');
  return { systemId: id.slice(0, colon), vendorId: id.slice(colon + 1) };
}

/** Logs in if necessary, tests the credentials, and then clears the request logs of the sandboxes. */
export async function warmUp(jobyard: WithSandboxes, headers: Record<string, string> = {}): Promise<void> {
  await jobyard.query('{ jobSystems { health { status } } }', {}, headers);
  forgetRequests(jobyard);
}

/** Vendor requests by system, since they were last forgotten. */
export function countRequests({ sandboxes }: WithSandboxes): Record<string, number> {
  return Object.fromEntries(Object.entries(sandboxes).map(([name, sandbox]) => [name, sandbox.requests.count()]));
}

export function forgetRequests({ sandboxes }: WithSandboxes): void {
  for (const sandbox of Object.values(sandboxes)) sandbox.requests.clear();
}
