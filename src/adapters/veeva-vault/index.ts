import { type Call, type JobSystemAdapter, type ReadResult, unsupportedAction } from '../../jobs/adapter.ts';
import { createProblem } from '../../jobs/problem.ts';
import { defineVendor, type SystemSettings } from '../vendor.ts';
import { cancelJobs, startJob, startSupport, supportCancel } from './actions.ts';
import { createCalls, type VaultCalls } from './calls.ts';
import { toOutcome } from './envelope.ts';
import { createListSources } from './list.ts';
import { fromStatus } from './map.ts';
import { createSettingsSchema, type VaultSettings } from './settings.ts';
import { readSteps } from './steps.ts';
import { jobListSchema, jobStatusSchema } from './wire.ts';

/** One Veeva Vault, over its REST API. Jobs are job instances: scheduled, queued, running and ended ones. */
export const veevaVault = defineVendor<VaultSettings>({
  name: 'veeva-vault',
  title: 'Veeva Vault',
  settings: createSettingsSchema,
  offersPassthrough: true,
  // A Vault whose burst limit is used up answers late, not never; of the 25 s of an operation a re-read needs some too.
  defaults: { concurrency: 8, timeoutMs: 20_000 },
  createAdapter,
  startSandbox: async (options) => (await import('./sandbox/index.ts')).startVeevaVaultSandbox(options),
});

/** A Vault's ids are whole numbers of at most 64 bits. */
const idPattern = /^[1-9][0-9]{0,18}$/;

function createAdapter(system: SystemSettings, settings: VaultSettings): JobSystemAdapter {
  const { id } = system;
  const calls = createCalls(system, settings);
  return {
    actions: {
      CANCEL: supportCancel(settings.version),
      START: startSupport,
      PAUSE: unsupportedAction,
      RESUME: unsupportedAction,
      RESTART: unsupportedAction,
    },
    // One status read per job in 10 seconds; the lists are not under that limit and give 200 jobs at once.
    reads: { maxBatchSize: 1, minIntervalMs: 10_000, scanFrom: 50 },
    hasScopes: false,
    refuseVendorId: (vendorId) =>
      idPattern.test(vendorId) ? null : 'A Veeva Vault job id is a whole number above 0 of at most 19 digits, without leading zeros.',
    getJobs: (vendorIds, call) => Promise.all(vendorIds.map((vendorId) => readJob(id, calls, vendorId, call))),
    listJobs: (query) => createListSources(id, calls, query),
    act: (action, targets, call) =>
      action === 'CANCEL'
        ? cancelJobs(id, calls, targets, call)
        : Promise.all(targets.map(({ vendorId }) => startJob(id, calls, vendorId, call))),
    getSteps: ({ vendorId }, call) => readSteps(id, calls, vendorId, call),
    async check(call) {
      const page = toOutcome(id, await calls.retrievePage('monitors?limit=1', call), jobListSchema);
      return page.ok ? null : page.problem;
    },
    close: () => calls.close(),
  };
}

async function readJob(systemId: string, calls: VaultCalls, vendorId: string, call: Call): Promise<ReadResult> {
  const answer = await calls.retrieveJobStatus(vendorId, call);
  // An id that is a number can only be wrong by being nobody's.
  if (answer.kind === 'refused' && answer.refusal.type === 'INVALID_DATA' && !answer.refusal.exception) return { kind: 'absent' };
  const read = toOutcome(systemId, answer, jobStatusSchema);
  if (!read.ok) return { kind: 'problem', problem: read.problem };
  const job = fromStatus(read.value.data);
  if (job.vendorId === vendorId) return { kind: 'job', job };
  const message = `${systemId} was asked for job ${vendorId} and answered with ${job.vendorId}.`;
  return { kind: 'problem', problem: createProblem('BAD_VENDOR_ANSWER', message) };
}
