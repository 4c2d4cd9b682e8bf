import { forEachSystem, namesOf, type Sandboxes, type SystemName } from '../start.ts';
import type { TrueJob } from '../vendors/contract.ts';
import { splitId, subjects } from '../vendors/subjects.ts';

/** Adds jobs of every kind to the sandboxes; they only change through actions. Returns their full IDs. */
export function populate(sandboxes: Sandboxes): Record<SystemName, string[]> {
  return forEachSystem(
    (system) => subjects[system].jobs.addEveryKind(sandboxes[system]).map((vendorId) => `${system}:${vendorId}`),
    namesOf(sandboxes),
  );
}

/** Every job as it truly is, by its whole ID. */
export function takeSnapshot(sandboxes: Sandboxes): Map<string, TrueJob> {
  const jobs = new Map<string, TrueJob>();
  for (const system of namesOf(sandboxes)) {
    for (const job of subjects[system].jobs.all(sandboxes[system])) jobs.set(`${system}:${job.vendorId}`, job);
  }
  return jobs;
}

/** Another user is faster: the job ends well just before the action arrives. */
export function endJob(sandboxes: Sandboxes, id: string): void {
  const { system, vendorId } = splitId(id);
  subjects[system].jobs.end(sandboxes[system], vendorId);
}
