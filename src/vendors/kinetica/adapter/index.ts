import { type JobSystemAdapter, unsupportedAction } from '../../../jobs/adapter.ts';
import { succeed } from '../../../jobs/problem.ts';
import { defineVendor, type SystemSettings } from '../../vendor.ts';
import { cancelJobs, cancelSupport, refuseAction } from './actions.ts';
import { createCalls, type Reply, toOutcome } from './calls.ts';
import { describeHealth } from './health.ts';
import { refuseJobId, toJobId } from './job-id.ts';
import { createListSource } from './list.ts';
import { toFailure, toProgress } from './map.ts';
import { getJobs } from './read.ts';
import { createSettingsSchema, type KineticaSettings, toAuthorization } from './settings.ts';

/** Kinetica 6.2 to 7.2, over JSON to its head rank. Jobs are the requests in flight, and asynchronous ones after their end too. */
export const kinetica = defineVendor<KineticaSettings>({
  name: 'kinetica',
  title: 'Kinetica',
  settings: createSettingsSchema,
  secrets: ({ username, password, token }) => [password, password === undefined ? undefined : `${username}:${password}`, token],
  offersPassthrough: false,
  defaults: { concurrency: 4, timeoutMs: 15_000 },
  createAdapter,
  startSandbox: async (options) => (await import('../sandbox/index.ts')).startKineticaSandbox(options),
});

function createAdapter({ id, url, transport }: SystemSettings, settings: KineticaSettings): JobSystemAdapter {
  const calls = createCalls({ systemId: id, baseUrl: url, transport, authorization: toAuthorization(settings) });
  return {
    actions: {
      CANCEL: cancelSupport,
      PAUSE: unsupportedAction,
      RESUME: unsupportedAction,
      RESTART: unsupportedAction,
      START: unsupportedAction,
    },
    reads: { maxBatchSize: null, minIntervalMs: 0, scanFrom: null },
    hasScopes: false,
    checkVendorId: refuseJobId,
    getJobs: (vendorIds, call) => getJobs(id, calls, vendorIds, call),
    listJobs: () => [createListSource(id, calls)],
    performAction: (_action, targets, call) => cancelJobs(id, calls, targets, call),
    checkEligibility: refuseAction,
    async getProgress({ vendorId }, call) {
      const reply = await calls.getJob(toJobId(vendorId), call);
      if (reply.kind === 'value') return succeed(toProgress(reply.value));
      return isNotKept(reply) ? succeed(null) : toOutcome(reply);
    },
    async getFailure({ vendorId }, call) {
      const reply = await calls.getJob(toJobId(vendorId), call);
      if (reply.kind === 'value') return succeed(toFailure(reply.value));
      return isNotKept(reply) ? succeed(null) : toOutcome(reply);
    },
    async checkHealth(call) {
      const reply = await calls.showSystemStatus(call);
      return reply.kind === 'value' ? describeHealth(id, reply.value) : reply.problem;
    },
    close: () => calls.close(),
  };
}

/** A 400 in the cluster's own words: the job is not asynchronous, or has been dropped. */
function isNotKept(reply: Reply<unknown>): boolean {
  return reply.kind === 'rejected' && reply.problem.code !== 'ACCESS_DENIED';
}
