import { type Sandboxes, startSandboxes } from '../start.ts';

/** The message of this process when its sandboxes have started. */
export interface VendorsReady {
  systems: { id: string; url: string; settings: Record<string, unknown> }[];
  /** Jobs that may be canceled: all were created before `cutOff`. */
  selected: string[];
  /** Jobs just like them that were created after it. */
  bystanders: string[];
  /** RFC 3339 */
  cutOff: string;
}

/** The response to a message: the requests to the vendors, in order, and the vendor's status of each job. */
export interface VendorsReport {
  requests: Record<string, { method: string; target: string; body: string }[]>;
  /** The vendor's own words by job id. */
  words: [string, string][];
}

const [jobsPerSystem = 0, bystandersPerSystem = 0] = process.argv.slice(2).map(Number);
const longAgoMs = Date.now() - 3_600_000;
const sandboxes = await startSandboxes(0);
const selected = addJobs(sandboxes, jobsPerSystem, longAgoMs);
const bystanders = addJobs(sandboxes, bystandersPerSystem, Date.now());

process.on('message', () => process.send?.(report() satisfies VendorsReport));
process.on('disconnect', () => process.exit());
process.send?.({
  systems: Object.entries(sandboxes).map(([id, { url, settings }]) => ({ id, url, settings })),
  selected,
  bystanders,
  cutOff: new Date(longAgoMs + 1_800_000).toISOString(),
} satisfies VendorsReady);

/** Adds jobs that can be canceled and don't change until then. Returns their Jobyard IDs. */
function addJobs({ kinetica, kylin, aodocs, 'veeva-vault': vault }: Sandboxes, count: number, atMs: number): string[] {
  return Array.from({ length: count }, (_, index) => [
    `kinetica:${kinetica.state.addJob({ receivedAtMs: atMs })}`,
    `kylin:${kylin.state.addJob({ state: 'RUNNING', project: index % 2 === 0 ? 'retail' : 'finance', createTime: atMs, startTime: atMs + 1, runMs: 24 * 3_600_000 })}`,
    `veeva-vault:${vault.state.addJob({ status: 'QUEUED', frozen: true, createdAtMs: atMs })}`,
    `aodocs:${aodocs.state.addJob({ status: 'IN_PROGRESS', startedAtMs: atMs, lastActivityAtMs: atMs })}`,
  ]).flat();
}

function report(): VendorsReport {
  const { kinetica, kylin, aodocs, 'veeva-vault': vault } = sandboxes;
  return {
    requests: Object.fromEntries(Object.entries(sandboxes).map(([id, { requests }]) => [id, [...requests.all()]])),
    words: [
      ...Array.from(kinetica.state.jobs(), ({ id, status }): [string, string] => [`kinetica:${id}`, status]),
      ...Array.from(kylin.state.jobs(), ({ id, state }): [string, string] => [`kylin:${id}`, state]),
      ...[...vault.state.unfinished(), ...vault.state.ended()].map(({ id, status }): [string, string] => [`veeva-vault:${id}`, status]),
      ...Array.from(aodocs.state.jobs(), ({ jobId, status }): [string, string] => [`aodocs:${jobId}`, status]),
    ],
  };
}
