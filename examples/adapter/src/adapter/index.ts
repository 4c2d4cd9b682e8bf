import type { JobSystemAdapter, SystemSettings } from 'jobyard/adapter';
import { actionSupport, performAction } from './actions.ts';
import { createCalls } from './calls.ts';
import { checkHealth } from './health.ts';
import { checkVendorId } from './job-id.ts';
import { createListSources } from './list.ts';
import { createLogs } from './log.ts';
import { getJobs } from './read.ts';
import type { NightrunSettings } from './settings.ts';

/** The adapter of one Nightrun server. */
export function createAdapter({ id: systemId, url, transport }: SystemSettings, { token }: NightrunSettings): JobSystemAdapter {
  const calls = createCalls({ systemId, baseUrl: url, transport, token });
  return {
    actions: actionSupport,
    reads: { maxBatchSize: 1, minIntervalMs: 0, scanFrom: 20 },
    hasScopes: true,
    checkVendorId,
    getJobs: (vendorIds, call) => getJobs(calls, vendorIds, call),
    listJobs: (query) => createListSources(systemId, calls, query),
    performAction: (_action, targets, call) => performAction(calls, targets, call),
    logs: createLogs(calls),
    checkHealth: (call) => checkHealth(calls, call),
    close: () => calls.close(),
  };
}
