import { z } from 'zod';
import { type JobSystemAdapter, unsupportedAction } from '../../jobs/adapter.ts';
import { createProblem, fail, succeed } from '../../jobs/problem.ts';
import { defineVendor, type SystemSettings } from '../vendor.ts';
import { actionSupport, updateJobs } from './actions.ts';
import { createCalls, toOutcome } from './calls.ts';
import { createListSources, createPageLimit, getJob } from './list.ts';
import { toStep } from './map.ts';
import { isJobId } from './wire.ts';

/** The account that all requests are made with. */
interface KylinSettings {
  username: string;
  password: string;
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
    }),
  offersPassthrough: false,
  // Pausing, restarting and discarding kill Spark applications before they answer; of the 25 s of an operation a re-read needs some too.
  defaults: { concurrency: 4, timeoutMs: 20_000 },
  createAdapter,
  startSandbox: async (options) => (await import('./sandbox/index.ts')).startKylinSandbox(options),
});

function createAdapter({ id, url, transport }: SystemSettings, { username, password }: KylinSettings): JobSystemAdapter {
  const calls = createCalls({ systemId: id, baseUrl: url, transport, username, password });
  const pageLimit = createPageLimit();
  return {
    actions: { ...actionSupport, START: unsupportedAction },
    reads: { maxBatchSize: 1, minIntervalMs: 0, scanFrom: 50 },
    hasScopes: true,
    refuseVendorId: (vendorId) => (isJobId(vendorId) ? null : 'A Kylin job id is, or begins with, a UUID in lower case.'),
    getJobs: (vendorIds, call) => Promise.all(vendorIds.map((vendorId) => getJob(id, calls, vendorId, call))),
    listJobs: (query) => createListSources(calls, query, pageLimit),
    act: (action, targets, call) => updateJobs(id, calls, action, targets, call),
    async getSteps({ vendorId, scope: project }, call) {
      if (project === null)
        return fail(createProblem('BAD_VENDOR_ANSWER', `${id} did not tell the job's project, without which it shows no steps.`));
      const steps = toOutcome(await calls.getSteps(vendorId, project, call));
      return steps.ok ? succeed(steps.value?.map(toStep) ?? null) : steps;
    },
    getFailure: 'fromSteps',
    async check(call) {
      // Not the call for logging in: it would answer without the job service behind it.
      const reply = await calls.listJobs(
        { statuses: null, types: null, sortBy: 'create_time', descending: true, pageNumber: 0, pageSize: 1 },
        call,
      );
      return reply.kind === 'value' ? null : reply.problem;
    },
    close: () => calls.close(),
  };
}
