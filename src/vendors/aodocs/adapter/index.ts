import type { JobSystemAdapter } from '../../../jobs/adapter.ts';
import type { SystemSettings } from '../../vendor.ts';
import { actionSupport, performAction } from './actions.ts';
import { createCalls } from './calls.ts';
import { getFailure } from './failure.ts';
import { checkHealth } from './health.ts';
import { checkVendorId } from './job-id.ts';
import { createListSources } from './list.ts';
import { createLogs } from './log.ts';
import { getJobs } from './read.ts';
import { type AodocsSettings, toCredential } from './settings.ts';

/** The adapter of one AODocs domain. */
export function createAdapter({ id: systemId, url, transport }: SystemSettings, settings: AodocsSettings): JobSystemAdapter {
  const { domain, libraries } = settings;
  const calls = createCalls({ systemId, baseUrl: url, transport, credential: toCredential(settings), domain });
  const parts = { systemId, calls, libraries };
  return {
    actions: actionSupport,
    reads: { maxBatchSize: 1, minIntervalMs: 0, scanFrom: null },
    hasScopes: true,
    checkVendorId,
    getJobs: (vendorIds, call) => getJobs(parts, vendorIds, call),
    listJobs: (query) => createListSources(parts, query),
    performAction: (_action, targets, call) => performAction(parts, targets, call),
    getFailure: (job, call) => getFailure(parts, job, call),
    logs: createLogs(calls),
    checkHealth: (call) => checkHealth(parts, call),
    close: () => calls.close(),
  };
}
