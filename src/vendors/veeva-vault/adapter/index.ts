import type { JobSystemAdapter } from '../../../jobs/adapter.ts';
import type { SystemSettings } from '../../vendor.ts';
import { createActionSupport, performAction } from './actions.ts';
import { createCalls } from './calls.ts';
import { createCancellingJobs } from './cancelling-jobs.ts';
import { createDateReader } from './dates.ts';
import { checkHealth } from './health.ts';
import { checkVendorId } from './job-id.ts';
import { createListSources } from './list.ts';
import { createQueryRunner } from './queries.ts';
import { getJobs, readLeftOut } from './read.ts';
import { createReadMode } from './read-mode.ts';
import type { VaultSettings } from './settings.ts';
import { createStepReader } from './steps.ts';

/** The adapter of one Vault. */
export function createAdapter(system: SystemSettings, settings: VaultSettings): JobSystemAdapter {
  const { id: systemId, transport } = system;
  const calls = createCalls(system, settings);
  const mode = createReadMode(settings.reads);
  const cancelling = createCancellingJobs();
  const parts = {
    systemId,
    calls,
    mode,
    cancelling,
    run: createQueryRunner(systemId, calls),
    readDate: createDateReader(settings.timeZone),
    concurrency: transport.concurrency,
  };
  return {
    actions: createActionSupport(settings.version),
    reads: mode.support,
    hasScopes: false,
    checkVendorId,
    getJobs: (vendorIds, call) => getJobs(parts, vendorIds, call),
    readLeftOut: (jobs, call) => readLeftOut(parts, jobs, call),
    listJobs: (query) => createListSources(parts, query),
    performAction: (action, targets, call) => performAction(parts, action, targets, call),
    getStepsOfJobs: createStepReader(parts),
    checkHealth: (call) => checkHealth(parts, call),
    close: () => calls.close(),
  };
}
