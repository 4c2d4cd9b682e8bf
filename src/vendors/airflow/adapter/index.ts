import type { JobSystemAdapter } from '../../../jobs/adapter.ts';
import type { SystemSettings } from '../../vendor.ts';
import { createActionSupport, performAction } from './actions.ts';
import { createCalls } from './calls.ts';
import { getFailure } from './failure.ts';
import { checkHealth } from './health.ts';
import { checkVendorId } from './job-id.ts';
import { createListSources } from './list.ts';
import { createLogs } from './log.ts';
import { getOutputs } from './outputs.ts';
import { getProgress } from './progress.ts';
import { getJobs } from './read.ts';
import type { AirflowSettings } from './settings.ts';
import { getSteps } from './steps.ts';
import { readTags } from './tags.ts';

/** The adapter of one Airflow instance. */
export function createAdapter(system: SystemSettings, settings: AirflowSettings): JobSystemAdapter {
  const calls = createCalls(system, settings);
  const { cancellationNotes } = settings;
  const parts = { systemId: system.id, calls, webUrl: system.url, cancellationNotes };
  return {
    actions: createActionSupport(cancellationNotes),
    reads: { maxBatchSize: 1, minIntervalMs: 0, scanFrom: 50 },
    hasScopes: true,
    checkVendorId,
    getJobs: (vendorIds, call) => getJobs(parts, vendorIds, call),
    listJobs: (query) => createListSources(parts, query),
    performAction: (action, targets, call) => performAction(parts, action, targets, call),
    getSteps: (job, call) => getSteps(parts, job, call),
    getProgress: (job, call) => getProgress(parts, job, call),
    getFailure: (job, call) => getFailure(parts, job, call),
    readLeftOut: (jobs, call) => readTags(parts, jobs, call),
    getOutputs: (job, call) => getOutputs(parts, job, call),
    logs: createLogs(parts),
    checkHealth: (call) => checkHealth(calls, call),
    close: () => calls.close(),
  };
}
