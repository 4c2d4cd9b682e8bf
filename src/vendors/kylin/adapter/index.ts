import { z } from 'zod';
import { type JobSystemAdapter, unsupportedAction } from '../../../jobs/adapter.ts';
import { createProblem, fail, succeed } from '../../../jobs/problem.ts';
import { defineVendor, type SystemSettings } from '../../vendor.ts';
import { actionSupport, updateJobs } from './actions.ts';
import { createCalls, toOutcome } from './calls.ts';
import { createListSources, createPageLimit } from './list.ts';
import { toSteps } from './map.ts';
import { createProjects, maxProjects } from './projects.ts';
import { check, getJob } from './read.ts';
import { isJobId } from './wire.ts';

/** The account that all requests are made with. */
interface KylinSettings {
  username: string;
  password: string;
  /** The only projects whose jobs are listed and read; default: all that the account may operate. */
  projects?: readonly string[] | undefined;
}

const projectName = 'expected the name of a project';

/** Kylin finds a project in any spelling. */
function areDifferent(names: readonly string[]): boolean {
  return new Set(names.map((name) => name.toLowerCase())).size === names.length;
}

/** Apache Kylin 5, over its public REST API. Jobs are builds, refreshes, merges and samplings of all projects. */
export const kylin = defineVendor<KylinSettings>({
  name: 'kylin',
  title: 'Apache Kylin',
  settings: (secret) =>
    z.strictObject({
      // HTTP Basic ends the name at the first colon.
      username: z.string().regex(/^[^:]+$/, 'A user name without a colon'),
      password: secret,
      projects: z
        .array(z.string(projectName).trim().min(1, projectName), 'expected a list of project names')
        .min(1, 'expected at least one project, or no such key for all')
        .max(maxProjects, `expected at most ${maxProjects} projects`)
        .refine(areDifferent, 'expected each project once, whatever its case')
        .optional(),
    }),
  secrets: ({ username, password }) => [password, `${username}:${password}`],
  offersPassthrough: false,
  // Pausing, restarting and discarding kill Spark applications before they answer; of the 25 s of an operation a re-read needs some too.
  defaults: { concurrency: 4, timeoutMs: 20_000 },
  createAdapter,
  startSandbox: async (options) => (await import('../sandbox/index.ts')).startKylinSandbox(options),
});

function createAdapter({ id, url, transport }: SystemSettings, { username, password, projects }: KylinSettings): JobSystemAdapter {
  const calls = createCalls({ systemId: id, baseUrl: url, transport, username, password });
  const reads = { systemId: id, calls, projects: createProjects({ systemId: id, calls, configured: projects ?? null }) };
  const pageLimit = createPageLimit();
  return {
    actions: { ...actionSupport, START: unsupportedAction },
    reads: { maxBatchSize: 1, minIntervalMs: 0, scanFrom: 50 },
    hasScopes: true,
    checkVendorId: (vendorId) => (isJobId(vendorId) ? null : 'A Kylin job id is, or begins with, a UUID in lower case.'),
    getJobs: (vendorIds, call) => Promise.all(vendorIds.map((vendorId) => getJob(reads, vendorId, call))),
    async findLists(call) {
      const selection = await reads.projects.select(call);
      return selection.ok ? null : selection.problem;
    },
    listJobs: (query) => createListSources(reads, query, pageLimit, reads.projects.selected()),
    performAction: (action, targets, call) => updateJobs(id, calls, action, targets, call),
    async getSteps({ vendorId, scope: project }, call) {
      if (project === null)
        return fail(createProblem('INVALID_VENDOR_RESPONSE', `${id} did not tell the job's project, without which it shows no steps.`));
      const steps = toOutcome(await calls.getSteps(vendorId, project, call));
      return steps.ok ? succeed(steps.value ? toSteps(steps.value) : null) : steps;
    },
    getFailure: 'fromSteps',
    checkHealth: (call) => check(reads, call),
    close: () => calls.close(),
  };
}
