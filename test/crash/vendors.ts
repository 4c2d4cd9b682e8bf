import type { LoggedRequest } from '../../src/sandbox-kit/request-log.ts';
import { type ConfiguredSystems, configureSystems } from '../configure-systems.ts';
import { addJob } from '../end-to-end/jobs.ts';
import { takeSnapshot } from '../faults/world.ts';
import { type SystemName, startSandboxes, systemNames } from '../start.ts';

/** The message of this process when its sandboxes have started. */
export interface VendorsReady extends ConfiguredSystems {
  /** Jobs that may be canceled: all were created before `cutOff`. */
  selected: string[];
  /** Jobs just like them that were created after it. */
  bystanders: string[];
  /** RFC 3339 */
  cutOff: string;
}

/** The response to a message: the requests to the vendors, in order, and the vendor's status of each job. */
export interface VendorsReport {
  requests: Partial<Record<SystemName, LoggedRequest[]>>;
  /** The vendor's own words by job ID. */
  words: [string, string][];
}

const [jobsPerSystem = 0, bystandersPerSystem = 0] = process.argv.slice(2).map(Number);
const longAgoMs = Date.now() - 3_600_000;
const sandboxes = await startSandboxes(0);
const selected = addJobs(jobsPerSystem, longAgoMs);
const bystanders = addJobs(bystandersPerSystem, Date.now());

process.on('message', () => process.send?.(report() satisfies VendorsReport));
process.on('disconnect', () => process.exit());
process.send?.({
  ...configureSystems(Object.values(sandboxes)),
  selected,
  bystanders,
  cutOff: new Date(longAgoMs + 1_800_000).toISOString(),
} satisfies VendorsReady);

/** Adds jobs that can be canceled and don't change until then, in two parts of each vendor. Returns their Jobyard IDs. */
function addJobs(count: number, createdAtMs: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    systemNames.map((system) => addJob({ sandboxes }, system, { createdAtMs, elsewhere: index % 2 === 1 })),
  ).flat();
}

function report(): VendorsReport {
  return {
    requests: Object.fromEntries(Object.entries(sandboxes).map(([system, { requests }]) => [system, [...requests.all()]])),
    words: Array.from(takeSnapshot(sandboxes), ([id, { status }]) => [id, status]),
  };
}
