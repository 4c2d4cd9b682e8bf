import type { JobSystemAdapter } from '../../../jobs/adapter.ts';
import type { SystemSettings } from '../../vendor.ts';
import { actionSupport, performAction } from './actions.ts';
import { createCalls } from './calls.ts';
import { checkHealth } from './health.ts';
import { checkVendorId } from './job-id.ts';
import { createListSources, createPageLimit } from './list.ts';
import { createLogs } from './log.ts';
import { createProjects } from './projects.ts';
import { getJobs } from './read.ts';
import type { KylinSettings } from './settings.ts';
import { getSteps } from './steps.ts';

/** The adapter of one Kylin instance. */
export function createAdapter({ id: systemId, url, transport }: SystemSettings, settings: KylinSettings): JobSystemAdapter {
  const { username, password, projects: configured = null } = settings;
  const calls = createCalls({ systemId, baseUrl: url, transport, username, password });
  const projects = createProjects({ systemId, calls, configured });
  const parts = { systemId, calls, projects };
  const pageLimit = createPageLimit();
  return {
    actions: actionSupport,
    reads: { maxBatchSize: 1, minIntervalMs: 0, scanFrom: 50 },
    hasScopes: true,
    checkVendorId,
    getJobs: (vendorIds, call) => getJobs(parts, vendorIds, call),
    async findLists(call) {
      const selection = await projects.select(call);
      return selection.ok ? null : selection.problem;
    },
    listJobs: (query) => createListSources(parts, query, pageLimit, projects.selected()),
    performAction: (action, targets, call) => performAction(parts, action, targets, call),
    getSteps: (job, call) => getSteps(parts, job, call),
    getFailure: 'fromSteps',
    logs: createLogs(parts),
    checkHealth: (call) => checkHealth(parts, call),
    close: () => calls.close(),
  };
}
