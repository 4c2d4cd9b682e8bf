import type { JobSystemAdapter } from '../../../jobs/adapter.ts';
import type { SystemSettings } from '../../vendor.ts';
import { actionSupport, checkEligibility, performAction } from './actions.ts';
import { createCalls } from './calls.ts';
import { getFailure } from './failure.ts';
import { checkHealth } from './health.ts';
import { checkVendorId } from './job-id.ts';
import { createListSources } from './list.ts';
import { getProgress } from './progress.ts';
import { getJobs } from './read.ts';
import { type KineticaSettings, toAuthorization } from './settings.ts';

/** The adapter of one Kinetica cluster. */
export function createAdapter({ id: systemId, url, transport }: SystemSettings, settings: KineticaSettings): JobSystemAdapter {
  const calls = createCalls({ systemId, baseUrl: url, transport, authorization: toAuthorization(settings) });
  const parts = { systemId, calls };
  return {
    actions: actionSupport,
    reads: { maxBatchSize: null, minIntervalMs: 0, scanFrom: null },
    hasScopes: false,
    checkVendorId,
    getJobs: (vendorIds, call) => getJobs(parts, vendorIds, call),
    listJobs: () => createListSources(parts),
    performAction: (_action, targets, call) => performAction(parts, targets, call),
    checkEligibility,
    getProgress: (job, call) => getProgress(parts, job, call),
    getFailure: (job, call) => getFailure(parts, job, call),
    checkHealth: (call) => checkHealth(parts, call),
    close: () => calls.close(),
  };
}
