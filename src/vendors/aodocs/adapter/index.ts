import { type CallContext, type JobSystemAdapter, type ReadResult, unsupportedAction } from '../../../jobs/adapter.ts';
import { defineVendor, type SystemSettings } from '../../vendor.ts';
import { cancelJob, cancelSupport } from './actions.ts';
import { type Calls, createCalls } from './calls.ts';
import { getFailure } from './failure.ts';
import { checkLibrary, createListSource } from './list.ts';
import { toJobFields } from './map.ts';
import { type AodocsSettings, createSettingsSchema, toCredential } from './settings.ts';
import { refuseJobId } from './wire.ts';

/** AODocs, over the Job API of its REST API (job:v1). Jobs belong to libraries; the libraries to list are configured. */
export const aodocs = defineVendor<AodocsSettings>({
  name: 'aodocs',
  title: 'AODocs',
  settings: createSettingsSchema,
  secrets: ({ securityCode, token }) => [securityCode, token],
  offersPassthrough: true,
  // AODocs publishes no quota: a few requests at a time are the polite guess.
  defaults: { concurrency: 4, timeoutMs: 15_000 },
  createAdapter,
  startSandbox: async (options) => (await import('../sandbox/index.ts')).startAodocsSandbox(options),
});

function createAdapter({ id, url, transport }: SystemSettings, settings: AodocsSettings): JobSystemAdapter {
  const { domain, libraries } = settings;
  const calls = createCalls({ systemId: id, baseUrl: url, transport, credential: toCredential(settings), domain });
  return {
    actions: {
      CANCEL: cancelSupport,
      PAUSE: unsupportedAction,
      RESUME: unsupportedAction,
      RESTART: unsupportedAction,
      START: unsupportedAction,
    },
    reads: { maxBatchSize: 1, minIntervalMs: 0, scanFrom: null },
    hasScopes: true,
    checkVendorId: refuseJobId,
    getJobs: (vendorIds, call) => Promise.all(vendorIds.map((jobId) => readJob(calls, jobId, call))),
    listJobs(query) {
      const asked = query.scopes ? libraries.filter((libraryId) => query.scopes?.includes(libraryId)) : libraries;
      return asked.map((libraryId) => createListSource({ systemId: id, calls, libraryId }, query)).filter((source) => source !== null);
    },
    performAction: (_action, targets, call) => Promise.all(targets.map(({ vendorId }) => cancelJob(calls, vendorId, call))),
    getFailure: ({ vendorId }, call) => getFailure(calls, vendorId, call),
    checkHealth: (call) => checkLibrary({ systemId: id, calls, libraryId: libraries[0] }, call),
    close: () => calls.close(),
  };
}

async function readJob(calls: Calls, jobId: string, call: CallContext): Promise<ReadResult> {
  const reply = await calls.getJob(jobId, call);
  switch (reply.kind) {
    case 'value':
      return { kind: 'job', job: toJobFields(reply.value, jobId) };
    case 'notFound':
      return reply;
    case 'rejected':
    case 'failed':
      return { kind: 'problem', problem: reply.problem };
  }
}
