import { type JobSystemAdapter, unsupportedAction } from '../../../jobs/adapter.ts';
import { defineVendor, type SystemSettings } from '../../vendor.ts';
import { cancelJobs, startJob, supportCancel, supportStart } from './actions.ts';
import { createCalls } from './calls.ts';
import { createDateReader } from './dates.ts';
import { toOutcome } from './envelope.ts';
import { createListSources } from './list.ts';
import { isVaultId } from './map.ts';
import { createQueryRunner } from './queries.ts';
import { createJobReads } from './read-jobs.ts';
import { createReadMode } from './read-mode.ts';
import { createSettingsSchema, type VaultSettings } from './settings.ts';
import { createStepReader } from './steps.ts';
import { jobListSchema } from './wire.ts';

/** One Veeva Vault, over its REST API. Jobs are job instances: scheduled, queued, running and ended ones. */
export const veevaVault = defineVendor<VaultSettings>({
  name: 'veeva-vault',
  title: 'Veeva Vault',
  settings: createSettingsSchema,
  // A session's ID is learned when it opens.
  secrets: ({ password }) => [password],
  offersPassthrough: true,
  // A Vault whose burst limit is used up answers late, not never; of the 25 s of an operation a re-read needs some too.
  defaults: { concurrency: 8, timeoutMs: 20_000 },
  createAdapter,
  startSandbox: async (options) => (await import('../sandbox/index.ts')).startVeevaVaultSandbox(options),
});

function createAdapter(system: SystemSettings, settings: VaultSettings): JobSystemAdapter {
  const { id, transport } = system;
  const calls = createCalls(system, settings);
  const mode = createReadMode(settings.reads);
  const parts = {
    systemId: id,
    calls,
    mode,
    run: createQueryRunner(id, calls),
    readDate: createDateReader(settings.timeZone),
    concurrency: transport.concurrency,
  };
  const jobs = createJobReads(parts);
  const readSteps = createStepReader(parts);
  return {
    actions: {
      CANCEL: supportCancel(settings.version),
      START: supportStart(settings.version),
      PAUSE: unsupportedAction,
      RESUME: unsupportedAction,
      RESTART: unsupportedAction,
    },
    reads: mode.support,
    hasScopes: false,
    checkVendorId: (vendorId) =>
      isVaultId(vendorId) ? null : 'A Veeva Vault job id is a whole number above 0 of at most 19 digits, without leading zeros.',
    getJobs: jobs.read,
    readLeftOut: jobs.readLeftOut,
    listJobs: (query) => createListSources(query, { ...parts, jobs }),
    async performAction(action, targets, call) {
      if (action !== 'CANCEL') return Promise.all(targets.map(({ vendorId }) => startJob(id, calls, vendorId, call)));
      const answers = await cancelJobs(id, calls, targets, call);
      jobs.noteCancelling(targets.filter((_target, index) => answers[index]?.kind === 'accepted').map(({ vendorId }) => vendorId));
      return answers;
    },
    getStepsOfJobs: readSteps,
    async checkHealth(call) {
      const page = toOutcome(id, await calls.retrievePage('monitors?limit=1', call), jobListSchema);
      return page.ok ? null : page.problem;
    },
    close: () => calls.close(),
  };
}
